import hashlib
from collections.abc import Callable

import pytest

from assistant.answer import Answer, Citation, Refusal
from corpus.document import Document
from corpus.errors import UnknownDocument
from evals.case import Case, Judgement, Score
from evals.measures.citations import (
    quote_exactness,
    right_citations,
    right_document,
    right_words,
    right_words_first,
)
from evals.measures.kinds import Measure

TWO_GROUPS = Case(
    id="c",
    question="Q?",
    history=(),
    judgements=(Judgement("a", 0, 20, "x"), Judgement("b", 50, 60, "x"), Judgement("c", 100, 120, "y")),
    references=(),
    answerable=True,
)
REFUSED = Answer("Q?", "Q?", refusal=Refusal("absent", "No."))
MEASURES: tuple[Measure, ...] = (right_document, right_words, right_words_first, right_citations)
TEXT = "The tide office runs the harbour."
SHA = hashlib.sha256(TEXT.encode()).hexdigest()


def cited(*spans: tuple[str, int, int]) -> Answer:
    """An answer with these citations."""
    return Answer(
        "Q?",
        "Q?",
        citations=tuple(Citation(i, id_, "", "", "", start, end, "") for i, (id_, start, end) in enumerate(spans, 1)),
    )


@pytest.mark.parametrize(
    ("answer", "scores"),
    [
        (cited(("a", 0, 20), ("c", 110, 140)), [1.0, 1.0, 1.0, 1.0]),
        (cited(("b", 0, 9), ("b", 55, 65), ("c", 0, 9)), [1.0, 0.5, 0.0, 1 / 3]),
        (cited(("z", 0, 20)), [0.0, 0.0, 0.0, 0.0]),
        (cited(("a", 5, 15), ("b", 50, 60)), [0.5, 0.5, 1.0, 1.0]),
        (REFUSED, [0.0, 0.0, 0.0, None]),
    ],
    ids=["all", "right documents, half the words", "a wrong document", "alternatives of one group", "refused"],
)
def test_a_case_with_an_answer_is_scored_by_what_was_cited(answer: Answer, scores: list[float | None]) -> None:
    """By hand: two groups are needed; x is met by a or b, y by c alone."""
    assert [measure(TWO_GROUPS, answer).value for measure in MEASURES] == scores


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        (Case("n", "Q?", (), (), (), answerable=False), "there is no answer to cite"),
        (Case("r", "Q?", (), (), ("only this",), answerable=True), "no evidence is given"),
    ],
    ids=["no answer", "a reference alone"],
)
def test_without_evidence_there_is_no_score(case: Case, reason: str) -> None:
    assert {measure(case, cited(("a", 0, 9))) for measure in MEASURES} == {Score(None, reason)}


def document(document_id: str) -> Document:
    """A home with one document."""
    if document_id != "sea":
        raise UnknownDocument(document_id)
    return Document("sea", "Sea", TEXT, "", SHA, "en", None, ())


def quoting(id_: str, start: int, end: int, quote: str, sha: str = SHA) -> Citation:
    """A citation of these words."""
    return Citation(1, id_, sha, "", "", start, end, quote)


@pytest.mark.parametrize(
    ("citation", "is_exact"),
    [
        (quoting("sea", 0, 15, "The tide office"), 1.0),
        (quoting("sea", 0, 15, "the tide office"), 0.0),
        (quoting("sea", 0, 14, "The tide office"), 0.0),
        (quoting("sea", -8, 33, "harbour."), 0.0),
        (quoting("sea", 25, 99, "harbour."), 0.0),
        (quoting("sea", 4, 4, ""), 0.0),
        (quoting("sea", 0, 15, "The tide office", "another"), 0.0),
        (quoting("lake", 0, 15, "The tide office"), 0.0),
    ],
    ids=["exact", "case", "cut", "from behind", "past the end", "empty", "another version", "no such document"],
)
@pytest.mark.parametrize(
    "answer",
    [
        lambda c: Answer("Q?", "Q?", citations=(c,)),
        lambda c: Answer("Q?", "Q?", refusal=Refusal("absent", "", (), (), (c,))),
    ],
    ids=["cited", "nearest to a refusal"],
)
def test_a_quote_is_exact_or_it_is_not(
    citation: Citation, is_exact: float, answer: Callable[[Citation], Answer]
) -> None:
    """Character for character, in the version that was cited."""
    assert quote_exactness(document)(TWO_GROUPS, answer(citation)) == Score(is_exact)


def test_quote_exactness_is_the_share_of_exact_quotes() -> None:
    right, wrong = quoting("sea", 0, 3, "The"), quoting("sea", 0, 3, "Tha")
    assert quote_exactness(document)(TWO_GROUPS, Answer("Q?", "Q?", citations=(right, right, wrong))).value == 2 / 3
    assert quote_exactness(document)(TWO_GROUPS, REFUSED) == Score(None, "nothing was quoted")
