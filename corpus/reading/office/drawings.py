"""The words and figures of charts and diagrams, which lie in parts of their own beside the page that shows them.

A chart becomes its title and a table of the figures that it was drawn from, as they were when it was drawn.
"""

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from corpus.blocks import Block
from corpus.reading.office.packages import local

if TYPE_CHECKING:
    from lxml.etree import _Element

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_MAX_POINTS = 10_000
_MAX_SERIES = 256


def drawn_blocks(root: "_Element | None") -> Iterator[Block]:
    """The blocks of a chart or a diagram; none for any other part, or where it is missing."""
    if root is None:
        return
    if local(root) == "chartSpace":
        yield from _chart(root)
    elif local(root) == "dataModel":
        for point in root.iter(f"{_DIAGRAM}pt"):
            if words := paragraphs_in_line(point):
                yield Block(words).marked("•")


def paragraphs_in_line(element: "_Element") -> str:
    """The words of the DrawingML paragraphs in an element, in one line."""
    return " ".join(" ".join("".join(_runs(paragraph)).split()) for paragraph in element.iter(f"{A}p")).strip()


def _runs(paragraph: "_Element") -> Iterator[str]:
    for element in paragraph.iter(f"{A}t", f"{A}br"):
        yield (element.text or "") if local(element) == "t" else "\n"


def _chart(root: "_Element") -> Iterator[Block]:
    title = root.find(f"{C}chart/{C}title")
    if title is not None and (words := paragraphs_in_line(title)):
        yield Block(words)
    series = list(islice(root.iter(f"{C}ser"), _MAX_SERIES))
    if not series:
        return
    names = [_values(found.find(f"{C}tx")).get(0, "") for found in series]
    first = series[0]
    cells = [_values(next(iter(first.iterchildren(f"{C}cat", f"{C}xVal")), None))]
    cells += [_values(next(iter(found.iterchildren(f"{C}val", f"{C}yVal")), None)) for found in series]
    if any(names):
        yield Block(" | ".join(["", *names]).strip(" |"), tight=True)
    for at in sorted({at for column in cells for at in column})[:_MAX_POINTS]:
        yield Block(" | ".join(column.get(at, "") for column in cells).strip(" |"), tight=True)


def _values(parent: "_Element | None") -> dict[int, str]:
    """The figures or words that a chart keeps, by their place."""
    found: dict[int, str] = {}
    if parent is not None:
        for point in parent.iter(f"{C}pt"):
            at = point.get("idx", "")
            shown = point.findtext(f"{C}v") or ""
            if at.isdecimal() and len(at) < 9:
                found.setdefault(int(at), _rounded(shown))
        if not found:
            found = {0: words} if (words := parent.findtext(f"{C}v") or "") else {}
    return found


def _rounded(shown: str) -> str:
    """A figure without the noise of its binary form; words as they are."""
    try:
        return f"{float(shown):.10g}" if len(shown) > 12 else shown
    except ValueError:
        return shown
