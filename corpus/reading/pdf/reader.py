"""PDF: the words of its pages in reading order, without headers and footers, its pages as sections.

pdfium finds the characters; everything else is told from where they stand. Pages are taken one after the other, so that
a document of thousands needs no more memory than its text. Pictures are not read, unless `ocr.py` can read pages that
have nothing else; what is filled into a form is. Vertical writing stays in the order of the file.
"""

from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Any

from corpus.blocks import Block, assemble
from corpus.dates import date_near_head
from corpus.document import Draft
from corpus.errors import UnreadableFile
from corpus.reading.pdf.characters import page_pieces
from corpus.reading.pdf.facts import outline, page_labels, stated_facts, stated_title
from corpus.reading.pdf.furniture import without_furniture
from corpus.reading.pdf.headings import heading_levels
from corpus.reading.pdf.hyphens import mended
from corpus.reading.pdf.layout import page_lines
from corpus.reading.pdf.ocr import page_reader
from corpus.reading.pdf.paragraphs import Paragraph, across_pages, page_paragraphs
from corpus.reading.pdf.pieces import PagePieces

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

_PASSWORD_NEEDED = 4
_TITLE_PAGES = 2
_MAX_RANGES = 20


def read_pdf(content: bytes, name: str) -> list[Draft]:
    """One draft: the stated title, else the largest heading at its beginning, else the file's name.

    Raises `UnreadableFile` where a password is needed, the file is damaged, or no page has text.
    """
    with closing(_opened(content)) as document:
        pages = _Pages(document)
        paragraphs = list(across_pages(pages.paragraphs()))
        if not paragraphs:
            raise UnreadableFile(pages.reason())
        return [_draft(document, paragraphs, name, pages.warnings())]


def _opened(content: bytes) -> "PdfDocument":
    from pypdfium2 import PdfDocument, PdfiumError

    try:
        document = PdfDocument(content)
    except PdfiumError as error:
        if error.err_code == _PASSWORD_NEEDED:
            raise UnreadableFile("it is protected by a password: remove the password, and add it again") from error
        raise UnreadableFile("it is damaged beyond repair: open it in a viewer, and save it again") from error
    if document.get_formtype():
        document.init_forms()
    return document


def _draft(document: "PdfDocument", paragraphs: list[Paragraph], name: str, warnings: tuple[str, ...]) -> Draft:
    levels = heading_levels(paragraphs, outline(document))
    texts = mended([paragraph.text for paragraph in paragraphs])
    blocks = [
        Block(text, level=level, tight=p.tight or p.is_row, page=p.page)
        for text, level, p in zip(texts, levels, paragraphs, strict=True)
    ]
    text, sections = assemble(blocks, page_labels=page_labels(document))
    heads = [(b.level, b.text) for b in blocks if b.level and (b.page or 1) <= _TITLE_PAGES]
    facts = stated_facts(document)
    published = date_near_head(text) or facts.get("created")
    return Draft(
        title=stated_title(document) or (min(heads, key=lambda head: head[0])[1] if heads else name),
        text=text,
        published=published,
        sections=sections,
        metadata=facts | ({"published_is_guessed": True} if published else {}),
        warnings=warnings,
    )


class _Pages:
    """The pages of a document, taken once, and what was wrong with them."""

    def __init__(self, document: "PdfDocument") -> None:
        self._document = document
        self._broken: list[int] = []
        self._without_text: list[int] = []
        self._by_ocr: list[int] = []
        self._reader = page_reader()

    def paragraphs(self) -> Iterator[list[Paragraph]]:
        """The paragraphs of each page that has any besides headers and footers."""
        for page in without_furniture(self._pieces()):
            if page.pieces:
                yield page_paragraphs(page_lines(page), page.number)
            else:
                self._without_text.append(page.number)

    def warnings(self) -> tuple[str, ...]:
        """Which pages have no text, and which cannot be read."""
        return tuple(
            f"{named(numbers)} {'has' if len(numbers) == 1 else 'have'} {what}"
            for numbers, what in (
                (self._without_text, "no text"),
                (self._by_ocr, "been read by OCR, which may misread letters"),
                (self._broken, "damage and cannot be read"),
            )
            if numbers
        )

    def reason(self) -> str:
        """Why nothing was found."""
        if self._without_text and self._reader:
            return "no page has text, and OCR found none in time: run it through an OCR program, and add it again"
        if self._without_text:
            return "no page has text, it is a scan: install communique[ocr], or run it through an OCR program"
        return "none of its pages can be read: open it in a viewer, and save it again"

    def _pieces(self) -> Iterator[PagePieces]:
        for number in range(1, len(self._document) + 1):
            page = self._page(number)
            if page:
                yield page
            else:
                self._broken.append(number)

    def _page(self, number: int) -> PagePieces | None:
        from pypdfium2 import PdfiumError

        try:
            if self._document.formenv:
                with closing(self._document[number - 1]) as form:
                    form.flatten()  # what is filled in becomes words of the page, once it is opened again
            page: Any = self._document[number - 1]
            with closing(page), closing(page.get_textpage()) as text_page:
                found = page_pieces(number, text_page, page.get_cropbox())
                return found if found.pieces else self._seen(page, number) or found
        except PdfiumError:
            return None

    def _seen(self, page: Any, number: int) -> PagePieces | None:
        """What can be read on the picture of a page, where something reads pictures."""
        found = self._reader(page, number) if self._reader else None
        if not found or not found.pieces:
            return None
        self._by_ocr.append(number)
        return found


def named(numbers: list[int]) -> str:
    """Pages as a person would name them.

    >>> named([3, 7, 8, 9]), named([4])
    ('pages 3, 7-9', 'page 4')
    """
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    said = [f"{a}-{b}" if a != b else str(a) for a, b in ranges[:_MAX_RANGES]]
    more = f" and {len(ranges) - _MAX_RANGES} more ranges" if len(ranges) > _MAX_RANGES else ""
    return f"{'page' if len(numbers) == 1 else 'pages'} {', '.join(said)}{more}"
