"""Separated values (.csv, .tsv): a row a sentence with its column names. What separates them is found by counting.

Dates and numbers are shown as they are written in the file.
"""

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice

from corpus.document import Draft
from corpus.encodings import decode
from corpus.errors import UnreadableFile
from corpus.reading.office.properties import Properties, drafted
from corpus.reading.rows import MAX_CELLS, Cell, Row, row_blocks

_SEPARATORS = "\t;|,"
"""In the order of preference: a decimal comma is as regular as a separator."""
_NUM_LINES = 30
_QUOTED = re.compile(r'"[^"]*"')
_STATED = re.compile(r"sep=(.)\r?\n")
_NUMBER = re.compile(r"[-+(]?\W{0,3}\d[\d.,:/' %-]*(?:[eE][-+]?\d+)?\W{0,3}(?:[TZ][\d:.Z+-]*)?")


def read_csv(content: bytes, name: str, *, max_cells: int = MAX_CELLS) -> list[Draft]:
    """One draft, named after the file. Raises `UnreadableFile` where no row has a value."""
    text, warnings = decode(content)
    stated = _STATED.match(text)
    separator = stated[1] if stated else _separator(text)
    body = text[stated.end() :] if stated else text
    rows, more = _read(body, separator, max_cells)
    blocks = row_blocks(rows)
    return [drafted(blocks, name, stated=Properties(name), warnings=(*warnings, *more), has_date=False)]


def _separator(text: str) -> str:
    """The character that stands equally often in the most of the first lines, at least once in each."""
    lines = [_QUOTED.sub("", line) for line in islice(io.StringIO(text), _NUM_LINES) if line.strip()]

    def regularity(separator: str) -> tuple[int, int]:
        counts = [line.count(separator) for line in lines]
        usual = counts[0] if counts else 0
        return (sum(count == usual for count in counts), -_SEPARATORS.index(separator)) if usual else (0, -9)

    best = max(_SEPARATORS, key=regularity)
    return best if regularity(best)[0] else ","


def _read(text: str, separator: str, max_cells: int) -> tuple[list[Row], list[str]]:
    """The rows, and what to say about them: their marks may not match, and there may be more than is read."""
    previous = csv.field_size_limit(max(len(text), 1))
    try:
        try:
            rows, is_whole = _rows(
                csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True), max_cells
            )
            warnings = []
        except csv.Error:
            reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, quoting=csv.QUOTE_NONE)
            rows, is_whole = _rows(reader, max_cells)
            warnings = ["its quotation marks do not match: they were read as part of the text"]
    except csv.Error as error:
        raise UnreadableFile(f"it is no table of separated values ({error}): save it again as CSV") from error
    finally:
        csv.field_size_limit(previous)
    if not is_whole:
        warnings.append(f"only its first {max_cells:,} cells were read, the rest was left out: split it")
    return rows, warnings


def _rows(lines: Iterator[list[str]], max_cells: int) -> tuple[list[Row], bool]:
    rows: list[Row] = []
    num_cells = 0
    for line in lines:
        row = {at: Cell(flat, not _NUMBER.fullmatch(flat)) for at, cell in enumerate(line) if (flat := _flat(cell))}
        num_cells += len(row)
        if num_cells > max_cells:
            return rows, False
        rows.append(row)
    return rows, True


def _flat(cell: str) -> str:
    return " ".join(cell.split())
