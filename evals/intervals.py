"""How sure a figure is: percentile bootstrap intervals of means, of differences and of other statistics.

Values that belong together, such as the turns of one conversation, are resampled together. Everything is drawn from a
fixed seed, so that the same values give the same interval. What no interval can tell is said by `caveat`.

Efron & Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13; clusters: Davison & Hinkley, "Bootstrap
Methods and their Application", 1997, section 3.8.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

RESAMPLES = 2_000
CONFIDENCE = 0.95
_BLOCK = 4_000_000  # draws at once, so that a large suite does not fill the memory


class Estimate(NamedTuple):
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float

    @property
    def is_above_zero(self) -> bool:
        """Whether all of the interval is: a difference that is no accident, upwards."""
        return self.low > 0

    @property
    def is_below_zero(self) -> bool:
        """The same downwards."""
        return self.high < 0


def mean_with_interval(
    values: Sequence[float], *, clusters: Sequence[Hashable] | None = None, seed: int = 0
) -> Estimate:
    """The mean with its interval; of two clusters or more, over clusters, each of which may hold several values.

    The interval is a point where there is one cluster, or nothing varies: see `caveat`. Raises `ValueError` for no
    values, and for other than one cluster a value.

    Four values of two conversations: a resample holds the first twice, both, or the second twice, and has the mean
    1.0, 0.5 or 0.0, so that the interval spans all of it.

    >>> mean_with_interval([1.0, 1.0, 0.0, 0.0], clusters=["a", "a", "b", "b"])
    Estimate(value=0.5, low=0.0, high=1.0)
    """
    sums, counts = _by_cluster(_sample(values), clusters)
    means = np.concatenate([sums[picks].sum(1) / counts[picks].sum(1) for picks in _picks(len(sums), seed)])
    return _estimate(float(np.mean(values)), means)


def difference_with_interval(
    before: Sequence[float],
    after: Sequence[float],
    *,
    clusters: Sequence[Hashable] | None = None,
    seed: int = 0,
) -> Estimate:
    """The mean of after less before, case by case, with its interval: the cases are the same, so each is its own
    comparison, and what makes some hard for both is no noise.

    Raises `ValueError` where the two do not have the same number of cases, or none.

    >>> difference_with_interval([0.2, 0.4, 0.6], [0.3, 0.5, 0.7]).is_above_zero
    True
    """
    if len(before) != len(after):
        raise ValueError(
            f"{len(before)} values against {len(after)}: a paired difference needs the same cases on both sides"
        )
    differences = np.asarray(after, dtype=float) - np.asarray(before, dtype=float)
    return mean_with_interval(differences.tolist(), clusters=clusters, seed=seed)


def difference_of_means(
    before: tuple[Sequence[float], Sequence[Hashable]],
    after: tuple[Sequence[float], Sequence[Hashable]],
    *,
    seed: int = 0,
) -> Estimate:
    """The mean of after less that of before, where the two do not hold the same things: the refusals of two runs.

    Each is its values and the cluster of each. Clusters are resampled for both at once, since the cases are the same;
    a resample without any value on a side says nothing and is left out. Raises `ValueError` where a side is empty.

    >>> difference_of_means(([1.0, 1.0, 0.0], "abc"), ([1.0, 1.0], "ab")).value
    0.33333333333333337
    """
    sides = [_sample(values) for values, _ in (before, after)]
    numbers = _numbers([*before[1], *after[1]], sum(map(len, sides)))
    total = int(numbers.max()) + 1
    parts = np.split(numbers, [len(sides[0])])
    sums = [np.bincount(part, side, total) for part, side in zip(parts, sides, strict=True)]
    counts = [np.bincount(part, minlength=total) for part in parts]
    differences = []
    for picks in _picks(total, seed):
        drawn = [count[picks].sum(1) for count in counts]
        usable = (drawn[0] > 0) & (drawn[1] > 0)
        one, other = (sum_[picks].sum(1)[usable] / num[usable] for sum_, num in zip(sums, drawn, strict=True))
        differences.append(other - one)
    return _estimate(float(sides[1].mean() - sides[0].mean()), np.concatenate(differences))


def statistic_with_interval(
    statistic: Callable[[np.ndarray], np.ndarray],
    num: int,
    *,
    clusters: Sequence[Hashable] | None = None,
    seed: int = 0,
) -> Estimate | None:
    """Any statistic of `num` things with its interval; None where it is not defined for these things.

    `statistic` takes `(r, num)` weights, how often each thing is in a resample, and gives `(r,)` values, NaN where a
    resample has none: those are left out. Raises `ValueError` for no things.
    """
    if not num:
        raise ValueError("there is nothing to resample: leave the figure out")
    numbers = _numbers(range(num) if clusters is None else clusters, num)
    with np.errstate(invalid="ignore", divide="ignore"):
        value = float(statistic(np.ones((1, num)))[0])
        blocks = [statistic(_weights(picks)[:, numbers]) for picks in _picks(int(numbers.max()) + 1, seed, width=num)]
    found = np.concatenate(blocks)
    return None if np.isnan(value) else _estimate(value, found[~np.isnan(found)])


def caveat(values: Sequence[float], clusters: Sequence[Hashable] | None = None) -> str:
    """What the interval of a mean does not show, in a reader's words; empty where there is nothing to add.

    Where n values are all alike, up to 1 - 0.05 ** (1 / n) of other cases may still differ (with 95 % confidence):
    0.14 of them for twenty.

    >>> caveat([0.5]), caveat([0.0, 1.0])
    ('one case: its interval is not known', '')
    >>> caveat([1.0] * 20)
    'all 20 alike: up to 14 % of other cases may differ'
    """
    num = len(set(clusters)) if clusters is not None else len(values)
    if not num:
        return "no case"
    thing = "case" if clusters is None or num == len(values) else "conversation"
    if num == 1:
        return f"one {thing}: its interval is not known"
    if len(set(values)) == 1:
        return f"all {num} alike: up to {100 * (1 - (1 - CONFIDENCE) ** (1 / num)):.0f} % of other {thing}s may differ"
    return ""


def _sample(values: Sequence[float]) -> np.ndarray:
    sample = np.asarray(values, dtype=float)
    if not len(sample):
        raise ValueError("there are no values: leave the figure out, since unscored is not zero")
    if not np.isfinite(sample).all():
        raise ValueError("a value is not a finite number: leave unscored cases out")
    return sample


def _numbers(clusters: Sequence[Hashable], num: int) -> np.ndarray:
    """The clusters as 0, 1, … in the order in which they come."""
    if len(clusters) != num:
        raise ValueError(f"{len(clusters)} clusters for {num} values: give one for each")
    seen: dict[Hashable, int] = {}
    return np.array([seen.setdefault(cluster, len(seen)) for cluster in clusters], dtype=np.int64)


def _by_cluster(sample: np.ndarray, clusters: Sequence[Hashable] | None) -> tuple[np.ndarray, np.ndarray]:
    """The sum and the number of the values of each cluster."""
    if clusters is None:
        return sample, np.ones(len(sample))
    numbers = _numbers(clusters, len(sample))
    return np.bincount(numbers, sample), np.bincount(numbers).astype(float)


def _picks(num: int, seed: int, *, width: int = 0) -> Iterator[np.ndarray]:
    """`RESAMPLES` rows of `num` draws in all, some rows at a time."""
    generator = np.random.default_rng(seed)
    rows = max(1, min(RESAMPLES, _BLOCK // max(num, width)))
    for first in range(0, RESAMPLES, rows):
        yield generator.integers(0, num, (min(rows, RESAMPLES - first), num))


def _weights(picks: np.ndarray) -> np.ndarray:
    """How often each of `num` is in each row of draws, `(r, num)`."""
    rows, num = picks.shape
    flat = picks + num * np.arange(rows)[:, None]
    return np.bincount(flat.ravel(), minlength=rows * num).reshape(rows, num).astype(float)


def _estimate(value: float, resampled: np.ndarray) -> Estimate:
    edge = 50 * (1 - CONFIDENCE)
    low, high = np.percentile(resampled, [edge, 100 - edge]) if len(resampled) else (value, value)
    return Estimate(value, float(low), float(high))
