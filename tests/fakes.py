"""Fakes behind the real interfaces, for speed: everything else in the tests is real."""

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.embedding import Spans, Vectors
from index.store import VectorStore
from index.words import stems, words


class HashEncoder:
    """An `index.embedding.Encoder` whose vectors are bags of hashed stems: like texts are near, nothing is loaded.

    `read` are the passages that it was given to encode.
    """

    def __init__(self, name: str = "hash", dimension: int = 64) -> None:
        self.name = name
        self.dimension = dimension
        self.max_tokens = 256
        self.pools_means = True
        self.read: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.read += texts
        return self._vectors(texts)

    def encode_query(self, text: str) -> Vectors:
        return self._vectors([text])[0]

    def encode_spans(
        self, texts: Sequence[str], spans: Sequence[Sequence[tuple[int, int]]], *, query: bool = False
    ) -> tuple[Vectors, list[Spans]]:
        pieces = [[text[a:b] for a, b in some] for text, some in zip(texts, spans, strict=True)]
        tokens = [tuple(self._vectors(piece.split()) for piece in some) for some in pieces]
        found = [Spans(self._vectors(some), words) for some, words in zip(pieces, tokens, strict=True)]
        return self._vectors(texts) if query else self.encode(texts), found

    def _vectors(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for vector, text in zip(vectors, texts, strict=True):
            for stem in stems(text) or [text]:
                digest = hashlib.sha256(stem.encode("utf-8", "surrogatepass")).digest()
                vector[digest[0] % self.dimension] += 1.0 if digest[1] % 2 else -1.0
            vector[0] += 0.1
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        return [match.span() for match in re.finditer(r"\w+|[^\w\s]", text)]


class InterruptedEncoder(HashEncoder):
    """A hash encoder under which the user presses Ctrl-C at the `interrupt_at`-th batch (counted from 1)."""

    def __init__(self, name: str = "hash", dimension: int = 64, *, interrupt_at: int) -> None:
        super().__init__(name, dimension)
        self._left = interrupt_at

    def encode(self, texts: Sequence[str]) -> Vectors:
        self._left -= 1
        if self._left == 0:
            raise KeyboardInterrupt
        return super().encode(texts)


class FaultyStore(VectorStore):
    """A real store that fails while `fault` is set, after it has done half of what it was asked to add."""

    def __init__(self, folder: Path, *, generation: int = 1) -> None:
        super().__init__(folder, generation=generation)
        self.fault: BaseException | None = None

    def add(self, ids: Sequence[str], vectors: Vectors, document_ids: Sequence[str]) -> None:
        if self.fault is None:
            super().add(ids, vectors, document_ids)
            return
        half = len(ids) // 2
        super().add(ids[:half], vectors[:half], document_ids[:half])
        raise self.fault


class WordReranker:
    """An `index.reranking.Reranker` whose score of a text is how often it holds one word; the query is not read."""

    name = "word"

    def __init__(self, word: str) -> None:
        self._word = word
        self.num_read = 0

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        self.num_read += len(texts)
        return [float(words(text).count(self._word)) for text in texts]
