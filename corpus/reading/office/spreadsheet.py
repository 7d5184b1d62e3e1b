"""Excel (.xlsx): a heading a sheet, a row a sentence with its column names, values as a reader of the sheet sees them.

Read from the file's own XML, as a stream: the libraries for Excel files read either hidden rows or large sheets, not
both. Nothing is computed: a formula shows the value that was saved with it. The words of text boxes follow those of the
cells. Hidden sheets, rows and columns, charts and comments are left out, the hidden ones with a warning.
"""

import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from math import isfinite
from typing import TYPE_CHECKING

from corpus.blocks import Block
from corpus.document import Draft
from corpus.errors import UnreadableFile
from corpus.reading.office.drawings import A, paragraphs_in_line
from corpus.reading.office.number_formats import BUILT_IN, shown
from corpus.reading.office.packages import RELATION, Package, local, usual
from corpus.reading.office.properties import core_properties, drafted
from corpus.reading.rows import MAX_CELLS, MAX_CHARS, Cell, Row, row_blocks

if TYPE_CHECKING:
    from lxml.etree import _Element

S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_D = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_TRUE = {"1", "true"}
_MAX_COLUMNS = 16_384


@dataclass(frozen=True, slots=True)
class _Workbook:
    """What all sheets share: the texts that cells point to, the number formats by style, the calendar."""

    strings: tuple[str, ...]
    formats: tuple[str, ...]
    since_1904: bool


class _Tally:
    """What was met on the way, for the warnings, and how many cells may still be read."""

    def __init__(self, *, max_cells: int, max_chars: int) -> None:
        self.hidden_sheets: list[str] = []
        self.not_read: list[str] = []
        self.counts: Counter[str] = Counter()
        self._max_cells = max_cells
        self._num_cells_left = max_cells
        self._num_chars_left = max_chars

    def take(self, row: Row) -> bool:
        """Whether the row may still be read."""
        self._num_cells_left -= len(row)
        self._num_chars_left -= sum(len(cell.text) for cell in row.values())
        return min(self._num_cells_left, self._num_chars_left) >= 0

    def warnings(self) -> Iterator[str]:
        """A line for each kind of thing that was left out."""
        if self.hidden_sheets:
            yield f"hidden sheets were left out: {', '.join(self.hidden_sheets)}"
        for kind in ("rows", "columns"):
            if count := self.counts[kind]:
                yield f"{count:,} hidden {kind} were left out"
        if count := self.counts["formulas"]:
            yield f"{count:,} formulas have no saved value: open it, let it compute, and save it"
        if min(self._num_cells_left, self._num_chars_left) < 0:
            yield f"only its first {self._max_cells:,} cells were read, or fewer if they are long: split it"
        yield from self.not_read


def read_spreadsheet(
    content: bytes, name: str, *, max_cells: int = MAX_CELLS, max_chars: int = MAX_CHARS
) -> list[Draft]:
    """One draft, titled by its properties, else by the file's name; what is beyond the limits is left out, and told."""
    package = Package(content)
    part = package.related("", "officeDocument") or "xl/workbook.xml"
    root = package.xml(part)
    if root is None or local(root) != "workbook":
        raise UnreadableFile("it is no Excel workbook in a format that is read: open it and save it as .xlsx")
    tally = _Tally(max_cells=max_cells, max_chars=max_chars)
    blocks = list(_sheets(package, part, root, tally))
    if all(block.level for block in blocks):
        blocks = []
    stated = core_properties(package)
    warnings = [*package.warnings, *tally.warnings()]
    return [drafted(blocks, name, stated=stated.titled(stated.title or name), warnings=warnings, has_date=False)]


def _sheets(package: Package, part: str, root: "_Element", tally: _Tally) -> Iterator[Block]:
    relations = package.relations(part)
    workbook = _workbook(package, root, {relation.kind: relation.target for relation in relations.values()})
    for sheet in root.iterfind(f"{S}sheets/{S}sheet"):
        title = sheet.get("name", "")
        relation = relations.get(sheet.get(f"{RELATION}id", ""))
        if sheet.get("state", "visible") != "visible":
            tally.hidden_sheets.append(repr(title))
            continue
        content = package.part(relation.target) if relation and relation.kind == "worksheet" else None
        if relation is None or content is None:
            tally.not_read.append(f"the sheet {title!r} holds no cells, or is missing")
            continue
        blocks = [*row_blocks(_rows(content, workbook, tally)), *_boxes(package, relation.target)]
        if blocks:
            yield Block(title, level=1)
            yield from blocks


def _boxes(package: Package, sheet: str) -> Iterator[Block]:
    """The paragraphs of the text boxes and shapes that lie on a sheet."""
    part = package.related(sheet, "drawing")
    root = package.xml(part) if part else None
    for shape in root.iter(f"{_D}sp") if root is not None else ():
        about = shape.find(f"{_D}nvSpPr/{_D}cNvPr")
        if about is not None and about.get("hidden") in _TRUE:
            continue
        for paragraph in shape.iterfind(f"{_D}txBody/{A}p"):
            if words := paragraphs_in_line(paragraph):
                yield Block(words)


def _workbook(package: Package, root: "_Element", parts: dict[str, str]) -> _Workbook:
    shared = package.part(parts.get("sharedStrings", "?"))
    styles = package.xml(parts.get("styles", "?"))
    about = root.find(f"{S}workbookPr")
    return _Workbook(
        strings=tuple(_string(item) for item in _elements(shared, f"{S}si")) if shared is not None else (),
        formats=_formats(styles) if styles is not None else (),
        since_1904=about is not None and about.get("date1904") in _TRUE,
    )


def _string(item: "_Element") -> str:
    """A text with its runs joined, without the readings that stand above Japanese words."""
    found = (
        child.text or "" if local(child) == "t" else child.findtext(f"{S}t") or "" if local(child) == "r" else ""
        for child in item
    )
    return "".join(found)


def _formats(styles: "_Element") -> tuple[str, ...]:
    """The number formats by the numbers that cells name styles by."""
    own = {found.get("numFmtId"): found.get("formatCode", "") for found in styles.iterfind(f"{S}numFmts/{S}numFmt")}
    ids = [style.get("numFmtId", "0") for style in styles.iterfind(f"{S}cellXfs/{S}xf")]
    return tuple(own.get(key, BUILT_IN.get(_whole(key), "General")) for key in ids)


def _rows(content: bytes, workbook: _Workbook, tally: _Tally) -> Iterator[Row]:
    """The rows of a sheet in order, an empty one where numbers are skipped."""
    hidden: frozenset[int] = frozenset()
    found_in: set[int] = set()
    last = 0
    for element in _elements(content, f"{S}row", f"{S}cols"):
        if local(element) == "cols":
            hidden = _hidden_columns(element)
            continue
        number = _whole(element.get("r", "")) or last + 1
        row = dict(_cells(element, workbook, tally))
        if element.get("hidden") in _TRUE:
            tally.counts["rows"] += bool(row)
            continue
        found_in |= hidden & row.keys()
        row = {at: cell for at, cell in row.items() if at not in hidden}
        if not tally.take(row):
            break
        if number > last + 1 and last:
            yield {}
        yield row
        last = number
    tally.counts["columns"] += len(found_in)


def _elements(content: bytes, *tags: str) -> Iterator["_Element"]:
    """The elements of these names, one by one: a sheet is much larger as a tree than as a file."""
    from lxml import etree

    stream = io.BytesIO(usual(content))
    try:
        for _, element in etree.iterparse(stream, tag=tags, resolve_entities=False, no_network=True, huge_tree=False):
            yield element
            element.clear()
            while (previous := element.getprevious()) is not None:
                previous.getparent().remove(previous)
    except etree.XMLSyntaxError as error:
        raise UnreadableFile(f"it is damaged ({error.msg}): open it and save it again") from error


def _hidden_columns(columns: "_Element") -> frozenset[int]:
    changes = [0] * (_MAX_COLUMNS + 2)
    for column in columns:
        first, last = (min(_whole(column.get(name, "")), _MAX_COLUMNS) for name in ("min", "max"))
        if column.get("hidden") in _TRUE and first <= last:
            changes[first] += 1
            changes[last + 1] -= 1
    return frozenset(at for at, depth in enumerate(accumulate(changes)) if depth)


def _cells(row: "_Element", workbook: _Workbook, tally: _Tally) -> Iterator[tuple[int, Cell]]:
    column = 0
    for element in row.iterfind(f"{S}c"):
        column = _column(element.get("r", "")) or column + 1
        if not len(element):
            continue  # only painted
        cell = _cell(element, workbook)
        if cell.text:
            yield column, cell
        elif element.find(f"{S}f") is not None and element.find(f"{S}v") is None:
            tally.counts["formulas"] += 1


def _cell(element: "_Element", workbook: _Workbook) -> Cell:
    kind = element.get("t", "n")
    if kind == "inlineStr":
        inline = element.find(f"{S}is")
        return Cell(_flat(_string(inline)) if inline is not None else "", is_word=True)
    raw = (element.findtext(f"{S}v") or "").strip()
    if kind == "s":
        at = _whole(raw) if raw else -1
        return Cell(_flat(workbook.strings[at]) if 0 <= at < len(workbook.strings) else "", is_word=True)
    if kind in {"str", "e", "d", "b"}:
        shown_as = {"1": "TRUE", "0": "FALSE"}.get(raw, raw) if kind == "b" else _flat(raw)
        return Cell(shown_as, is_word=kind == "str")
    return _number(raw, element, workbook)


def _number(raw: str, element: "_Element", workbook: _Workbook) -> Cell:
    """The cell of a number as its style shows it; what is no number is shown as it is."""
    try:
        number = float(raw)
    except ValueError:
        return Cell(_flat(raw), is_word=True)
    if not isfinite(number):
        return Cell("", is_word=False)
    style = _whole(element.get("s", "0"))
    code = workbook.formats[style] if style < len(workbook.formats) else "General"
    return Cell(_flat(shown(number, code, since_1904=workbook.since_1904)), is_word=False)


def _column(reference: str) -> int:
    """The number of a column from a cell's reference: 28 for "AB7"; 0 where there is none."""
    number = 0
    for character in reference[:3]:
        if not "A" <= character <= "Z":
            break
        number = number * 26 + ord(character) - ord("A") + 1
    return number


def _whole(digits: str) -> int:
    return int(digits) if digits.isdecimal() and len(digits) < 10 else 0


def _flat(text: str) -> str:
    return " ".join(text.replace("_x000D_", " ").split())
