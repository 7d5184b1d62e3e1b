from collections.abc import Callable, Mapping, Sequence

import pytest

from assistant.answer import Claim
from assistant.checking import MIN_SUPPORT, Checking
from assistant.evidence import Evidence
from assistant.pairs import Pair, Verdict
from assistant.statement import Statement
from corpus.catalogue import new_document
from corpus.document import Document
from corpus.errors import UnknownDocument
from index.passage import Passage

TEXT = "The tide office runs it. It met in May. Nobody else was there."
DOCUMENT = new_document({"id": "a", "title": "A", "source": "/a", "language": "en"}, text=TEXT)
RUNS, MET, NOBODY = "The tide office runs it.", "It met in May.", "Nobody else was there."


class ScriptedVerifier:
    """Says what it was told of a claim and the quotes it is held against, "unsupported" of any other pair."""

    name = "scripted"

    def __init__(self, verdicts: Mapping[tuple[str, frozenset[str]], Verdict]) -> None:
        self._verdicts = verdicts
        self.asked: list[Pair] = []

    def verdicts(self, pairs: Sequence[Pair]) -> list[Verdict]:
        self.asked += pairs
        nothing = Verdict("unsupported", 0.1)
        return [self._verdicts.get((pair.claim, frozenset(pair.quotes)), nothing) for pair in pairs]


def evidence(quote: str, *, document_id: str = "a") -> Evidence:
    start = TEXT.index(quote)
    passage = Passage("p", document_id, 0, len(TEXT), TEXT, None, None, "A")
    return Evidence(document_id, start, start + len(quote), quote, 0.5, passage)


def document(id_: str) -> Document:
    if id_ != "a":
        raise UnknownDocument(id_)
    return DOCUMENT


def checked(
    statements: Sequence[Statement],
    verdicts: Mapping[tuple[str, frozenset[str]], Verdict],
    *,
    better: Callable[[str], Sequence[Evidence]] | None = None,
    question: str = "Who?",
) -> tuple[list[Claim], Checking]:
    checking = Checking(document, question, verifier=ScriptedVerifier(verdicts), better=better)
    return [claim for claim, _ in checking.claims(statements)], checking


def says(text: str, *quotes: str, verdict: str = "supported", support: float = 0.9):
    return {(text, frozenset(quotes)): Verdict(verdict, support)}


def test_a_supported_statement_becomes_a_claim_with_its_citation() -> None:
    claims, checking = checked([Statement("The office runs it.", (evidence(RUNS),))], says("The office runs it.", RUNS))
    assert claims == [Claim("The office runs it.", (1,), "supported", 0.9)]
    assert [(c.number, c.quote, c.start, c.end) for c in checking.citations] == [(1, RUNS, 0, 24)]
    assert checking.dropped == []


def test_what_nothing_supports_is_dropped_and_kept_for_the_trace() -> None:
    claims, checking = checked([Statement("Pirates run it.", (evidence(RUNS),))], {})
    assert claims == checking.citations == []
    assert checking.trace()["dropped_claims"] == [
        {"text": "Pirates run it.", "reason": "what it cites does not support it", "support": 0.1}
    ]


def test_a_statement_without_citations_gets_the_evidence_that_supports_it() -> None:
    """The writer forgot to cite: what bears the statement is looked for."""
    verdicts = says("They met in May.", MET)
    claims, checking = checked(
        [Statement("They met in May.")], verdicts, better=lambda _: [evidence(RUNS), evidence(MET)]
    )
    assert [claim.citations for claim in claims] == [(1,)]
    assert [citation.quote for citation in checking.citations] == [MET]
    assert checking.num_recited == 1


def test_a_wrong_citation_is_replaced_and_a_right_one_is_not() -> None:
    verdicts = says("They met in May.", MET) | says("They met in May.", RUNS, verdict="partly", support=0.5)
    statement = Statement("They met in May.", (evidence(RUNS),))
    claims, checking = checked([statement], verdicts, better=lambda _: [evidence(MET)])
    assert [citation.quote for citation in checking.citations] == [MET]
    assert [claim.verdict for claim in claims] == ["supported"]
    worse = says("They met in May.", MET, verdict="partly", support=0.4) | says(
        "They met in May.", RUNS, verdict="partly", support=0.5
    )
    claims, checking = checked([statement], worse, better=lambda _: [evidence(MET)])
    assert [citation.quote for citation in checking.citations] == [RUNS]
    assert [claim.verdict for claim in claims] == ["partly"]


def test_two_quotes_may_bear_a_statement_together() -> None:
    verdicts = says("The office met in May.", RUNS, MET)
    claims, _checking = checked([Statement("The office met in May.", (evidence(RUNS), evidence(MET)))], verdicts)
    assert [claim.citations for claim in claims] == [(1, 2)]


def test_a_citation_that_is_not_needed_is_left_out() -> None:
    verdicts = says("It met in May, they say.", RUNS, MET) | says("It met in May, they say.", MET, support=0.8)
    claims, checking = checked([Statement("It met in May, they say.", (evidence(RUNS), evidence(MET)))], verdicts)
    assert [citation.quote for citation in checking.citations] == [MET]
    assert [(claim.citations, claim.support) for claim in claims] == [((1,), 0.8)]


def test_a_span_has_one_number_however_often_it_is_cited() -> None:
    verdicts = says("One.", RUNS) | says("Two.", MET) | says("Three.", RUNS)
    statements = [
        Statement("One.", (evidence(RUNS),)),
        Statement("Two.", (evidence(MET),)),
        Statement("Three.", (evidence(RUNS),)),
    ]
    claims, checking = checked(statements, verdicts)
    assert [claim.citations for claim in claims] == [(1,), (2,), (1,)]
    assert len(checking.citations) == 2


def test_a_statement_is_said_once() -> None:
    statement = Statement("One.", (evidence(RUNS),))
    claims, _ = checked([statement, statement], says("One.", RUNS))
    assert len(claims) == 1


def test_what_stands_before_a_quote_is_shown_and_not_held_against_it() -> None:
    """A title or a date is the catalogue's word, not the writer's."""
    claims, _ = checked([Statement(RUNS, (evidence(RUNS),), lead="A")], says(RUNS, RUNS, support=1.0))
    assert claims == [Claim(f"A: {RUNS}", (1,), "supported", 1.0)]


@pytest.mark.parametrize("document_id", ["gone", "a"])
def test_words_that_are_no_longer_there_are_not_cited(document_id: str) -> None:
    """A removed document, and a quote that its document does not hold at that place, bear nothing."""
    item = Evidence(document_id, 1, 24, RUNS[1:], 0.5, evidence(RUNS).passage)
    item = item if document_id == "gone" else Evidence("a", 2, 25, RUNS[1:], 0.5, item.passage)
    claims, checking = checked([Statement("The office runs it.", (item,))], says("The office runs it.", RUNS[1:]))
    assert claims == []
    assert checking.dropped[0].reason == "nothing was found that supports it"


def nothing(_: str) -> list[Evidence]:
    return []


@pytest.mark.parametrize(
    ("question", "num_claims"),
    [("Which office runs the tide office?", 0), ("Does the tide office run it?", 1), ("Who met?", 1)],
    ids=["nothing new", "yes or no", "other words"],
)
def test_a_written_sentence_that_only_repeats_the_question_says_nothing(question: str, num_claims: int) -> None:
    text = "The tide office runs the office."
    statement = Statement(text, (evidence(RUNS),))
    claims, checking = checked([statement], says(text, RUNS), better=nothing, question=question)
    assert len(claims) == num_claims
    assert [dropped.reason for dropped in checking.dropped] == ["it only repeats the question"] * (1 - num_claims)
    claims, _ = checked([statement], says(text, RUNS), question=question)
    assert len(claims) == 1  # a quote is what the document says


def test_support_that_is_unsure_is_not_shown() -> None:
    """A reader loses more by a wrong sentence than by a missing one."""
    unsure, sure = MIN_SUPPORT - 0.01, MIN_SUPPORT
    verdicts = says("One.", RUNS, support=unsure) | says("Two.", MET, support=sure)
    claims, checking = checked([Statement("One.", (evidence(RUNS),)), Statement("Two.", (evidence(MET),))], verdicts)
    assert [claim.text for claim in claims] == ["Two."]
    assert [dropped.text for dropped in checking.dropped] == ["One."]


def test_several_quotes_together_do_not_repair_a_statement() -> None:
    """One quote gives one word, another the next, and nonsense would be borne out."""
    text = "The office met in May, nobody else did."
    verdicts = says(text, RUNS, MET) | says(text, MET, NOBODY) | says(text, RUNS, NOBODY)
    better = [evidence(quote) for quote in (RUNS, MET, NOBODY)]
    claims, _ = checked([Statement(text)], verdicts, better=lambda _: better)
    assert claims == []
