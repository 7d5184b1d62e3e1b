"""A claim with its quotes and what is true of them, and the claims made of it by changing one thing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random

from assistant.pairs import PARTLY, SUPPORTED, UNSUPPORTED, Pair
from evals.claims.changes import CHANGES
from evals.claims.inventions import add_detail, add_invention
from evals.claims.rewordings import reworded

_RARE = ("unit", "date", "number", "hedge", "roles", "quantifier", "overclaim", "cause", "swap")
"""Kinds of change that few claims allow: they are tried first, most of the time."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A pair with its label, the kind of pair it is, the document it must not be parted from, and its data set.

    `base` is the same for a claim and its changes.
    """

    pair: Pair
    label: str
    kind: str
    group: str
    dataset: str
    base: str


@dataclass(frozen=True, slots=True)
class Made:
    """A claim with its quotes, before it is known what is true of them."""

    claim: str
    quotes: tuple[str, ...]
    question: str
    group: str
    dataset: str
    base: str

    def labelled(self, label: str, kind: str) -> Labelled:
        """The claim with what is true of it."""
        return Labelled(Pair(self.claim, self.quotes, self.question), label, kind, self.group, self.dataset, self.base)

    def supported(self, kind: str) -> Labelled:
        """The claim as one that its quotes support."""
        return self.labelled(SUPPORTED, kind)

    def unsupported(self, kind: str) -> Labelled:
        """The claim as one that they do not."""
        return self.labelled(UNSUPPORTED, kind)

    def changed(self, rng: Random, names: Sequence[str], num: int) -> Iterator[Labelled]:
        """The claim with one fact changed, in up to `num` ways."""
        kinds = rng.sample(list(CHANGES), len(CHANGES))
        if rng.random() < 0.7:
            kinds.sort(key=lambda kind: kind not in _RARE)
        applied = 0
        for kind in kinds:
            if applied < num and (new := CHANGES[kind](self.claim, rng, names)) and self._is_new(new):
                applied += 1
                yield replace(self, claim=new).unsupported(kind)

    def extended(self, rng: Random, others: Sequence[str]) -> Iterator[Labelled]:
        """The claim with more than its quotes say: details of other sentences, or a clause out of the air."""
        if rng.random() < 0.25 and (new := add_detail(self.claim, rng, others)) and self._is_new(new):
            yield replace(self, claim=new).labelled(PARTLY, "detail")
        if rng.random() < 0.08:
            yield replace(self, claim=add_invention(self.claim, rng)).labelled(PARTLY, "invention")

    def reworded(self, rng: Random) -> "Made":
        """The claim in other words, where a rule applies."""
        return replace(self, claim=reworded(self.claim, rng))

    def _is_new(self, claim: str) -> bool:
        return claim != self.claim and not any(claim.rstrip(".") in quote for quote in self.quotes)
