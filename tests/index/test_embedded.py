from collections.abc import Sequence

import numpy as np

from corpus.catalogue import new_document
from index.chunking import Cut
from index.embedded import cut_for, embed
from index.embedding import Spans, Vectors
from tests.fakes import HashEncoder


class CountingEncoder(HashEncoder):
    """A hash encoder that remembers how many texts it was asked to encode at once."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[int] = []

    def encode_spans(
        self, texts: Sequence[str], spans: Sequence[Sequence[tuple[int, int]]], *, query: bool = False
    ) -> tuple[Vectors, list[Spans]]:
        self.asked.append(len(texts))
        return super().encode_spans(texts, spans, query=query)


def test_a_book_is_embedded_a_part_at_a_time(monkeypatch) -> None:
    """Its tokens' vectors are never all there at once, and what comes of it is the same."""
    text = "\n\n".join(f"{i}. State {i} measured rain on day {i}. {'It hailed there. ' * 40}" for i in range(300))
    document = new_document({"id": "book", "title": "Rain", "source": "book", "language": "en"}, text=text)
    encoder = CountingEncoder()
    made: Cut = cut_for(encoder, document)
    (parts,) = embed(encoder, [(document, made)])
    assert len(encoder.asked) > 1
    assert max(encoder.asked) <= 64
    monkeypatch.setattr("index.embedded._SEGMENTS_AT_ONCE", len(made.segments))
    (whole,) = embed(encoder, [(document, made)])
    assert encoder.asked[-1] == len(made.segments)
    assert np.array_equal(parts.windows, whole.windows)
    assert np.array_equal(parts.sentences, whole.sentences)
    assert all(np.array_equal(*both) for both in zip(parts.tokens, whole.tokens, strict=True))
