"""JUnit XML, as build servers read it: a test case for each case of a run, or for each measure of a gate.

The form is that of the Ant task, https://llg.cubic.org/docs/junit/; what XML cannot hold is replaced by U+FFFD.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, tostring

from assistant.exporting.escaping import visible
from evals.comparing.gating import Gate
from evals.reports.comparison_report import drop_line, gate_text
from evals.runs.results import Result, failing


@dataclass(frozen=True, slots=True)
class _Test:
    """One test case: `failure` says in a line why it fails, `error` why it could not be done."""

    name: str
    seconds: float = 0.0
    failure: str = ""
    error: str = ""
    detail: str = ""


def run_junit(suite_name: str, results: Sequence[Result]) -> str:
    """A test case for each case: an error where it could not be asked, a failure where its answer is wrong."""
    return _xml(f"communique.{suite_name}", [_case(result) for result in results])


def gate_junit(gate: Gate) -> str:
    """A test case for each measure that was watched, failed where it dropped, and one for each newly failing case."""
    tests = []
    for one in gate.watched:
        line = drop_line(one.difference, one.p_corrected) if one.is_drop else ""
        tests.append(_Test(one.difference.measure, failure=line, detail=gate_text(gate) if one.is_drop else ""))
    tests += [_Test(id_, error="could be asked before, and cannot now") for id_ in gate.comparison.newly_failed]
    return _xml(f"communique.gate.{gate.comparison.run.suite}", tests)


def _case(result: Result) -> _Test:
    seconds = result.answer.timings_ms.get("total", 0.0) / 1_000 if result.answer else 0.0
    if result.error is not None:
        return _Test(result.case.id, error=result.error, detail=result.case.question)
    answer = result.answer.text if result.answer else ""
    wanted = "\n".join(result.wanted)
    detail = f"question: {result.case.question}\nanswer: {answer}\nwanted: {wanted}"
    return _Test(result.case.id, seconds, failing(result) or "", detail=detail)


def _xml(name: str, tests: Iterable[_Test]) -> str:
    tests = list(tests)
    counts = {
        "tests": len(tests),
        "failures": sum(bool(test.failure) for test in tests),
        "errors": sum(bool(test.error) for test in tests),
    }
    attributes = {key: str(value) for key, value in counts.items()}
    suites = Element("testsuites", attributes)
    suite = SubElement(suites, "testsuite", {"name": visible(name), **attributes})
    for test in tests:
        row = {"classname": visible(name), "name": visible(test.name), "time": f"{test.seconds:.3f}"}
        case = SubElement(suite, "testcase", row)
        for kind, message in (("failure", test.failure), ("error", test.error)):
            if message:
                SubElement(case, kind, {"message": visible(message)}).text = visible(test.detail)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(suites, encoding="unicode") + "\n"
