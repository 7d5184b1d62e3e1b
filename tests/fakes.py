"""Fakes behind the real interfaces, for speed: everything else in the tests is real."""

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.embedding import Vectors
from index.store import VectorStore
from index.words import stems


class HashEncoder:
    """An `index.embedding.Encoder` whose vectors are bags of hashed stems: like texts are near, nothing is loaded."""

    def __init__(self, name: str = "hash", dimension: int = 64) -> None:
        self.name = name
        self.dimension = dimension
        self.max_tokens = 256

    def encode(self, texts: Sequence[str]) -> Vectors:
        return self._vectors(texts)

    def encode_spans(
        self, texts: Sequence[str], spans: Sequence[Sequence[tuple[int, int]]]
    ) -> tuple[Vectors, list[Vectors]]:
        pieces = [[text[a:b] for a, b in some] for text, some in zip(texts, spans, strict=True)]
        return self.encode(texts), [self._vectors(some) for some in pieces]

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

    def __init__(self, *, interrupt_at: int) -> None:
        super().__init__()
        self._left = interrupt_at

    def encode(self, texts: Sequence[str]) -> Vectors:
        self._left -= 1
        if self._left == 0:
            raise KeyboardInterrupt
        return super().encode(texts)


class FaultyStore(VectorStore):
    """A real store that fails while `fault` is set, after it has done half of what it was asked to add."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.fault: BaseException | None = None

    def add(self, ids: Sequence[str], vectors: Vectors, document_ids: Sequence[str]) -> None:
        if self.fault is None:
            super().add(ids, vectors, document_ids)
            return
        half = len(ids) // 2
        super().add(ids[:half], vectors[:half], document_ids[:half])
        raise self.fault
