"""The curves of `sizes.py` as one SVG, both axes logarithmic. It computes nothing but places."""

from collections.abc import Mapping, Sequence
from html import escape
from math import ceil, floor, log10
from typing import Any

_WIDTH, _HEIGHT = 640, 360
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 190, 24, 52
_COLOURS = ("#1f5fa8", "#b4541f", "#2f7d4f", "#7a4fa0", "#555555")


def sizes_plot(rows: Sequence[Mapping[str, Any]]) -> str:
    """Milliseconds, 95 of 100, of a search and of its parts, against the number of passages."""
    names = [name for name in rows[0]["milliseconds"] if name != "first search"]
    sizes = [row["passages"] for row in rows]
    lines = {name: [max(0.1, row["milliseconds"][name][1]) for row in rows] for name in names}
    x_low, x_high = log10(min(sizes)), max(log10(max(sizes)), log10(min(sizes)) + 1)
    values = [value for line in lines.values() for value in line]
    y_low, y_high = floor(log10(min(values))), ceil(log10(max(values)))

    def x(size: float) -> float:
        return _LEFT + (log10(size) - x_low) / (x_high - x_low) * (_WIDTH - _LEFT - _RIGHT)

    def y(value: float) -> float:
        return _HEIGHT - _BOTTOM - (log10(value) - y_low) / (y_high - y_low) * (_HEIGHT - _TOP - _BOTTOM)

    parts = []
    for power in range(y_low, y_high + 1):
        at = y(10.0**power)
        parts.append(f'<line x1="{_LEFT}" y1="{at:.1f}" x2="{_WIDTH - _RIGHT}" y2="{at:.1f}" stroke="#dddddd"/>')
        parts.append(f'<text x="{_LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{10.0**power:g} ms</text>')
    below = _HEIGHT - _BOTTOM + 20
    parts += [f'<text x="{x(size):.1f}" y="{below}" text-anchor="middle">{size:,}</text>' for size in sizes]
    ends = sorted(names, key=lambda name: -lines[name][-1])
    for number, name in enumerate(ends):
        colour = _COLOURS[number % len(_COLOURS)]
        points = " ".join(f"{x(size):.1f},{y(value):.1f}" for size, value in zip(sizes, lines[name], strict=True))
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [
            f'<circle cx="{at.split(",")[0]}" cy="{at.split(",")[1]}" r="3" fill="{colour}"/>' for at in points.split()
        ]
        label = f"{name}: {lines[name][-1]:.0f} ms"
        parts.append(
            f'<text x="{_WIDTH - _RIGHT + 12}" y="{_TOP + 14 + 22 * number}" fill="{colour}">{escape(label)}</text>'
        )
    parts.append(
        f'<text x="{(_LEFT + _WIDTH - _RIGHT) / 2:.0f}" y="{_HEIGHT - 12}" text-anchor="middle">passages</text>'
    )
    title = "Milliseconds of a search, 95 of 100, against the number of passages"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" font-family="sans-serif" '
        f'font-size="13" fill="#333333"><title>{title}</title><rect width="100%" height="100%" fill="#ffffff"/>'
        f"{''.join(parts)}</svg>\n"
    )
