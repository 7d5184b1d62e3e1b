import tracemalloc
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.intervals import (
    RESAMPLES,
    Estimate,
    caveat,
    difference_of_means,
    difference_with_interval,
    mean_with_interval,
    statistic_with_interval,
)

VALUES = st.lists(st.floats(-5, 5), min_size=1, max_size=30)


def test_a_mean_comes_with_the_interval_of_its_bootstrap() -> None:
    """Of 30 successes in 40 the interval is near the normal one, 0.75 ± 1.96 · sqrt(0.75 · 0.25 / 40) = 0.134."""
    mean, low, high = mean_with_interval([1.0] * 30 + [0.0] * 10)
    assert mean == 0.75
    assert (low, high) == pytest.approx((0.75 - 0.134, 0.75 + 0.134), abs=0.02)
    assert mean_with_interval([1.0] * 30 + [0.0] * 10) == (mean, low, high)


@pytest.mark.parametrize("values", [[0.4], [0.4, 0.4, 0.4]], ids=["one", "all alike"])
def test_where_nothing_varies_the_interval_is_a_point(values: list[float]) -> None:
    assert mean_with_interval(values) == pytest.approx((0.4, 0.4, 0.4))


def plain(values: list[float], clusters: list[int], seed: int) -> Estimate:
    """The clustered bootstrap as the books have it, one resample after another."""
    members = [[v for v, c in zip(values, clusters, strict=True) if c == name] for name in dict.fromkeys(clusters)]
    generator = np.random.default_rng(seed)
    means = []
    for _ in range(RESAMPLES):
        drawn = [value for i in generator.integers(0, len(members), len(members)) for value in members[i]]
        means.append(sum(drawn) / len(drawn))
    low, high = np.percentile(means, [2.5, 97.5])
    return Estimate(sum(values) / len(values), float(low), float(high))


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.floats(-5, 5), st.integers(0, 4)), min_size=1, max_size=20), st.integers(0, 3))
def test_clusters_are_resampled_whole(pairs: list[tuple[float, int]], seed: int) -> None:
    """The same figures as the plain way of doing it, to nine digits."""
    values, clusters = [value for value, _ in pairs], [cluster for _, cluster in pairs]
    got = mean_with_interval(values, clusters=clusters, seed=seed)
    assert got == pytest.approx(plain(values, clusters, seed), abs=1e-9)


@settings(max_examples=15, deadline=None)
@given(VALUES, st.integers(0, 3))
def test_a_cluster_for_each_value_is_no_clustering(values: list[float], seed: int) -> None:
    clusters = list(range(len(values)))
    assert mean_with_interval(values, clusters=clusters, seed=seed) == pytest.approx(
        mean_with_interval(values, seed=seed), abs=1e-9
    )


def test_turns_that_fail_together_make_the_interval_wider() -> None:
    """Ten conversations of ten turns, each all right or all wrong, tell as much as ten cases and not as a hundred."""
    values = [float(conversation % 2) for conversation in range(10) for _ in range(10)]
    _, low, high = mean_with_interval(values)
    wide = mean_with_interval(values, clusters=[i // 10 for i in range(100)])
    assert high - low == pytest.approx(0.2, abs=0.03)
    assert wide.high - wide.low == pytest.approx(0.6, abs=0.1)


def test_a_paired_difference_is_surer_than_two_means() -> None:
    """Cases vary much, and each gets a little better: the difference is certain where the means overlap."""
    before = [float(i % 10) / 10 for i in range(50)]
    after = [value + 0.05 for value in before]
    got = difference_with_interval(before, after)
    assert got == pytest.approx((0.05, 0.05, 0.05))
    assert got.is_above_zero
    assert not got.is_below_zero
    assert mean_with_interval(before).high > mean_with_interval(after).low


def test_a_difference_that_is_noise_reaches_over_zero() -> None:
    got = difference_with_interval([1.0, 0.0, 1.0, 0.0, 1.0], [0.0, 1.0, 1.0, 0.0, 1.0])
    assert got.low < 0 < got.high
    assert not (got.is_above_zero or got.is_below_zero)


def test_means_over_different_things_are_compared_by_cluster() -> None:
    """Refusals of two runs: 8 of 10 right before, 4 of 8 after; the same cases are drawn for both."""
    before = ([1.0] * 8 + [0.0] * 2, list(range(10)))
    after = ([1.0] * 4 + [0.0] * 4, list(range(8)))
    got = difference_of_means(before, after)
    assert got.value == pytest.approx(0.5 - 0.8)
    assert got.low < got.value < got.high
    same = difference_of_means(before, before)
    assert same == (0.0, 0.0, 0.0)


def test_a_resample_that_holds_nothing_of_a_run_is_left_out() -> None:
    """One refusal before, one after, in different cases: only a resample with both tells a difference, and it is 1."""
    assert difference_of_means(([0.0], ["a"]), ([1.0], ["b"])) == (1.0, 1.0, 1.0)


def test_the_difference_of_means_over_the_same_things_is_the_paired_one() -> None:
    before, after = [0.1, 0.9, 0.4, 0.3], [0.5, 0.8, 0.6, 0.1]
    clusters = ["a", "a", "b", "c"]
    assert difference_of_means((before, clusters), (after, clusters)) == pytest.approx(
        difference_with_interval(before, after, clusters=clusters)
    )


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.floats(-5, 5), st.integers(0, 4)), min_size=1, max_size=20))
def test_any_statistic_gets_the_interval_that_a_mean_gets(pairs: list[tuple[float, int]]) -> None:
    """The mean, given as a statistic of weights, is the mean."""
    values, clusters = np.array([value for value, _ in pairs]), [cluster for _, cluster in pairs]
    got = statistic_with_interval(lambda w: (w @ values) / w.sum(1), len(values), clusters=clusters)
    assert got == pytest.approx(mean_with_interval(values.tolist(), clusters=clusters), abs=1e-9)


def test_a_statistic_that_is_not_defined_is_none_and_no_zero() -> None:
    assert statistic_with_interval(lambda w: np.full(len(w), np.nan), 5) is None


def test_resamples_without_the_statistic_are_left_out() -> None:
    """The share among two marked of four: where a resample has neither, it says nothing."""
    marked, right = np.array([1.0, 1.0, 0.0, 0.0]), np.array([1.0, 0.0, 0.0, 0.0])
    got = statistic_with_interval(lambda w: (w @ (marked * right)) / (w @ marked), 4)
    assert got == Estimate(0.5, 0.0, 1.0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: mean_with_interval([]), "there are no values"),
        (lambda: mean_with_interval([0.5, float("nan")]), "not a finite number"),
        (lambda: mean_with_interval([0.5], clusters=["a", "b"]), "2 clusters for 1 values"),
        (lambda: difference_with_interval([0.5], [0.5, 0.6]), "1 values against 2"),
        (lambda: difference_of_means(([], []), ([0.5], ["a"])), "there are no values"),
        (lambda: statistic_with_interval(lambda w: w.sum(1), 0), "nothing to resample"),
    ],
    ids=["none", "not a number", "clusters", "lengths", "an empty side", "no things"],
)
def test_what_cannot_be_resampled_is_named(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize(
    ("values", "clusters", "said"),
    [
        ([], None, "no case"),
        ([1.0], None, "one case: its interval is not known"),
        ([1.0, 0.0], ["a", "a"], "one conversation: its interval is not known"),
        ([1.0] * 60, None, "all 60 alike: up to 5 % of other cases may differ"),
        ([1.0] * 60, [i // 20 for i in range(60)], "all 3 alike: up to 63 % of other conversations may differ"),
        ([1.0, 0.0], ["a", "b"], ""),
    ],
    ids=["none", "one", "one conversation", "sixty alike", "three conversations alike", "varied"],
)
def test_what_an_interval_does_not_show_is_said(values: list[float], clusters: list[object] | None, said: str) -> None:
    """By hand: 1 - 0.05 ** (1 / 60) = 0.0487, 1 - 0.05 ** (1 / 3) = 0.6316."""
    assert caveat(values, clusters) == said


def test_a_large_suite_fits_into_memory() -> None:
    """Twenty thousand cases: the draws of all resamples at once would be 320 MB, and their values as much again."""
    tracemalloc.start()
    try:
        assert mean_with_interval([0.0, 1.0] * 10_000).value == 0.5
        assert tracemalloc.get_traced_memory()[1] < 200e6
    finally:
        tracemalloc.stop()
