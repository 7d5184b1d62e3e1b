"""From a quote that somebody copied, or a span, to the place in the document; or what to do where that fails.

A quote is compared character by character: what differs in a comma is another quote, and the nearest sentence shows it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from corpus.document import Document
from corpus.errors import UnknownDocument
from corpus.sentences import sentence_spans
from corpus.structure import paragraphs
from index.words import words

Span = tuple[int, int]

_SHOWN_CHARS = 160
_PIECE_CHARS = 4_000
_SHOWN_PLACES = 3


class NotPlaced(Exception):
    """A quote or a span that is at no one place; the message says what to mend."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A span, and a remark where it is not quite what was written."""

    start: int
    end: int
    remark: str = ""


@dataclass(slots=True)
class Places:
    """Finds places in the documents that `document` gives by id; each document is looked up once.

    `document` raises `UnknownDocument`.
    """

    document: Callable[[str], Document]
    _documents: dict[str, Document | UnknownDocument] = field(default_factory=dict)
    _pieces: dict[str, list[tuple[Span, frozenset[str]]]] = field(default_factory=dict)

    def place(self, document_id: str, *, quote: str | None = None, span: Span | None = None) -> Placed:
        """The place of a span, of a quote, or of both: where they differ, the quote decides. Raises `NotPlaced`."""
        document = self._document(document_id)
        if quote is None:
            if span is None:
                raise NotPlaced("give a quote, or start and end")
            return self._of_span(document, span)
        if not quote.strip():
            raise NotPlaced("the quote is empty: copy the words that answer")
        if span is not None and document.text[max(span[0], 0) : max(span[1], 0)] == quote:
            return Placed(*span)
        return self._of_quote(document, quote, span)

    def nearest(self, document: Document, quote: str) -> str:
        """The sentence of the document that shares most of its words with the quote, shortened; empty where none does.

        Time is linear in the document, once, and then in its number of words for each quote.
        """
        wanted = frozenset(words(quote[:_PIECE_CHARS]))
        if document.id not in self._pieces:
            self._pieces[document.id] = [
                (piece, frozenset(words(document.text[slice(*piece)]))) for piece in _pieces_of(document.text)
            ]
        pieces = self._pieces[document.id]
        shared, piece = max(((len(wanted & said), piece) for piece, said in pieces), default=(0, (0, 0)))
        if not shared:
            return ""
        spans = sentence_spans(document.text, *piece, language=document.language)
        sentences = [document.text[slice(*span)] for span in spans]
        return shown(max(sentences, key=lambda sentence: _likeness(wanted, sentence), default=""))

    def _document(self, document_id: str) -> Document:
        if document_id not in self._documents:
            try:
                self._documents[document_id] = self.document(document_id)
            except UnknownDocument as error:
                self._documents[document_id] = error
        found = self._documents[document_id]
        if isinstance(found, UnknownDocument):
            raise NotPlaced(str(found))
        return found

    def _of_span(self, document: Document, span: Span) -> Placed:
        start, end = span
        if not 0 <= start < end <= len(document.text):
            raise NotPlaced(
                f"the span {start} to {end} is not in {document.id!r}, which has {len(document.text)} characters"
            )
        return Placed(start, end)

    def _of_quote(self, document: Document, quote: str, span: Span | None) -> Placed:
        places = _found(quote, document.text)
        if not places:
            near = self.nearest(document, quote)
            hint = f"the nearest sentence there is {near!r}" if near else "no sentence there shares a word with it"
            is_gone = "is no longer" if span else "is not"
            raise NotPlaced(f"the quote {shown(quote)!r} {is_gone} in {document.id!r}: {hint}")
        if len(places) > 1:
            ways = " or ".join(f"{start} to {start + len(quote)}" for start in places[:_SHOWN_PLACES])
            raise NotPlaced(
                f"the quote {shown(quote)!r} occurs {len(places)} times in {document.id!r}: "
                f"make it longer, or give start and end ({ways}{' …' if len(places) > _SHOWN_PLACES else ''})"
            )
        start, end = places[0], places[0] + len(quote)
        if span is None:
            return Placed(start, end)
        return Placed(
            start, end, f"the quote is at {start} to {end} of {document.id!r} now, not at {span[0]}: it moved"
        )


def shown(text: str) -> str:
    """A text as an error shows it: on one line, its end left out when it is long.

    >>> shown("The  boats" + chr(10) + "are out.")
    'The boats are out.'
    """
    line = " ".join(text[: 4 * _SHOWN_CHARS].split())
    return line if len(line) <= _SHOWN_CHARS else f"{line[: _SHOWN_CHARS - 1]}…"


def _found(quote: str, text: str) -> list[int]:
    places, start = [], text.find(quote)
    while start >= 0:
        places.append(start)
        start = text.find(quote, start + len(quote))
    return places


def _pieces_of(text: str) -> Sequence[Span]:
    """The paragraphs, long ones in parts, so that no one of them takes long to cut into sentences."""
    return [
        (start, min(start + _PIECE_CHARS, paragraph.end))
        for paragraph in paragraphs(text)
        for start in range(paragraph.start, paragraph.end, _PIECE_CHARS)
    ]


def _likeness(wanted: frozenset[str], sentence: str) -> float:
    said = frozenset(words(sentence))
    return len(wanted & said) / max(len(wanted | said), 1)
