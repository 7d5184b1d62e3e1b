"""What stands at the edges of a PDF page that has no others around to compare it with.

A single page that was taken out of a longer document says so itself: it is page 93, or 1 of 8. What is set off from its
text by white then belongs to all pages of that document. A page that does not say so keeps all its lines.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from corpus.reading.pdf.pieces import PagePieces
from corpus.reading.pdf.rows import Row

PAGE_NUMBER = re.compile(
    r"(?P<word>page|p\.|seite|página)? ?[-–—|]? ?(?:(?P<number>\d{1,5})|[ivxl]{1,7}) ?[-–—|]?"
    r"(?: ?(?:/|of|von|de) ?(?P<last>\d{1,5}))?",
    re.IGNORECASE,
)
_EDGE = 0.15
_MARGIN = 0.08
"""A number without "page", and a line without a number, are furniture only so near to the edge."""
_MAX_LINES = 4
_WHITE = 2.0
"""The white between them and the text is so many times their size."""
_MAX_BARE_NUMBER = 999


def edges_of_extract(rows: Sequence[Row], page: PagePieces) -> list[Row]:
    """Those of the page's rows, given from top to bottom, that are its header and footer, if it is one of several."""
    _, bottom, _, top = page.box
    height = max(top - bottom, 1.0)
    edges = [
        [(row, (top - _bottom(row)) / height) for row in _set_off(rows)],
        [(row, (_top(row) - bottom) / height) for row in _set_off(rows[::-1])],
    ]
    found: list[Row] = []
    others: list[Row] = []
    for edge in edges:
        if any(_says_of_others(row, depth) for row, depth in edge) and all(depth < _EDGE for _, depth in edge):
            found += [row for row, _ in edge]
        elif len(edge) == 1 and len(edge[0][0]) > 1 and edge[0][1] < _MARGIN:
            others += [row for row, _ in edge]
    return found + others if found else []


def _set_off(rows: Sequence[Row]) -> Sequence[Row]:
    """The outermost rows, up to the first wide white; none where there is no such white, or nothing behind it."""
    for index, (row, following) in enumerate(pairwise(rows[: _MAX_LINES + 1])):
        white = max(_bottom(row) - _top(following), _bottom(following) - _top(row))
        if white > _WHITE * max(piece.size for piece in (*row, *following)):
            return rows[: index + 1]
    return []


def _says_of_others(row: Row, depth: float) -> bool:
    """Whether one of the row's ends is the number of a page other than the only one, or says that there are more."""
    for piece in (row[0], row[-1]):
        stated = PAGE_NUMBER.fullmatch(piece.text)
        if not stated or not stated["number"]:
            continue
        number, last = int(stated["number"]), int(stated["last"] or 0)
        if stated["word"] or last:
            return number > 1 or last > 1
        return depth < _MARGIN and 1 < number <= _MAX_BARE_NUMBER
    return False


def _top(row: Row) -> float:
    return max(piece.y1 for piece in row)


def _bottom(row: Row) -> float:
    return min(piece.y0 for piece in row)
