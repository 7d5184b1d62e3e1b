"""Whether the words of a claim stand in the order, and beside the words, that they have in its quotes."""

from collections.abc import Sequence
from itertools import pairwise

from assistant.claims.alignment import Alignment, near

_MAX_RUN = 64


def order_features(a: Alignment) -> dict[str, float]:
    """Runs, neighbours and rows of content words that the claim has in common with a quote, as shares."""
    keys = a.claim.keys
    run = _longest_common_run(keys, [sentence.keys for sentence in a.sentences])
    pairs = set(pairwise(keys))
    quoted = {pair for sentence in a.sentences for pair in pairwise(sentence.keys)}
    neighbours = list(pairwise(keys[i] for i in a.content))
    in_order = [any(near(s, one, other, ordered=True) for s in a.sentences) for one, other in neighbours]
    reversed_ = [
        not there and any(near(s, other, one, ordered=True) for s in a.focused)
        for there, (one, other) in zip(in_order, neighbours, strict=True)
    ]
    count = max(len(neighbours), 1)
    return {
        "longest_run": run / max(len(keys), 1),
        "pairs": len(pairs & quoted) / max(len(pairs), 1),
        "skip_pairs": sum(in_order) / count,
        "reversed_pairs": sum(reversed_) / count,
    }


def _longest_common_run(one: Sequence[str], others: Sequence[Sequence[str]]) -> int:
    """The number of words in the longest run that a text has in common with one of the others, counted up to 64.

    A run of n words holds one of n - 1, so the length is found by halving.
    """
    least, most = 0, min(len(one), _MAX_RUN)
    while least < most:
        length = (least + most + 1) // 2
        runs = _runs(one, length)
        if any(run in runs for other in others for run in _runs(other, length)):
            least = length
        else:
            most = length - 1
    return least


def _runs(keys: Sequence[str], length: int) -> set[tuple[str, ...]]:
    return {tuple(keys[i : i + length]) for i in range(len(keys) - length + 1)}
