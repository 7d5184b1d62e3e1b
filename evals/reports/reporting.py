"""A run as a table for a terminal, as Markdown for a pull request, as JSON for programs. It draws no conclusions."""

from collections.abc import Sequence
from typing import Any

from assistant.exporting.escaping import markdown, visible
from evals.reports.figures import suite_figures
from evals.runs.kept_runs import Run
from evals.runs.results import Result, failing

_SHOWN = 50


def report_json(suite_name: str, results: Sequence[Result], *, run: Run | None = None) -> dict[str, Any]:
    """The figures: per measure its mean, interval and number of cases, over all and by tag; latency; each case."""
    kept = {"run": run.id, "started_at": run.started_at, "finished_at": run.finished_at} if run else {}
    return {
        "suite": suite_name,
        **kept,
        **({"record": dict(run.record)} if run else {}),
        **suite_figures(results),
        "cases": [_case(result) for result in results],
    }


def report_table(report: dict[str, Any]) -> str:
    """The report for a reader: a line a measure, then the share of right words by kind of case, then latency."""
    width = max(26, *map(len, [*report["measures"], *report["suite_measures"], ""]))
    lines = [f"{report['suite']}: {report['num_cases']} cases", ""]
    lines.append(f"{'measure':{width}} {'mean':>7}   {'95 % interval':17} {'cases':>5}")
    for name, row in (report["measures"] | report["suite_measures"]).items():
        interval = f"{number(row['low'])} to {number(row['high'])}"
        lines.append(f"{name:{width}} {number(row['mean']):>7}   {interval:17} {row['num_cases']:5}")
    if report["tags"]:
        lines += ["", f"{'kind of case':{width}} {'right words':>11} {'refused rightly':>16} {'cases':>6}"]
    for tag, measures in report["tags"].items():
        words, refused = measures.get("right words cited"), measures.get("refused rightly")
        shown = [f"{row['mean']:.3f}" if row else "-" for row in (words, refused)]
        count = sum(row["num_cases"] for row in (words, refused) if row)
        lines.append(f"{visible(tag):{width}} {shown[0]:>11} {shown[1]:>16} {count:6}")
    return "\n".join([*lines, *_closing(report)])


def summary_markdown(report: dict[str, Any]) -> str:
    """The report as GitHub shows it in a pull request: a table of the measures, and the failing cases folded away."""
    lines = [f"### {markdown(report['suite'])}: {report['num_cases']} cases", ""]
    lines += ["| measure | mean | 95 % interval | cases |", "| --- | ---: | --- | ---: |"]
    lines += [
        f"| {markdown(name)} | {number(row['mean'])} | {number(row['low'])} to {number(row['high'])} "
        f"| {row['num_cases']} |"
        for name, row in (report["measures"] | report["suite_measures"]).items()
    ]
    wrong = [case for case in report["cases"] if case["failing"]]
    if wrong:
        lines += ["", f"<details><summary>{len(wrong)} failing cases</summary>", ""]
        lines += [
            f"- {markdown(case['id'])}: {markdown(case['question'])} ({markdown(case['failing'])})"
            for case in wrong[:_SHOWN]
        ]
        lines += [f"- and {len(wrong) - _SHOWN} more"] * (len(wrong) > _SHOWN)
        lines += ["", "</details>"]
    latency = report["latency_ms"]
    lines += ["", f"Latency: p50 {latency['p50']:.0f} ms, p95 {latency['p95']:.0f} ms."] if latency else []
    return "\n".join(lines) + "\n"


def number(value: float) -> str:
    """A figure with three places, with one from ten on, and with none from a hundred on.

    >>> number(0.5), number(70.81), number(1234.5)
    ('0.500', '70.8', '1,234')
    """
    return f"{value:.3f}" if abs(value) < 10 else f"{value:.1f}" if abs(value) < 100 else f"{value:,.0f}"


def _closing(report: dict[str, Any]) -> list[str]:
    """Latency, what was taken from other runs, and errors by case."""
    latency, lines = report["latency_ms"], []
    if latency:
        lines += ["", f"latency: p50 {latency['p50']:.0f} ms, p95 {latency['p95']:.0f} ms"]
    if report["num_cached"]:
        lines += ["", f"{report['num_cached']} cases were taken from earlier runs; --anew asks them again"]
    errors = [case for case in report["cases"] if case["error"]]
    return lines + [f"error in {visible(case['id'])}: {visible(case['error'])}" for case in errors]


def _case(result: Result) -> dict[str, Any]:
    return {
        "id": result.case.id,
        "question": result.case.question,
        "error": result.error,
        "answer": result.answer.text if result.answer else None,
        "refusal": result.answer.refusal.kind if result.answer and result.answer.refusal else None,
        "failing": failing(result),
        "cached_from": result.cached_from,
        "scores": {name: score.value for name, score in result.scores.items()},
        "unscored": {name: score.reason for name, score in result.scores.items() if score.value is None},
    }
