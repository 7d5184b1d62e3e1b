"""Two runs compared as one HTML page that works offline: differences with intervals, and what changed, side by side."""

from collections.abc import Mapping, Sequence

from evals.comparing.gating import Gate, gate
from evals.comparing.run_comparison import Comparison, Difference, direction
from evals.intervals import Estimate
from evals.reports.html_case import change_html
from evals.reports.html_parts import badge, definitions, filters, page, table, text
from evals.reports.html_report import footer, record_rows
from evals.reports.plots import interval_bar
from evals.reports.reporting import number

_STATES = (
    ("worse", "worse"),
    ("better", "better"),
    ("other-words", "other words"),
    ("failing", "failing now"),
    ("error", "errors now"),
)


def comparison_page(comparison: Comparison) -> str:
    """The comparison of two runs, with what the gate says of it."""
    changes = comparison.changes
    tags = sorted({tag for change in changes for tag in change.after.case.tags})
    body = (
        f"<header><h1>{text(comparison.run.suite)}: two runs over {comparison.num_cases} cases</h1>"
        f"{_verdict(comparison)}{_notes(comparison)}{_records(comparison)}</header><main>"
        f'<section aria-labelledby="differences"><h2 id="differences">Differences</h2>'
        f"{_differences(comparison.differences)}{_suite_differences(comparison.suite_differences)}</section>"
        f'<section aria-labelledby="changed"><h2 id="changed">{len(changes)} cases changed, worst first</h2>'
        f"{filters(tags, _STATES)}{''.join(change_html(change) for change in changes)}</section></main>{footer()}"
    )
    return page(f"{comparison.run.suite}, {comparison.baseline.id} and {comparison.run.id}", body)


def _verdict(comparison: Comparison) -> str:
    if not comparison.differences:
        return "<p>No measure applies to both.</p>"
    seen: Gate = gate(comparison)
    if seen.is_open:
        return f"<p>{badge('passed', 'right')} No significant drop.</p>"
    names = ", ".join(one.difference.measure for one in seen.drops) or "cases that cannot be asked any more"
    return f"<p>{badge('failed', 'failing')} Significant drop: {text(names)}.</p>"


def _notes(comparison: Comparison) -> str:
    notes = list(comparison.notes)
    if comparison.left_out:
        notes.append(f"{len(comparison.left_out)} cases are in one run only, or were rewritten, and are left out")
    notes += [f"{id_} could be asked before, and cannot now" for id_ in comparison.newly_failed]
    return "".join(f'<p class="soft">{text(note)}</p>' for note in notes)


def _records(comparison: Comparison) -> str:
    sides = "".join(
        f"<section><h3>{name}</h3>{definitions(record_rows(run))}</section>"
        for name, run in (("Before", comparison.baseline), ("After", comparison.run))
    )
    return f'<details><summary>What was measured</summary><div class="sides">{sides}</div></details>'


def _differences(rows: Sequence[Difference]) -> str:
    reach = max([0.05, *(max(abs(row.low), abs(row.high)) for row in rows if max(abs(row.low), abs(row.high)) <= 1)])
    lines = []
    for row in rows:
        is_share = max(abs(row.low), abs(row.high)) <= 1
        bar = interval_bar(row.difference, row.low, row.high, scale=(-reach, reach)) if is_share else ""
        worse = row.difference * direction(row.measure) < 0
        kind = "" if row.low <= 0 <= row.high else "worse" if worse else "better"
        changed = f'<span class="{kind}">{row.difference:+.3f}</span>'
        interval = f"{row.low:+.3f} to {row.high:+.3f}"
        counts = (str(row.num_better), str(row.num_worse), str(row.num_cases))
        lines.append((text(row.measure), number(row.before), number(row.after), changed, interval, bar, *counts))
    head = ["measure", "#before", "#after", "#change", "95 % interval", f"±{reach:.2f}", "#better", "#worse", "#cases"]
    return table("After minus before, over the cases that both runs have a value for", head, lines)


def _suite_differences(found: Mapping[str, Estimate]) -> str:
    """The measures of whole suites, whose cases need not be the same in both runs."""
    lines = [
        (text(name), f"{one.value:+.3f}", f"{one.low:+.3f} to {one.high:+.3f}", interval_bar(*one, scale=(-1, 1)))
        for name, one in found.items()
    ]
    return table("Of the whole suite", ["measure", "#change", "95 % interval", "±1"], lines) if lines else ""
