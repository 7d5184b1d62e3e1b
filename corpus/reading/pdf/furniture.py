"""PDF pages without their headers, footers and page numbers.

A line near the edge of a page is one of these when the pages around have it at the same height, whatever numbers are in
it. Only pages around are looked at: running heads change with the chapters, and no more than a few pages are held in
memory. The last page's footer that no other page has stays. A page that has none around is judged by what it says of
itself (`lone_pages.py`).
"""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from corpus.reading.pdf.layout import rows_of
from corpus.reading.pdf.lone_pages import PAGE_NUMBER, edges_of_extract
from corpus.reading.pdf.pieces import PagePieces
from corpus.reading.pdf.rows import Row

AROUND = 8
"""So many pages before and after are compared."""
_EDGE = 0.15
_MAX_LINES = 4
_TOLERANCE = 8.0
_NUMBER = re.compile(r"\d+|\b[ivxlc]+\b", re.IGNORECASE)
_MISREAD = 12
"""One letter in so many may be another one in a line that OCR has read."""
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class _Edge:
    """A line near the top or the bottom: its words, these with all numbers taken out, or the page's own only, and how
    far it is from that edge.
    """

    said: str
    words: str
    words_and_numbers: str
    distance: float
    row: Row


@dataclass(frozen=True, slots=True)
class _Edges:
    """What stands near the top and the bottom of a page, outermost first."""

    page: PagePieces
    top: list[_Edge]
    bottom: list[_Edge]
    rows: list[Row]


def without_furniture(pages: Iterable[PagePieces]) -> Iterator[PagePieces]:
    """The pages in order, each without the lines at its edges that come again on the pages around it."""
    held = deque[_Edges]()
    position = 0
    for page in pages:
        held.append(_edges(page))
        if len(held) - position > AROUND:
            yield _bared(held, position)
            position += 1
        if position > AROUND:
            held.popleft()
            position -= 1
    while position < len(held):
        yield _bared(held, position)
        position += 1


def _edges(page: PagePieces) -> _Edges:
    rows = rows_of(page.pieces)
    _, bottom, _, top = page.box
    depth = _EDGE * (top - bottom)
    return _Edges(
        page,
        [_edge(row, top - row[0].y1, page.number) for row in rows[:_MAX_LINES] if top - row[0].y1 < depth],
        [
            _edge(row, row[0].y0 - bottom, page.number)
            for row in rows[: -_MAX_LINES - 1 : -1]
            if row[0].y0 - bottom < depth
        ],
        rows,
    )


def _edge(row: Row, distance: float, number: int) -> _Edge:
    said = _SPACES.sub(" ", " ".join(piece.text for piece in row)).strip()
    own = re.sub(rf"\b{number}\b", "#", said)
    return _Edge(said, _NUMBER.sub("#", said).lower(), own, distance, row)


def _bared(held: deque[_Edges], position: int) -> PagePieces:
    """The page at that position without its furniture."""
    own = held[position]
    others = [other for i, other in enumerate(held) if i != position and not _are_alike(own, other)]
    page = own.page
    dropped = [
        edge.row
        for lines, all_others in ((own.top, [o.top for o in others]), (own.bottom, [o.bottom for o in others]))
        for edge in _furniture(lines, all_others, page.number)
    ]
    if len(held) == 1:
        dropped += edges_of_extract(own.rows, page)
    boxes = [(piece.y0, piece.y1) for row in dropped for piece in row]
    if not boxes:
        return page
    kept = tuple(p for p in page.pieces if not any(y0 - 0.1 <= p.y0 and p.y1 <= y1 + 0.1 for y0, y1 in boxes))
    return replace(page, pieces=kept)


def _are_alike(one: _Edges, other: _Edges) -> bool:
    """Whether two pages are the same page twice, which says nothing of what is furniture."""
    edges, others = [*one.top, *one.bottom], [*other.top, *other.bottom]
    return (
        len(one.rows) == len(other.rows) > 2
        and len(one.page.pieces) == len(other.page.pieces)
        and [edge.said for edge in edges] == [edge.said for edge in others]
        and [piece.text for piece in one.page.pieces] == [piece.text for piece in other.page.pieces]
    )


def _furniture(lines: list[_Edge], others: list[list[_Edge]], number: int) -> Iterator[_Edge]:
    """The lines that come again on other pages, from the edge inwards up to the first that does not."""
    needed = 2 if len(others) > 2 else 1
    for edge in lines:
        num_found = sum(any(_is_again(edge, other, few=needed == 1) for other in page) for page in others)
        if num_found < needed and not (edge is lines[0] and _is_number_of(edge.said, number)):
            return
        yield edge


def _is_again(edge: _Edge, other: _Edge, *, few: bool) -> bool:
    """Whether it is the same line at the same height; of `few` pages only the numbers may differ."""
    if abs(edge.distance - other.distance) > _TOLERANCE:
        return False
    if edge.words != other.words:
        return not few and _is_misread(edge.words, other.words)
    return not few or edge.words_and_numbers == other.words_and_numbers or bool(PAGE_NUMBER.fullmatch(edge.said))


def _is_misread(one: str, other: str) -> bool:
    """Whether two lines with a number differ only in a few letters, as OCR makes them differ."""
    if "#" not in one or len(one) != len(other):
        return False
    return sum(a != b for a, b in zip(one, other, strict=True)) <= len(one) // _MISREAD


def _is_number_of(said: str, number: int) -> bool:
    """Whether the line is nothing but the page's own number."""
    found = PAGE_NUMBER.fullmatch(said)
    return bool(found) and found is not None and found["number"] == str(number)
