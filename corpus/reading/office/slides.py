"""PowerPoint (.pptx): a page a slide, its title as heading, its text from top to bottom and left to right, its notes.

Read from the file's own XML with what slides inherit from their layouts: places and bullets. Slide numbers, dates,
footers and comments are left out, and so is what only a layout or a master shows.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from corpus.blocks import Block
from corpus.document import Draft
from corpus.errors import UnreadableFile
from corpus.reading.office.drawings import A, drawn_blocks
from corpus.reading.office.packages import RELATION, Package, local
from corpus.reading.office.properties import core_properties, drafted
from corpus.reading.office.slide_shapes import Shape, shapes_in_order
from corpus.reading.office.slide_text import Inherited, P, shape_blocks

if TYPE_CHECKING:
    from lxml.etree import _Element

_MAX_HEADING_CHARS = 100


def read_slides(content: bytes, name: str) -> list[Draft]:
    """One draft, titled by its properties, else by its first slide."""
    package = Package(content)
    part = package.related("", "officeDocument") or "ppt/presentation.xml"
    root = package.xml(part)
    if root is None or local(root) != "presentation":
        raise UnreadableFile("it is no PowerPoint file or is damaged: open it and save it again")
    relations = package.relations(part)
    ids = [slide.get(f"{RELATION}id", "") for slide in root.iterfind(f"{P}sldIdLst/{P}sldId")]
    blocks: list[Block] = []
    layouts: dict[str, Inherited] = {}
    stated, titles, warnings = core_properties(package), list[str](), [*package.warnings]
    for number, key in enumerate(ids, start=1):
        slide = package.xml(relations[key].target) if key in relations else None
        if slide is None:
            warnings.append(f"slide {number} is missing from the file")
            continue
        if slide.get("show") in {"0", "false"}:
            warnings.append(f"slide {number} is hidden when the slides are shown; it was read")
        found = _Slide(package, relations[key].target, slide, number, layouts=layouts)
        blocks += found.blocks
        titles += [found.title] if found.title else []
        warnings += [] if found.blocks else [f"slide {number} has no text"]
    return [drafted(blocks, name, stated=stated.titled(stated.title or (titles or [name])[0]), warnings=warnings)]


class _Slide:
    """One slide, with what it inherits from its layout and its master."""

    def __init__(
        self, package: Package, part: str, root: "_Element", number: int, *, layouts: dict[str, Inherited]
    ) -> None:
        self._package = package
        self._relations = package.relations(part)
        self._root = root
        self._number = number
        layout = next((found.target for found in self._relations.values() if found.kind == "slideLayout"), "")
        if layout not in layouts:
            layouts[layout] = _inherited(package, layout)
        self._inherited = layouts[layout]
        self.title: str | None = None
        self.blocks = self._blocks()

    def _blocks(self) -> list[Block]:
        """Title, text and notes. A slide without a title is headed by the short line that stands above all else on it,
        or by its number: the one before it must end.
        """
        shapes = shapes_in_order(self._root, self._inherited)
        title = next((shape for shape in shapes if shape.is_title and _words(shape.element)), None)
        self.title = _words(title.element) if title else None
        body = [block for shape in shapes if shape is not title for block in self._shape_blocks(shape)]
        notes = list(self._notes())
        if not title and not body and not notes:
            return []
        heading = self.title or f"Slide {self._number}"
        if not title and _is_headed(shapes) and _may_be_heading(body):
            heading = body.pop(0).text
        return [
            Block(heading, level=1, page=self._number),
            *map(self._on_page, [*body, *notes]),
        ]

    def _on_page(self, block: Block) -> Block:
        return Block(block.text, level=block.level, tight=block.tight, page=self._number)

    def _shape_blocks(self, shape: Shape) -> Iterator[Block]:
        element = shape.element
        if local(element) != "graphicFrame":
            yield from shape_blocks(element, self._inherited)
            return
        for table in element.iter(f"{A}tbl"):
            for row in table.iterfind(f"{A}tr"):
                cells = [_words(cell) if not _is_merged(cell) else "" for cell in row.iterfind(f"{A}tc")]
                yield Block(" | ".join(cells).rstrip(" |"), tight=True)
        for child in element.iter():
            key = child.get(f"{RELATION}dm" if local(child) == "relIds" else f"{RELATION}id")
            if local(child) in {"chart", "relIds"} and key in self._relations:
                yield from drawn_blocks(self._package.xml(self._relations[key].target))

    def _notes(self) -> Iterator[Block]:
        part = next((found.target for found in self._relations.values() if found.kind == "notesSlide"), None)
        root = self._package.xml(part) if part else None
        for element in root.iter(f"{P}sp") if root is not None else ():
            kind = element.find(f"{P}nvSpPr/{P}nvPr/{P}ph")
            if kind is not None and kind.get("type") == "body" and _words(element):
                yield Block("Notes", level=2)
                yield from shape_blocks(element, Inherited(None, None))


def _is_headed(shapes: Sequence[Shape]) -> bool:
    """Whether the first of the shapes with words stands above all the others."""
    with_words = [shape for shape in shapes if _words(shape.element)]
    middle = with_words[0].top + with_words[0].height / 2 if with_words else 0
    return len(with_words) > 1 and all(shape.top > middle for shape in with_words[1:])


def _may_be_heading(blocks: Sequence[Block]) -> bool:
    """Whether the first of the blocks is a short line, neither an item of a list nor a row of a table."""
    return bool(blocks) and not blocks[0].tight and not blocks[0].level and len(blocks[0].text) <= _MAX_HEADING_CHARS


def _inherited(package: Package, layout: str) -> Inherited:
    master = package.related(layout, "slideMaster") if layout else None
    return Inherited(package.xml(layout) if layout else None, package.xml(master) if master else None)


def _is_merged(cell: "_Element") -> bool:
    """Whether a cell only goes on from the one before or above it."""
    return any(cell.get(name) in {"1", "true"} for name in ("hMerge", "vMerge"))


def _words(element: "_Element") -> str:
    found = [t.text or "" if local(t) == "t" else " " for t in element.iter(f"{A}t", f"{A}br", f"{A}p")]
    return " ".join("".join(found).split())
