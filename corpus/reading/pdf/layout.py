"""The lines of a PDF page in the order in which a person reads them: columns one after the other, tables row by row.

A band is a run of rows that share a gutter, a white strip between words. Whether that parts columns of running text or
the cells of a table is told from how far the lines fill the space beside it, and from the order in which the file
draws them. It knows nothing of what other pages look like, and makes no paragraphs.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from corpus.reading.pdf.captions import captions_first
from corpus.reading.pdf.pieces import MAX_GAP, PagePieces, Piece, is_right_to_left, is_unspaced, merged
from corpus.reading.pdf.rows import CELL_GAP, Band, Gap, Line, Row, between_cells, line_of, table_lines

_MARKER = re.compile(r"[•◦▪‣●○■□➢✓❖·*]|\.?\d{1,3}[.)]|\.\d{1,2}|\([a-z0-9]{1,4}\)|[a-z][.)]|[–-]")
_MARKER_GAP = 5.0
_ALONE_GAP = 10.0
_DASH_GAP = 2.0
_MIN_GUTTER = 5.0
_CORE = 0.45
"""Letters reach so many times their size above and below their middle."""
_MAX_DEPTH = 5
_MAX_GUTTERS = 6


def page_lines(page: PagePieces) -> list[Line]:
    """The lines of a page in reading order; what runs in another direction than the rest comes last."""
    vertical = sum(len(piece.text) for piece in page.pieces if piece.is_vertical)
    if 2 * vertical > sum(len(piece.text) for piece in page.pieces):
        return [line_of([piece], piece.x0, piece.x1) for piece in page.pieces]  # as it is written in the file
    return list(_region(captions_first(rows_of(page.pieces)), _MAX_DEPTH)) + [
        line_of([p], p.x0, p.x1) for p in page.aside
    ]


def rows_of(pieces: Iterable[Piece]) -> list[Row]:
    """The pieces at one height together, from left to right, those that belong to one stretch of words merged."""
    rows: list[Row] = []
    widest: Piece | None = None
    for piece in sorted(pieces, key=lambda piece: -(piece.y0 + piece.y1)):
        if widest and _are_level(widest, piece):
            rows[-1].append(piece)
            widest = max(widest, piece, key=lambda piece: piece.x1 - piece.x0)
        else:
            rows.append([piece])
            widest = piece
    return [_words_merged(row) for row in rows]


def _are_level(one: Piece, other: Piece) -> bool:
    """Whether they stand on one line, one of them perhaps raised. Fonts state heights of every kind: sizes count."""
    apart = abs(one.y0 + one.y1 - other.y0 - other.y1) / 2
    return _CORE * (one.size + other.size) - apart > _CORE * min(one.size, other.size)


def _words_merged(row: Row) -> Row:
    row = sorted(row, key=lambda piece: piece.x0)
    if sum(is_right_to_left(piece.text) for piece in row) * 2 > len(row):
        row.sort(key=lambda piece: -piece.x1)
    groups = [[row[0]]]
    end = row[0]
    for piece in row[1:]:
        gap = max(piece.x0 - end.x1, end.x0 - piece.x1)
        limit = MAX_GAP * min(end.size, piece.size)
        if _MARKER.fullmatch(end.text):
            limit = piece.size * (_DASH_GAP if end.text in "–-" else _MARKER_GAP if len(row) > 2 else _ALONE_GAP)
        if -0.5 * piece.size < gap < limit:
            groups[-1].append(piece)
        else:
            groups.append([piece])
        end = piece
    return [_merged_words(group) for group in groups]


def _merged_words(group: Row) -> Piece:
    """One piece; a marker is set apart from what it marks whatever the gap."""
    if len(group) > 1 and _MARKER.fullmatch(group[0].text):
        return merged([group[0], merged(group[1:])], " ")
    return merged(group) if len(group) > 1 else group[0]


def _region(rows: Sequence[Row], depth: int) -> Iterator[Line]:
    if not rows:
        return
    left = min(piece.x0 for row in rows for piece in row)
    right = max(piece.x1 for row in rows for piece in row)
    for band in _bands([_unjustified(row, left, right) for row in rows], left, right):
        widest = sorted(band.gutters, key=lambda gap: gap[0] - gap[1])[: _MAX_GUTTERS if depth else 0]
        gutter = next((gap for gap in widest if _parts_columns(band.rows, gap)), None)
        if gutter:
            middle = sum(gutter) / 2
            pieces = [piece for row in band.rows for piece in row]
            yield from _region(rows_of(p for p in pieces if p.x0 < middle), depth - 1)
            yield from _region(rows_of(p for p in pieces if p.x0 >= middle), depth - 1)
        elif cells := between_cells(band):
            yield from table_lines(Band(band.rows, cells), left, right)
        else:
            yield from (line_of(row, left, right) for row in band.rows)


def _unjustified(row: Row, left: float, right: float) -> Row:
    """The row in one piece where it is a line of words that were drawn apart evenly, from edge to edge."""
    size = row[0].size
    gaps = [after.x0 - before.x1 for before, after in pairwise(row)]
    if len(gaps) < 3 or row[0].x0 > left + 2 * size or row[-1].x1 < right - 2 * size:
        return row
    is_even = max(gaps) < CELL_GAP * size and max(gaps) - min(gaps) < 0.5 * size
    return [merged(row)] if is_even else row


def _bands(rows: Sequence[Row], left: float, right: float) -> Iterator[Band]:
    """Runs of rows, as long as at least one gutter goes through all of them."""
    held: list[Row] = []
    gaps: list[Gap] = []
    gutters: list[Gap] = []
    low, high = right, left
    for row in rows:
        size = max(piece.size for piece in row)
        own = _gaps(row, left, right)
        common = _common(gaps, own, max(_MIN_GUTTER, 0.7 * size)) if held else own
        low_, high_ = min([low, *(p.x0 for p in row)]), max([high, *(p.x1 for p in row)])
        inner = [gap for gap in common if gap[0] >= low_ and gap[1] <= high_]
        is_new = (gutters and not inner) or (not gutters and len(row) > 1 and len(inner) < len(row) - 1)
        if held and is_new:
            yield Band(held, gutters)
            held, common = [], own
            low_, high_ = min(p.x0 for p in row), max(p.x1 for p in row)
            inner = [gap for gap in common if gap[0] >= low_ and gap[1] <= high_]
        held.append(row)
        gaps, gutters, low, high = common, inner, low_, high_
    yield Band(held, gutters)


def _gaps(row: Row, left: float, right: float) -> list[Gap]:
    """The white of a row from edge to edge."""
    gaps, position = [], left - 1
    for piece in sorted(row, key=lambda piece: piece.x0):
        if piece.x0 > position:
            gaps.append((position, piece.x0))
        position = max(position, piece.x1)
    return [*gaps, (position, right + 1)]


def _common(some: list[Gap], others: list[Gap], width: float) -> list[Gap]:
    """What is white in both, where it is at least so wide."""
    found, i, j = [], 0, 0
    while i < len(some) and j < len(others):
        start, end = max(some[i][0], others[j][0]), min(some[i][1], others[j][1])
        if end - start >= width:
            found.append((start, end))
        if some[i][1] < others[j][1]:
            i += 1
        else:
            j += 1
    return found


def _parts_columns(rows: Sequence[Row], gutter: Gap) -> bool:
    """Whether the gutter parts columns of text, to be read one after the other, and not the cells of a table."""
    middle = sum(gutter) / 2
    left = [side for row in rows if (side := [piece for piece in row if piece.x0 < middle])]
    right = [side for row in rows if (side := [piece for piece in row if piece.x0 >= middle])]
    num_lines = min(len(left), len(right))
    num_level = sum(row[0].x0 < middle <= row[-1].x0 for row in rows)
    if num_lines < 3:
        return False
    in_order = sorted((piece.at, piece.x0 >= middle) for row in rows for piece in row)
    returns = sum(a != b for (_, a), (_, b) in pairwise(in_order)) // 2
    if not (_flows(left, 12, 0.55) and _flows(right, 12, 0.55)):
        if num_level < 0.5 * num_lines and returns < 0.2 * num_lines:
            return True
        return num_lines >= 6 and returns <= 2 and all(_flows(_longest(side), 24, 0.7) for side in (left, right))
    if returns >= 0.6 * num_lines:  # drawn line by line across the page
        return num_lines >= 6 and _flows(left, 28, 0.7) and _flows(right, 28, 0.7)
    return num_lines >= 6 * (returns + 1) or returns == 0


def _flows(lines: Sequence[Row], num_chars: int, fill: float) -> bool:
    """Whether these lines look like running text: half of them at least so long, filling so much of their column."""
    width = max(row[-1].x1 for row in lines) - min(row[0].x0 for row in lines)
    lengths = [sum(_num_chars(piece.text) for piece in row) for row in lines]
    widths = [sum(piece.x1 - piece.x0 for piece in row) for row in lines]
    return median(lengths) >= num_chars and median(widths) >= fill * width


def _longest(lines: Sequence[Row]) -> list[Row]:
    """The longest piece of each line, as if all began at one place: where there are columns within a column."""
    longest = [max(row, key=lambda piece: piece.x1 - piece.x0) for row in lines]
    return [[replace(piece, x0=0.0, x1=piece.x1 - piece.x0)] for piece in longest]


def _num_chars(text: str) -> int:
    """How long a text is; a Japanese character counts as two."""
    return len(text) + sum(map(is_unspaced, text)) if not text.isascii() else len(text)
