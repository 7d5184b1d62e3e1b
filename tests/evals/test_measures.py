"""The registries: what holds of every measure, whatever it measures."""

import pytest

from assistant.answer import Answer, Citation, Claim, Refusal
from assistant.pairs import Pair
from corpus.document import Document
from corpus.errors import UnknownDocument
from evals.case import Case, Judgement
from evals.judges import Grade
from evals.measures import LOWER_IS_BETTER, MEASURES, SHARES, SUITE_MEASURES, measures_with
from evals.measures.citations import right_words_first

ANSWERABLE = Case("a", "Q?", (), (Judgement("d", 0, 20),), ("x",), answerable=True)
NO_ANSWER = Case("n", "Q?", (), (), (), answerable=False)
CITED = Answer(
    "Q?",
    "Q?",
    claims=(Claim("x", (1,), "supported", 1.0),),
    citations=(Citation(1, "d", "", "", "", 0, 20, ""),),
    timings_ms={"total": 9.0},
    trace={
        "kind": "look-up",
        "hits": [{"passage": {"document_id": "d", "start": 0, "end": 40}}],
        "llm": [{"usage": {"prompt_tokens": 5, "completion_tokens": 2}}],
    },
)
REFUSED = Answer("Q?", "Q?", refusal=Refusal("absent", "No."), trace={"kind": "look-up", "hits": []})
BARE = Answer("Q?", "Q?")


class Yes:
    """A judge that every quote convinces."""

    name = "yes"

    def grades(self, pairs: list[Pair]) -> list[Grade]:
        return [Grade("supported") for _ in pairs]


def nothing(document_id: str) -> Document:
    """A home without documents."""
    raise UnknownDocument(document_id)


ALL = measures_with([Yes()], nothing)


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("case", [ANSWERABLE, NO_ANSWER], ids=["answerable", "no answer"])
@pytest.mark.parametrize("answer", [CITED, REFUSED, BARE], ids=["cited", "refused", "bare"])
def test_every_measure_gives_a_score_or_says_why_not(name: str, case: Case, answer: Answer) -> None:
    """Whatever the case and the answer hold: nothing raises, shares lie within 0 and 1, no value has no reason."""
    score = ALL[name](case, answer)
    if score.value is None:
        assert score.reason
    elif name in SHARES or name not in MEASURES:
        assert 0.0 <= score.value <= 1.0
    else:
        assert score.value >= 0.0


@pytest.mark.parametrize("name", MEASURES)
def test_every_measure_has_a_value_for_some_case(name: str) -> None:
    """None of them is always unscored."""
    assert any(MEASURES[name](case, CITED).value is not None for case in (ANSWERABLE, NO_ANSWER))


def test_the_names_are_those_of_the_measures() -> None:
    assert set(MEASURES) - SHARES == {"latency (ms)", "tokens"}
    assert set(MEASURES) >= LOWER_IS_BETTER
    assert set(ALL) - set(MEASURES) == {"citation recall (yes)", "citation precision (yes)", "quote exactness"}
    assert measures_with() == MEASURES
    assert MEASURES["right words first"] is right_words_first


@pytest.mark.parametrize("name", SUITE_MEASURES)
def test_a_suite_without_cases_is_unscored(name: str) -> None:
    score = SUITE_MEASURES[name]([])
    assert score.value is None
    assert score.reason
