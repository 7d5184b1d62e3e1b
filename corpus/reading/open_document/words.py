"""The words of one OpenDocument paragraph as a reader sees them, and what hangs on it: text boxes and notes."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from corpus.blocks import PAGE_BREAK
from corpus.reading.office.packages import local
from corpus.reading.open_document.lists import TEXT, whole

if TYPE_CHECKING:
    from lxml.etree import _Element

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_CHARACTERS = {"tab": " ", "line-break": "\n", "soft-page-break": PAGE_BREAK}
_SKIPPED = frozenset(
    "annotation annotation-end ruby-text title desc tracked-changes change bookmark event-listeners object "
    "object-ole image hidden-text hidden-paragraph script binary-data forms".split()
)
_DRAWN = frozenset("frame custom-shape g rect ellipse a".split())


@dataclass(slots=True)
class Words:
    """What was found in a paragraph, in order. A note is its number and its body."""

    pieces: list[str] = field(default_factory=list)
    boxes: list["_Element"] = field(default_factory=list)
    notes: list[tuple[str, "_Element"]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The words with their breaks."""
        return "".join(self.pieces)


def words_of(element: "_Element", words: Words, *, only: "_Element | None" = None) -> None:
    """Adds what a reader sees of an element to the words; of one child where it is given."""
    if only is None:
        words.pieces.append(_spaced(element.text))
    for child in element if only is None else (only,):
        name = local(child)
        if name == "s":
            words.pieces.append(" " * min(whole(child.get(f"{TEXT}c"), 1), 100))
        elif name in _CHARACTERS:
            words.pieces.append(_CHARACTERS[name])
        elif name == "note":
            _note(child, words)
        elif name in {"text-box", "custom-shape", "rect", "ellipse"}:
            words.boxes.append(child)
        elif name not in _SKIPPED:
            words_of(child, words)
        if only is None:
            words.pieces.append(_spaced(child.tail))


def _note(note: "_Element", words: Words) -> None:
    citation, body = note.find(f"{TEXT}note-citation"), note.find(f"{TEXT}note-body")
    if body is not None:
        number = (citation.text or "") if citation is not None else ""
        words.notes.append((number.strip() or str(len(words.notes) + 1), body))


def _spaced(text: str | None) -> str:
    """The text with the breaks of the XML, which are no breaks of lines, as spaces."""
    return (text or "").replace("\n", " ").replace("\r", " ")
