"""Two runs over the same cases: how probable a mean difference is where only chance tells the runs apart.

By a randomisation test, which for the few changed cases that two versions of a program usually have is stricter than
the bootstrap interval of `intervals.py`; and corrected for the number of measures that are looked at.
"""

from collections.abc import Hashable, Sequence

import numpy as np

from evals.case import Case
from evals.measures import clusters_of as measured_clusters

_FLIPS = 10_000
_BLOCK = 1_000
_EXACT = 12
"""Up to so many changed clusters every one of the flips is counted: 4,096."""


def clusters_of(cases: Sequence[Case]) -> list[Hashable]:
    """A label for each case, equal for those that are right or wrong together: of one `cluster`, and where a case names
    none, of one conversation or one question in several wordings.
    """
    numbers = measured_clusters(cases)
    return [case.cluster or number for case, number in zip(cases, numbers, strict=True)]


def p_value(differences: Sequence[float], clusters: Sequence[Hashable], *, seed: int = 0) -> float:
    """How often a mean difference at least this far from 0, either way, comes about when the two runs of each cluster
    are exchanged at random: the paired randomisation test.

    Exact up to 12 changed clusters, by 10,000 random exchanges beyond. Fisher, 1935; for retrieval Smucker, Allan &
    Carterette, "A Comparison of Statistical Significance Tests for Information Retrieval Evaluation", CIKM 2007.

    >>> p_value([-1.0, -1.0, -1.0, 0.0], ["a", "b", "c", "d"])
    0.25
    """
    sums = _sums(differences, clusters)
    changed = np.abs(sums[sums != 0])
    if not len(changed):
        return 1.0
    seen = abs(float(sums.sum())) - 1e-9
    if len(changed) <= _EXACT:
        bits = (np.arange(2 ** len(changed))[:, None] >> np.arange(len(changed))) & 1
        return float(np.mean(np.abs((1 - 2 * bits) @ changed) >= seen))
    generator = np.random.default_rng(seed)
    blocks = (generator.choice((-1.0, 1.0), (_BLOCK, len(changed))) @ changed for _ in range(_FLIPS // _BLOCK))
    num_as_far = sum(int(np.sum(np.abs(block) >= seen)) for block in blocks)
    return (num_as_far + 1) / (_FLIPS + 1)


def holm(p_values: Sequence[float]) -> list[float]:
    """The probabilities corrected for their number, in the order given (Holm, Scandinavian Journal of Statistics 1979).

    Below 0.05 they are significant, with at most one false alarm in twenty over all of them together.

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    corrected, highest = [0.0] * len(p_values), 0.0
    for rank, i in enumerate(order):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[i]))
        corrected[i] = highest
    return corrected


def _sums(differences: Sequence[float], clusters: Sequence[Hashable]) -> np.ndarray:
    """The sum of each cluster, `(num_clusters,)`."""
    labels = {label: i for i, label in enumerate(dict.fromkeys(clusters))}
    return np.bincount([labels[label] for label in clusters], weights=np.asarray(differences, dtype=float))
