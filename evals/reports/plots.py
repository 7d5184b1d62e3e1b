"""Plots as inline SVG, drawn for a page that works offline, in colours that its style sheet gives for light and dark.

Every plot is an image with a title for those who do not see it; the figures stand beside it on the page. It computes
nothing but places.
"""

from collections.abc import Sequence
from html import escape
from math import ceil, floor, log10

import numpy as np

from evals.reports.confidence import Bin

Points = Sequence[tuple[float, float]]

_WIDTH, _HEIGHT = 400, 280
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 18, 34, 52
_NUM_BARS = 24
_BAR_WIDTH, _BAR_HEIGHT = 160, 14


def risk_plot(points: Points) -> str:
    """Risk against coverage, both within 0 and 1: a stepped line and its last point, where the answers end."""
    top = _round_up(max([risk for _, risk in points], default=0.0))
    line = " ".join(f"{_x(coverage):.1f},{_y(risk / top):.1f}" for coverage, risk in points)
    coverage, risk = points[-1]
    marks = (
        f'<polyline class="line" points="{line}"/>'
        f'<circle class="dot" cx="{_x(coverage):.1f}" cy="{_y(risk / top):.1f}" r="4"/>'
    )
    title = f"Risk against coverage: {risk:.1%} wrong where {coverage:.0%} of the cases are answered"
    ticks = [(share, f"{share:.0%}") for share in (0, 0.25, 0.5, 0.75, 1)]
    rows = [(value / top, f"{value:.0%}") for value in _ticks(top)]
    return _frame(title, marks, x=("share of the cases answered", ticks), y=("share of those wrong", rows))


def reliability_plot(bins: Sequence[Bin]) -> str:
    """The share that is right against confidence, each bin with its interval; on the diagonal, both are equal."""
    marks = f'<line class="faint" x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}"/>'
    for one in bins:
        x = _x(one.confidence)
        marks += (
            f'<line class="whisker" x1="{x:.1f}" y1="{_y(one.low):.1f}" x2="{x:.1f}" y2="{_y(one.high):.1f}"/>'
            f'<circle class="dot" cx="{x:.1f}" cy="{_y(one.right):.1f}" r="5"/>'
        )
    ticks = [(share, f"{share:.0%}") for share in (0, 0.2, 0.4, 0.6, 0.8, 1)]
    title = "Reliability: the share that is right against the probability that was given"
    return _frame(title, marks, x=("probability that was given", ticks), y=("share that is right", ticks))


def latency_plot(milliseconds: Sequence[float]) -> str:
    """How many answers took how long; the median and the 95th percentile are marked."""
    values = np.asarray(milliseconds)
    p50, p95 = np.percentile(values, [50, 95])
    end = max(float(np.percentile(values, 99)) * 1.05, 1.0)
    counts, edges = np.histogram(np.minimum(values, end), bins=_NUM_BARS, range=(0, end))
    marks = "".join(_bar(edges[i] / end, edges[i + 1] / end, counts[i] / counts.max()) for i in range(len(counts)))
    for name, value in (("median", p50), ("95 %", p95)):
        x = _x(value / end)
        y = _y(1) - (20 if name == "median" else 5)
        marks += (
            f'<line class="mark" x1="{x:.1f}" y1="{_y(0)}" x2="{x:.1f}" y2="{_y(1)}"/>'
            f'<text class="note" x="{x:.1f}" y="{y}" text-anchor="middle">{name}</text>'
        )
    title = f"Latency: half within {p50:.0f} ms, 95 % within {p95:.0f} ms"
    ticks = [(value / end, f"{value:,.0f}") for value in _ticks(end)]
    rows = [(value / counts.max(), f"{value:.0f}") for value in _ticks(float(counts.max())) if value == int(value)]
    return _frame(title, marks, x=("milliseconds", ticks), y=("answers", rows))


def interval_bar(mean: float, low: float, high: float, *, scale: tuple[float, float] = (0.0, 1.0)) -> str:
    """A mean on a line with its interval, for the cell of a table; a tick marks 0 where the scale goes below it."""
    start, end = scale

    def place(value: float) -> float:
        share = (value - start) / (end - start) if end > start else 0.5
        return 4 + (_BAR_WIDTH - 8) * min(1.0, max(0.0, share))

    middle = _BAR_HEIGHT / 2
    zero = (
        f'<line class="faint" x1="{place(0):.1f}" y1="0" x2="{place(0):.1f}" y2="{_BAR_HEIGHT}"/>' if start < 0 else ""
    )
    return (
        f'<svg class="bar" width="{_BAR_WIDTH}" height="{_BAR_HEIGHT}" aria-hidden="true">'
        f'<line class="track" x1="4" y1="{middle}" x2="{_BAR_WIDTH - 4}" y2="{middle}"/>{zero}'
        f'<line class="whisker" x1="{place(low):.1f}" y1="{middle}" x2="{place(high):.1f}" y2="{middle}"/>'
        f'<circle class="dot" cx="{place(mean):.1f}" cy="{middle}" r="4"/></svg>'
    )


def _frame(
    title: str,
    marks: str,
    *,
    x: tuple[str, Sequence[tuple[float, str]]],
    y: tuple[str, Sequence[tuple[float, str]]],
) -> str:
    """A plot: its marks, and the two axes with their names and ticks, `(place within 0 and 1, label)`."""
    lines = [
        f'<svg class="plot" role="img" viewBox="0 0 {_WIDTH} {_HEIGHT}"><title>{escape(title)}</title>',
        f'<path class="axis" d="M{_x(0)} {_y(1)}V{_y(0)}H{_x(1)}"/>',
    ]
    for place, label in x[1]:
        lines.append(f'<text x="{_x(place):.1f}" y="{_y(0) + 18}" text-anchor="middle">{escape(label)}</text>')
    for place, label in y[1]:
        lines.append(f'<line class="grid" x1="{_x(0)}" y1="{_y(place):.1f}" x2="{_x(1)}" y2="{_y(place):.1f}"/>')
        lines.append(f'<text x="{_x(0) - 6}" y="{_y(place) + 4:.1f}" text-anchor="end">{escape(label)}</text>')
    lines.append(f'<text x="{(_x(0) + _x(1)) / 2}" y="{_HEIGHT - 8}" text-anchor="middle">{escape(x[0])}</text>')
    middle = (_y(0) + _y(1)) / 2
    lines.append(f'<text transform="translate(15 {middle}) rotate(-90)" text-anchor="middle">{escape(y[0])}</text>')
    return "".join([*lines, marks, "</svg>"])


def _bar(start: float, end: float, height: float) -> str:
    width = max(1.0, _x(end) - _x(start) - 1)
    return (
        f'<rect class="block" x="{_x(start):.1f}" y="{_y(height):.1f}" width="{width:.1f}" '
        f'height="{_y(0) - _y(height):.1f}"/>'
    )


def _x(share: float) -> float:
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * share


def _y(share: float) -> float:
    return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * share


def _ticks(end: float) -> list[float]:
    """Round numbers from 0 to `end`, six at most.

    >>> _ticks(113.7)
    [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]
    """
    size = 10.0 ** floor(log10(end / 5.999))
    step = next(size * times for times in (1, 2, 5, 10, 20) if size * times * 5.999 >= end)
    return [round(step * i, 10) for i in range(int(end / step + 1e-9) + 1)]


def _round_up(share: float) -> float:
    """The end of an axis: the next tenth, at least one."""
    return min(1.0, max(0.1, ceil(share * 10 - 1e-9) / 10))
