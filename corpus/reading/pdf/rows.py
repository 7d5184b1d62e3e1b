"""Rows of words on a PDF page as lines of text, and as the rows of tables, " | " between their cells.

A cell of several lines is one; where the lines of a table say no more than words at places, which of them make up one
row is judged from the order in which the file draws them, and from where words would have had room.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.reading.pdf.pieces import Piece, is_unspaced, merged

Gap = tuple[float, float]
"""White from one place to another."""
Row = list[Piece]
"""Words at one height, from left to right."""

CELL_GAP = 3.0
"""Words of different cells are so many times their size apart, in a line that is alone."""
_DOTS = re.compile(r"(?: ?[.…·]){4,} ?")


@dataclass(frozen=True, slots=True)
class Line:
    """A line, or a row of a table, and how far the column that it stands in reaches."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    bold: bool
    left: float
    right: float
    is_row: bool = False

    @property
    def middle(self) -> float:
        """Its height on the page."""
        return (self.y0 + self.y1) / 2


@dataclass(frozen=True, slots=True)
class Band:
    """Rows below each other that have the same gutters, each with words on both sides."""

    rows: list[Row]
    gutters: list[Gap]


def line_of(row: Row, left: float, right: float, *, is_row: bool = False) -> Line:
    """One line of all the words of a row; wide gaps part cells, and every gap in a row of a table does."""
    text = row[0].text
    for before, piece in pairwise(row):
        gap = piece.x0 - before.x1
        is_label = len(before.text) <= 6 and before is row[0]
        is_cell = is_row or (gap > CELL_GAP * piece.size and not is_label)
        text += (" | " if is_cell and not _DOTS.fullmatch(piece.text) else " ") + piece.text
    longest = max(row, key=lambda piece: len(piece.text))
    return Line(
        text=_DOTS.sub(" ... ", text).strip() if ".." in text or ". ." in text or "…" in text else text,
        x0=min(piece.x0 for piece in row),
        y0=min(piece.y0 for piece in row) if is_row else longest.y0,
        x1=max(piece.x1 for piece in row),
        y1=max(piece.y1 for piece in row) if is_row else longest.y1,
        size=longest.size,
        bold=all(piece.bold for piece in row if len(piece.text) > 3 or piece is longest),
        left=left,
        right=right,
        is_row=is_row,
    )


def between_cells(band: Band) -> list[Gap]:
    """Those gutters that have words on both sides in two rows at least."""
    if not band.gutters:
        return []
    crossed = Counter(
        column
        for row in band.rows
        for before, after in pairwise(sorted({_column(piece, band.gutters) for piece in row}))
        for column in range(before, after)
    )
    return [gutter for column, gutter in enumerate(band.gutters) if crossed[column] > 1]


def table_lines(band: Band, left: float, right: float) -> Iterator[Line]:
    """The rows of a table; lines before its first full row stay what they are, and cells of several lines one."""
    first = next(i for i, row in enumerate(band.rows) if len(row) > 1)
    last = max(i for i, row in enumerate(band.rows) if len(row) > 1)
    while last + 1 < len(band.rows) and _column(band.rows[last + 1][0], band.gutters):
        last += 1
    for row in band.rows[:first]:
        yield line_of(row, left, right)
    for rows in _table_rows(band.rows[first : last + 1], band.gutters):
        yield _row(rows, band.gutters, left, right)
    for row in band.rows[last + 1 :]:
        yield line_of(row, left, right)


def _table_rows(rows: Sequence[Row], gutters: Sequence[Gap]) -> Iterator[list[Row]]:
    """The lines that make up one row each. A row begins where the file comes back to the first column, if it draws
    cell by cell, else with each line that has a first cell.
    """
    starts = _starts_as_drawn(rows, gutters)
    held: list[Row] = []
    for index, row in enumerate(rows):
        is_first = index in starts if starts else not _is_continued(held, row, gutters)
        if held and is_first:
            yield held
            held = []
        held.append(row)
    yield held


def _starts_as_drawn(rows: Sequence[Row], gutters: Sequence[Gap]) -> set[int]:
    """The lines at which the file starts a row anew; none where it does not draw cells of several lines in turn."""
    drawn = sorted((piece.at, _column(piece, gutters), index) for index, row in enumerate(rows) for piece in row)
    groups: list[list[int]] = [[]]
    before = 0
    for _, column, index in drawn:
        if column < before:
            groups.append([])
        groups[-1].append(index)
        before = column
    starts, ends = [min(group) for group in groups], [max(group) for group in groups]
    in_order = all(end < start for end, start in zip(ends, starts[1:], strict=False))
    is_close = all(
        _is_close(rows[index - 1], rows[index])
        for start, end in zip(starts, ends, strict=True)
        for index in range(start + 1, end + 1)
    )
    return set(starts) if in_order and is_close and 1 < len(groups) < len(rows) else set()


def _is_close(above: Row, below: Row) -> bool:
    """Whether two lines stand as close as those of one cell do."""
    return above[0].y0 + above[0].y1 - below[0].y0 - below[0].y1 < 3 * max(above[0].size, below[0].size)


def _is_continued(held: Sequence[Row], row: Row, gutters: Sequence[Gap]) -> bool:
    """Whether the line goes on with the cells above it: close below, in small letters, or where words had no room."""
    if not held or not _is_close(held[-1], row):
        return False
    if all(piece.text[0].islower() for piece in row):
        return True
    above = {_column(piece, gutters): piece for piece in held[-1]}
    ends = [*(gutter[1] for gutter in gutters), max(piece.x1 for row in held for piece in row)]
    return bool(_column(row[0], gutters)) and all(
        column in above and " " in above[column].text and above[column].x1 + _first_width(piece) > ends[column]
        for piece in row
        if (column := _column(piece, gutters)) < len(ends)
    )


def _first_width(piece: Piece) -> float:
    """How wide its first word is, about, with the space before it."""
    return (len(piece.text.split(None, 1)[0]) + 1) / len(piece.text) * (piece.x1 - piece.x0)


def _column(piece: Piece, gutters: Sequence[Gap]) -> int:
    """Which column a cell stands in."""
    return bisect_right(gutters, (piece.x0 + piece.x1) / 2, key=lambda gutter: gutter[1])


def _row(rows: Sequence[Row], gutters: Sequence[Gap], left: float, right: float) -> Line:
    """One row of a table: its cells, each with the words of all its lines."""
    if len(rows) == 1:
        return line_of(rows[0], left, right, is_row=True)
    cells: dict[int, list[Piece]] = {}
    for row in rows:
        for piece in row:
            cells.setdefault(_column(piece, gutters), []).append(piece)
    pieces = [_cell(cells[column]) for column in sorted(cells)]
    return line_of(pieces, left, right, is_row=True)


def _cell(pieces: Sequence[Piece]) -> Piece:
    text = pieces[0].text
    for piece in pieces[1:]:
        text += ("" if is_unspaced(text[-1]) and is_unspaced(piece.text[0]) else " ") + piece.text
    whole = merged(list(pieces))
    return Piece(text, whole.x0, min(p.y0 for p in pieces), whole.x1, max(p.y1 for p in pieces), whole.size, whole.bold)
