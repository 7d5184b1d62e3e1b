"""A claim and the quotes it is said to rest on, and what a verifier says of them: the types that verifiers share."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

SUPPORTED, PARTLY, UNSUPPORTED = "supported", "partly", "unsupported"


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim, what is quoted for it, and the question that it answers, where there was one."""

    claim: str
    quotes: tuple[str, ...]
    question: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`verdict` is "supported", "partly" or "unsupported"; `support` the probability, within 0 and 1, that the quotes
    support the whole claim.
    """

    verdict: str
    support: float


class Verifier(Protocol):
    """What holds claims against their quotes."""

    name: str

    def verdicts(self, pairs: Sequence[Pair]) -> list[Verdict]:
        """A verdict for each pair, in the order of the pairs."""
        ...
