import re
from xml.etree import ElementTree

from assistant.answer import Answer, Citation, Refusal
from evals.case import Case, Judgement
from evals.measures import MEASURES
from evals.reports.junit import run_junit
from evals.reports.reporting import report_json, report_table, summary_markdown
from evals.runs.results import Result


def result(
    id_: str, answer: Answer | None, *, answerable: bool, tags: tuple[str, ...], error: str | None = None
) -> Result:
    """A result scored as a run scores it."""
    judgements = (Judgement("a", 0, 20),) if answerable else ()
    case = Case(id_, f"{id_}?", (), judgements, (), answerable, tags)
    scores = {name: measure(case, answer) for name, measure in MEASURES.items()} if answer else {}
    return Result(case, answer, scores, error)


def answered(start: int, total_ms: float) -> Answer:
    """An answer with one citation of twenty characters."""
    citation = Citation(1, "a", "", "", "", start, start + 20, "")
    return Answer("Q?", "Q?", citations=(citation,), timings_ms={"total": total_ms})


RESULTS = [
    result("good", answered(0, 10.0), answerable=True, tags=("look-up",)),
    result("fine", answered(5, 20.0), answerable=True, tags=("look-up", "date")),
    result(
        "none",
        Answer("Q?", "Q?", refusal=Refusal("absent", "No."), timings_ms={"total": 30.0}),
        answerable=False,
        tags=("near-miss",),
    ),
    result("broken", None, answerable=True, tags=("date",), error="ValueError: no"),
]
SHOWN = """tiny: 4 cases

measure                     mean   95 % interval     cases
right document cited       1.000   1.000 to 1.000        2
right words cited          1.000   1.000 to 1.000        2
right words first          1.000   1.000 to 1.000        2
right citations            1.000   1.000 to 1.000        2
refused rightly            1.000   1.000 to 1.000        1
refused wrongly            0.000   0.000 to 0.000        2""".splitlines()
KINDS = """
kind of case               right words  refused rightly  cases
date                             1.000                -      1
look-up                          1.000                -      2
near-miss                            -            1.000      1

latency: p50 20 ms, p95 29 ms
error in broken: ValueError: no"""


def test_the_table_is_what_a_reader_sees() -> None:
    """Each measure with its interval and the number of cases it applies to; errors by case, never scored as zero."""
    table = report_table(report_json("tiny", RESULTS))
    assert [line.split() for line in table.splitlines()][: len(SHOWN)] == [line.split() for line in SHOWN]
    assert table.endswith(KINDS)


def test_the_json_has_the_figures_and_every_case() -> None:
    report = report_json("tiny", RESULTS)
    assert (report["suite"], report["num_cases"], report["num_errors"]) == ("tiny", 4, 1)
    row = report["measures"]["refused rightly"]
    assert {name: row[name] for name in ("mean", "low", "high", "num_cases")} == {
        "mean": 1.0,
        "low": 1.0,
        "high": 1.0,
        "num_cases": 1,
    }
    assert row["caveat"] == "one case: its interval is not known"
    assert report["suite_measures"]["refusal precision"]["mean"] == 1.0
    assert report["latency_ms"] == {"p50": 20.0, "p95": 29.0}
    assert list(report["tags"]) == ["date", "look-up", "near-miss"]
    none = report["cases"][2]
    assert (none["id"], none["error"], none["answer"], none["refusal"], none["failing"]) == (
        "none",
        None,
        "",
        "absent",
        None,
    )
    assert none["scores"]["refused rightly"] == 1.0
    assert none["scores"]["refused wrongly"] is None
    assert none["unscored"]["refused wrongly"] == "has no answer"
    assert report["cases"][3]["failing"] == "the case could not be asked: ValueError: no"
    assert report["cases"][3]["scores"] == {}


def test_a_measure_that_applies_to_no_case_is_left_out() -> None:
    """A suite of answerable questions says nothing of refusing rightly, rather than zero."""
    report = report_json("tiny", RESULTS[:1])
    assert "refused rightly" not in report["measures"]
    assert "refused rightly" not in report_table(report).partition("kind of case")[0]


def test_a_run_in_which_every_case_failed_is_still_reported() -> None:
    report = report_json("tiny", RESULTS[3:])
    assert (report["measures"], report["latency_ms"], report["num_errors"]) == ({}, {}, 1)
    assert report_table(report).splitlines()[-1] == "error in broken: ValueError: no"


HOSTILE = result(
    "a|b\x1b[2J", answered(60, 1.0), answerable=True, tags=("<b>",), error="</failure>\x00 ![x](http://y) | z"
)


def test_a_summary_is_markdown_in_which_no_case_is_markup() -> None:
    """GitHub shows the table and folds the failing cases; what a case says is text."""
    summary = summary_markdown(report_json("tiny", [*RESULTS, HOSTILE]))
    assert "| right words cited | 0.667 | 0.000 to 1.000 | 3 |" in summary
    assert "<details><summary>2 failing cases</summary>" in summary
    assert "- broken: broken? (the case could not be asked: ValueError: no)" in summary
    assert set(re.findall("<[^>]*>", summary)) == {"<details>", "<summary>", "</summary>", "</details>"}
    assert "![x]" not in summary


def test_build_servers_get_a_test_for_each_case() -> None:
    """An error where it could not be asked, a failure where the answer is wrong; XML whatever a case holds."""
    wrong = result("wrong", answered(60, 1_500.0), answerable=True, tags=())
    suite = ElementTree.fromstring(run_junit("tiny", [*RESULTS, wrong, HOSTILE]))[0]  # noqa: S314  (our own)
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("6", "1", "2")
    assert [case.get("name") for case in suite][:4] == ["good", "fine", "none", "broken"]
    assert (suite[4].get("time"), suite[4][0].tag, suite[4][0].get("message")) == (
        "1.500",
        "failure",
        "none of the right words is cited",
    )
    assert suite[5][0].get("message").startswith("</failure>\N{REPLACEMENT CHARACTER} ![x]")
