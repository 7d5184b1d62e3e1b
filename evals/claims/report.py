"""How well claims are told from each other: macro-F1 by kind with intervals, precision, recall, reliability."""

from collections.abc import Mapping

import numpy as np
from sklearn.metrics import roc_auc_score

from evals.claims.pairs import REAL
from evals.claims.readings import Data

FACTS = (
    *("number", "date", "name", "negation", "swap", "roles", "opposite", "quantifier", "unit", "hedge", "overclaim"),
    *("cause", "detail", "invention", "half"),
)
"""Kinds of change; each is measured beside the claims before the change."""
_RESAMPLES = 500


def macro_f1(right: np.ndarray, called: np.ndarray) -> float:
    """The mean of F1 of supported and of not supported, from `(..., n)` booleans or from `(n,)` ones."""
    return float(_from_counts(_counts(right, called).sum(axis=0)))


def _counts(right: np.ndarray, called: np.ndarray) -> np.ndarray:
    return np.stack([right & called, ~right & called, right & ~called, ~right & ~called], axis=1).astype(float)


def _from_counts(counts: np.ndarray) -> np.ndarray:
    hit, false, missed, rejected = np.moveaxis(counts, -1, 0)
    one = 2 * hit / np.maximum(2 * hit + false + missed, 1)
    other = 2 * rejected / np.maximum(2 * rejected + false + missed, 1)
    return np.asarray((one + other) / 2)


def interval(right: np.ndarray, called: np.ndarray, groups: np.ndarray) -> tuple[float, float]:
    """The 95 % percentile bootstrap interval of macro-F1 over documents."""
    names, of_group = np.unique(groups, return_inverse=True)
    summed = np.zeros((len(names), 4))
    np.add.at(summed, of_group, _counts(right, called))
    picks = np.random.default_rng(0).integers(0, len(names), (_RESAMPLES, len(names)))
    low, high = np.percentile(_from_counts(summed[picks].sum(axis=1)), (2.5, 97.5))
    return float(low), float(high)


def groups_of(data: Data) -> dict[str, np.ndarray]:
    """Masks of what is measured together: each kind of change with the claims before it, and real answers."""
    right, kinds = data.right == 1, data.kinds
    bases = np.array([item.base for item in data.pairs])
    masks = {kind: (kinds == kind) | (right & np.isin(bases, bases[kinds == kind])) for kind in FACTS}
    statements = np.char.startswith(kinds, "statement")
    return masks | {"statements": statements, "real answers": np.isin(kinds, REAL), "all": np.ones(len(right), bool)}


def report(data: Data, probabilities: np.ndarray, threshold: float) -> Mapping[str, float]:
    """Macro-F1 by kind, printed with interval and area under ROC, and how often each kind is judged rightly."""
    right, kinds, called = data.right == 1, data.kinds, probabilities >= threshold
    found = {}
    for kind, some in groups_of(data).items():
        if min((some & right).sum(), (some & ~right).sum()) >= 5:
            found[kind] = 100 * macro_f1(right[some], called[some])
            low, high = interval(right[some], called[some], data.groups[some])
            area = roc_auc_score(right[some], probabilities[some])
            counts = f"n {(some & ~right).sum():5} + {(some & right).sum():5}"
            around = f"({100 * low:.1f} to {100 * high:.1f})"
            print(f"  {kind:13} {counts}  macro-F1 {found[kind]:5.1f} {around}  AUC {area:.3f}")
    for kind in dict.fromkeys(kinds):
        some = kinds == kind
        print(f"  {kind:24} n {some.sum():5}  right {100 * np.mean(called[some] == right[some]):5.1f} %")
    for limit in (threshold, 0.8, 0.9):
        called = probabilities >= limit
        precision = 100 * np.average(right[called], weights=data.weights[called]) if called.any() else 100.0
        recall = 100 * np.average(called[right], weights=data.weights[right])
        print(
            f"  called supported from {limit}: {precision:.1f} % are, by weight, and {recall:.1f} % of those that are"
        )
    return found


def reliability(data: Data, probabilities: np.ndarray) -> float:
    """The expected calibration error; predicted and true shares are printed by tenths of probability."""
    right, weights, error = data.right, data.weights, 0.0
    for low in np.arange(0, 1, 0.1):
        some = (probabilities >= low) & (probabilities < low + 0.1 + (low > 0.85))
        if some.any():
            said, true = (np.average(values[some], weights=weights[some]) for values in (probabilities, right))
            error += weights[some].sum() / weights.sum() * abs(said - true)
            print(f"  {low:.1f}-{low + 0.1:.1f}  n {some.sum():5}  said {said:.3f}  true {true:.3f}")
    print(f"  expected calibration error {error:.3f}")
    return float(error)
