"""Captions of the pictures that the lines of a paragraph go round.

Such a caption stands beside the last of the narrow lines and is no part of it. It is told by the full lines of the same
paragraph above and below the narrow ones; without both, words beside each other stay on one line.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from corpus.reading.pdf.rows import CELL_GAP, Row

_MIN_LINES = 4
_PITCH = 2.5
_MAX_CHARS = 80


def captions_first(rows: Sequence[Row]) -> list[Row]:
    """The rows from top to bottom, each caption in front of the narrow lines beside which it stands."""
    found: list[Row] = []
    for index, row in enumerate(rows):
        found.append(row)
        for caption, words in _halves(row):
            first = _first_of_run(rows, index, words)
            if first is not None:
                found[-1] = words
                found.insert(len(found) - 1 - (index - first), caption)
                break
    return found


def _halves(row: Row) -> Iterator[tuple[Row, Row]]:
    """A row parted at its widest gap, each half once as what may be a caption."""
    gaps = [after.x0 - before.x1 for before, after in pairwise(row)]
    if not gaps or max(gaps) < CELL_GAP * row[0].size:
        return
    at = gaps.index(max(gaps)) + 1
    for caption, words in ((row[:at], row[at:]), (row[at:], row[:at])):
        if sum(len(piece.text) for piece in caption) <= _MAX_CHARS:
            yield caption, words


def _first_of_run(rows: Sequence[Row], index: int, words: Row) -> int | None:
    """Where the narrow lines begin of which `words` is the last; None where it is not, or no picture is beside them."""
    size = words[0].size
    left, right = words[0].x0, words[-1].x1
    if index + 1 >= len(rows) or not _is_full(rows[index + 1], left, right) or not _follows(words, rows[index + 1]):
        return None
    first = index
    while first and _is_level(rows[first - 1], left, right, size) and _follows(rows[first - 1], rows[first]):
        first -= 1
    is_run = index - first >= _MIN_LINES and first > 0 and _follows(rows[first - 1], rows[first])
    return first if is_run and _is_full(rows[first - 1], left, right) else None


def _is_level(row: Row, left: float, right: float, size: float) -> bool:
    """Whether a row begins and ends where the others do."""
    return abs(row[0].x0 - left) < size and abs(row[-1].x1 - right) < 2 * size


def _is_full(row: Row, left: float, right: float) -> bool:
    """Whether a row is one line, from one edge of the narrow ones to far beyond the other."""
    x0, x1 = row[0].x0, row[-1].x1
    size = row[0].size
    is_whole = all(after.x0 - before.x1 < CELL_GAP * size for before, after in pairwise(row))
    beyond = 0.5 * (right - left)
    reaches = (abs(x1 - right) < 2 * size and x0 < left - beyond) or (abs(x0 - left) < 2 * size and x1 > right + beyond)
    return is_whole and reaches


def _follows(above: Row, below: Row) -> bool:
    """Whether two rows are lines of one size, as far apart as such lines are."""
    size = above[0].size
    return abs(size - below[0].size) < 0.1 * size and 0 < above[0].y0 - below[0].y0 < _PITCH * size
