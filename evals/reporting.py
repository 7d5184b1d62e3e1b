"""Results as a table for a terminal and as JSON for programs. It draws no conclusions."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from evals.measures import MEASURES, mean_with_interval
from evals.running import Result


def report_json(suite_name: str, results: Sequence[Result]) -> dict[str, Any]:
    """The figures: per measure its mean, interval and number of cases, over all and by tag; latency; each case."""
    tags = sorted({tag for result in results for tag in result.case.tags})
    return {
        "suite": suite_name,
        "num_cases": len(results),
        "num_errors": sum(result.error is not None for result in results),
        "measures": _measures(results),
        "tags": {tag: _measures([r for r in results if tag in r.case.tags]) for tag in tags},
        "latency_ms": _latency(results),
        "cases": [_case(result) for result in results],
    }


def report_table(report: dict[str, Any]) -> str:
    """The report for a reader: a line a measure, then the share of right words by kind of case, then latency."""
    lines = [f"{report['suite']}: {report['num_cases']} cases", ""]
    lines.append(f"{'measure':24} {'mean':>6}   {'95 % interval':15} {'cases':>5}")
    for name, row in report["measures"].items():
        lines.append(f"{name:24} {row['mean']:6.3f}   {row['low']:.3f} to {row['high']:.3f}  {row['num_cases']:5}")
    lines += ["", f"{'kind of case':24} {'right words':>11} {'refused rightly':>16} {'cases':>6}"]
    for tag, measures in report["tags"].items():
        words, refused = measures.get("right words cited"), measures.get("refused rightly")
        shown = [f"{row['mean']:.3f}" if row else "-" for row in (words, refused)]
        count = sum(row["num_cases"] for row in (words, refused) if row)
        lines.append(f"{tag:24} {shown[0]:>11} {shown[1]:>16} {count:6}")
    latency = report["latency_ms"]
    if latency:
        lines += ["", f"latency: p50 {latency['p50']:.0f} ms, p95 {latency['p95']:.0f} ms"]
    lines += [f"error in {case['id']}: {case['error']}" for case in report["cases"] if case["error"]]
    return "\n".join(lines)


def _measures(results: Sequence[Result]) -> dict[str, dict[str, float]]:
    rows = {}
    for name in MEASURES:
        scores = [result.scores[name].value for result in results if name in result.scores]
        values = [value for value in scores if value is not None]
        if values:
            mean, low, high = mean_with_interval(values)
            rows[name] = {"mean": mean, "low": low, "high": high, "num_cases": len(values)}
    return rows


def _latency(results: Sequence[Result]) -> dict[str, float]:
    totals = [result.answer.timings_ms["total"] for result in results if result.answer]
    return {"p50": float(np.percentile(totals, 50)), "p95": float(np.percentile(totals, 95))} if totals else {}


def _case(result: Result) -> dict[str, Any]:
    return {
        "id": result.case.id,
        "question": result.case.question,
        "error": result.error,
        "answer": result.answer.text if result.answer else None,
        "refusal": result.answer.refusal.kind if result.answer and result.answer.refusal else None,
        "scores": {name: score.value for name, score in result.scores.items()},
    }
