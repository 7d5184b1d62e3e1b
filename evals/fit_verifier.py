"""Fits the weights of `assistant/verifying.py`: `COMMUNIQUE_DATA=folder python -m evals.fit_verifier`.

The pairs of `claim_pairs.py` from squad2_dev and clapnq_dev are fitted on; every figure about them is out of fold, by
document, and those about the other sets are of a model that has not seen them. Reading the texts takes some minutes;
with `--cache FOLDER` what was read is kept there. Besides the logistic model a gradient-boosted one is fitted, which is
not shipped, to know what readable weights cost.
"""

import argparse
import hashlib
import json
import os
import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from sklearn.metrics import f1_score, roc_auc_score
from sklearn.model_selection import GroupKFold

from assistant.claim_features import FEATURES, WORD_FEATURES, encode, pair_features
from assistant.claim_text import claim_of, sentences_of
from assistant.pairs import SUPPORTED
from assistant.wording import is_said
from evals.claim_pairs import REAL, Labelled, pairs_of
from index.embedding import Encoder, SentenceTransformerEncoder

FITTED_ON = {"squad2_dev": 1200, "clapnq_dev": 560}
TESTED_ON = {"mtrag_govt": 80, "mtrag_clapnq": 80, "azure_demo": 60, "st_cooperation": 100}
"""How many claims are taken of each set, a claim and its changes counted once."""
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
    "log_words": (2.5,),
}
"""Where the slope of a feature may change."""
UNSIGNED = ("log_words", "log_quote_words", "log_sentences")
FALLING = (
    *("num_missing", "missing_gap", "missing_clause", "reversed_pairs", "names_missing", "names_missing_focus"),
    *("names_displaced", "names_swapped", "numbers_missing", "numbers_missing_focus", "numbers_displaced"),
    *("small_numbers_missing", "units_differ", "dates_missing", "dates_missing_focus", "negation_added"),
    *(
        "names_replaced",
        "words_replaced",
        "negation_dropped",
        "opposites",
        "quantifier_stronger",
        "quantifier_differs",
        "hedge_dropped",
        "certainty_added",
    ),
)
"""Features that never raise the probability; all others but the unsigned never lower it."""
FACTS = ("number", "date", "name", "negation", "swap", "opposite", "quantifier", "unit", "hedge", "invention")
PRECISION = 0.9
"""What share of the claims that are called supported shall be, out of fold; the threshold is chosen for it. Most of
what is not supported here differs from its quote in one fact, which is harder than what an LLM invents."""
_RIDGE = 3e-4


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
    def weights(self) -> np.ndarray:
        """`(n,)`: real answers count more than made claims, and supported as much as four fifths of the others."""
        kinds, right = self.kinds, self.right
        weights = np.where(kinds == "real", 4.0, np.where(np.isin(kinds, REAL), 1.5, 1.0))
        share = 0.8 * weights[right == 0].sum() / weights[right == 1].sum()
        return np.asarray(np.where(right == 1, weights * share, weights))

    def only(self, chosen: np.ndarray) -> "Data":
        """Those that are chosen, by number or mask."""
        rows = np.flatnonzero(chosen) if chosen.dtype == bool else chosen
        return Data([self.pairs[int(i)] for i in rows], self.features[rows])


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


def out_of_fold(data: Data, names: Sequence[str]) -> np.ndarray:
    """The score of each pair by a line that was fitted on other documents."""
    scores = np.zeros(len(data.pairs))
    for train, test in GroupKFold(5).split(data.features, groups=[item.group for item in data.pairs]):
        scores[test] = fit_line(data.only(train), names).scores(data.features[test])
    return scores


def out_of_fold_trees(data: Data) -> np.ndarray:
    """The same of gradient-boosted trees, as probabilities: what the features could give to a black box."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    found = np.zeros(len(data.pairs))
    for train, test in GroupKFold(5).split(data.features, groups=[item.group for item in data.pairs]):
        some = data.only(train)
        trees = HistGradientBoostingClassifier(max_iter=200, learning_rate=0.06, max_leaf_nodes=15, random_state=0)
        found[test] = trees.fit(some.features, some.right, some.weights).predict_proba(data.features[test])[:, 1]
    return found


def threshold_for(data: Data, probabilities: np.ndarray, precision: float) -> float:
    """The least probability from which claims are supported as often as asked, by weight."""
    order = np.argsort(-probabilities, kind="stable")
    weights, right = data.weights[order], data.right[order]
    reached = np.flatnonzero(np.cumsum(weights * right) / np.cumsum(weights) >= precision)
    return float(round(probabilities[order[reached[-1]]], 3)) if len(reached) else 1.0


def report(data: Data, probabilities: np.ndarray, threshold: float) -> None:
    """Macro-F1 of each kind of changed fact against the claims before the change, of real answers, and the rest."""
    right, kinds = data.right == 1, data.kinds
    called = probabilities >= threshold
    bases = np.array([item.base for item in data.pairs])
    real = np.isin(kinds, REAL)
    groups = {kind: (kinds == kind) | (right & np.isin(bases, bases[kinds == kind])) for kind in FACTS}
    for kind, some in (groups | {"real answers": real}).items():
        if min((some & right).sum(), (some & ~right).sum()) >= 5:
            score = 100 * f1_score(right[some], called[some], average="macro")
            area = roc_auc_score(right[some], probabilities[some])
            counts = f"n {(some & ~right).sum():5} + {(some & right).sum():5}"
            print(f"  {kind:12} {counts}  macro-F1 {score:5.1f}  AUC {area:.3f}")
    for kind in dict.fromkeys(kinds):
        some = kinds == kind
        print(f"  {kind:24} n {some.sum():5}  right {100 * np.mean(called[some] == right[some]):5.1f} %")
    precision = 100 * np.average(right[called], weights=data.weights[called])
    recall = 100 * np.average(called[right], weights=data.weights[right])
    print(f"  called supported: {precision:.1f} % are, by weight, and {recall:.1f} % of those that are")


def reliability(data: Data, probabilities: np.ndarray) -> None:
    """Predicted against true shares, by tenths of probability."""
    right, weights, error = data.right, data.weights, 0.0
    for low in np.arange(0, 1, 0.1):
        some = (probabilities >= low) & (probabilities < low + 0.1 + (low > 0.85))
        if some.any():
            said, true = (np.average(values[some], weights=weights[some]) for values in (probabilities, right))
            error += weights[some].sum() / weights.sum() * abs(said - true)
            print(f"  {low:.1f}-{low + 0.1:.1f}  n {some.sum():5}  said {said:.3f}  true {true:.3f}")
    print(f"  expected calibration error {error:.3f}")


def read(pairs: Sequence[Labelled], encoder: Encoder) -> Data:
    """The pairs that need judging, with their features, read a hundred at a time."""
    kept = [
        item
        for item in pairs
        if claim_of(item.pair.claim).content
        and any(map(sentences_of, item.pair.quotes))
        and not is_said(item.pair.claim, item.pair.quotes)
    ]
    rows = []
    for start in range(0, len(kept), 100):
        some = [
            (
                claim_of(item.pair.claim),
                [sentence for quote in item.pair.quotes for sentence in sentences_of(quote)],
                claim_of(item.pair.question) if item.pair.question else None,
            )
            for item in kept[start : start + 100]
        ]
        encoded = encode(encoder, [text for claim, sentences, _ in some for text in (claim, *sentences)])
        rows += [pair_features(*one, encoded) for one in some]
    return Data(kept, np.array(rows))


def cached(name: str, num: int, folder: Path | None, encoder: Encoder) -> Data:
    """The pairs of a set, read, or as they were kept when they were read before."""
    key = hashlib.sha256(repr((name, num, FEATURES)).encode()).hexdigest()[:12]
    path = folder / f"{name}-{key}.pickle" if folder else None
    if path and path.exists():
        kept: Data = pickle.loads(path.read_bytes())  # noqa: S301  (written by this script)
        return kept
    data = read(pairs_of(Path(os.environ["COMMUNIQUE_DATA"]) / name, num=num), encoder)
    if path:
        path.write_bytes(pickle.dumps(data))
    return data


def joined(some: Sequence[Data]) -> Data:
    """All of them as one."""
    return Data([item for data in some for item in data.pairs], np.concatenate([data.features for data in some]))


def fitted(data: Data, tests: Mapping[str, Data], names: Sequence[str]) -> dict[str, object]:
    """The model as JSON has it, fitted on all, after having reported out of fold and on the other sets."""
    columns = [FEATURES.index(name) for name in names]
    data = Data(data.pairs, data.features[:, columns])
    scores = out_of_fold(data, names)
    line = calibrated(fit_line(data, names), data, scores)
    probabilities = curve(line.slope * scores + line.shift)
    threshold = threshold_for(data, probabilities, PRECISION)
    print(f"out of fold, supported from {threshold}")
    report(data, probabilities, threshold)
    reliability(data, probabilities)
    for name, test in tests.items():
        print(f"{name}, not fitted on")
        report(test, line.probabilities(test.features[:, columns]), threshold)
    intercept = round(line.slope * line.intercept + line.shift, 4)
    return {"supported_from": threshold, "intercept": intercept, "terms": line.terms()}


def main() -> None:
    """Fits both models and writes the weights."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--cache", type=Path, help="keep what was read in this folder")
    parser.add_argument("--claims", type=float, default=1.0, help="a share of the claims, to be quicker")
    parser.add_argument("--trees", action="store_true", help="report what gradient-boosted trees reach")
    parser.add_argument("--output", type=Path, default=Path("assistant/verifier_weights.json"))
    arguments = parser.parse_args()
    encoder = SentenceTransformerEncoder()

    def data_of(sets: Mapping[str, int]) -> dict[str, Data]:
        wanted = {name: int(arguments.claims * num) for name, num in sets.items()}
        return {name: cached(name, num, arguments.cache, encoder) for name, num in wanted.items()}

    data, tests = joined(list(data_of(FITTED_ON).values())), data_of(TESTED_ON)
    models = {}
    for name, names in (("meaning", FEATURES), ("words", WORD_FEATURES)):
        print(f"== {name}")
        models[name] = fitted(data, tests, names)
    if arguments.trees:
        print("== trees, out of fold")
        probabilities = out_of_fold_trees(data)
        report(data, probabilities, threshold_for(data, probabilities, PRECISION))
    about = f"{len(data.pairs)} pairs made from {' and '.join(FITTED_ON)}"
    arguments.output.write_text(json.dumps({"fitted_on": about, "models": models}, indent=1) + "\n")


if __name__ == "__main__":
    main()
