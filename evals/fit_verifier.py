"""Fits the weights of `assistant/verifying.py`: `COMMUNIQUE_DATA=folder python -m evals.fit_verifier`.

The pairs of `claim_pairs.py` from squad2_dev and clapnq_dev are fitted on; every figure about them is out of fold, by
document, or of a model that was fitted on the other of the two sets; those about further sets (`--test`) are of a model
that has not seen them. With `--cache FOLDER` what was read is kept there.
"""

import argparse
import json
import os
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sklearn.metrics import roc_auc_score

from assistant.claims.features import FEATURES, WORD_FEATURES
from evals.claims.model import PRODUCTS, Score, calibrated, curve, fit_line, out_of_fold
from evals.claims.readings import Data, cached, joined
from evals.claims.report import reliability, report
from index.embedding import Encoder, SentenceTransformerEncoder

FITTED_ON = {"squad2_dev": 2400, "clapnq_dev": 900}
TESTED_ON = {"mtrag_govt": 80, "mtrag_clapnq": 80, "azure_demo": 60, "st_cooperation": 100}
"""How many claims are taken of each set, a claim and its changes counted once."""
BY_MEANING, BY_WORDS = (*FEATURES, *PRODUCTS), (*WORD_FEATURES, *PRODUCTS)
OF_THE_CLAIM = ("log_words",)
"""Features that know nothing of the quotes: what they reach alone is what the made claims give away."""


def threshold_for(data: Data, probabilities: np.ndarray) -> float:
    """The probability from which to call claims supported so that macro-F1, by weight, is best."""
    right, weights = data.right == 1, data.weights

    def score(limit: float) -> float:
        called = probabilities >= limit
        hit, false = weights[right & called].sum(), weights[~right & called].sum()
        missed, rejected = weights[right & ~called].sum(), weights[~right & ~called].sum()
        return float(hit / (2 * hit + false + missed) + rejected / (2 * rejected + false + missed))

    return float(max(np.round(np.arange(0.3, 0.81, 0.01), 2), key=score))


def line_scores(names: Sequence[str]) -> Score:
    """Scores of pairs by a line over these features that is fitted on other pairs."""

    def scores(train: Data, test: Data) -> np.ndarray:
        return fit_line(train.columns(names), names).scores(test.columns(names).features)

    return scores


def tree_scores(train: Data, test: Data) -> np.ndarray:
    """The same of gradient-boosted trees: what the features could give to a black box."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    trees = HistGradientBoostingClassifier(max_iter=200, learning_rate=0.06, max_leaf_nodes=15, random_state=0)
    return np.asarray(trees.fit(train.features, train.right, train.weights).decision_function(test.features))


def fitted(data: Data, names: Sequence[str]) -> dict[str, object]:
    """The model as JSON has it, fitted on all, after having reported out of fold."""
    scores = out_of_fold(data, line_scores(names))
    line = calibrated(fit_line(data.columns(names), names), data, scores)
    probabilities = curve(line.slope * scores + line.shift)
    threshold = threshold_for(data, probabilities)
    print(f"out of fold, supported from {threshold}")
    report(data, probabilities, threshold)
    reliability(data, probabilities)
    intercept = round(line.slope * line.intercept + line.shift, 4)
    return {"supported_from": threshold, "intercept": intercept, "terms": line.terms()}


def across(sets: Sequence[Data], names: Sequence[str]) -> None:
    """Reports each set by a model that was fitted on the others, with its curve and its threshold."""
    for number, test in enumerate(sets):
        train = joined([data for other, data in enumerate(sets) if other != number])
        scores = out_of_fold(train, line_scores(names))
        line = calibrated(fit_line(train.columns(names), names), train, scores)
        threshold = threshold_for(train, curve(line.slope * scores + line.shift))
        print(f"{test.pairs[0].dataset}, fitted on the other set, supported from {threshold}")
        report(test, line.probabilities(test.columns(names).features), threshold)


def controls(data: Data) -> None:
    """Prints what the length of a claim tells of its label, and what gradient-boosted trees reach."""
    scores = out_of_fold(data, line_scores(OF_THE_CLAIM))
    print(f"by the claim alone: area under ROC {roc_auc_score(data.right, scores):.3f}")
    scores = out_of_fold(data, tree_scores)
    print("gradient-boosted trees, out of fold")
    report(data, curve(scores), threshold_for(data, curve(scores)))


def main() -> None:
    """Fits both models, reports, and writes the weights."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--cache", type=Path, help="keep what was read in this folder")
    parser.add_argument("--claims", type=float, default=1.0, help="a share of the claims, to be quicker")
    parser.add_argument("--test", action="store_true", help="report on the sets that are not fitted on")
    parser.add_argument("--output", type=Path, default=Path("assistant/verifier_weights.json"))
    arguments = parser.parse_args()
    encoder = SentenceTransformerEncoder()
    started = time.perf_counter(), time.process_time()
    sets = [_read(name, arguments.claims * num, arguments.cache, encoder) for name, num in FITTED_ON.items()]
    data, models = joined(sets), {}
    for kind, names in (("meaning", BY_MEANING), ("words", BY_WORDS)):
        print(f"== {kind}, {len(data.pairs)} pairs")
        models[kind] = fitted(data, names)
    across(sets, BY_MEANING)
    controls(data)
    about = f"{len(data.pairs)} pairs made from {' and '.join(FITTED_ON)}"
    arguments.output.write_text(json.dumps({"fitted_on": about, "models": models}, indent=1) + "\n")
    print(f"{time.perf_counter() - started[0]:.0f} s, {time.process_time() - started[1]:.0f} s of the processor")
    if arguments.test:
        line = calibrated(
            fit_line(data.columns(BY_MEANING), BY_MEANING), data, out_of_fold(data, line_scores(BY_MEANING))
        )
        for name, num in TESTED_ON.items():
            test = _read(name, arguments.claims * num, arguments.cache, encoder)
            print(f"{name}, not fitted on")
            report(
                test,
                line.probabilities(test.columns(BY_MEANING).features),
                float(str(models["meaning"]["supported_from"])),
            )


def _read(name: str, num: float, cache: Path | None, encoder: Encoder) -> Data:
    return cached(Path(os.environ["COMMUNIQUE_DATA"]) / name, int(num), cache, encoder)


if __name__ == "__main__":
    main()
