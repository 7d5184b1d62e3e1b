"""The logistic model of the verifier, fitted: a score that rises or falls piecewise with each feature.

Directions are held to what the features mean, so that no oddity of the made pairs turns one round; a curve fitted on
scores from other documents makes probabilities of it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import minimize
from sklearn.model_selection import GroupKFold

from evals.claims.readings import Data

KNOTS = {
    "coverage_sentence": (0.5, 0.8),
    "coverage_focus": (0.6, 0.85),
    "coverage_all": (0.7, 0.9),
    "pairs": (0.3, 0.6),
    "skip_pairs": (0.5, 0.8),
    "longest_run": (0.4, 0.7),
    "missing_clause": (0.3, 0.6),
    "name_pairs": (0.5,),
    "missing_gap": (0.15, 0.4),
    "names_missing": (1.0,),
    "words_replaced": (1.0,),
    "cosine_sentence": (0.6, 0.8),
    "cosine_focus": (0.7, 0.85),
    "words_near": (0.6, 0.75),
    "words_near_least": (0.3, 0.5),
    "missing_near": (0.4, 0.7),
    "clause_near": (0.45, 0.6),
    "shared_near": (0.7, 0.85),
    "names_near": (0.7, 0.85),
    "pairs_near": (0.5, 0.7),
    "pairs_near_least": (0.3, 0.5),
    "pairs_near_ordered": (0.5, 0.7),
    "names_confused": (-0.3, -0.1),
    "words_moved": (0.3,),
    "log_words": (2.5,),
}
"""Where the slope of a feature may change."""
PRODUCTS = ("mentions_turned*reversed_pairs", "mentions_turned*skip_pairs")
"""What counts together: names that changed places among words that stand as they did."""
UNSIGNED = ("log_words", "log_quote_words", "log_sentences")
FALLING = (
    *PRODUCTS,
    *("num_missing", "missing_gap", "missing_clause", "reversed_pairs", "names_missing", "names_missing_focus"),
    *("names_displaced", "names_swapped", "names_replaced", "words_replaced", "names_confused"),
    *("mentions_turned", "words_moved", "roles_moved", "voice_turned"),
    *("numbers_missing", "numbers_missing_focus", "numbers_displaced", "small_numbers_missing", "units_differ"),
    *("dates_missing", "dates_missing_focus", "negation_added", "negation_dropped", "negation_alone", "opposites"),
    *("quantifier_stronger", "quantifier_differs", "hedge_dropped", "certainty_added", "superlatives", "connections"),
    *("connections_turned", "negation_lost", "hedge_lost"),
)
"""Features that never raise the probability; all others but the unsigned never lower it."""
_RIDGE = 3e-4
Score = Callable[[Data, Data], np.ndarray]
"""The pairs to fit on and those to score → `(n,)` the scores of the latter."""


@dataclass(frozen=True)
class Line:
    """A score that rises or falls piecewise with each feature: `intercept + segments · weights`."""

    names: tuple[str, ...]
    intercept: float
    weights: np.ndarray
    slope: float = 1.0
    shift: float = 0.0

    def scores(self, features: np.ndarray) -> np.ndarray:
        """`(n, number of features)` to `(n,)`."""
        return np.asarray(self.intercept + segments(features, self.names)[0] @ self.weights)

    def probabilities(self, features: np.ndarray) -> np.ndarray:
        """The scores on the calibrated curve."""
        return curve(self.slope * self.scores(features) + self.shift)

    def terms(self) -> dict[str, float]:
        """The weights by term, as `verifying.Term` reads them."""
        found: dict[str, float] = {}
        position = 0
        for name in self.names:
            before = 0.0
            for knot in (None, *KNOTS.get(name, ())):
                weight = self.slope * float(self.weights[position])
                found[name if knot is None else f"{name}>{knot}"] = round(weight - before, 4)
                before, position = weight, position + 1
        return {name: weight for name, weight in found.items() if abs(weight) > 1e-3}


def curve(scores: np.ndarray) -> np.ndarray:
    """The logistic curve."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(scores, -30, 30))))


def segments(features: np.ndarray, names: Sequence[str]) -> tuple[np.ndarray, list[str]]:
    """The features cut at their knots, each piece a column that grows with the feature within the piece only."""
    columns, of_name = [], []
    for column, name in zip(features.T, names, strict=True):
        knots = KNOTS.get(name, ())
        low = column
        for knot in reversed(knots):
            columns.append(np.maximum(low - knot, 0.0))
            low = np.minimum(low, knot)
        columns.append(low)
        columns[-len(knots) - 1 :] = reversed(columns[-len(knots) - 1 :])
        of_name += [name] * (len(knots) + 1)
    return np.stack(columns, axis=1), of_name


def fit_line(data: Data, names: Sequence[str]) -> Line:
    """The line of least weighted log loss under a small ridge, its directions held to what features mean."""
    rows, of_name = segments(data.features, names)
    means, scales = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    standardised, right, weights = (rows - means) / scales, data.right, data.weights / data.weights.sum()

    def loss(line: np.ndarray) -> tuple[float, np.ndarray]:
        signed = (2 * right - 1) * (line[0] + standardised @ line[1:])
        pull = -weights * (2 * right - 1) * curve(-signed)
        value = weights @ np.logaddexp(0, -signed) + _RIDGE * line[1:] @ line[1:]
        return float(value), np.append(pull.sum(), standardised.T @ pull + 2 * _RIDGE * line[1:])

    def bound(name: str) -> tuple[float | None, float | None]:
        return (None, None) if name in UNSIGNED else (None, 0.0) if name in FALLING else (0.0, None)

    bounds = [(None, None), *map(bound, of_name)]
    line = minimize(loss, np.zeros(len(of_name) + 1), jac=True, method="L-BFGS-B", bounds=bounds).x
    return Line(tuple(names), float(line[0] - means / scales @ line[1:]), line[1:] / scales)


def calibrated(line: Line, data: Data, scores: np.ndarray) -> Line:
    """The line with the curve (Platt, 1999) fitted on scores that come from lines fitted on other documents."""
    right, weights = data.right, data.weights / data.weights.sum()

    def loss(two: np.ndarray) -> float:
        return float(weights @ np.logaddexp(0, -(2 * right - 1) * (two[0] * scores + two[1])))

    slope, shift = minimize(loss, np.array([1.0, 0.0]), method="Nelder-Mead").x
    return replace(line, slope=float(slope), shift=float(shift))


def out_of_fold(data: Data, scores: Score, *, folds: int = 5) -> np.ndarray:
    """What `scores(train, test)` gives to each pair when it was fitted on other documents."""
    found = np.zeros(len(data.pairs))
    for train, test in GroupKFold(folds).split(data.features, groups=data.groups):
        found[test] = scores(data.only(train), data.only(test))
    return found
