import pytest

from assistant.home import Home
from evals.comparing.run_comparison import Comparison, compare
from evals.errors import Incomparable
from evals.reports.comparison_report import comparison_json, comparison_text
from evals.runs.kept_runs import Runs
from tests.fakes_runs import kept, made

WORDS, WRONGLY, TIME = "right words cited", "refused wrongly", "latency (ms)"
BEFORE = [
    made("same", {WORDS: 1.0, WRONGLY: 0.0, TIME: 10.0}),
    made("worse", {WORDS: 1.0, WRONGLY: 0.0, TIME: 10.0}),
    made("better", {WORDS: 0.5, WRONGLY: 0.0, TIME: 10.0}),
    made("gone", {WORDS: 1.0}),
    made("broken", {WORDS: 1.0}),
]
AFTER = [
    made("same", {WORDS: 1.0, WRONGLY: 0.0, TIME: 90.0}),
    made("worse", {WORDS: 0.0, WRONGLY: 1.0, TIME: 10.0}, refusal="absent"),
    made("better", {WORDS: 1.0, WRONGLY: 0.0, TIME: 10.0}, text="Other words."),
    made("new", {WORDS: 0.0}),
    made("broken", error="ValueError: no"),
]


@pytest.fixture
def comparison(home: Home) -> Comparison:
    """Five cases each, four of them in both."""
    one = kept(home.database, BEFORE)
    other = kept(home.database, AFTER, code="n3w", settings={"llm": "server:x", "embedder": "hash"})
    return compare(one, other, Runs(home.database))


def test_differences_are_paired_and_signed_by_the_runs(comparison: Comparison) -> None:
    """Words: 1 → 1, 1 → 0, 0.5 → 1, a mean of -1/6; better and worse are meant in the measure's own sense."""
    rows = {row.measure: row for row in comparison.differences}
    assert (rows[WORDS].before, rows[WORDS].after) == (pytest.approx(2.5 / 3), pytest.approx(2 / 3))
    assert rows[WORDS].difference == pytest.approx(-1 / 6)
    assert rows[WORDS].low <= rows[WORDS].difference <= rows[WORDS].high
    assert (rows[WORDS].num_better, rows[WORDS].num_worse, rows[WORDS].num_cases) == (1, 1, 3)
    assert (rows[WRONGLY].num_better, rows[WRONGLY].num_worse) == (0, 1)
    assert rows[WORDS].is_drop
    assert rows[WRONGLY].is_drop


def test_changed_cases_come_worst_first(comparison: Comparison) -> None:
    """What became slower only did not change; an error weighs as much as a measure lost."""
    assert [(change.case_id, change.gain) for change in comparison.changes] == [
        ("worse", -2.0),
        ("broken", -1.0),
        ("better", 0.5),
    ]
    assert comparison.changes[0].scores == {WORDS: (1.0, 0.0), WRONGLY: (0.0, 1.0)}


def test_what_could_not_be_paired_is_named(comparison: Comparison) -> None:
    assert (comparison.left_out, comparison.newly_failed, comparison.num_cases) == (["gone", "new"], ["broken"], 4)
    assert comparison.notes == ["abc123 (code c0de) → abc123 (code n3w)", "llm none → server:x"]


def test_a_case_that_was_rewritten_is_not_the_same_case(home: Home) -> None:
    """Equal ids are not enough: the words wanted changed."""
    rewritten = made("same", {WORDS: 0.0}, answerable=False)
    one, other = kept(home.database, BEFORE), kept(home.database, [rewritten, AFTER[1]])
    got = compare(one, other, Runs(home.database))
    assert [change.case_id for change in got.changes] == ["worse"]
    assert "same" in got.left_out


@pytest.mark.parametrize(
    ("suite", "message"),
    [("other", "is of the suite 'tiny' and"), ("tiny", "of 'tiny' have no case in common: every case was rewritten")],
)
def test_nothing_in_common_is_one_clear_line(home: Home, suite: str, message: str) -> None:
    one, other = kept(home.database, BEFORE[:1]), kept(home.database, AFTER[3:4], suite=suite)
    with pytest.raises(Incomparable, match=message) as error:
        compare(one, other, Runs(home.database))
    assert "\n" not in str(error.value)


def test_the_text_has_the_measures_the_cases_and_both_answers(comparison: Comparison) -> None:
    lines = comparison_text(comparison).splitlines()
    assert lines[0].endswith("4 cases in both")
    assert any(line.split() == [*WORDS.split(), *"0.833 0.667 -0.167 -1.000 to +0.500 1 1".split()] for line in lines)
    assert "left out: 2 cases that are in one run only or were rewritten (gone, new)" in lines
    start = lines.index("worse: worse?")
    assert lines[start + 2 : start + 4] == ["  before: It has a budget. [1]", "  after:  refused as absent"]


def test_the_json_has_every_change(comparison: Comparison) -> None:
    content = comparison_json(comparison)
    assert [row["measure"] for row in content["differences"]] == [WORDS, WRONGLY, TIME]
    assert content["changed"][1] == {
        "id": "broken",
        "question": "broken?",
        "gain": -1.0,
        "scores": {WORDS: [1.0, None]},
        "before": "It has a budget. [1]",
        "after": "error: ValueError: no",
    }
