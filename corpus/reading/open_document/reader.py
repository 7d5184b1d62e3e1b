"""OpenDocument text (.odt), and by its neighbours sheets (.ods) and slides (.odp): what a reader sees of them.

Headings, paragraphs, lists with their numbers, tables, text boxes; notes at the end. Deleted words, comments, headers
and footers are left out, and so are the marks of notes. Pages are known where the program that saved the file marked
their breaks and stated as many.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from corpus.blocks import PAGE_BREAK, Block
from corpus.document import Draft
from corpus.errors import UnreadableFile
from corpus.reading.office.packages import Package, local
from corpus.reading.office.properties import Properties, drafted, from_elements
from corpus.reading.open_document.lists import STYLE, TEXT, ListStyle, whole
from corpus.reading.open_document.sheets import sheet_blocks
from corpus.reading.open_document.slides import slide_blocks
from corpus.reading.open_document.words import OFFICE, Words, words_of

if TYPE_CHECKING:
    from lxml.etree import _Element

_FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_META = "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_PASSED_THROUGH = frozenset(
    "section table-of-content illustration-index table-index alphabetical-index user-index index-body index-title "
    "bibliography numbered-paragraph".split()
)
_ROWS = frozenset("table-header-rows table-rows table-row-group".split())
_MAX_LEVEL = 6
_MAX_REPEATS = 100


def read_open_document(content: bytes, name: str) -> list[Draft]:
    """One draft, titled by its paragraph in the style "Title", else by its properties, else by its first heading."""
    package = Package(content)
    if b"encryption-data" in (package.part("META-INF/manifest.xml") or b""):
        raise UnreadableFile("it is protected by a password: open it, take the password away, and save it")
    root = package.xml("content.xml")
    body = root.find(f"{OFFICE}body") if root is not None else None
    if root is None or body is None or not len(body):
        raise UnreadableFile("it is no OpenDocument file or is damaged: open it and save it again")
    stated, num_pages = _stated(package)
    warnings = list(package.warnings)
    if num_objects := sum(1 for _ in body.iter(f"{_DRAW}object", f"{_DRAW}object-ole")):
        warnings.append(f"{num_objects} formulas, charts or sheets within it were not read")
    kind = local(body[0])
    if kind == "spreadsheet":
        blocks = list(sheet_blocks(root, body[0], warnings))
        return [drafted(blocks, name, stated=stated.titled(stated.title or name), warnings=warnings, has_date=False)]
    if kind in {"presentation", "drawing"}:
        return [drafted(slide_blocks(body[0]), name, stated=stated, warnings=warnings)]
    text = _Text(root, package.xml("styles.xml"))
    blocks = [*text.blocks(body[0]), *text.notes()]
    if text.page != num_pages or num_pages == 1:
        blocks = [_without_pages(block) for block in blocks]
    return [drafted(blocks, name, stated=stated.titled(text.title), warnings=warnings)]


def _stated(package: Package) -> tuple[Properties, int | None]:
    """The properties of a document, and how many pages it says it has."""
    root = package.xml("meta.xml")
    meta = root.find(f"{OFFICE}meta") if root is not None else None
    if meta is None:
        return Properties(), None
    statistic = meta.find(f"{_META}document-statistic")
    num_pages = whole(statistic.get(f"{_META}page-count"), 0) if statistic is not None else 0
    return from_elements(meta), num_pages or None


class _Text:
    """Walks a text once, in order: numbers and pages are counted on the way."""

    def __init__(self, root: "_Element", styles: "_Element | None") -> None:
        sources = [source for source in (styles, root) if source is not None]
        self._styles = {s.get(f"{STYLE}name", ""): s for source in sources for s in source.iter(f"{STYLE}style")}
        self._lists = {
            s.get(f"{STYLE}name", ""): ListStyle(s) for source in sources for s in source.iter(f"{TEXT}list-style")
        }
        outline = next(styles.iter(f"{TEXT}outline-style"), None) if styles is not None else None
        self._outline = ListStyle(outline)
        self._outline_counts: dict[int, int] = {}
        self._list_counts: dict[str, dict[int, int]] = {}
        self._notes: list[tuple[str, _Element]] = []
        self._has_begun = False
        self.page = 1
        self.title: str | None = None

    def blocks(self, container: "_Element") -> Iterator[Block]:
        """The blocks of the body, a cell, a text box or a note."""
        for child in container:
            name = local(child)
            if name == "h":
                yield from self._heading(child)
            elif name == "p":
                yield from self._paragraph(child)
            elif name == "list":
                yield from self._list(child, "", 1, {})
            elif name == "table":
                yield from self._table(child)
            elif name == "soft-page-break":
                self.page += 1
            elif name in _PASSED_THROUGH:
                yield from self.blocks(child)
            elif name == "frame":
                words = Words()
                words_of(container, words, only=child)
                yield from self._boxes(words)

    def notes(self) -> Iterator[Block]:
        """The notes that were met, with their numbers, under a heading."""
        page, notes = self.page, self._notes
        flat = [(number, _flat(self.blocks(body))) for number, body in notes]
        self.page = page
        if any(text for _, text in flat):
            yield Block("Notes", level=1, page=page)
            yield from (Block(text, page=page).marked(f"{number}.") for number, text in flat if text)

    def _heading(self, element: "_Element") -> Iterator[Block]:
        level = max(whole(element.get(f"{TEXT}outline-level"), 1), 1)
        label = ""
        if element.get(f"{TEXT}is-list-header") != "true":
            label = self._outline.label(self._outline_counts, level)
        for block in self._paragraph(element, level=min(level, _MAX_LEVEL)):
            yield block.marked(label) if label and block.level else block

    def _paragraph(self, element: "_Element", *, level: int = 0) -> Iterator[Block]:
        style = element.get(f"{TEXT}style-name", "")
        if self._begins_page(style) and self._has_begun:
            self.page += 1
        words = Words()
        words_of(element, words)
        self._notes += words.notes
        text, self._has_begun = words.text, True
        is_title = not level and self._is_title(style)
        leading = len(text) - len(text.lstrip(f"{PAGE_BREAK} \n"))
        first = self.page + text[:leading].count(PAGE_BREAK)
        self.page += text.count(PAGE_BREAK)
        if text.strip():
            block = Block(text.strip(f"{PAGE_BREAK} \n"), level=1 if is_title else level, page=first)
            if is_title and self.title is None:
                self.title = " ".join(block.text.split())
            yield block
        yield from self._boxes(words)

    def _boxes(self, words: Words) -> Iterator[Block]:
        for box in words.boxes:
            yield from self.blocks(box)

    def _list(self, element: "_Element", style: str, level: int, counts: dict[int, int]) -> Iterator[Block]:
        """The items, each with its label before its first paragraph. A list may go on with the numbers of another."""
        style = element.get(f"{TEXT}style-name", style)
        if level == 1:
            goes_on = element.get(f"{TEXT}continue-numbering") == "true" or element.get(f"{TEXT}continue-list")
            counts = self._list_counts.get(style, {}) if goes_on else {}
            self._list_counts[style] = counts
        labels = self._lists.get(style, ListStyle(None))
        for item in element:
            if local(item) not in {"list-item", "list-header"}:
                continue
            is_first = local(item) == "list-item"
            for child in item:
                if local(child) == "list":
                    yield from self._list(child, style, level + 1, counts)
                    continue
                for block in self._item_blocks(child):
                    start = item.get(f"{TEXT}start-value")
                    label = labels.label(counts, level, start=whole(start, 1) if start else None) if is_first else ""
                    is_first = False
                    yield block.marked(label) if label and not block.level else block

    def _item_blocks(self, child: "_Element") -> Iterator[Block]:
        if local(child) == "p":
            yield from self._paragraph(child)
        elif local(child) == "h":
            yield from self._heading(child)
        elif local(child) == "soft-page-break":
            self.page += 1

    def _table(self, table: "_Element") -> Iterator[Block]:
        """A row a block. A table of one column, and a row that holds a table, are only there for the layout."""
        for row in self._rows(table):
            if row is None:
                self.page += 1
                continue
            cells = [cell for cell in row if local(cell) in {"table-cell", "covered-table-cell"}]
            if len(cells) == 1 or any(True for _ in row.iter(f"{_TABLE}table")):
                yield from (block for cell in cells for block in self.blocks(cell))
                continue
            page = self.page
            texts = [_flat(self.blocks(cell)) if local(cell) == "table-cell" else "" for cell in cells]
            if any(texts):
                yield Block(" | ".join(texts).rstrip(" |"), tight=True, page=page)

    def _rows(self, table: "_Element") -> Iterator["_Element | None"]:
        """The rows in order, None where a page ends."""
        for child in table:
            if local(child) == "table-row":
                yield child
            elif local(child) == "soft-page-break":
                yield None
            elif local(child) in _ROWS:
                yield from self._rows(child)

    def _begins_page(self, style: str) -> bool:
        element = self._styles.get(style)
        if element is None:
            return False
        properties = element.find(f"{STYLE}paragraph-properties")
        has_break = properties is not None and properties.get(f"{_FO}break-before") == "page"
        return has_break or bool(element.get(f"{STYLE}master-page-name"))

    def _is_title(self, style: str) -> bool:
        element = self._styles.get(style)
        return "Title" in {style, element.get(f"{STYLE}parent-style-name") if element is not None else ""}


def _flat(blocks: Iterator[Block]) -> str:
    return " ".join(" ".join(block.text.split()) for block in blocks)


def _without_pages(block: Block) -> Block:
    return replace(block, text=block.text.replace(PAGE_BREAK, ""), page=None)
