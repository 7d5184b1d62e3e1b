"""From a document to its sentences and to the runs of sentences that are embedded and found.

Two kinds of runs, because two readers want different things. *Segments* do not overlap and fill what the embedder
reads: each is encoded once, and its token vectors are pooled into one vector a sentence. *Windows* overlap and are what
search finds: their vectors are made of their sentences' [1], so overlapping costs no encoding. Both stay within one
section. Lists, tables and what introduces them are not torn where they fit.

Offsets are computed, never searched for. Nothing here embeds or writes.

[1] Günther et al., "Late Chunking: Contextual Chunk Embeddings", 2024.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from corpus.document import NUMBERED_PARAGRAPH, Document
from corpus.structure import Paragraph, Places, document_sentences, paragraphs

TokenSpans = Callable[[str], list[tuple[int, int]]]
"""From a text to the character spans of its tokens, in order."""

CHUNKER = "windows-2"
SEGMENT_TOKENS = 200
MAX_CONTEXT_TOKENS = 48
"""Title and heading are embedded in front of a segment; with the model's own two tokens all fits into 256."""
WINDOW_TOKENS = 180
STRIDE_TOKENS = 45
"""A new window begins about every so many tokens. All four were chosen on squad2_dev (`evals/LOG.md`)."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A document as the index needs it.

    `sentences` are half-open spans of its text, in order; `segments` and `windows` are ranges of their numbers. Every
    sentence is in exactly one segment and in at least one window.
    """

    sentences: tuple[tuple[int, int], ...]
    segments: tuple[range, ...]
    windows: tuple[range, ...]

    def span(self, run: range) -> tuple[int, int]:
        """Where the text of a run is."""
        return self.sentences[run.start][0], self.sentences[run.stop - 1][1]


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence, its tokens, and what stands around it: `block` is the list or table that it is part of."""

    start: int
    end: int
    first_token: int
    end_token: int
    section: int
    block: int


def cut(
    document: Document,
    token_spans: TokenSpans,
    *,
    segment_tokens: int = SEGMENT_TOKENS,
    window_tokens: int = WINDOW_TOKENS,
    stride_tokens: int = STRIDE_TOKENS,
) -> Cut:
    """The sentences, segments and windows of a document.

    A sentence that alone is over a limit is cut where a token ends. Headings lie outside of all three.
    """
    longest = min(segment_tokens, window_tokens)
    sentences = list(_sentences(document, token_spans(document.text), longest))
    segments: list[range] = []
    windows: list[range] = []
    for _, group in groupby(range(len(sentences)), key=lambda i: sentences[i].section):
        atoms = list(_atoms(sentences, list(group), longest))
        segments += _runs(sentences, atoms, segment_tokens, segment_tokens)
        windows += _runs(sentences, atoms, window_tokens, stride_tokens)
    return Cut(tuple((s.start, s.end) for s in sentences), tuple(segments), tuple(windows))


def context_of(document: Document, places: Places, position: int) -> str:
    """What helps to find a passage and is never quoted: the document's title and the heading at its start."""
    return "\n".join(part for part in (document.title, places.heading(position)) if part)


def _sentences(document: Document, tokens: list[tuple[int, int]], max_tokens: int) -> Iterator[_Sentence]:
    token_starts = [start for start, _ in tokens]
    sections = sorted({s.start for s in document.sections if s.level < NUMBERED_PARAGRAPH})
    shapes = paragraphs(document.text)
    starts, blocks = [shape.start for shape in shapes], _blocks(document.text, shapes)
    for start, end in document_sentences(document):
        first, last = bisect_left(token_starts, start), bisect_left(token_starts, end)
        section, block = bisect_left(sections, start + 1), blocks[bisect_left(starts, start + 1) - 1]
        for piece in range(first, max(last, first + 1), max_tokens):
            stop = min(piece + max_tokens, last)
            piece_start = start if piece == first else token_starts[piece]
            piece_end = end if stop == last else tokens[stop - 1][1]
            yield _Sentence(piece_start, piece_end, piece, stop, section, block)


def _blocks(text: str, shapes: Sequence[Paragraph]) -> list[int]:
    """For each paragraph the list or table that it belongs to, its introduction included; prose is -1."""
    sizes = [0] * (shapes[-1].block + 1 if shapes else 0)
    for shape in shapes:
        sizes[shape.block] += 1
    blocks = [shape.block if sizes[shape.block] > 1 or shape.marker else -1 for shape in shapes]
    for i in range(len(shapes) - 2, -1, -1):
        introduces = text[shapes[i].start : shapes[i].end].endswith((":", "："))
        if introduces and blocks[i + 1] >= 0:
            blocks[i] = blocks[i + 1]
    return blocks


def _atoms(sentences: Sequence[_Sentence], numbers: Sequence[int], max_tokens: int) -> Iterator[range]:
    """Runs that are not torn: a list or table that fits, else a sentence."""
    for block, group in groupby(numbers, key=lambda i: sentences[i].block):
        run = list(group)
        fits = sentences[run[-1]].end_token - sentences[run[0]].first_token <= max_tokens
        if block >= 0 and fits:
            yield range(run[0], run[-1] + 1)
        else:
            yield from (range(i, i + 1) for i in run)


def _runs(sentences: Sequence[_Sentence], atoms: Sequence[range], max_tokens: int, stride: int) -> Iterator[range]:
    """Runs of atoms within `max_tokens`, a new one about every `stride` tokens, none within the one before it."""
    first = last = 0
    while first < len(atoms):
        start = sentences[atoms[first].start].first_token
        end = first
        while end + 1 < len(atoms) and sentences[atoms[end + 1].stop - 1].end_token - start <= max_tokens:
            end += 1
        if end >= last:
            yield range(atoms[first].start, atoms[end].stop)
            last = end + 1
        if end + 1 == len(atoms):
            return
        first += 1
        while first <= end and (
            sentences[atoms[first].start].first_token - start < stride or not _num_tokens(sentences, atoms[first])
        ):
            first += 1  # a part of a word that is one token has none of its own, and begins no run


def _num_tokens(sentences: Sequence[_Sentence], run: range) -> int:
    return sentences[run.stop - 1].end_token - sentences[run.start].first_token
