"""From results to figures: means with intervals, over all cases and by tag, and latency. It concludes nothing."""

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np

from evals.comparing.paired import clusters_of
from evals.intervals import caveat, mean_with_interval
from evals.measures import SUITE_MEASURES
from evals.runs.results import Result

Row = dict[str, Any]


def measure_rows(results: Sequence[Result]) -> dict[str, Row]:
    """By measure its `mean`, the `low` and `high` of its 95 % interval, clustered by conversation, `num_cases`, and as
    `caveat` what the interval does not show.

    A measure that applies to no case is left out: unscored is not zero.
    """
    rows = {}
    for name in dict.fromkeys(name for result in results for name in result.scores):
        scored = [result for result in results if name in result.values]
        if scored:
            clusters = clusters_of([result.case for result in scored])
            rows[name] = _row([result.values[name] for result in scored], clusters)
    return rows


def suite_rows(results: Sequence[Result]) -> dict[str, Row]:
    """The same for the measures of a whole suite; `num_cases` counts what they are means of, such as refusals."""
    pairs = [(result.case, result.answer) for result in results if result.answer is not None]
    labels = dict(zip((case.id for case, _ in pairs), clusters_of([case for case, _ in pairs]), strict=True))
    rows = {}
    for name, measure in SUITE_MEASURES.items():
        units = measure.units(pairs)
        if units:
            rows[name] = _row([unit.value for unit in units], [labels[unit.case_id] for unit in units])
    return rows


def rows_by_tag(results: Sequence[Result]) -> dict[str, dict[str, Row]]:
    """The same for the cases of each tag."""
    tagged: dict[str, list[Result]] = {}
    for result in results:
        for tag in dict.fromkeys(result.case.tags):
            tagged.setdefault(tag, []).append(result)
    return {tag: measure_rows(tagged[tag]) for tag in sorted(tagged)}


def latencies(results: Sequence[Result]) -> list[float]:
    """Milliseconds of each answer that was asked for in this run, in order."""
    return [r.answer.timings_ms["total"] for r in results if r.answer and not r.cached_from and r.answer.timings_ms]


def latency_row(results: Sequence[Result]) -> dict[str, float]:
    """The median and the 95th percentile; empty where nothing was timed."""
    totals = latencies(results)
    return {"p50": float(np.percentile(totals, 50)), "p95": float(np.percentile(totals, 95))} if totals else {}


def suite_figures(results: Sequence[Result]) -> dict[str, Any]:
    """All of these, and how many cases were asked, failed and were taken from other runs."""
    return {
        "num_cases": len(results),
        "num_errors": sum(result.error is not None for result in results),
        "num_cached": sum(result.cached_from is not None for result in results),
        "measures": measure_rows(results),
        "suite_measures": suite_rows(results),
        "tags": rows_by_tag(results),
        "latency_ms": latency_row(results),
    }


def _row(values: Sequence[float], clusters: Sequence[Hashable]) -> Row:
    found = mean_with_interval(values, clusters=clusters)
    bounds = {"mean": found.value, "low": found.low, "high": found.high}
    return bounds | {"num_cases": len(values), "caveat": caveat(values, clusters)}
