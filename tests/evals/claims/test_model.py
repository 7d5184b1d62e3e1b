import numpy as np
import pytest

from assistant.claims.features import FEATURES
from assistant.pairs import SUPPORTED, UNSUPPORTED, Pair
from assistant.verifying import Term
from evals.claims.labelled_claim import Labelled
from evals.claims.model import FALLING, KNOTS, UNSIGNED, calibrated, curve, fit_line, out_of_fold, segments
from evals.claims.readings import Data

NAMES = ("coverage_all", "numbers_missing")


def _data(num: int = 400) -> Data:
    """Claims that are supported, nearly always, where much is covered and no number is missing; twenty documents."""
    rng = np.random.default_rng(0)
    coverage, missing = rng.random(num), rng.integers(0, 2, num).astype(float)
    right = (4 * coverage - 2 * missing + rng.normal(0, 0.5, num)) > 2
    pairs = [
        Labelled(Pair("a", ("b",)), SUPPORTED if one else UNSUPPORTED, "real", str(i % 20), "set", str(i))
        for i, one in enumerate(right)
    ]
    return Data(pairs, np.stack([coverage, missing], axis=1))


def test_segments_add_up_to_the_feature() -> None:
    """Coverage has knots at 0.7 and 0.9: 0.95 is 0.7, 0.2 and 0.05."""
    columns, of_name = segments(np.array([[0.95, 2.0], [0.5, 0.0]]), NAMES)
    assert of_name == ["coverage_all"] * 3 + ["numbers_missing"]
    assert columns == pytest.approx(np.array([[0.7, 0.2, 0.05, 2.0], [0.5, 0.0, 0.0, 0.0]]))


def test_a_line_follows_the_labels_and_its_terms_say_the_same() -> None:
    data = _data()
    line = calibrated(fit_line(data, NAMES), data, fit_line(data, NAMES).scores(data.features))
    found = line.probabilities(data.features)
    assert np.mean((found > 0.5) == (data.right == 1)) > 0.85
    intercept = line.slope * line.intercept + line.shift
    for row, probability in zip(data.features[:20], found[:20], strict=True):
        values = dict(zip(NAMES, row, strict=True))
        score = intercept + sum(weight * Term(name, weight).value(values) for name, weight in line.terms().items())
        assert curve(np.array(score)) == pytest.approx(probability, abs=2e-3)


def test_a_line_never_turns_a_feature_round() -> None:
    """Where missing numbers go with support, they count nothing."""
    data = _data()
    flipped = Data(data.pairs, np.stack([data.features[:, 0], 1 - data.features[:, 1]], axis=1))
    assert fit_line(flipped, NAMES).terms().get("numbers_missing", 0.0) == 0.0


def test_out_of_fold_nothing_is_scored_by_what_saw_its_document() -> None:
    data = _data(60)
    seen: list[tuple[set[str], set[str]]] = []

    def scores(train: Data, test: Data) -> np.ndarray:
        seen.append((set(train.groups), set(test.groups)))
        return np.arange(len(test.pairs), dtype=float)

    found = out_of_fold(data, scores)
    assert len(seen) == 5
    assert all(not train & test for train, test in seen)
    assert set().union(*(test for _, test in seen)) == set(data.groups)
    assert found.shape == (60,)


def test_every_knot_and_direction_is_of_a_feature() -> None:
    names = {one for name in (*KNOTS, *FALLING, *UNSIGNED) for one in name.split("*")}
    assert names <= set(FEATURES)
    assert not set(FALLING) & set(UNSIGNED)
