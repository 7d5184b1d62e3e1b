"""Rows of a table as sentences that say what their values are: "Country: Japan; Budget: 12; Year: 2021".

Serves spreadsheets and files of separated values. Names come from a row that is told to be a header by its form; where
there is none, a row is its values with " | " between them. Nothing is computed and nothing is left out.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from corpus.blocks import Block

MAX_NAME_CHARS = 80
MAX_CELLS = 1_000_000
"""So many cells of a file are read; a longer table is data to be computed on, not text to be quoted."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell shows, and whether it holds a word or a number, day or other value."""

    text: str
    is_word: bool


MAX_CHARS = 20_000_000
"""So many characters of their cells are read: a file may point to one long text from every cell."""
Row = Mapping[int, Cell]
"""The cells of a row that are not empty, by their columns."""


def row_blocks(rows: Iterable[Row]) -> Iterator[Block]:
    """The rows as blocks. An empty row ends a table, after which another header may come.

    A header is the first row of two cells and more whose cells are words, no two the same, with a row of values in
    those columns below it. A row of one cell above it is a title, or one below a table a remark.
    """
    header: dict[int, str] = {}
    words_in: dict[int, bool] = {}
    may_begin = True
    for row, following in _with_next(rows):
        if not row:
            may_begin = True
        elif may_begin and len(row) > 1 and not _goes_on(row, header, words_in):
            may_begin = False
            header = {at: cell.text for at, cell in row.items()} if _is_header(row, following) else {}
            words_in = {}
            yield Block(_plain(row), tight=True)
        else:
            if len(row) > 1:
                words_in |= {at: cell.is_word for at, cell in row.items()}
            yield Block(_named(row, header) if header and len(row) > 1 else _plain(row), tight=True)


def _with_next(rows: Iterable[Row]) -> Iterator[tuple[Row, Row]]:
    """Each row with the one after it."""
    previous: Row | None = None
    for row in rows:
        if previous is not None:
            yield previous, row
        previous = row
    if previous is not None:
        yield previous, {}


def _is_header(row: Row, following: Row) -> bool:
    names = [cell.text for cell in row.values()]
    return (
        all(cell.is_word and len(cell.text) <= MAX_NAME_CHARS for cell in row.values())
        and len(set(names)) == len(names)
        and bool(following)
        and following.keys() <= row.keys()
    )


def _goes_on(row: Row, header: Mapping[int, str], words_in: Mapping[int, bool]) -> bool:
    """Whether a row behind an empty one is of the table above that: its columns hold what they held there."""
    return (
        bool(header)
        and row.keys() <= header.keys()
        and any(at in words_in for at in row)
        and all(words_in.get(at, cell.is_word) == cell.is_word for at, cell in row.items())
        and {cell.text for cell in row.values()} != set(header.values())
    )


def _named(row: Row, header: Mapping[int, str]) -> str:
    return "; ".join(f"{header[at]}: {cell.text}" if at in header else cell.text for at, cell in row.items())


def _plain(row: Row) -> str:
    return " | ".join(cell.text for cell in row.values())
