"""The shapes of a slide in the order in which a reader takes them: from top to bottom, in a row from left to right."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.reading.office.drawings import A
from corpus.reading.office.packages import local
from corpus.reading.office.slide_text import Inherited, P, placeholder

if TYPE_CHECKING:
    from lxml.etree import _Element

_FURNITURE = frozenset({"sldNum", "dt", "ftr", "hdr"})
_TITLES = frozenset({"title", "ctrTitle"})
_Placing = tuple[float, float, float, float]
"""How a group's inner places become outer ones: factors and offsets, first across, then down."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A shape with text, and where it is on the slide, from the top left."""

    element: "_Element"
    left: float
    top: float
    height: float
    is_title: bool = False


def shapes_in_order(slide: "_Element", inherited: Inherited) -> list[Shape]:
    """The shapes that a reader reads, the title first."""
    tree = slide.find(f"{P}cSld/{P}spTree")
    shapes = list(_shapes(tree, inherited, (1, 0, 1, 0))) if tree is not None else []
    return [shape for shape in shapes if shape.is_title] + _in_rows([shape for shape in shapes if not shape.is_title])


def _shapes(group: "_Element", inherited: Inherited, placing: _Placing) -> Iterator[Shape]:
    for element in group:
        name = local(element)
        if name == "grpSp":
            yield from _shapes(element, inherited, _inner(element, placing))
        elif name == "AlternateContent":
            for alternative in list(element)[:1]:
                yield from _shapes(alternative, inherited, placing)
        elif name in {"sp", "graphicFrame", "cxnSp"}:
            holder = placeholder(element)
            kind = holder.get("type") if holder is not None else None
            if kind not in _FURNITURE:
                yield _placed(element, inherited, placing, is_title=kind in _TITLES)


def _placed(element: "_Element", inherited: Inherited, placing: _Placing, *, is_title: bool) -> Shape:
    frame = _frame(element)
    for ancestor in inherited.of(element):
        frame = frame or _frame(ancestor)
    left, top, _, height = frame or (0, 0, 0, 0)
    across, right, down, below = placing
    return Shape(element, left * across + right, top * down + below, height * down, is_title)


def _inner(group: "_Element", placing: _Placing) -> _Placing:
    """The placing of what is in a group."""
    outer = _frame(group)
    inner = _frame(group, offset="chOff", extent="chExt")
    if outer is None or inner is None:
        return placing
    across, right, down, below = placing
    wide = outer[2] / inner[2] if inner[2] else 1
    high = outer[3] / inner[3] if inner[3] else 1
    return (
        across * wide,
        across * (outer[0] - inner[0] * wide) + right,
        down * high,
        down * (outer[1] - inner[1] * high) + below,
    )


def _frame(element: "_Element", *, offset: str = "off", extent: str = "ext") -> tuple[int, int, int, int] | None:
    """The place and size that a shape states itself: left, top, width, height."""
    for path in (f"{P}spPr/{A}xfrm", f"{P}grpSpPr/{A}xfrm", f"{P}xfrm"):
        transform = element.find(path)
        place = transform.find(f"{A}{offset}") if transform is not None else None
        size = transform.find(f"{A}{extent}") if transform is not None else None
        if place is not None and size is not None:
            return _number(place, "x"), _number(place, "y"), _number(size, "cx"), _number(size, "cy")
    return None


def _number(element: "_Element", name: str) -> int:
    digits = element.get(name, "0")
    return int(digits) if digits.removeprefix("-").isdecimal() and len(digits) < 19 else 0


def _in_rows(shapes: Sequence[Shape]) -> list[Shape]:
    """The shapes row by row: one is in the row of another above it that reaches down past the middle of it."""
    rows: list[list[Shape]] = []
    for shape in sorted(shapes, key=lambda shape: (shape.top, shape.left)):
        first = rows[-1][0] if rows else None
        middle = shape.top + shape.height / 2
        if first and (shape.top == first.top or middle < first.top + first.height):
            rows[-1].append(shape)
        else:
            rows.append([shape])
    return [shape for row in rows for shape in sorted(row, key=lambda shape: (shape.left, shape.top))]
