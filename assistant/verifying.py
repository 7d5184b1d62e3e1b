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
from itertools import islice
from pathlib import Path

import numpy as np

from assistant.answer import Citation, Claim
from assistant.claims.features import CONFLICTS, FEATURES, WORD_FEATURES, Encoded, encode, pair_features
from assistant.claims.text import MAX_CHARS, Sentence, claim_of, parts_of, sentences_of
from assistant.pairs import PARTLY, SUPPORTED, UNSUPPORTED, Pair, Verdict, Verifier
from assistant.wording import is_said
from corpus.document import Document
from corpus.language import JAPANESE, language_of
from index.embedding import DEFAULT_MODEL, Encoder

__all__ = ["FeatureVerifier", "Pair", "Verdict", "Verifier", "exact", "phrase_of", "verify"]

MAX_KNOWN = 256
"""So many texts of the last call are kept encoded; a sentence takes about 50 kB."""
SURELY_NOT = 0.1
"""A claim that is less probable by words alone is not read for its meaning: of 4,169 such pairs, out of fold, the model
with meaning gave none more than 0.33."""
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
        self._known: dict[str, Encoded] = {}

    def verdicts(self, pairs: Sequence[Pair]) -> list[Verdict]:
        """See `Verifier.verdicts`. Texts of all pairs that words alone do not rule out are encoded together."""
        plain = [_plain_verdict(pair) for pair in pairs]
        reads = {i: _Read(pairs[i]) for i, verdict in enumerate(plain) if verdict is None}
        words = {i: self._judged(read, None) for i, read in reads.items()}
        unsure = {i for i, read in reads.items() if not read.is_japanese and words[i].support >= SURELY_NOT}
        encoded = self._encoded([reads[i] for i in unsure])
        judged = {i: self._judged(reads[i], encoded) if i in unsure and encoded else words[i] for i in reads}
        return [verdict or _verdict(judged[i], reads[i], self._words) for i, verdict in enumerate(plain)]

    @cached_property
    def _words(self) -> Model:
        return (self._models or load_models())["words"]

    @cached_property
    def _encoder(self) -> Encoder | None:
        encoder = self._load_encoder() if self._load_encoder else None
        return encoder if encoder is not None and encoder.name == DEFAULT_MODEL else None

    def _encoded(self, reads: Sequence["_Read"]) -> Mapping[str, Encoded] | None:
        """What all texts of the pairs are to the embedder; those of the last call, as quotes often are, are known."""
        texts = {text.text: text for read in reads for text in (read.claim, *read.sentences)}
        if not texts or self._encoder is None:
            return None
        known = {text: encoded for text, encoded in self._known.items() if text in texts}
        new = [sentence for text, sentence in texts.items() if text not in known]
        found = known | (encode(self._encoder, new) if new else {})
        self._known = dict(islice(found.items(), MAX_KNOWN))
        return found

    def _judged(self, read: "_Read", encoded: Mapping[str, Encoded] | None) -> "_Judged":
        model = self._words if encoded is None else (self._models or load_models())["meaning"]
        features = _features(read.claim, read, encoded)
        support = model.probability(features)
        return _Judged(support, support >= model.supported_from, any(features[name] > 0 for name in CONFLICTS))


@dataclass(frozen=True, slots=True)
class _Judged:
    """What a model says of a claim as a whole, and whether something speaks against it."""

    support: float
    is_supported: bool
    is_contradicted: bool


def _verdict(judged: _Judged, read: "_Read", words: Model) -> Verdict:
    if judged.is_supported:
        return Verdict(SUPPORTED, judged.support)
    if not judged.is_contradicted and any(_is_borne_out(part, read, words) for part in read.parts):
        return Verdict(PARTLY, judged.support)
    return Verdict(UNSUPPORTED, judged.support)


def _features(claim: Sentence, read: "_Read", encoded: Mapping[str, Encoded] | None) -> dict[str, float]:
    values = pair_features(claim, read.sentences, read.question, encoded)
    return dict(zip(WORD_FEATURES if encoded is None else FEATURES, values, strict=True))


def _is_borne_out(part: Sentence, read: "_Read", words: Model) -> bool:
    """Whether a part of the claim is supported, by words alone: parts are many, and encoding them takes long."""
    return words.probability(_features(part, read, None)) >= words.supported_from


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
