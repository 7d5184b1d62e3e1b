"""How far the probability of an answer can be trusted: risk against coverage, and reliability, from a run's results.

The confidence of an answer is the probability of its first quote, or the least support of its claims where an LLM wrote
them; it is right where the right words come first. Refusals have none: they are the share that is not covered.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from evals.runs.results import Result

NUM_BINS = 5
_Z = 1.959964
"""Of a normal distribution, 95 % lie within so many standard deviations."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers of like confidence: their mean confidence, how many, and the share that is right with its interval."""

    confidence: float
    num: int
    right: float
    low: float
    high: float


def answered(results: Sequence[Result]) -> list[tuple[float, bool]]:
    """The confidence of each answer that was given, and whether it is right, surest first."""
    pairs = [(confidence_of(result), is_right(result)) for result in results]
    return sorted(((c, right) for c, right in pairs if c is not None and right is not None), key=lambda pair: -pair[0])


def confidence_of(result: Result) -> float | None:
    """How sure the answer is, within 0 and 1; None for a refusal, an error, and an answer that needs no evidence."""
    got = result.answer
    if got is None or not got.claims:
        return None
    if got.writer != "quote":
        return min(claim.support for claim in got.claims)
    probable = {
        (row["document_id"], row["start"], row["end"]): row["probability"] for row in got.trace.get("evidence", ())
    }
    first = got.citations[:1]
    return next((probable.get((one.document_id, one.start, one.end)) for one in first), None)


def is_right(result: Result) -> bool | None:
    """Whether the right words come first; False where there are none; None where that was not measured."""
    if not result.case.answerable:
        return False
    value = result.values.get("right words first", result.values.get("right words cited"))
    return None if value is None else value >= 0.5


def risk_coverage(results: Sequence[Result]) -> list[tuple[float, float]]:
    """Points of coverage and risk: of the surest answers, the share of all cases they are, and the share that is wrong.

    El-Yaniv & Wiener, "On the Foundations of Noise-free Selective Classification", JMLR 2010. Answers of one confidence
    come together.
    """
    pairs, points, wrong = answered(results), [], 0
    for rank, (confidence, right) in enumerate(pairs, start=1):
        wrong += not right
        if rank == len(pairs) or pairs[rank][0] != confidence:
            points.append((rank / len(results), wrong / rank))
    return points


def reliability(results: Sequence[Result]) -> list[Bin]:
    """The answers in five bins of equal width by confidence, empty ones left out.

    The share that is right has the interval of Wilson (JASA 1927). Guo et al., "On Calibration of Modern Neural
    Networks", ICML 2017.
    """
    by_bin: dict[int, list[tuple[float, bool]]] = {}
    for pair in answered(results):
        by_bin.setdefault(min(NUM_BINS - 1, int(pair[0] * NUM_BINS)), []).append(pair)
    return [_bin(by_bin[number]) for number in sorted(by_bin)]


def calibration_error(bins: Sequence[Bin]) -> float:
    """How far confidence and the share that is right lie apart, on average over the answers (Guo et al., equation 3).

    >>> calibration_error([Bin(0.9, 10, 0.8, 0, 1), Bin(0.5, 30, 0.5, 0, 1)])
    0.025
    """
    total = sum(one.num for one in bins)
    return round(sum(one.num * abs(one.confidence - one.right) for one in bins) / total, 6)


def wilson(right: int, num: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson, JASA 1927).

    >>> [round(bound, 3) for bound in wilson(8, 10)]
    [0.49, 0.943]
    """
    share, z2 = right / num, _Z**2
    middle = (share + z2 / (2 * num)) / (1 + z2 / num)
    reach = _Z * sqrt(share * (1 - share) / num + z2 / (4 * num**2)) / (1 + z2 / num)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def _bin(pairs: Sequence[tuple[float, bool]]) -> Bin:
    num_right = sum(right for _, right in pairs)
    low, high = wilson(num_right, len(pairs))
    return Bin(sum(c for c, _ in pairs) / len(pairs), len(pairs), num_right / len(pairs), low, high)
