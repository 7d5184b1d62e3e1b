"""A document as the index keeps it: cut into windows and sentences, with their vectors. Nothing is stored here."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from corpus.document import Document
from corpus.structure import Places
from index.chunking import (
    MAX_CONTEXT_TOKENS,
    SEGMENT_TOKENS,
    STRIDE_TOKENS,
    WINDOW_TOKENS,
    Cut,
    context_of,
    cut,
)
from index.embedding import Encoder, Vectors, unit_rows
from index.late_interaction import Packed, packed
from index.memory import give_back_freed

_MAX_SEGMENT_TOKENS = 500  # longer ones would fit some embedders, and cost them more than they gain
_SEGMENTS_AT_ONCE = 64
_RESERVED_TOKENS = 8  # for the model's own and its prompt


@dataclass(frozen=True, slots=True)
class Embedded:
    """A document as it was cut, and its windows and sentences as `(w, d)` and `(s, d)` float32 unit rows, in order;
    `tokens` are each sentence's.
    """

    cut: Cut
    windows: Vectors
    sentences: Vectors
    tokens: tuple[Packed, ...]


def cut_for(encoder: Encoder, document: Document) -> Cut:
    """The document cut by the embedder's tokenizer into what it reads at once.

    Windows of an embedder whose vectors are not the means of its tokens' are encoded one by one and do not overlap.
    """
    room = min(encoder.max_tokens, _MAX_SEGMENT_TOKENS) - MAX_CONTEXT_TOKENS - _RESERVED_TOKENS
    longest = max(room, SEGMENT_TOKENS // 4)
    window = min(WINDOW_TOKENS, longest)
    stride = STRIDE_TOKENS if encoder.pools_means else window
    return cut(document, encoder.token_spans, segment_tokens=longest, window_tokens=window, stride_tokens=stride)


def embed(encoder: Encoder, items: Sequence[tuple[Document, Cut]]) -> list[Embedded]:
    """The vectors of each document's windows and sentences.

    Segments of all documents are encoded together; title and heading stand before each, cut to what leaves room.
    """
    texts, spans = [], []
    for document, made in items:
        places = Places(document)
        for run in made.segments:
            start, end = made.span(run)
            head = _head(encoder, document, places, start)
            texts.append(head + document.text[start:end])
            inside = made.sentences[run.start : run.stop]
            spans.append([(0, len(head) - 1), *((len(head) + a - start, len(head) + b - start) for a, b in inside)])
    of_segments = _encoded(encoder, texts, spans)
    embedded = []
    for document, made in items:
        parts = [next(of_segments) for _ in made.segments]
        empty = np.zeros((0, encoder.dimension), dtype=np.float32)
        heads = np.concatenate([empty, *(vectors[:1] for vectors, _ in parts)])
        sentences = np.concatenate([empty, *(vectors[1:] for vectors, _ in parts)])
        windows = window_vectors(encoder, document, made, sentences, heads)
        tokens = tuple(rows for _, of_sentences in parts for rows in of_sentences)
        embedded.append(Embedded(made, windows, sentences, tokens))
    return embedded


def _encoded(
    encoder: Encoder, texts: Sequence[str], spans: Sequence[Sequence[tuple[int, int]]]
) -> Iterator[tuple[Vectors, list[Packed]]]:
    """For each text the vectors of its spans, and the tokens of all but the first. They are packed a part of the texts
    at a time: as they come, those of a book would take gigabytes.
    """
    for start in range(0, len(texts), _SEGMENTS_AT_ONCE):
        part = slice(start, start + _SEGMENTS_AT_ONCE)
        for found in encoder.encode_spans(texts[part], spans[part])[1]:
            yield found.vectors, [packed(rows) for rows in found.tokens[1:]]
        give_back_freed()


def window_vectors(encoder: Encoder, document: Document, made: Cut, sentences: Vectors, heads: Vectors) -> Vectors:
    """The mean of each window's sentences and of the title and heading before its first, weighted by their length,
    which is about the mean of its tokens; or, for an embedder that pools otherwise, what it makes of the window's text.
    """
    places = Places(document)
    if not encoder.pools_means:
        texts = [document.text[slice(*made.span(run))] for run in made.windows]
        before = [_head(encoder, document, places, made.span(run)[0]) for run in made.windows]
        return encoder.encode([head + text for head, text in zip(before, texts, strict=True)])
    lengths = np.array([[end - start] for start, end in made.sentences], dtype=np.float32).reshape(-1, 1)
    sums = np.zeros((len(made.windows), encoder.dimension), dtype=np.float32)
    firsts = [run.start for run in made.segments]
    starts = [made.span(run)[0] for run in made.segments]
    weighted = [len(_head(encoder, document, places, at)) * head for at, head in zip(starts, heads, strict=True)]
    for i, run in enumerate(made.windows):
        sums[i] = weighted[bisect_right(firsts, run.start) - 1]
        sums[i] += (lengths[run.start : run.stop] * sentences[run.start : run.stop]).sum(axis=0)
    return unit_rows(sums)


def _head(encoder: Encoder, document: Document, places: Places, position: int) -> str:
    """Title and heading as the embedder reads them before a text, cut to their share of its tokens."""
    context = context_of(document, places, position)
    tokens = encoder.token_spans(context)
    return (context[: tokens[MAX_CONTEXT_TOKENS - 1][1]] if len(tokens) > MAX_CONTEXT_TOKENS else context) + "\n"
