"""The documents that claims are made from: their sentences, and which documents are near each other by words."""

import re
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from corpus.language import language_of
from corpus.sentences import sentence_spans
from evals.bench.public_data import documents_of

_NUM_NEAR = 6


class Collection:
    """The documents of a set, with the documents that are near each."""

    def __init__(self, folder: Path) -> None:
        rows = documents_of(folder)
        self.name = folder.name
        self.titles = {row["id"]: str(row["title"]) for row in rows}
        self.texts = {row["id"]: str(row["text"]) for row in rows}
        self.ids = list(self.texts)
        self._matrix: Any = None

    def near(self, text: str, avoid: set[str]) -> list[str]:
        """The texts of the passages that are nearest by words, the avoided documents left out."""
        from sklearn.feature_extraction.text import TfidfVectorizer

        if self._matrix is None:
            self._vectorizer = TfidfVectorizer(sublinear_tf=True, stop_words="english")
            self._matrix = self._vectorizer.fit_transform(self.texts[id_][:3000] for id_ in self.ids)
        scores = (self._matrix @ self._vectorizer.transform([text]).T).toarray()[:, 0]
        order = [self.ids[i] for i in np.argsort(-scores, kind="stable")[: _NUM_NEAR + len(avoid)]]
        return [self.texts[id_] for id_ in order if id_ not in avoid][:_NUM_NEAR]


def split(text: str) -> list[str]:
    """The sentences of a text."""
    return [
        line[a:b]
        for line in text.splitlines()
        for a, b in sentence_spans(line, 0, len(line), language=language_of(text))
    ]


def around(sentences: Sequence[str], at: int, rng: Random) -> list[str]:
    """Quotes that hold a sentence: it alone, with neighbours, in one quote or one by one, or its whole paragraph."""
    width = rng.choice((0, 0, 1, 2, len(sentences)))
    some = list(sentences[max(0, at - width) : at + width + 1])
    return some if width < len(sentences) and rng.random() < 0.4 else [" ".join(some)]


def without(passage: str, quotes: Sequence[str], claim: str) -> str:
    """The passage without its evidence and without every other sentence that shares half of the claim's words."""
    words = set(re.findall(r"\w{4,}", claim.lower()))
    rest = []
    for sentence in split(passage):
        shared = len(words & set(re.findall(r"\w{4,}", sentence.lower()))) / max(len(words), 1)
        if shared < 0.5 and not any(sentence in quote or quote in sentence for quote in quotes):
            rest.append(sentence)
    return " ".join(rest) if len(rest) >= 2 else ""
