"""OpenDocument sheets (.ods): a heading a sheet, a row a sentence with its column names, as for other spreadsheets."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from corpus.blocks import Block
from corpus.reading.office.packages import local
from corpus.reading.open_document.lists import STYLE, TEXT, whole
from corpus.reading.open_document.words import OFFICE, Words, words_of
from corpus.reading.rows import MAX_CELLS, MAX_CHARS, Cell, Row, row_blocks

if TYPE_CHECKING:
    from lxml.etree import _Element

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_GROUPS = frozenset("table-header-rows table-rows table-row-group".split())
_MAX_COLUMNS = 16_384


def sheet_blocks(root: "_Element", body: "_Element", warnings: list[str]) -> Iterator[Block]:
    """The blocks of the sheets in order; says in `warnings` what is left out."""
    hidden = {
        style.get(f"{STYLE}name", "")
        for style in root.iter(f"{STYLE}style")
        for properties in style.iterfind(f"{STYLE}table-properties")
        if properties.get(f"{_TABLE}display") == "false"
    }
    left = [MAX_CELLS, MAX_CHARS]
    for table in body.iterfind(f"{_TABLE}table"):
        title = table.get(f"{_TABLE}name", "")
        if table.get(f"{_TABLE}style-name") in hidden:
            warnings.append(f"hidden sheets were left out: {title!r}")
            continue
        blocks = list(row_blocks(_rows(table, left, warnings)))
        if blocks:
            yield Block(title, level=1)
            yield from blocks


def _rows(table: "_Element", left: list[int], warnings: list[str]) -> Iterator[Row]:
    """The rows as they are shown; one that is repeated without words is one empty row."""
    num_hidden = 0
    for element in _row_elements(table):
        row = dict(_cells(element))
        if row and element.get(f"{_TABLE}visibility", "visible") != "visible":
            num_hidden += 1
            continue
        repeats = whole(element.get(f"{_TABLE}number-rows-repeated"), 1) if row else 1
        for _ in range(repeats):
            left[0] -= len(row)
            left[1] -= sum(len(cell.text) for cell in row.values())
            if min(left) < 0:
                warnings.append(f"only its first {MAX_CELLS:,} cells were read, or fewer if they are long: split it")
                return
            yield row
    if num_hidden:
        warnings.append(f"{num_hidden:,} hidden rows were left out")


def _row_elements(parent: "_Element") -> Iterator["_Element"]:
    for child in parent:
        if local(child) == "table-row":
            yield child
        elif local(child) in _GROUPS:
            yield from _row_elements(child)


def _cells(row: "_Element") -> Iterator[tuple[int, Cell]]:
    column = 0
    for element in row:
        if local(element) not in {"table-cell", "covered-table-cell"}:
            continue
        repeats = whole(element.get(f"{_TABLE}number-columns-repeated"), 1)
        text = _shown(element) if local(element) == "table-cell" else ""
        if text:
            cell = Cell(text, is_word=element.get(f"{OFFICE}value-type", "string") == "string")
            yield from ((at, cell) for at in range(column, min(column + repeats, _MAX_COLUMNS)))
        column = min(column + repeats, _MAX_COLUMNS)


def _shown(cell: "_Element") -> str:
    words = Words()
    for paragraph in cell.iterfind(f"{TEXT}p"):
        words_of(paragraph, words)
        words.pieces.append(" ")
    return " ".join(words.text.split())
