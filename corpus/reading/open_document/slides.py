"""OpenDocument slides (.odp): a page a slide, its title as heading, its text in the order of the file, its notes."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from corpus.blocks import Block
from corpus.reading.office.packages import local
from corpus.reading.open_document.lists import TEXT
from corpus.reading.open_document.words import Words, words_of

if TYPE_CHECKING:
    from lxml.etree import _Element

_PRESENTATION = "{urn:oasis:names:tc:opendocument:xmlns:presentation:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_FURNITURE = frozenset("header footer date-time page-number page".split())


def slide_blocks(body: "_Element") -> Iterator[Block]:
    """The blocks of the slides in order. One without a title is headed by its number: the one before it must end."""
    slides = [child for child in body if local(child) == "page"]
    for number, slide in enumerate(slides, start=1):
        shapes = [child for child in slide if local(child) != "notes" and _class(child) not in _FURNITURE]
        title = next((shape for shape in shapes if _class(shape) == "title"), None)
        heading = " ".join(text for _, text in _paragraphs(title)) if title is not None else ""
        found = [item for shape in shapes if shape is not title for item in _paragraphs(shape)]
        notes = [
            item
            for page in slide
            if local(page) == "notes"
            for shape in page
            if _class(shape) not in _FURNITURE
            for item in _paragraphs(shape)
        ]
        if heading or found or notes:
            yield Block(heading or f"Slide {number}", level=1, page=number)
            yield from (_block(marker, text, number) for marker, text in found)
        if notes:
            yield Block("Notes", level=2, page=number)
            yield from (_block(marker, text, number) for marker, text in notes)


def _class(shape: "_Element") -> str:
    return str(shape.get(f"{_PRESENTATION}class", ""))


def _block(marker: str, text: str, page: int) -> Block:
    block = Block(text, tight=marker == "|", page=page)
    return block.marked(marker) if marker == "•" else block


def _paragraphs(shape: "_Element") -> Iterator[tuple[str, str]]:
    """The paragraphs of a shape and those in it, each with what it is: an item, a row, or neither."""
    for element in shape.iter(f"{TEXT}p", f"{TEXT}h", f"{_TABLE}table-row"):
        if local(element) == "table-row":
            cells = [" ".join(_words(p) for p in cell.iter(f"{TEXT}p")) for cell in element]
            if any(cells):
                yield "|", " | ".join(cells).rstrip(" |")
            continue
        above = {local(ancestor) for ancestor in element.iterancestors()}
        if "table-row" not in above and (text := _words(element)):
            yield "•" if "list-item" in above else "", text


def _words(paragraph: "_Element") -> str:
    words = Words()
    words_of(paragraph, words)
    return " ".join(words.text.split())
