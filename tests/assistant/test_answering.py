from collections.abc import Callable
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from assistant.answer import Citation
from assistant.answering import MAX_QUESTION_CHARS, STAGES, answer, answer_events, valid_question
from assistant.conversation import Message
from assistant.errors import InvalidCall
from assistant.events import Claimed, Done, Found, Refused, Searching
from assistant.home import Home
from assistant.sources import Sources
from corpus.errors import CorpusError
from corpus.schema import snapshots
from index.scope import Scope
from tests.assistant.conftest import HARBOUR, Add, add_rows
from tests.fakes import HashEncoder

Certain = Callable[[Home], Sources]


def check_citations(citations: tuple[Citation, ...], sources: Sources) -> None:
    """Exactness and numbering: what every citation promises."""
    assert [citation.number for citation in citations] == list(range(1, len(citations) + 1))
    assert len(citations) <= 6
    assert len({(citation.document_id, citation.start, citation.end) for citation in citations}) == len(citations)
    for citation in citations:
        document = sources.catalogue.document(citation.document_id)
        assert document.text[citation.start : citation.end] == citation.quote
        assert citation.sha256 == document.sha256
        assert 0 < len(citation.quote) <= 600


def test_a_question_is_answered_in_the_documents_own_words(coast: Home) -> None:
    got = answer("Which budget has the compact for three years?", coast.sources)
    assert "It has a budget of 12 million crowns for three years." in [claim.text for claim in got.claims]
    assert got.refusal is None
    assert {claim.verdict for claim in got.claims} == {"supported"}
    assert [claim.citations for claim in got.claims[-len(got.citations) :]] == [(c.number,) for c in got.citations]
    check_citations(got.citations, coast.sources)


def test_an_answer_leads_with_the_phrase_that_the_question_asks_for(coast: Home) -> None:
    """The phrase is a claim of its own, verbatim, with the citation of the sentence that it stands in."""
    got = answer("When was the Harbour Compact signed?", coast.sources)
    first = got.citations[0]
    assert first.phrase is not None
    assert first.start <= first.phrase[0] < first.phrase[1] <= first.end
    document = coast.catalogue.document(first.document_id)
    assert got.claims[0].text == document.text[slice(*first.phrase)]
    assert [got.claims[0].citations, got.claims[1].citations] == [(1,), (1,)]
    assert got.claims[1].text == first.quote
    assert answer("Explain the Harbour Compact.", coast.sources).citations[0].phrase is None


def test_events_come_in_order_and_the_last_one_holds_what_was_streamed(coast: Home, certain: Certain) -> None:
    """A page that shows claims as they come ends up with the answer that is kept."""
    events = list(answer_events("Who runs it?", certain(coast), history=[Message("user", "What is the Tide Office?")]))
    claimed = [event for event in events if isinstance(event, Claimed)]
    assert [type(event) for event in events] == [Searching, Found, *[Claimed] * len(claimed), Done]
    assert events[0] == Searching("Who runs Tide Office?")
    assert events[1] == Found(num_passages=2, num_documents=2)
    done = events[-1].answer
    assert done.question == "Who runs it?"
    assert done.standalone_question == "Who runs Tide Office?"
    assert done.claims == tuple(event.claim for event in claimed)
    assert len(done.citations) == 6
    assert done.citations == tuple(citation for event in claimed for citation in event.citations)
    assert list(done.timings_ms) == [*STAGES, "total"]
    assert sum(done.timings_ms[stage] for stage in STAGES) <= done.timings_ms["total"] + 0.1


def test_a_refusal_is_streamed_before_the_end(coast: Home) -> None:
    """What the documents do not mention is refused, with at most three passages that come closest, exact as any."""
    events = list(answer_events("Does Zorblax trade with Yuggoth?", coast.sources))
    assert [type(event) for event in events] == [Searching, Found, Refused, Done]
    done = events[-1].answer
    assert done.refusal == events[-2].refusal
    assert (done.claims, done.citations, done.text) == ((), (), "")
    assert done.refusal.kind == "absent"
    assert done.refusal.searched == ("Does Zorblax trade with Yuggoth?",)
    assert len(done.refusal.nearest) == 3
    check_citations(done.refusal.nearest, coast.sources)


def test_an_empty_home_refuses_and_says_how_to_fill_it(home: Home) -> None:
    got = answer("Who runs the Harbour Compact?", home.sources)
    assert got.refusal.kind == "absent"
    assert got.refusal.message.startswith("There are no documents yet: add some with `communique add PATH`")
    assert got.refusal.nearest == ()


def test_only_the_named_documents_are_asked(coast: Home, certain: Certain) -> None:
    """A question about one document is never answered from another, even if that would know better."""
    sources = certain(coast)
    asked = "Which budget has the compact for three years?"
    for id_ in ("harbour", "lighthouse"):
        got = answer(asked, sources, scope=Scope(document_ids=(id_,)))
        assert {citation.document_id for citation in got.citations} == {id_}
    assert answer(asked, sources, scope=Scope(document_ids=())).refusal.kind == "absent"


def test_a_changed_snapshot_is_never_quoted_and_leaves_no_gap(coast: Home, certain: Certain) -> None:
    """If somebody edits the database by hand, the sentences that are no longer there are dropped, and counted."""
    sha256 = coast.catalogue.document("harbour").sha256
    changed = HARBOUR.replace("Mara Quist", "Evil Quist")
    with coast.database.writing() as connection:
        connection.execute(update(snapshots).where(snapshots.c.sha256 == sha256).values(text=changed))
    sources = certain(coast)
    got = answer("Who is the director?", sources, scope=Scope(document_ids=("harbour",)))
    assert len(got.citations) == 5
    assert got.trace["num_claims_dropped"] == 1
    assert not any("Quist" in claim.text for claim in got.claims)
    check_citations(got.citations, sources)


def test_when_nothing_can_be_verified_the_answer_is_refused(coast: Home, certain: Certain) -> None:
    sha256 = coast.catalogue.document("harbour").sha256
    with coast.database.writing() as connection:
        connection.execute(update(snapshots).where(snapshots.c.sha256 == sha256).values(text="x" * len(HARBOUR)))
    got = answer("Who is the director?", certain(coast), scope=Scope(document_ids=("harbour",)))
    assert got.claims == got.citations == got.refusal.nearest == ()
    assert got.refusal.kind == "unsupported"


def test_the_trace_names_what_was_found_and_what_was_dropped(coast: Home, certain: Certain) -> None:
    got = answer("budget", certain(coast))
    assert {hit["passage"]["document_id"] for hit in got.trace["hits"]} == {"harbour", "lighthouse"}
    assert {hit["dropped"] for hit in got.trace["hits"]} == {None}
    assert got.trace["dropped"] == []
    assert len(got.trace["evidence"]) == 10
    assert [item["dropped"] is None for item in got.trace["evidence"]] == [True] * 6 + [False] * 4


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ("", "the question is empty: ask something"),
        (" \n\t", "the question is empty: ask something"),
        ("who \udcff runs", "the question is not UTF-8: type it anew"),
        ("why " * 25_000, "the question has 99,999 characters, 20,000 are allowed: ask a shorter one"),
    ],
    ids=["empty", "white space", "bytes that are no text", "100,000 characters"],
)
def test_a_question_that_cannot_be_meant_is_an_error_that_says_so(home: Home, question: str, message: str) -> None:
    with pytest.raises(InvalidCall, match=message):
        next(answer_events(question, home.sources))


def test_white_space_around_a_question_is_taken_off() -> None:
    assert valid_question("  Who?\n") == "Who?"
    assert valid_question("x" * MAX_QUESTION_CHARS) == "x" * MAX_QUESTION_CHARS


def test_an_unknown_document_is_an_error_when_it_is_read(coast: Home) -> None:
    with pytest.raises(CorpusError, match="there is no document 'harbor': did you mean harbour"):
        coast.catalogue.document("harbor")


def test_history_changes_what_is_searched_and_nothing_else(home: Home, add: Add) -> None:
    add({"a": HARBOUR})
    told = [Message("user", "Tell me about the Harbour Compact."), Message("assistant", "It is nice.")]
    with_history = answer("Who runs it?", home.sources, history=told)
    alone = answer("Who runs Harbour Compact?", home.sources)
    assert with_history.claims == alone.claims
    assert with_history.citations == alone.citations


def test_what_is_searched_for_can_be_said(coast: Home, certain: Certain) -> None:
    """A user who is misunderstood says what to look for, and the answer is to that; the question stays as it was."""
    told = [Message("user", "What is the Tide Office?")]
    sources = certain(coast)
    meant = "Which town repairs one lighthouse a year?"
    events = list(answer_events("Who runs it?", sources, history=told, standalone=f" {meant}\n"))
    assert events[0] == Searching(meant)
    got, alone = events[-1].answer, answer(meant, sources)
    assert (got.question, got.standalone_question) == ("Who runs it?", meant)
    assert (got.claims, got.citations) == (alone.claims, alone.citations)
    assert answer("Who runs it?", sources, history=told, standalone="").standalone_question == "Who runs Tide Office?"


@pytest.mark.parametrize(
    "standalone", [" ", "x\udcff", "x" * (MAX_QUESTION_CHARS + 1)], ids=["blank", "bytes", "endless"]
)
def test_what_is_searched_for_is_checked_like_a_question(coast: Home, standalone: str) -> None:
    with pytest.raises(InvalidCall):
        answer("Who runs it?", coast.sources, standalone=standalone)


def test_small_talk_is_understood_as_it_was_typed(coast: Home) -> None:
    """Thanks are not about anything; what a user says the question means counts, whatever was typed before."""
    told = [Message("user", "What is the Tide Office?")]
    got = answer("Thanks!", coast.sources, history=told)
    assert (got.standalone_question, got.trace["kind"]) == ("Thanks!", "small talk")
    again = answer("Thanks!", coast.sources, history=told, standalone="Who runs the Harbour Compact?")
    assert (again.standalone_question, again.trace["kind"]) == ("Who runs the Harbour Compact?", "look-up")


def test_the_notes_of_the_search_are_in_the_answer(coast: Home) -> None:
    """Whoever reads the answer to a long question knows that it was not searched for whole."""
    (note,) = answer("Who runs the Harbour Compact? " * 100, coast.sources).notes
    assert note.startswith("the query is long: its first ")
    assert answer("Who runs the Harbour Compact?", coast.sources).notes == ()


@pytest.mark.parametrize(
    ("scope", "is_answered"),
    [
        (Scope(languages=("ja",)), False),
        (Scope(since="2020"), False),
        (Scope(kinds=("jsonl",), languages=("en",)), True),
    ],
    ids=["language", "date", "kind"],
)
def test_an_answer_stays_within_the_scope(coast: Home, certain: Certain, *, scope: Scope, is_answered: bool) -> None:
    """What lies outside the scope is not quoted, however well it would answer."""
    got = answer("Which budget has the compact for three years?", certain(coast), scope=scope)
    assert bool(got.citations) == (got.refusal is None) == is_answered
    assert got.refusal is None or got.refusal.message.startswith("No document is within what the question was kept to")


CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")  # what a row may hold
words = st.sampled_from(["harbour", "compact", "budget", "tide", "office", "12", "it", "runs", "the", "é", "☂", "港湾"])
sentences = st.lists(words, min_size=1, max_size=12).map(lambda some: " ".join(some).capitalize() + ". ")
texts = st.lists(
    sentences | st.text(CHARACTERS, max_size=30) | st.just("\n\n") | st.text("ab", min_size=650, max_size=700),
    min_size=1,
    max_size=8,
).map("".join)
corpora = st.lists(texts.filter(str.strip), min_size=1, max_size=4)
EXAMPLES = count()
questions = (sentences | st.text(min_size=1, max_size=40)).filter(str.strip)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home that gathers the random corpora, each asked on its own."""
    opened = Home(tmp_path_factory.mktemp("random") / "home", load_encoder=HashEncoder)
    yield opened
    opened.close()


@settings(max_examples=25, deadline=None)
@given(corpus=corpora, question=questions, sure=st.booleans())
def test_every_citation_of_any_corpus_is_exact(
    shared: Home,
    certain: Certain,
    tmp_path_factory: pytest.TempPathFactory,
    *,
    corpus: list[str],
    question: str,
    sure: bool,
) -> None:
    """Whatever the documents hold and whatever is asked: each quote is its span, short enough, numbered from 1."""
    example = next(EXAMPLES)
    ids = {f"{example}-{number}": text for number, text in enumerate(corpus)}
    add_rows(shared, tmp_path_factory.mktemp("rows") / "rows.jsonl", ids)
    sources = certain(shared) if sure else shared.sources
    got = answer(question, sources, scope=Scope(document_ids=tuple(ids)))
    assert {citation.document_id for citation in got.citations} <= set(ids)
    check_citations(got.citations, sources)
    check_citations(got.refusal.nearest if got.refusal else (), sources)
    assert bool(got.claims) == (got.refusal is None)
