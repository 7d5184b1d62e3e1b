"""Each claim held against the words that it cites, before anybody sees it.

A citation's quote must be, character for character, what its snapshot holds, and a claim that repeats a quote, or the
phrase marked in it, is supported by it: that needs no model. A claim in other words is judged by `FeatureVerifier`, a
logistic model over the features of `claim_features.py`, fitted by `evals/fit_verifier.py`; its weights are the readable
file `verifier_weights.json`. It reads no grammar and knows nothing of the world: it compares.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np

from assistant.answer import Citation, Claim
from assistant.claim_features import CONFLICTS, FEATURES, WORD_FEATURES, Encoded, encode, pair_features
from assistant.claim_text import MAX_CHARS, Sentence, claim_of, parts_of, sentences_of
from assistant.pairs import PARTLY, SUPPORTED, UNSUPPORTED, Pair, Verdict, Verifier
from assistant.wording import is_said
from corpus.document import Document
from corpus.language import JAPANESE, language_of
from index.embedding import DEFAULT_MODEL, Encoder

__all__ = ["FeatureVerifier", "Pair", "Verdict", "Verifier", "exact", "phrase_of", "verify"]

MAX_CLAIM_CHARS = 4_000
"""A longer claim is not checked, and so unsupported."""
_WEIGHTS = Path(__file__).with_name("verifier_weights.json")


def exact(citation: Citation, document: Callable[[str], Document], quoted: str) -> bool:
    """Whether the citation's span of its document holds exactly the words that were found, and is not empty."""
    source = document(citation.document_id)
    return bool(quoted) and source.sha256 == citation.sha256 and source.text[citation.start : citation.end] == quoted


def phrase_of(citation: Citation) -> str:
    """The words of the phrase that is marked in the quote; empty where none is."""
    if citation.phrase is None:
        return ""
    start, end = citation.phrase
    return citation.quote[start - citation.start : end - citation.start]


def verify(text: str, citations: Sequence[Citation]) -> Claim:
    """The claim with its verdict: "supported" when its words are those of a quote or of the phrase in it, else
    "unsupported".
    """
    words = text.split()
    supported = bool(words) and any(words in (c.quote.split(), phrase_of(c).split()) for c in citations)
    numbers = tuple(citation.number for citation in citations)
    return Claim(text, numbers, SUPPORTED if supported else UNSUPPORTED, 1.0 if supported else 0.0)


@dataclass(frozen=True, slots=True)
class Term:
    """A feature, one above a knot (`name>knot` is max(0, name - knot)), or the product of two (`a*b`), with its weight.

    >>> Term("a>0.5", 2.0).value({"a": 0.75}), Term("a*b", 1.0).value({"a": 0.5, "b": 3.0})
    (0.25, 1.5)
    """

    name: str
    weight: float

    def value(self, features: Mapping[str, float]) -> float:
        """The term of these features, not weighted."""
        if "*" in self.name:
            one, other = self.name.split("*")
            return features[one] * features[other]
        name, _, knot = self.name.partition(">")
        return max(0.0, features[name] - float(knot)) if knot else features[name]


@dataclass(frozen=True, slots=True)
class Model:
    """A logistic model: probability = 1 / (1 + exp(-(intercept + sum of weight · term))).

    `supported_from` is the probability from which a claim counts as supported.
    """

    intercept: float
    terms: tuple[Term, ...]
    supported_from: float

    def probability(self, features: Mapping[str, float]) -> float:
        """Within 0 and 1."""
        score = self.intercept + sum(term.weight * term.value(features) for term in self.terms)
        return float(1.0 / (1.0 + np.exp(-np.clip(score, -30.0, 30.0))))


@lru_cache
def load_models(path: Path = _WEIGHTS) -> Mapping[str, Model]:
    """The models in a file of that form: "meaning", which needs an embedding model, and "words", which does not."""
    content = json.loads(path.read_text(encoding="utf-8"))
    return {
        name: Model(
            rows["intercept"],
            tuple(Term(term, weight) for term, weight in rows["terms"].items()),
            rows["supported_from"],
        )
        for name, rows in content["models"].items()
    }


class FeatureVerifier:
    """The built-in verifier: words, figures, order, and with an embedding model meaning, weighed by a small model.

    The embedder is loaded when a claim first needs it. The weights are for the embedder that comes with the
    installation; with any other, with none, and for Japanese, which it does not read, words alone are weighed.
    """

    def __init__(
        self, load_encoder: Callable[[], Encoder] | None = None, models: Mapping[str, Model] | None = None
    ) -> None:
        self.name = "features"
        self._load_encoder = load_encoder
        self._models = models

    def verdicts(self, pairs: Sequence[Pair]) -> list[Verdict]:
        """See `Verifier.verdicts`. Texts of all pairs that need it are encoded together."""
        found: list[Verdict | None] = [_plain_verdict(pair) for pair in pairs]
        open_pairs = {i: _Read(pairs[i]) for i, verdict in enumerate(found) if verdict is None}
        encoded = self._encoded([read for read in open_pairs.values() if not read.is_japanese])
        judged = {i: self._judged(read, None if read.is_japanese else encoded) for i, read in open_pairs.items()}
        return [verdict or judged[i] for i, verdict in enumerate(found)]

    @cached_property
    def _encoder(self) -> Encoder | None:
        encoder = self._load_encoder() if self._load_encoder else None
        return encoder if encoder is not None and encoder.name == DEFAULT_MODEL else None

    def _encoded(self, reads: Sequence["_Read"]) -> Mapping[str, Encoded] | None:
        texts = [text for read in reads for text in (read.claim, *read.parts, *read.sentences)]
        return encode(self._encoder, texts) if texts and self._encoder is not None else None

    def _judged(self, read: "_Read", encoded: Mapping[str, Encoded] | None) -> Verdict:
        model = (self._models or load_models())["words" if encoded is None else "meaning"]
        names = WORD_FEATURES if encoded is None else FEATURES

        def features_of(claim: Sentence) -> dict[str, float]:
            values = pair_features(claim, read.sentences, read.question, encoded)
            return dict(zip(names, values, strict=True))

        features = features_of(read.claim)
        support = model.probability(features)
        if support >= model.supported_from:
            return Verdict(SUPPORTED, support)
        contradicted = any(features[name] > 0 for name in CONFLICTS)
        if not contradicted and any(
            model.probability(features_of(part)) >= model.supported_from for part in read.parts
        ):
            return Verdict(PARTLY, support)
        return Verdict(UNSUPPORTED, support)


class _Read:
    """A pair as it is read: the claim, its parts, the sentences of its quotes."""

    def __init__(self, pair: Pair) -> None:
        self.claim = claim_of(pair.claim)
        self.parts = [claim_of(part) for part in parts_of(pair.claim)]
        self.question = claim_of(pair.question[:MAX_CHARS]) if pair.question.strip() else None
        self.sentences = [sentence for quote in pair.quotes for sentence in sentences_of(quote)]
        self.is_japanese = language_of(pair.claim) == JAPANESE


def _plain_verdict(pair: Pair) -> Verdict | None:
    """The verdict where none needs to be judged: nothing claimed, nothing quoted, or word for word the same."""
    if len(pair.claim) > MAX_CLAIM_CHARS:
        return Verdict(UNSUPPORTED, 0.0)
    if is_said(pair.claim, pair.quotes):
        return Verdict(SUPPORTED, 1.0)
    if not claim_of(pair.claim).content or not any(sentences_of(quote) for quote in pair.quotes):
        return Verdict(UNSUPPORTED, 0.0)
    return None
