"""One order from two lists of scores that have nothing in common.

Each list is standardised over its candidates (z-score [1]) and the two are added with weights. A passage that one list
does not hold gets that list's lowest score. Nothing here knows where the scores come from.

[1] Fox & Shaw, "Combination of Multiple Searches", TREC-2 1994 (CombSUM); Montague & Aslam, "Relevance Score
Normalization for Metasearch", CIKM 2001 (zero-mean, unit-variance).
"""

from collections.abc import Mapping

import numpy as np

DENSE_WEIGHT = 0.6


def fuse(
    dense: Mapping[str, float], lexical: Mapping[str, float], *, dense_weight: float = DENSE_WEIGHT
) -> dict[str, float]:
    """The ids of both lists with their fused score, best first; ties keep the order of the dense list.

    >>> list(fuse({"a": 0.9, "b": 0.5, "c": 0.1}, {"b": 7.0, "d": 1.0}))
    ['b', 'a', 'c', 'd']
    """
    ids = list(dict.fromkeys([*dense, *lexical]))
    weighted = dense_weight * _standardised(dense, ids) + (1 - dense_weight) * _standardised(lexical, ids)
    order = sorted(range(len(ids)), key=lambda i: -weighted[i])
    return {ids[i]: float(weighted[i]) for i in order}


def _standardised(scores: Mapping[str, float], ids: list[str]) -> np.ndarray:
    if not scores:
        return np.zeros(len(ids))
    floor = min(scores.values())
    values = np.array([scores.get(id_, floor) for id_ in ids])
    spread = values.std()
    alike = spread <= 1e-9 * np.abs(values).max()  # what rounding leaves between equal scores is no difference
    return np.zeros(len(ids)) if alike else (values - values.mean()) / spread
