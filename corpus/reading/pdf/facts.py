"""What a PDF states about itself: title, author, when it was made, the numbers on its pages, its outline.

All of it comes from pdfium, which repairs what it can; what cannot be read is left out.
"""

import ctypes
import re
from collections.abc import Iterator
from typing import Any

from corpus.cleaning import normalise
from corpus.dates import iso_date
from corpus.reading.pdf.headings import MAX_LEVEL, Outline, outline_key

MAX_ENTRIES = 20_000
_MAX_CHARS = 500
_DATE = re.compile(r"(?:D:)?(\d{4})(\d{2})(\d{2})")
_NO_TITLE = re.compile(
    r"(?:microsoft (?:word|powerpoint|excel) ?-.*|untitled.*|\(?anonymous\)?|\(?unspecified\)?|"
    r"(?:document|presentation|slide|title|blank page) ?\d*|"
    r".*\.(?:docx?|pptx?|xlsx?|pdf|indd|qxd|tex|dvi|rtf|odt|p65|fm|txt|html?|cwk|cdr|ai|eps|ps|jpe?g|png|tiff?))",
    re.IGNORECASE,
)
_FACTS = {"Author": "author", "Subject": "subject", "Keywords": "keywords"}


def stated_title(document: Any) -> str | None:
    """The title in the file's properties, unless it is a program's invention or a file's name."""
    title = " ".join(_property(document, "Title").split())
    return title if len(title) > 3 and any(map(str.isalpha, title)) and not _NO_TITLE.fullmatch(title) else None


def stated_facts(document: Any) -> dict[str, str]:
    """Author, subject and keywords where the file names them, and the day on which the file was made."""
    found = {key: value for name, key in _FACTS.items() if (value := _property(document, name))}
    day = _DATE.match(_property(document, "CreationDate"))
    created = iso_date("-".join(day.groups())) if day else None
    return found | ({"created": created} if created else {})


def page_labels(document: Any) -> dict[int, str]:
    """Page, counted from 1 → the number printed on it, for those on which it is another one."""
    import pypdfium2.raw as pdfium

    labels, buffer = {}, ctypes.create_string_buffer(64)
    for index in range(len(document)):
        length = pdfium.FPDF_GetPageLabel(document, index, buffer, len(buffer))
        label = normalise(_decoded(buffer.raw[:length])) if 2 < length <= len(buffer) else ""
        if label and label != str(index + 1):
            labels[index + 1] = label
    return labels


def outline(document: Any) -> Outline:
    """The outline's entries by page and words, with their levels; the first 20,000 of them."""
    found: dict[tuple[int, str], int] = {}
    for level, title, page in _entries(document):
        found.setdefault(outline_key(page, title), min(level, MAX_LEVEL))
    return found


def _entries(document: Any) -> Iterator[tuple[int, str, int]]:
    """Level, title and page of each entry; an outline that leads back into itself ends."""
    for num_found, bookmark in enumerate(document.get_toc(max_depth=MAX_LEVEL)):
        if num_found == MAX_ENTRIES:
            return
        destination = bookmark.get_dest()
        page = destination.get_index() if destination else None
        if page is not None:
            yield bookmark.level + 1, bookmark.get_title(), page + 1


def _property(document: Any, name: str) -> str:
    import pypdfium2.raw as pdfium

    buffer = ctypes.create_string_buffer(2 * _MAX_CHARS)
    length = pdfium.FPDF_GetMetaText(document, name.encode(), buffer, len(buffer))
    return normalise(_decoded(buffer.raw[:length])).strip("\x00 ") if 2 < length <= len(buffer) else ""


def _decoded(raw: bytes) -> str:
    return raw.decode("utf-16-le", "replace").rstrip("\x00")
