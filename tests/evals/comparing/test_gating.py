from xml.etree import ElementTree

import pytest

from assistant.home import Home
from evals.comparing.gating import Gate, gate
from evals.comparing.run_comparison import compare
from evals.errors import Incomparable
from evals.reports.comparison_report import gate_json, gate_markdown, gate_text
from evals.reports.junit import gate_junit
from evals.runs.kept_runs import Runs
from evals.runs.results import Result
from tests.fakes_runs import kept, made

WORDS, FIRST, WRONGLY = "right words cited", "right words first", "refused wrongly"
CASES = 30


def results(num_wrong: int, *, measure: str = WORDS, first: int = 0) -> list[Result]:
    """Thirty results, so many of them wrong by one measure, from one of them on."""
    good, bad = (0.0, 1.0) if measure == WRONGLY else (1.0, 0.0)
    wrong = range(first, first + num_wrong)
    return [made(f"c{i}", {measure: bad if i in wrong else good}) for i in range(CASES)]


def gated(home: Home, before: list[Result], after: list[Result], *measures: str) -> Gate:
    """The gate over these results."""
    runs = kept(home.database, before), kept(home.database, after)
    return gate(compare(*runs, Runs(home.database)), measures)


@pytest.mark.parametrize(
    ("num_wrong", "measure", "is_open"),
    [(0, WORDS, True), (4, WORDS, True), (8, WORDS, False), (8, WRONGLY, False)],
    ids=["nothing", "four cases may be chance", "eight of thirty are not", "where less is better"],
)
def test_a_drop_must_be_more_than_chance(home: Home, num_wrong: int, measure: str, is_open: bool) -> None:
    """Four cases that fell have p = 2/16, eight p = 2/256."""
    assert gated(home, results(0, measure=measure), results(num_wrong, measure=measure)).is_open is is_open


def test_a_rise_is_no_drop(home: Home) -> None:
    assert gated(home, results(12), results(0)).is_open


def test_many_measures_make_the_test_stricter(home: Home) -> None:
    """Six cases have p = 2/64 = 0.031 alone, and three times that among three measures: Holm's correction."""
    measures = ("one", "two", WORDS)
    before = [made(f"c{i}", dict.fromkeys(measures, 1.0)) for i in range(CASES)]
    after = [made(f"c{i}", dict.fromkeys(measures, 1.0) | {WORDS: float(i >= 6)}) for i in range(CASES)]
    assert gated(home, before, after).is_open
    watched = gated(home, before, after, WORDS)
    assert not watched.is_open
    assert [one.p_corrected for one in watched.watched] == [2 / 64]


def test_time_is_not_watched_unless_it_is_named(home: Home) -> None:
    before = [made(f"c{i}", {"latency (ms)": 10.0, "right words cited": 1.0}) for i in range(CASES)]
    after = [made(f"c{i}", {"latency (ms)": 99.0, "right words cited": 1.0}) for i in range(CASES)]
    assert gated(home, before, after).is_open
    assert not gated(home, before, after, "latency (ms)").is_open


def test_a_case_that_cannot_be_asked_any_more_closes_the_gate(home: Home) -> None:
    """It has no score that could fall, and must not pass for that."""
    after = [*results(0)[:-1], made(f"c{CASES - 1}", error="ValueError: no")]
    seen = gated(home, results(0), after)
    assert (seen.drops, seen.is_open) == ([], False)
    assert f"  c{CASES - 1}: could be asked before, and cannot now" in gate_text(seen).splitlines()


def test_a_measure_that_is_not_there_is_named_with_those_that_are(home: Home) -> None:
    with pytest.raises(Incomparable, match="has a value of 'wit': the measures are right words cited"):
        gated(home, results(0), results(0), "wit")


def test_a_closed_gate_says_what_fell_how_far_and_where(home: Home) -> None:
    seen = gated(home, results(0), results(8))
    lines = gate_text(seen).splitlines()
    assert lines[0].startswith("failed: ")
    assert lines[1].startswith(
        "  right words cited fell by 0.267, from 1.000 to 0.733 (95 % interval of the change -0.4"
    )
    assert lines[2] == "    c0: 1.000 → 0.000  c0?"
    assert len(lines) == 2 + 8
    assert gate_text(gated(home, results(0), results(0))).startswith("passed: ")
    assert gate_json(seen)["watched"] == [{"measure": WORDS, "p_corrected": 2 / 256, "is_drop": True}]
    assert "| right words cited | 1.000 | 0.733 | -0.267 |" in gate_markdown(seen)
    assert "**drop**" in gate_markdown(seen)


def test_build_servers_get_a_failed_test_for_each_drop(home: Home) -> None:
    suite = ElementTree.fromstring(gate_junit(gated(home, results(0), results(8))))[0]  # noqa: S314  (our own)
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("1", "1", "0")
    assert suite[0].get("name") == WORDS
    assert suite[0][0].get("message").startswith("right words cited fell by 0.267")
