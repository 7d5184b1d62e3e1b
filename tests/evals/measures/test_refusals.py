import pytest

from assistant.answer import Answer, Refusal
from evals.case import Case, Score
from evals.measures.refusals import REFUSAL_MEASURES, expected_kind, refused_rightly, refused_wrongly


def case(id_: str, *tags: str, answerable: bool = False) -> Case:
    """A case with these tags."""
    return Case(id_, f"{id_}?", (), (), (), answerable, tags)


def refused(kind: str) -> Answer:
    """A refusal of this kind."""
    return Answer("Q?", "Q?", refusal=Refusal(kind, "No."))


ANSWERED = Answer("Q?", "Q?")
RESULTS = [
    (case("one", "refusal:absent"), refused("absent")),
    (case("two", "refusal:absent"), refused("insufficient")),
    (case("three"), refused("absent")),
    (case("four", "refusal:insufficient"), ANSWERED),
    (case("five", answerable=True), refused("absent")),
    (case("six", answerable=True), ANSWERED),
]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("refusal precision", 3 / 4),  # one, two, three of four that were refused
        ("refusal recall", 3 / 4),  # one, two, three of four without an answer
        ("refusal precision, absent", 2 / 3),  # one and three; five has an answer
        ("refusal precision, insufficient", 0.0),  # two should have been another kind
        ("refusal precision, underspecified", None),
        ("refusal recall, absent", 1 / 2),  # one; two was refused as another kind
        ("refusal recall, insufficient", 0.0),
        ("refusal recall, unsupported", None),
    ],
)
def test_precision_and_recall_agree_with_sums_by_hand(name: str, value: float | None) -> None:
    """What no answer or case speaks of has no value, and says so."""
    score = REFUSAL_MEASURES[name](RESULTS)
    assert score.value == (value if value is None else pytest.approx(value))
    assert bool(score.reason) is (value is None)


def test_the_mean_of_the_units_is_the_score() -> None:
    """An interval is made from the units; each belongs to its case."""
    units = REFUSAL_MEASURES["refusal precision"].units(RESULTS)
    assert [(unit.case_id, unit.value) for unit in units] == [("one", 1), ("two", 1), ("three", 1), ("five", 0)]


def test_one_answer_is_refused_rightly_or_wrongly_and_never_both() -> None:
    assert refused_rightly(case("a"), refused("absent")) == Score(1.0)
    assert refused_rightly(case("a"), ANSWERED) == Score(0.0)
    assert refused_rightly(case("a", answerable=True), ANSWERED) == Score(None, "has an answer")
    assert refused_wrongly(case("a", answerable=True), refused("absent")) == Score(1.0)
    assert refused_wrongly(case("a"), refused("absent")) == Score(None, "has no answer")


def test_a_case_may_leave_open_which_refusal_is_right() -> None:
    assert expected_kind(case("a", "near-miss")) is None
    assert expected_kind(case("a", "near-miss", "refusal:absent")) == "absent"
