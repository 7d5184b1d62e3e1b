"""A comparison and a gate as text for a terminal, as Markdown, and as JSON for programs."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from assistant.exporting.escaping import markdown, visible
from evals.comparing.gating import Gate
from evals.comparing.run_comparison import Change, Comparison, Difference, direction
from evals.intervals import Estimate
from evals.reports.reporting import number
from evals.runs.results import Result

_SHOWN_CASES = 10
_SHOWN_CHARS = 160


def comparison_json(comparison: Comparison) -> dict[str, Any]:
    """The comparison: both runs, the differences, the cases that changed with both answers, what was left out."""
    return {
        "baseline": comparison.baseline.id,
        "run": comparison.run.id,
        "suite": comparison.run.suite,
        "num_cases": comparison.num_cases,
        "differences": [asdict(row) for row in comparison.differences],
        "suite_differences": {name: found._asdict() for name, found in comparison.suite_differences.items()},
        "changed": [_change_json(change) for change in comparison.changes],
        "left_out": list(comparison.left_out),
        "newly_failed": list(comparison.newly_failed),
        "notes": list(comparison.notes),
    }


def gate_json(gate: Gate) -> dict[str, Any]:
    """The gate: whether it is open, every measure it watched, and the comparison that it rests on."""
    rows = [
        {"measure": one.difference.measure, "p_corrected": one.p_corrected, "is_drop": one.is_drop}
        for one in gate.watched
    ]
    return {"open": gate.is_open, "watched": rows} | comparison_json(gate.comparison)


def comparison_text(comparison: Comparison) -> str:
    """The differences, a line each, and the cases that changed most for the worse, with both answers."""
    one, other = comparison.baseline.id, comparison.run.id
    lines = [f"{comparison.run.suite}: {other} against {one}, {comparison.num_cases} cases in both"]
    lines += [f"note: {visible(note)}" for note in comparison.notes]
    width = max([26, *map(len, comparison.suite_differences), *(len(row.measure) for row in comparison.differences)])
    lines += ["", f"{'measure':{width}} {'before':>7} {'after':>7} {'change':>8}   {'95 % interval':18} better worse"]
    lines += [_row(row, width) for row in comparison.differences]
    lines += [_suite_row(name, found, width) for name, found in comparison.suite_differences.items()]
    lines += _left_out(comparison)
    lines += ["", f"{len(comparison.changes)} cases changed{', worst first:' if comparison.changes else ''}"]
    for change in comparison.changes[:_SHOWN_CASES]:
        lines += _change_text(change)
    if len(comparison.changes) > _SHOWN_CASES:
        lines.append(f"… and {len(comparison.changes) - _SHOWN_CASES} more: --json or --report has all")
    return "\n".join(lines)


def gate_text(gate: Gate) -> str:
    """Open, or closed by what: each drop with its interval, its probability, and the cases that became worse by it."""
    comparison = gate.comparison
    runs = f"{comparison.run.id} against {comparison.baseline.id}, {comparison.num_cases} cases"
    notes = [f"note: {visible(note)}" for note in comparison.notes] + _left_out(comparison)
    if gate.is_open:
        measures = ", ".join(one.difference.measure for one in gate.watched)
        return "\n".join([f"passed: {runs}: no significant drop in {measures}", *notes])
    lines = [f"failed: {runs}", *notes]
    for one in gate.drops:
        lines.append(f"  {drop_line(one.difference, one.p_corrected)}")
        lines += [
            f"    {visible(change.case_id)}: {_pair(change, one.difference.measure)}"
            for change in _worse(gate, one.difference)
        ]
    lines += [f"  {visible(id_)}: could be asked before, and cannot now" for id_ in comparison.newly_failed]
    return "\n".join(lines)


def gate_markdown(gate: Gate) -> str:
    """The gate as GitHub shows it in a pull request."""
    title = "No significant drop" if gate.is_open else "Significant drop"
    lines = [f"### {markdown(gate.comparison.run.suite)}: {title}", ""]
    lines += ["| measure | before | after | change | 95 % interval | |", "| --- | ---: | ---: | ---: | --- | --- |"]
    for one in gate.watched:
        row = one.difference
        lines.append(
            f"| {markdown(row.measure)} | {number(row.before)} | {number(row.after)} | {row.difference:+.3f} "
            f"| {row.low:+.3f} to {row.high:+.3f} | {'**drop**' if one.is_drop else ''} |"
        )
    lines += ["", *(f"- {markdown(id_)} could be asked before, and cannot now" for id_ in gate.comparison.newly_failed)]
    return "\n".join(lines).rstrip() + "\n"


def drop_line(row: Difference, p_corrected: float) -> str:
    """A drop in one line."""
    return (
        f"{row.measure} fell by {abs(row.difference):.3f}, from {number(row.before)} to {number(row.after)} "
        if direction(row.measure) > 0
        else f"{row.measure} rose by {abs(row.difference):.3f}, from {number(row.before)} to {number(row.after)} "
    ) + f"(95 % interval of the change {row.low:+.3f} to {row.high:+.3f}; p = {p_corrected:.3g}, corrected)"


def shown_answer(result: Result) -> str:
    """What a reader got, in one line."""
    if result.answer is None:
        return f"error: {result.error}"
    if result.answer.refusal:
        return f"refused as {result.answer.refusal.kind}"
    return result.answer.text


def _worse(gate: Gate, row: Difference) -> list[Change]:
    """The cases that became worse by one measure, the first few."""
    found = []
    for change in gate.comparison.changes:
        before, after = change.scores.get(row.measure, (None, None))
        if before is not None and after is not None and (after - before) * direction(row.measure) < 0:
            found.append(change)
    return found[:_SHOWN_CASES]


def _pair(change: Change, measure: str) -> str:
    before, after = change.scores[measure]
    return f"{_value(before)} → {_value(after)}  {_cut(change.after.case.question)}"


def _row(row: Difference, width: int) -> str:
    interval = f"{row.low:+.3f} to {row.high:+.3f}"
    return (
        f"{row.measure:{width}} {number(row.before):>7} {number(row.after):>7} {row.difference:+8.3f}   {interval:18} "
        f"{row.num_better:6} {row.num_worse:5}"
    )


def _suite_row(name: str, found: Estimate, width: int) -> str:
    interval = f"{found.low:+.3f} to {found.high:+.3f}"
    return f"{name:{width}} {'':7} {'':7} {found.value:+8.3f}   {interval}"


def _left_out(comparison: Comparison) -> list[str]:
    some = comparison.left_out
    named = ", ".join(visible(id_) for id_ in some[:5]) + (" …" if len(some) > 5 else "")
    return [f"left out: {len(some)} cases that are in one run only or were rewritten ({named})"] if some else []


def _change_text(change: Change) -> Sequence[str]:
    scores = ", ".join(f"{name} {_value(a)} → {_value(b)}" for name, (a, b) in change.scores.items())
    return [
        "",
        f"{visible(change.case_id)}: {_cut(change.after.case.question)}",
        f"  {scores or 'the same scores'}",
        f"  before: {_cut(shown_answer(change.before))}",
        f"  after:  {_cut(shown_answer(change.after))}",
    ]


def _change_json(change: Change) -> dict[str, Any]:
    return {
        "id": change.case_id,
        "question": change.after.case.question,
        "gain": change.gain,
        "scores": {name: list(pair) for name, pair in change.scores.items()},
        "before": shown_answer(change.before),
        "after": shown_answer(change.after),
    }


def _value(value: float | None) -> str:
    return "unscored" if value is None else number(value)


def _cut(text: str) -> str:
    line = " ".join(visible(text).split())
    return line if len(line) <= _SHOWN_CHARS else f"{line[:_SHOWN_CHARS]}…"
