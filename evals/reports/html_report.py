"""A run as one HTML page that works offline: its figures with intervals, three plots, and every case with its trace.

Readers of light and of dark pages see the same; a page without its script shows every case. It computes nothing.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from evals.reports.confidence import answered, calibration_error, reliability, risk_coverage
from evals.reports.figures import Row, latencies, suite_figures
from evals.reports.html_case import case_html
from evals.reports.html_parts import definitions, filters, page, table, text
from evals.reports.plots import interval_bar, latency_plot, reliability_plot, risk_plot
from evals.reports.reporting import number
from evals.runs.kept_runs import Run
from evals.runs.results import Result, failing

_FEW = 10
"""Fewer answers than this make no curve."""
_STATES = (("failing", "failing"), ("right", "right"), ("refused", "refused"), ("error", "errors"))


def run_page(run: Run, results: Sequence[Result]) -> str:
    """The report of a run."""
    figures = suite_figures(results)
    tags = sorted({tag for result in results for tag in result.case.tags})
    body = (
        f"<header><h1>{text(run.suite)}: {_count(results)}</h1>{_when(run, figures)}{_record(run)}</header><main>"
        f'<section aria-labelledby="measures"><h2 id="measures">Measures</h2>'
        f"{_measures({**figures['measures'], **figures['suite_measures']})}{_judges(run)}</section>"
        f"{_by_tag(figures['tags'])}{_plots(results)}"
        f'<section aria-labelledby="cases"><h2 id="cases">Cases</h2>{filters(tags, _STATES)}'
        f"{''.join(case_html(result) for result in results)}</section></main>{footer()}"
    )
    return page(f"{run.suite}, {run.id}", body)


def record_rows(run: Run) -> list[tuple[str, str]]:
    """What the run is a run of, for a reader."""
    record = run.record
    rows = [("run", run.id), ("commit", str(record.get("commit"))), ("code", str(record.get("code")))]
    rows += [(name, str(value)) for name, value in record.get("settings", {}).items() if value]
    documents = record.get("documents", {})
    rows.append(("documents", f"{documents.get('num')}, sha256 {str(documents.get('sha256'))[:16]}"))
    rows.append(("cases", f"{run.num_cases}, sha256 {str(record.get('suite', {}).get('sha256'))[:16]}"))
    return rows + ([("variant", str(record["variant"]))] if record.get("variant") else [])


def footer() -> str:
    """What the intervals are."""
    return (
        "<footer>Intervals are 95 % percentile bootstraps over conversations. A measure counts the cases that it "
        "applies to; a case that is not scored is not zero. This page needs no network.</footer>"
    )


def _count(results: Sequence[Result]) -> str:
    num_failing = sum(failing(result) is not None for result in results)
    return f"{len(results)} cases, {num_failing} failing"


def _when(run: Run, figures: Mapping[str, Any]) -> str:
    words = [f"started {run.started_at[:19].replace('T', ' ')} UTC"]
    words += [] if run.finished_at else [f"not finished: {run.num_done} of {run.num_cases} cases"]
    words += [f"{figures['num_errors']} errors"] if figures["num_errors"] else []
    words += [f"{figures['num_cached']} taken from earlier runs"] if figures["num_cached"] else []
    return f'<p class="soft">{text(", ".join(words))}</p>'


def _record(run: Run) -> str:
    return f"<details><summary>What was measured</summary>{definitions(record_rows(run))}</details>"


def _measures(rows: Mapping[str, Row]) -> str:
    if not rows:
        return "<p>Nothing could be measured.</p>"
    lines = []
    for name, row in rows.items():
        is_share = row["low"] >= 0 and row["high"] <= 1
        bar = interval_bar(row["mean"], row["low"], row["high"]) if is_share else ""
        remark = f'<br><span class="soft">{text(row["caveat"])}</span>' if row["caveat"] else ""
        bounds = f"{number(row['low'])} to {number(row['high'])}{remark}"
        lines.append((text(name), number(row["mean"]), bounds, bar, f"{row['num_cases']:.0f}"))
    return table(
        "Means over the cases that a measure applies to",
        ["measure", "#mean", "95 % interval", "0 to 1", "#cases"],
        lines,
    )


def _judges(run: Run) -> str:
    """How far the judges behind the citation figures agree with people."""
    lines = [f'<p class="soft">{text(line)}</p>' for line in run.record.get("judges", ())]
    head = '<p class="soft">Judges of citations, beside the labels that people gave to claims and quotes:</p>'
    return head + "".join(lines) if lines else ""


def _by_tag(tags: Mapping[str, Mapping[str, Row]]) -> str:
    names = [name for name in ("right words cited", "refused rightly") if any(name in rows for rows in tags.values())]
    if not names:
        return ""
    lines = []
    for tag, rows in tags.items():
        cells = [f"{_with_interval(rows[name])}" if name in rows else "" for name in names]
        lines.append((text(tag), *cells))
    head = ["tag", *(f"#{name}" for name in names)]
    return (
        '<section aria-labelledby="kinds"><h2 id="kinds">By kind of case</h2>'
        f"{table('Means with intervals; the number of cases behind them', head, lines)}</section>"
    )


def _with_interval(row: Row) -> str:
    return f"{row['mean']:.3f} ({row['low']:.2f} to {row['high']:.2f}), {row['num_cases']:.0f}"


def _plots(results: Sequence[Result]) -> str:
    figures = []
    if len(answered(results)) >= _FEW:
        points, bins = risk_coverage(results), reliability(results)
        figures.append(
            f"<figure>{risk_plot(points)}<figcaption>Risk and coverage: answers from the surest on. Of all cases "
            f"{points[-1][0]:.0%} are answered, and of those {points[-1][1]:.1%} do not have the right words first."
            "</figcaption></figure>"
        )
        figures.append(
            f"<figure>{reliability_plot(bins)}<figcaption>Reliability: on the dashed line a probability means what it "
            f"says. The two lie {calibration_error(bins):.3f} apart on average.</figcaption></figure>"
        )
    if len(times := latencies(results)) >= _FEW:
        figures.append(
            f"<figure>{latency_plot(times)}<figcaption>Latency of {len(times)} answers; the slowest hundredth "
            "stands in the last bar.</figcaption></figure>"
        )
    if not figures:
        return ""
    inner = f'<div class="plots">{"".join(figures)}</div>'
    return f'<section aria-labelledby="plots"><h2 id="plots">How sure, how fast</h2>{inner}</section>'
