"""Labelled pairs read into features, once: `Data`, which is kept in a folder between runs where one is given."""

import hashlib
import pickle
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.claims.features import FEATURES, Encoded, encode, pair_features
from assistant.claims.text import Sentence, claim_of, sentences_of
from assistant.pairs import SUPPORTED
from assistant.wording import is_said
from evals.claims.labelled_claim import Labelled
from evals.claims.pairs import REAL, pairs_of
from index.embedding import Encoder

_AT_ONCE, _KEPT_TEXTS = 200, 4_000


@dataclass(frozen=True, slots=True)
class Data:
    """Pairs with their features, `(n, number of features)`, labels and the weight that each has in fitting."""

    pairs: Sequence[Labelled]
    features: np.ndarray

    @property
    def right(self) -> np.ndarray:
        """`(n,)` 1.0 where the claim is supported."""
        return np.array([float(item.label == SUPPORTED) for item in self.pairs])

    @property
    def kinds(self) -> np.ndarray:
        """`(n,)` the kinds."""
        return np.array([item.kind for item in self.pairs])

    @property
    def groups(self) -> np.ndarray:
        """`(n,)` the documents that must not be parted."""
        return np.array([item.group for item in self.pairs])

    @property
    def weights(self) -> np.ndarray:
        """`(n,)`: real answers count more than made claims, and supported as much as the others."""
        kinds, right = self.kinds, self.right
        weights = np.where(kinds == "real", 3.0, np.where(np.isin(kinds, REAL), 1.5, 1.0))
        share = weights[right == 0].sum() / weights[right == 1].sum()
        return np.asarray(np.where(right == 1, weights * share, weights))

    def only(self, chosen: np.ndarray) -> "Data":
        """Those that are chosen, by number or mask."""
        rows = np.flatnonzero(chosen) if chosen.dtype == bool else chosen
        return Data([self.pairs[int(i)] for i in rows], self.features[rows])

    def columns(self, names: Sequence[str]) -> "Data":
        """The same pairs with these features only; "a*b" is the product of two."""
        place = {name: column for column, name in enumerate(FEATURES)}
        factors = [[self.features[:, place[one]] for one in name.split("*")] for name in names]
        return Data(self.pairs, np.stack([np.prod(some, axis=0) for some in factors], axis=1))


def read(pairs: Sequence[Labelled], encoder: Encoder) -> Data:
    """The pairs that need judging, with their features, document by document, so that texts are encoded once."""
    kept = [
        item
        for item in sorted(pairs, key=lambda item: item.group)
        if claim_of(item.pair.claim).content and re.search(r"\w", " ".join(item.pair.quotes)) and not _is_said(item)
    ]
    return Data(kept, np.array(list(_rows(kept, encoder))))


def _is_said(item: Labelled) -> bool:
    """Whether a quote says the claim word for word; asked only where a quote has all of its words."""
    words = {word.lower() for word in re.findall(r"\w+", item.pair.claim)}
    quotes = tuple(quote for quote in item.pair.quotes if words <= set(re.findall(r"\w+", quote.lower())))
    return bool(quotes) and is_said(item.pair.claim, quotes)


def _rows(pairs: Sequence[Labelled], encoder: Encoder) -> Iterator[list[float]]:
    known: dict[str, Encoded] = {}
    for start in range(0, len(pairs), _AT_ONCE):
        some = [_texts(item) for item in pairs[start : start + _AT_ONCE]]
        wanted = {text.text: text for claim, sentences, _ in some for text in (claim, *sentences)}
        if len(known) > _KEPT_TEXTS:
            known = {text: encoded for text, encoded in known.items() if text in wanted}
        new = [sentence for text, sentence in wanted.items() if text not in known]
        known |= encode(encoder, new) if new else {}
        yield from (pair_features(*one, known) for one in some)


def _texts(item: Labelled) -> tuple[Sentence, list[Sentence], Sentence | None]:
    sentences = [sentence for quote in item.pair.quotes for sentence in sentences_of(quote)]
    return claim_of(item.pair.claim), sentences, claim_of(item.pair.question) if item.pair.question else None


def cached(source: Path, num: int, folder: Path | None, encoder: Encoder) -> Data:
    """The pairs of a set, read, or as they were kept when they were read before."""
    key = hashlib.sha256(repr((source.name, num, FEATURES)).encode()).hexdigest()[:12]
    path = folder / f"{source.name}-{key}.pickle" if folder else None
    if path and path.exists():
        kept: Data = pickle.loads(path.read_bytes())  # noqa: S301  (written by this script)
        return kept
    data = read(pairs_of(source, num=num), encoder)
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(pickle.dumps(data))
    return data


def joined(some: Sequence[Data]) -> Data:
    """All of them as one."""
    return Data([item for data in some for item in data.pairs], np.concatenate([data.features for data in some]))
