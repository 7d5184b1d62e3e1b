"""Fakes behind the real interfaces, for speed: everything else in the tests is real."""

import hashlib
import re
from collections.abc import Sequence

import numpy as np

from index.embedding import Vectors
from index.words import stems


class HashEncoder:
    """An `index.embedding.Encoder` whose vectors are bags of hashed stems: like texts are near, and nothing is loaded."""

    def __init__(self, name: str = "hash", dimension: int = 64) -> None:
        self.name = name
        self.dimension = dimension
        self.max_tokens = 256

    def encode(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for vector, text in zip(vectors, texts, strict=True):
            for stem in stems(text) or [text]:
                digest = hashlib.sha256(stem.encode("utf-8", "surrogatepass")).digest()
                vector[digest[0] % self.dimension] += 1.0 if digest[1] % 2 else -1.0
            vector[0] += 0.1
            vector /= np.linalg.norm(vector)
        return vectors

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        return [match.span() for match in re.finditer(r"\w+|[^\w\s]", text)]
