"""How probable it is that the documents speak of what is asked at all, before anything is answered.

Told by the best sentence's probability, which goes by the question's words, and by the cosine of the nearest passage,
which knows what the words mean: a paraphrase shares few words with its answer and is near to it all the same. A
logistic model, fitted by `evals/fit_evidence.py` on questions whose own document is there or hidden; its weights are
the readable file `answerable_weights.json`. It does not tell a text that answers from one that only touches.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from math import exp, log
from pathlib import Path

from index.retrieval import Found

_WEIGHTS = Path(__file__).with_name("answerable_weights.json")
_SMALLEST = 1e-6


@dataclass(frozen=True, slots=True)
class AnswerableWeights:
    """probability = 1 / (1 + exp(-(intercept + evidence · log-odds of the best sentence + cosine · cosine))).

    Below `least` nothing is answered.
    """

    intercept: float
    evidence: float
    cosine: float
    least: float

    def probability(self, best: float, cosine: float) -> float:
        """From the `best` sentence's probability and the nearest passage's cosine; within 0 and 1."""
        return 1 / (1 + exp(-(self.intercept + self.evidence * log_odds(best) + self.cosine * cosine)))


@lru_cache
def load_answerable_weights(path: Path = _WEIGHTS) -> AnswerableWeights:
    """The weights in a file of that form, by name."""
    return AnswerableWeights(**json.loads(path.read_text()))


def log_odds(probability: float) -> float:
    """Of a probability within 0 and 1, both of which are taken for a millionth less.

    >>> log_odds(0.5)
    0.0
    """
    kept = min(max(probability, _SMALLEST), 1 - _SMALLEST)
    return log(kept / (1 - kept))


def nearest_cosine(found: Found) -> float | None:
    """The highest cosine of question and passage among the hits; None where they were found by words alone."""
    return max((hit.dense for hit in found.hits if hit.dense is not None), default=None)


def speaks_of_it(best: float, cosine: float) -> bool:
    """Whether documents with such a best sentence and such a nearest passage are worth answering from."""
    weights = load_answerable_weights()
    return weights.probability(best, cosine) >= weights.least
