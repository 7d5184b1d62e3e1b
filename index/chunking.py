"""From a document to the spans of its passages: whole sentences, never more than the embedder reads.

Offsets are computed, never searched for: spans are sums of sentence spans. A passage stays within one section and,
where it can, ends at the end of a paragraph. Lists and numbered paragraphs stay with what introduces them as far as
the limit allows. It does not embed and does not write.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from corpus.document import NUMBERED_PARAGRAPH, Document
from corpus.structure import document_sentences, heading_at, paragraphs
from index.passage import Span

TokenSpans = Callable[[str], list[tuple[int, int]]]
"""From a text to the character spans of its tokens, in order."""

CHUNKER = "sentences-1"
MAX_PASSAGE_TOKENS = 160
MAX_CONTEXT_TOKENS = 48
"""Title and heading are embedded in front of a passage; with the model's own two tokens all fits into 256."""


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence, and what stands around it."""

    start: int
    end: int
    first_token: int
    end_token: int
    section: int
    paragraph: int


def chunk(document: Document, token_spans: TokenSpans, *, max_tokens: int = MAX_PASSAGE_TOKENS) -> list[Span]:
    """The spans of a document's passages, in order, not overlapping, each at most `max_tokens` long.

    Every sentence of the document lies within one passage, but for one that alone is over the limit: it is cut where a
    token ends. Headings lie outside.
    """
    units = list(_units(document, token_spans(document.text), max_tokens))
    return [
        Span(
            group[0].start,
            group[-1].end,
            tuple((unit.start, unit.end) for unit in group),
            heading_at(document, group[0].start),
            _page_at(document, group[0].start),
        )
        for group in _packed(units, max_tokens)
    ]


def context_of(document: Document, span: Span) -> str:
    """What helps to find a passage and is never quoted: the document's title and the passage's heading."""
    return "\n".join(part for part in (document.title, span.heading) if part)


def _units(document: Document, tokens: list[tuple[int, int]], max_tokens: int) -> Iterator[_Unit]:
    token_starts = [start for start, _ in tokens]
    sections = sorted({s.start for s in document.sections if s.level < NUMBERED_PARAGRAPH})
    paragraph_starts = [paragraph.start for paragraph in paragraphs(document.text)]
    for start, end in document_sentences(document):
        first, last = bisect_left(token_starts, start), bisect_left(token_starts, end)
        section, paragraph = bisect_left(sections, start + 1), bisect_left(paragraph_starts, start + 1)
        for piece in range(first, max(last, first + 1), max_tokens):
            stop = min(piece + max_tokens, last)
            piece_start = start if piece == first else token_starts[piece]
            piece_end = end if stop == last else tokens[stop - 1][1]
            yield _Unit(piece_start, piece_end, piece, stop, section, paragraph)


def _packed(units: list[_Unit], max_tokens: int) -> Iterator[list[_Unit]]:
    """Runs of units of one section within the limit; a paragraph that fits into one passage is not split over two."""
    group: list[_Unit] = []
    for i, unit in enumerate(units):
        if group:
            end = unit.end_token
            if unit.paragraph != group[-1].paragraph:
                whole = _paragraph_end(units, i)
                end = whole if whole - unit.first_token <= max_tokens else end
            if unit.section != group[-1].section or end - group[0].first_token > max_tokens:
                yield group
                group = []
        group.append(unit)
    if group:
        yield group


def _paragraph_end(units: list[_Unit], first: int) -> int:
    """The token after the last of the paragraph that begins with this unit."""
    last = first
    while last + 1 < len(units) and units[last + 1].paragraph == units[first].paragraph:
        last += 1
    return units[last].end_token


def _page_at(document: Document, position: int) -> int | None:
    pages = [s.page for s in document.sections if s.page is not None and s.start <= position]
    return pages[-1] if pages else None
