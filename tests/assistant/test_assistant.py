"""The assistant as a Python program meets it: one import, one object, the same answers as everywhere."""

import importlib
import re
import runpy
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.answering import answer
from assistant.conversation import Message
from assistant.errors import InvalidCall, UnknownConversation
from assistant.events import Done, Searching
from assistant.home import Home
from corpus.errors import CorpusError, UnknownDocument
from tests.assistant.conftest import HARBOUR

BUDGET = "Which budget has the compact for three years?"


@pytest.fixture
def changing(coast: Home) -> Assistant:
    """Over the same two documents, for tests that change something."""
    return Assistant(coast)


def test_importing_the_package_loads_nothing_else() -> None:
    """A program that imports the name in passing does not wait for the models."""
    code = "import assistant, sys; print(sorted(m for m in sys.modules if m.split('.')[0] in ('assistant', 'numpy')))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == (
        "['assistant']\n"
    )


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    import assistant as package

    with pytest.raises(AttributeError, match="has no attribute 'Nobody'"):
        package.Nobody  # noqa: B018


def test_an_answer_is_that_of_the_command_line(assistant: Assistant) -> None:
    """The same claims and citations, and each citation is shown again by its offsets."""
    got = assistant.ask(BUDGET)
    wanted = answer(BUDGET, assistant.home.sources)
    assert (got.claims, got.citations) == (wanted.claims, wanted.citations)
    for citation in got.citations:
        place = citation.document_id, citation.start, citation.end
        assert assistant.show(*place, version=citation.sha256) == citation.quote


def test_a_refusal_is_a_value(assistant: Assistant) -> None:
    got = assistant.ask("Does Zorblax trade with Yuggoth?")
    assert got.refusal is not None
    assert (got.refusal.kind, got.text) == ("absent", "")


def test_a_question_is_understood_by_its_history(assistant: Assistant) -> None:
    """Messages of ours and plain mappings say the same."""
    for said in (Message("user", "What is the Tide Office?"), {"role": "user", "content": "What is the Tide Office?"}):
        got = assistant.ask("Who runs it?", history=[said])
        assert got.standalone_question == "Who runs Tide Office?"


def test_events_end_with_the_answer(assistant: Assistant) -> None:
    first, *_, last = assistant.events(BUDGET)
    assert first == Searching(BUDGET)
    assert isinstance(last, Done)
    assert last.answer.claims == assistant.ask(BUDGET).claims


def test_a_question_stays_within_the_documents_named(assistant: Assistant) -> None:
    """One name may stand for a list of one; no name at all is a mistake, not everything."""
    for documents in ("lighthouse", ["lighthouse"], ("lighthouse",)):
        got = assistant.ask("What is the budget?", documents=documents)
        assert {citation.document_id for citation in got.citations} == {"lighthouse"}
    with pytest.raises(InvalidCall, match="no document is named"):
        assistant.ask("What is the budget?", documents=[])
    with pytest.raises(UnknownDocument, match="lighthouse"):
        assistant.ask("What is the budget?", documents=["lighthous"])


def test_a_conversation_is_kept_and_gone_on_with(changing: Assistant) -> None:
    """Nothing is kept before the first question; each turn is understood in the light of those before it."""
    conversation = changing.conversation()
    assert (conversation.id, conversation.turns) == (None, ())
    assert changing.home.conversations.list() == []
    conversation.ask("What is the Tide Office?")
    assert conversation.ask("Who runs it?").standalone_question == "Who runs Tide Office?"
    again = changing.conversation("last")
    assert again.id == conversation.id
    assert [turn.answer.question for turn in again.turns] == ["What is the Tide Office?", "Who runs it?"]
    changing.ask("Who runs it?", conversation="last")
    assert [turn.number for turn in conversation.turns] == [1, 2, 3]
    with pytest.raises(UnknownConversation):
        changing.conversation("nobody's")
    with pytest.raises(InvalidCall, match="has its own history"):
        changing.ask("Who?", conversation="last", history=[Message("user", "x")])


def test_an_answer_that_is_broken_off_is_not_kept(changing: Assistant) -> None:
    conversation = changing.conversation()
    events = conversation.events(BUDGET)
    next(events)
    del events
    assert conversation.id is None
    assert changing.home.conversations.list() == []


def test_a_search_gives_hits_with_their_scores(assistant: Assistant) -> None:
    found = assistant.search("lighthouse repair", k=1)
    (hit,) = found.hits
    assert hit.passage.document_id == "lighthouse"
    assert assistant.show("lighthouse", hit.passage.start, hit.passage.end) == hit.passage.text
    assert {h.passage.document_id for h in assistant.search("budget", documents="harbour").hits} == {"harbour"}


def test_documents_come_and_go(changing: Assistant, tmp_path: Path) -> None:
    """What is added is listed, asked and taken out again; a wrong id takes nothing out."""
    (tmp_path / "pier.txt").write_text("The Pier Pact is led by Runa Holt since 2022.")
    (report,) = changing.add(tmp_path / "pier.txt")
    assert report.status == "added"
    (id_,) = report.document_ids
    assert "Runa Holt" in changing.ask("Who leads the Pier Pact?").text
    with pytest.raises(UnknownDocument):
        changing.remove(id_, "no\ud800body")
    assert len(changing.documents()) == 3
    changing.remove(id_)
    assert [document.id for document in changing.documents()] == ["harbour", "lighthouse"]
    with pytest.raises(CorpusError, match="no file or folder"):
        changing.add(tmp_path / "pier.txt", tmp_path / "nothing")


def test_a_span_is_shown_exactly_or_not_at_all(assistant: Assistant) -> None:
    assert assistant.show("harbour") == HARBOUR
    assert assistant.show("harbour", 4, 19) == HARBOUR[4:19] == "Harbour Compact"
    for start, end in ((5, 4), (-1, 4), (0, len(HARBOUR) + 1)):
        with pytest.raises(InvalidCall, match=f"no span {start} to {end} in 'harbour': it has {len(HARBOUR)}"):
            assistant.show("harbour", start, end)


def test_anybodys_claim_is_held_against_anybodys_quotes(assistant: Assistant) -> None:
    quote = "The committee met online on 16 March 2021."
    assert assistant.verify("The committee met online.", quote).verdict == "supported"
    assert assistant.verify("The committee met online in 2019.", [quote]).verdict == "unsupported"
    with pytest.raises(InvalidCall, match="at least one quote"):
        assistant.verify("The committee met online.", [])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda a: a.ask(" "), "the question is empty"),
        (lambda a: a.ask("x\ud800"), "not UTF-8"),
        (lambda a: a.search("x\ud800"), "not UTF-8"),
        (lambda a: a.ask("x", since="soon"), "since 'soon' is no date: write 2021"),
        (lambda a: a.ask("x", kinds=["\ud800"]), "half of a character"),
        (lambda a: a.ask("x", history=[{"role": "king", "content": "x"}]), "not {role, content}"),
        (lambda a: a.ask("x", history=[Message("user", "\ud800")]), "not {role, content}"),
        (lambda a: a.document("harbour", "\ud800"), "is no version"),
        (lambda a: a.verify("x\ud800", ["y"]), "half of a character"),
    ],
    ids=["empty", "half", "half-query", "date", "half-kind", "role", "half-history", "half-version", "half-claim"],
)
def test_what_cannot_be_used_is_said_in_one_line(assistant: Assistant, call, message: str) -> None:
    with pytest.raises(InvalidCall, match=message) as caught:
        call(assistant)
    assert "\n" not in str(caught.value)


def test_a_home_that_was_lent_stays_open(coast: Home) -> None:
    """Who opened it closes it."""
    with Assistant(coast) as assistant:
        assistant.documents()
    assert len(coast.catalogue.summaries()) == 2


@pytest.mark.slow
@pytest.mark.parametrize("module", ["assistant.assistant", "assistant.llama"])
def test_the_examples_in_the_documentation_run(
    module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A home of one's own, in a folder, with the real model, as a reader types it."""
    (tmp_path / "statements").mkdir()
    (tmp_path / "statements" / "harbour.txt").write_text(HARBOUR)
    monkeypatch.chdir(tmp_path)
    with Assistant("my-home") as mine:
        mine.add("statements")
    (example,) = re.findall(r"\n\n((?: {4}.*\n|\n)+)", importlib.import_module(module).__doc__ or "")
    (tmp_path / "example.py").write_text(textwrap.dedent(example))
    runpy.run_path(str(tmp_path / "example.py"))
    assert "The Tide Office in Port Elin runs the compact." in capsys.readouterr().out
