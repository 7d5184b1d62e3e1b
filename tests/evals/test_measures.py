import pytest

from assistant.answer import Answer, Citation, Refusal
from evals.case import Case, Judgement, Score
from evals.measures import MEASURES, mean_with_interval, share_half

TWO_GROUPS = Case(
    id="c",
    question="Q?",
    history=(),
    judgements=(Judgement("a", 0, 20, "x"), Judgement("b", 50, 60, "x"), Judgement("c", 100, 120, "y")),
    references=(),
    answerable=True,
)
NO_ANSWER = Case("n", "Q?", (), (), (), answerable=False)
REFUSED = Answer("Q?", "Q?", refusal=Refusal("absent", "No."))


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
        (cited(("a", 0, 20), ("c", 110, 140)), [1.0, 1.0, 1.0, 1.0, None, 0.0]),
        (cited(("b", 0, 9), ("b", 55, 65), ("c", 0, 9)), [1.0, 0.5, 0.0, 1 / 3, None, 0.0]),
        (cited(("z", 0, 20)), [0.0, 0.0, 0.0, 0.0, None, 0.0]),
        (cited(("a", 5, 15), ("b", 50, 60)), [0.5, 0.5, 1.0, 1.0, None, 0.0]),
        (REFUSED, [0.0, 0.0, 0.0, None, None, 1.0]),
    ],
    ids=["all", "right documents, half the words", "a wrong document", "alternatives of one group", "refused"],
)
def test_a_case_with_an_answer_is_scored_by_what_was_cited(answer: Answer, scores: list[float | None]) -> None:
    """By hand: two groups are needed; x is met by a or b, y by c alone. Where a measure does not apply: no score."""
    assert [measure(TWO_GROUPS, answer).value for measure in MEASURES.values()] == scores


@pytest.mark.parametrize(
    ("answer", "refused_rightly"), [(REFUSED, 1.0), (cited(("a", 0, 9)), 0.0)], ids=["refused", "answered"]
)
def test_a_case_without_an_answer_is_scored_by_its_refusal_alone(answer: Answer, refused_rightly: float) -> None:
    """Nothing else applies to it, and what does not apply is never a zero."""
    scores = {name: measure(NO_ANSWER, answer) for name, measure in MEASURES.items()}
    assert scores.pop("refused rightly") == Score(refused_rightly)
    assert {score.value for score in scores.values()} == {None}
    assert all(score.reason for score in scores.values())


@pytest.mark.parametrize(
    ("span", "met"),
    [
        (("a", 10, 30), True),
        (("a", 11, 31), False),
        (("a", 0, 500), True),
        (("a", 18, 22), True),
        (("a", 19, 22), False),
        (("a", 20, 30), False),
        (("b", 0, 20), False),
    ],
    ids=["half", "less than half", "all around", "half of a shorter one", "a third of it", "beside", "elsewhere"],
)
def test_a_citation_meets_a_judgement_with_half_of_the_shorter_span(span: tuple[str, int, int], met: bool) -> None:
    assert share_half(cited(span).citations[0], Judgement("a", 0, 20)) is met


def test_a_mean_comes_with_the_interval_of_its_bootstrap() -> None:
    """Of 30 successes in 40 the interval is near the normal one, 0.75 ± 1.96 · sqrt(0.75 · 0.25 / 40) = 0.134."""
    mean, low, high = mean_with_interval([1.0] * 30 + [0.0] * 10)
    assert mean == 0.75
    assert (low, high) == pytest.approx((0.75 - 0.134, 0.75 + 0.134), abs=0.02)
    assert mean_with_interval([1.0] * 30 + [0.0] * 10) == (mean, low, high)


@pytest.mark.parametrize("values", [[0.4], [0.4, 0.4, 0.4]], ids=["one", "all alike"])
def test_where_nothing_varies_the_interval_is_a_point(values: list[float]) -> None:
    assert mean_with_interval(values) == pytest.approx((0.4, 0.4, 0.4))
