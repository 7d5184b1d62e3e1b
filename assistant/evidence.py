"""From hits to evidence: the sentences that bear on a question, each with a probability that it answers it.

A logistic model over the features below, fitted by `evals/fit_evidence.py`; its weights are the readable file
`evidence_weights.json`. It scores sentences one by one and does not read several together.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import log
from pathlib import Path

import numpy as np

from assistant.question_words import asked_kind, holds_kind
from index.passage import Hit, Passage
from index.retrieval import Found, Retriever, WordStatistics
from index.words import stems, words

FEATURES = (
    "sentence_cosine",  # question and sentence
    "passage_cosine",  # question and passage, title and heading included
    "passage_score",  # the fused score of retrieval
    "passage_score_gap",  # how far below the best hit's
    "lexical_share",  # BM25 against the best possible for the question's words
    "coverage",  # share of the question's words, weighted by rarity, in the sentence
    "passage_coverage",  # the same in the passage and its heading
    "neighbour_coverage",  # the same in the sentence before and the one after
    "pair_coverage",  # share of neighbouring question words that are neighbours in the sentence too
    "name_coverage",  # share of the question's names and numbers in the sentence
    "holds_asked_kind",  # whether it holds a number, date, name or reason where the question asks for one
    "log_words",  # length
    "is_first",  # whether it opens its passage
)
_WEIGHTS = Path(__file__).with_name("evidence_weights.json")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence of a passage: `[start, end)` in the document, and how probable it is that it answers the question."""

    document_id: str
    start: int
    end: int
    text: str
    probability: float
    passage: Passage


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic model: probability = 1 / (1 + exp(-(intercept + weights · (features - means) / scales)))."""

    intercept: float
    weights: tuple[float, ...]
    means: tuple[float, ...]
    scales: tuple[float, ...]

    def probabilities(self, features: np.ndarray) -> np.ndarray:
        """`(n, len(FEATURES))` to `(n,)`, each within 0 and 1."""
        standardised = (features - np.array(self.means)) / np.array(self.scales)
        return np.asarray(1.0 / (1.0 + np.exp(-(self.intercept + standardised @ np.array(self.weights)))))


@lru_cache
def load_weights(path: Path = _WEIGHTS) -> Weights:
    """The weights in a file of that form, by feature name."""
    rows = json.loads(path.read_text())
    columns = [rows["features"][name] for name in FEATURES]
    return Weights(
        rows["intercept"],
        tuple(column["weight"] for column in columns),
        tuple(column["mean"] for column in columns),
        tuple(column["scale"] for column in columns),
    )


class EvidenceFinder:
    """Scores the sentences of hits; their vectors come from the index, so they cost no encoding."""

    def __init__(self, retriever: Retriever, weights: Weights | None = None) -> None:
        self._retriever = retriever
        self._weights = weights

    def find(self, question: str, found: Found, statistics: WordStatistics) -> list[Evidence]:
        """Every sentence of the hits with its probability, most probable first; one text only once."""
        sentences, features = self.features(question, found, statistics)
        if not sentences:
            return []
        weights = self._weights or load_weights()
        probabilities = weights.probabilities(features)
        ranked = []
        seen = set()
        for i in np.argsort(-probabilities, kind="stable"):
            hit, start, end = sentences[i]
            passage = hit.passage
            text = passage.text[start:end]
            if text in seen:
                continue
            seen.add(text)
            at = passage.start
            ranked.append(Evidence(passage.document_id, at + start, at + end, text, float(probabilities[i]), passage))
        return ranked

    def features(
        self, question: str, found: Found, statistics: WordStatistics
    ) -> tuple[list[tuple[Hit, int, int]], np.ndarray]:
        """The sentences of the hits as `(hit, start, end)` within the passage, and their `(n, len(FEATURES))`
        features.
        """
        hits, vector = found.hits, found.vector
        if not hits or vector is None:
            return [], np.zeros((0, len(FEATURES)))
        kept = self._retriever.sentences([hit.passage.id for hit in hits])
        asked = _Question(question, statistics)
        best = max(hit.score for hit in hits)
        sentences, rows = [], []
        for hit in hits:
            if hit.passage.id not in kept:
                continue
            spans, vectors = kept[hit.passage.id]
            passage_row = (hit.dense or 0.0, hit.score, hit.score - best, asked.lexical_share(hit.lexical))
            texts = [hit.passage.text[start:end] for start, end in spans]
            around = " ".join(part for part in (hit.passage.heading, hit.passage.text) if part)
            passage_coverage = asked.coverage(stems(around))
            for i, (start, end) in enumerate(spans):
                sentences.append((hit, start, end))
                neighbours = " ".join(texts[max(i - 1, 0) : i] + texts[i + 1 : i + 2])
                rows.append(
                    (
                        float(vectors[i] @ vector),
                        *passage_row,
                        *asked.sentence_row(texts[i], passage_coverage, asked.coverage(stems(neighbours))),
                        log(1 + len(texts[i].split())),
                        float(i == 0),
                    )
                )
        return sentences, np.array(rows, dtype=np.float64).reshape(len(rows), len(FEATURES))


class _Question:
    """A question's words with their rarity, for measuring how much of it a text covers."""

    def __init__(self, question: str, statistics: WordStatistics) -> None:
        counts, num_passages = statistics.passages_by_stem, statistics.num_passages
        self.kind = asked_kind(question)
        self.words = frozenset(words(question))
        self.stems = stems(question)
        self._rarity = {s: log(1 + (num_passages + 1) / (counts[s] + 0.5)) for s in counts}
        self._total = sum(self._rarity.values())
        names = {word.lower() for word in re.findall(r"(?<!^)\b[A-Z][\w-]*|\b\w*\d\w*", question)}
        self._names = {s for name in names for s in stems(name)}
        self._pairs = set(pairwise(self.stems))

    def coverage(self, text_stems: Sequence[str]) -> float:
        present = set(text_stems)
        covered = sum(rarity for s, rarity in self._rarity.items() if s in present)
        return covered / self._total if self._total else 0.0

    def lexical_share(self, score: float | None) -> float:
        """BM25 over what it would be if each word of the question occurred once in a passage of mean length."""
        return (score or 0.0) / self._total if self._total else 0.0

    def sentence_row(self, sentence: str, passage_coverage: float, neighbour_coverage: float) -> tuple[float, ...]:
        found = stems(sentence)
        pairs = set(pairwise(found))
        return (
            self.coverage(found),
            passage_coverage,
            neighbour_coverage,
            len(self._pairs & pairs) / len(self._pairs) if self._pairs else 0.0,
            len(self._names & set(found)) / len(self._names) if self._names else 0.5,
            holds_kind(self.kind, sentence, self.words),
        )
