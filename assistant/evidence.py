"""From hits to evidence: the sentences that bear on a question, each with a probability that it answers it.

A logistic model over the features of `evidence_features.py`, fitted by `evals/fit_evidence.py`; its weights are the
readable file `evidence_weights.json`. It scores sentences one by one and does not read several together.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from assistant.evidence_features import FEATURES, Row, sentence_features
from index.passage import Passage
from index.retrieval import Found, Retriever, WordStatistics

BEARING_SHARE = 0.02
"""A sentence so much less probable than the best one bears on the question no more. On clapnq_dev what is left holds
96.9 % of the characters wanted, of 97.4 % in all that is found; rules by rank or by summed probability read more for
that (`evals/LOG.md`)."""
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
        probabilities = (self._weights or load_weights()).probabilities(features)
        ranked = []
        seen = set()
        for i in np.argsort(-probabilities, kind="stable"):
            passage, start, end = sentences[i]
            text = passage.text[start - passage.start : end - passage.start]
            if text not in seen:
                seen.add(text)
                ranked.append(Evidence(passage.document_id, start, end, text, float(probabilities[i]), passage))
        return ranked

    def features(self, question: str, found: Found, statistics: WordStatistics) -> tuple[list[Row], np.ndarray]:
        """The sentences of the hits as `(passage, start, end)`, offsets of the document, and their
        `(n, len(FEATURES))` features.
        """
        kept = self._retriever.sentences([hit.passage for hit in found.hits])
        return sentence_features(question, found, kept, statistics)


def bearing(evidence: Sequence[Evidence]) -> list[Evidence]:
    """The sentences that are worth reading for the question, most probable first: as few as answer it."""
    return [item for item in evidence if item.probability >= BEARING_SHARE * evidence[0].probability]
