"""Word (.docx): what a reader of the printed document sees, in order, with headings, lists, tables, notes and pages.

Read from the file's own XML: the libraries for Word files give neither the numbers of lists nor notes, text boxes or
tracked changes. Headers, footers, comments, deleted and hidden words are left out. The mark of a note is left out of
the sentence that it stands at; the notes themselves follow at the end. Pages are known only where Word left in the
file where each began; an author's page breaks alone do not say what page they end.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from corpus.blocks import PAGE_BREAK, Block
from corpus.document import Draft
from corpus.errors import UnreadableFile
from corpus.reading.office.drawings import drawn_blocks
from corpus.reading.office.list_numbers import written
from corpus.reading.office.packages import Package, local
from corpus.reading.office.properties import core_properties, drafted
from corpus.reading.office.word_lists import Numbering, W, value, whole
from corpus.reading.office.word_styles import Styles, heading_level
from corpus.reading.office.word_text import RENDERED_BREAK, Line, line_of

if TYPE_CHECKING:
    from lxml.etree import _Element

_WRAPPERS = frozenset("sdt sdtContent customXml ins moveTo AlternateContent Choice body".split())
_NOTE_FORMS = {"footnote": "decimal", "endnote": "lowerRoman"}
_TITLE_BLOCKS = 10
_BREAK = re.compile(f"([{PAGE_BREAK}{RENDERED_BREAK}])")


def read_word(content: bytes, name: str) -> list[Draft]:
    """One draft: titled by its paragraph in the style "Title", else its properties, else its first heading."""
    package = Package(content)
    part = package.related("", "officeDocument") or "word/document.xml"
    root = package.xml(part)
    body = root.find(f"{W}body") if root is not None else None
    if root is None or body is None:
        raise UnreadableFile("it is no Word document or is damaged: open it and save it again")
    reader = _Body(package, part, has_pages=_has_pages(package, root))
    blocks = [*reader.blocks(body), *reader.notes()]
    titles = [" ".join(block.text.split()) for block in blocks[:_TITLE_BLOCKS] if block in reader.titles]
    stated = core_properties(package).titled(titles[0] if titles else None)
    warnings = [*package.warnings, *reader.warnings(root)]
    return [drafted(blocks, name, stated=stated, warnings=warnings)]


class _Body:
    """Walks a document once, in order: list numbers, note numbers and pages are counted on the way."""

    def __init__(self, package: Package, part: str, *, has_pages: bool) -> None:
        self._package = package
        self._relations = package.relations(part)
        self._styles = Styles(package.xml(self._target("styles")))
        self._numbering = Numbering(package.xml(self._target("numbering")))
        self._has_pages = has_pages
        self._page = 1
        self._has_words_since_break = True
        self._notes: dict[str, dict[str, None]] = {}
        self.titles: list[Block] = []

    def blocks(self, container: "_Element") -> Iterator[Block]:
        """The blocks of the body, a cell, a text box or a note."""
        for child in container:
            name = local(child)
            if name == "p":
                yield from self._paragraph(child)
            elif name == "tbl":
                yield from self._table(child)
            elif name in _WRAPPERS:
                yield from self.blocks(child)

    def notes(self) -> Iterator[Block]:
        """The foot- and endnotes that were referred to, with their numbers, under a heading."""
        bodies = {kind: self._note_bodies(kind) for kind in _NOTE_FORMS}
        found = [
            (kind, at, bodies[kind].get(key)) for kind, keys in self._notes.items() for at, key in enumerate(keys, 1)
        ]
        self._has_pages = False
        texts = [
            (f"{written(at, _NOTE_FORMS[kind])}.", self._flat(body)) for kind, at, body in found if body is not None
        ]
        if any(text for _, text in texts):
            yield Block("Notes", level=1)
            yield from (Block(text).marked(number) for number, text in texts if text)

    def warnings(self, root: "_Element") -> Iterator[str]:
        """What the report should say of parts of the document that were not read."""
        if num_chunks := sum(1 for _ in root.iter(f"{W}altChunk")):
            yield f"{num_chunks} embedded documents were not read: open it and save it again"
        comments = self._package.xml(self._target("comments"))
        if comments is not None and len(comments):
            yield f"{len(comments)} comments were left out"

    def _target(self, kind: str) -> str:
        return next((relation.target for relation in self._relations.values() if relation.kind == kind), "?")

    def _paragraph(self, paragraph: "_Element") -> Iterator[Block]:
        properties = paragraph.find(f"{W}pPr")
        style = self._styles.of(value(properties, "pStyle"))
        line = line_of(paragraph)
        for kind, key in line.notes:
            self._notes.setdefault(kind, {}).setdefault(key)
        outline = value(properties, "outlineLvl")
        level = style.level if outline is None else heading_level(whole(outline, default=9) + 1)
        block = self._paged(line.text, 1 if style.is_title else level)
        if block is not None:
            label = self._label(properties)
            block = block.marked(label) if label else block
            if style.is_title:
                self.titles.append(block)
            yield block
        yield from self._hanging(line)

    def _hanging(self, line: Line) -> Iterator[Block]:
        """The text boxes, charts and diagrams that are anchored in a paragraph."""
        for box in line.boxes:
            yield from self.blocks(box)
        for key in line.drawn:
            if key in self._relations:
                yield from drawn_blocks(self._package.xml(self._relations[key].target))

    def _paged(self, text: str, level: int) -> Block | None:
        """The block of a text with page breaks in it, on its page; None where there are no words."""
        pieces = self._pieces(text)
        worded = [at for at, piece in enumerate(pieces) if piece.strip()]
        page, self._page = self._page, self._page + len(pieces) - 1
        if not worded:
            return None
        kept = PAGE_BREAK.join(pieces[worded[0] : worded[-1] + 1])
        return Block(kept, level=level, page=page + worded[0] if self._has_pages else None)

    def _pieces(self, text: str) -> list[str]:
        """The text page by page. Word marks a page that begins behind an author's break twice: it counts once."""
        if not self._has_pages:
            return [text.replace(PAGE_BREAK, "\n").replace(RENDERED_BREAK, "")]
        pieces = [[""]]
        for part in _BREAK.split(text):
            if part == PAGE_BREAK or (part == RENDERED_BREAK and self._has_words_since_break):
                pieces.append([])
                self._has_words_since_break = False
            elif part != RENDERED_BREAK:
                pieces[-1].append(part)
                self._has_words_since_break = self._has_words_since_break or bool(part.strip())
        return ["".join(parts) for parts in pieces]

    def _label(self, properties: "_Element | None") -> str | None:
        """The number or bullet that Word writes before a paragraph."""
        style_id = value(properties, "pStyle")
        style = self._styles.of(style_id)
        numbers = properties.find(f"{W}numPr") if properties is not None else None
        list_id = value(numbers, "numId") or style.list_id
        if list_id is None or list_id == "0":
            return None
        at = value(numbers, "ilvl")
        if at is not None:
            level = whole(at)
        else:
            tied = self._numbering.style_level(list_id, style.list_style or style_id or "")
            level = tied if tied is not None else style.list_level or 0
        return self._numbering.label(list_id, level)

    def _table(self, table: "_Element") -> Iterator[Block]:
        """A row a block. A table of one column, and a row that holds a table, are only there for the layout."""
        rows = [list(_children(row, "tc")) for row in _children(table, "tr")]
        if all(len(cells) <= 1 for cells in rows):
            for cells in rows:
                yield from (block for cell in cells for block in self.blocks(cell))
            return
        for cells in rows:
            if any(True for cell in cells for _ in cell.iter(f"{W}tbl")):
                yield from (block for cell in cells for block in self.blocks(cell))
            else:
                yield from self._row(cells)

    def _row(self, cells: Sequence["_Element"]) -> Iterator[Block]:
        """The row, cells apart; a cell that goes on from the row above stays empty, for it is read there."""
        page, pages, texts = self._page, [self._page], []
        for cell in cells:
            self._page = page
            merged = cell.find(f"{W}tcPr/{W}vMerge")
            is_continued = merged is not None and merged.get(f"{W}val", "continue") == "continue"
            blocks = [] if is_continued else list(self.blocks(cell))
            texts.append(" ".join(" ".join(block.text.replace(PAGE_BREAK, "").split()) for block in blocks))
            pages += [block.page for block in blocks if block.page is not None][:1]
            pages.append(self._page)
        first = max(pages[1:2] or [page])
        self._page = max(pages)
        if any(texts):
            yield Block(" | ".join(texts).rstrip(" |"), tight=True, page=first if self._has_pages else None)

    def _note_bodies(self, kind: str) -> dict[str, "_Element"]:
        root = self._package.xml(self._target(f"{kind}s"))
        found = root.iter(f"{W}{kind}") if root is not None else ()
        return {note.get(f"{W}id", ""): note for note in found}

    def _flat(self, body: "_Element") -> str:
        return " ".join(" ".join(block.text.split()) for block in self.blocks(body))


def _children(parent: "_Element", name: str) -> Iterator["_Element"]:
    """The children of that name, also where a content control or a tracked change wraps them."""
    for child in parent:
        if local(child) == name:
            if child.find(f"{W}trPr/{W}del") is None:
                yield child
        elif local(child) in _WRAPPERS:
            yield from _children(child, name)


def _has_pages(package: Package, root: "_Element") -> bool:
    """Whether the file says where its pages begin: marks that Word left, or as many breaks as it says it has pages."""
    if next(root.iter(f"{W}lastRenderedPageBreak"), None) is not None:
        return True
    num_breaks = sum(element.get(f"{W}type") == "page" for element in root.iter(f"{W}br"))
    about = package.xml(package.related("", "extended-properties") or "docProps/app.xml") if num_breaks else None
    pages = _texts(about, "Pages") if about is not None else []
    return [str(num_breaks + 1)] == pages


def _texts(parent: Iterable["_Element"], name: str) -> list[str]:
    return [child.text or "" for child in parent if local(child) == name]
