import numpy as np
import pytest
from sklearn.metrics import f1_score

from assistant.pairs import SUPPORTED, UNSUPPORTED, Pair
from evals.claims.labelled_claim import Labelled
from evals.claims.readings import Data
from evals.claims.report import groups_of, interval, macro_f1, reliability, report


def _data() -> Data:
    """Ten claims, each with a changed number beside it."""
    pairs = [
        Labelled(Pair("a", ("b",)), label, kind, str(i), "set", str(i))
        for i in range(10)
        for label, kind in ((SUPPORTED, "reworded"), (UNSUPPORTED, "number"))
    ]
    return Data(pairs, np.zeros((20, 1)))


def test_macro_f1_is_that_of_the_reference_package() -> None:
    """By hand: F1 of supported 2/3, of not supported 6/7."""
    right = np.array([True, True, False, False, False])
    called = np.array([True, False, False, False, False])
    assert macro_f1(right, called) == pytest.approx((2 / 3 + 6 / 7) / 2)
    rng = np.random.default_rng(0)
    right, called = rng.random(80) > 0.4, rng.random(80) > 0.5
    assert macro_f1(right, called) == pytest.approx(f1_score(right, called, average="macro"))


def test_an_interval_holds_the_figure_and_is_a_point_where_nothing_varies() -> None:
    rng = np.random.default_rng(1)
    right, groups = rng.random(200) > 0.5, np.arange(200) // 4
    called = right ^ (rng.random(200) > 0.8)
    low, high = interval(right, called, groups)
    assert low < macro_f1(right, called) < high
    assert interval(right, right, groups) == (1.0, 1.0)


def test_a_kind_is_measured_beside_the_claims_before_the_change(capsys: pytest.CaptureFixture[str]) -> None:
    data = _data()
    assert groups_of(data)["number"].all()
    found = report(data, np.where(data.right == 1, 0.9, 0.1), 0.5)
    assert found["number"] == found["all"] == 100
    assert "number" in capsys.readouterr().out


def test_what_is_said_half_of_the_time_and_true_half_of_the_time_is_calibrated() -> None:
    data = _data()
    assert reliability(data, np.full(20, 0.5)) == pytest.approx(0, abs=1e-9)
    assert reliability(data, np.full(20, 0.9)) == pytest.approx(0.4)
