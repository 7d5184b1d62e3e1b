import pytest

from evals.reports.confidence import calibration_error, confidence_of, reliability, risk_coverage, wilson
from evals.runs.results import Result
from tests.fakes_runs import made

FIRST = "right words first"


def sure(id_: str, probability: float, *, right: bool) -> Result:
    """An answer of this confidence."""
    result = made(id_, {FIRST: float(right)})
    result.answer.trace["evidence"][0]["probability"] = probability
    return result


RESULTS = [
    sure("a", 0.9, right=True),
    sure("b", 0.5, right=False),
    sure("c", 0.5, right=True),
    made("refused", {FIRST: 0.0}, refusal="absent"),
]


def test_risk_is_over_the_surest_and_coverage_over_all_cases() -> None:
    """One of four is answered surely and rightly; two more come together, one of them wrong; one is refused."""
    assert risk_coverage(RESULTS) == [(0.25, 0.0), (0.75, pytest.approx(1 / 3))]


def test_an_answer_to_what_the_documents_do_not_answer_is_wrong() -> None:
    (point,) = risk_coverage([made("a", {}, answerable=False)])
    assert point == (1.0, 1.0)


def test_reliability_sets_what_was_right_against_what_was_said() -> None:
    """Of the two at 0.5 one is right; that at 0.9 is right."""
    half, most = reliability(RESULTS)
    assert (half.confidence, half.num, half.right) == (0.5, 2, 0.5)
    assert (most.confidence, most.num, most.right, most.high) == (0.9, 1, 1.0, 1.0)
    assert calibration_error([half, most]) == pytest.approx(0.1 / 3, abs=1e-6)


def test_a_refusal_an_error_and_a_greeting_have_no_confidence() -> None:
    """An answer that is not in the trace's evidence is not given somebody else's probability."""
    elsewhere = made("x")
    elsewhere.answer.trace["evidence"][0]["start"] = 5
    some = [made("r", refusal="absent"), made("e", error="no"), elsewhere]
    assert [confidence_of(result) for result in some] == [None, None, None]
    assert (risk_coverage(some), reliability(some)) == ([], [])


@pytest.mark.parametrize(("right", "low", "high"), [(0, 0.0, 0.2775), (10, 0.7225, 1.0), (5, 0.2366, 0.7634)])
def test_wilsons_interval_of_ten(right: int, low: float, high: float) -> None:
    """Values from Brown, Cai & DasGupta's formula, by hand; never outside 0 and 1."""
    assert wilson(right, 10) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))
