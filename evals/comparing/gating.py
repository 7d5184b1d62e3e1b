"""The gate: whether a run is worse than its baseline, beyond what chance explains.

A drop is significant when its 95 % interval lies below 0 and its randomisation test, corrected by Holm's method for the
number of measures that are watched, stays below 0.05: over all of them together at most one false alarm in twenty. What
a case costs is not watched unless it is named: it depends on the machine.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from evals.comparing.paired import holm
from evals.comparing.run_comparison import Comparison, Difference, direction
from evals.errors import Incomparable
from evals.measures.retrieval import RETRIEVAL_MEASURES
from evals.runs.running import COSTS

LEVEL = 0.05
UNWATCHED = frozenset({*COSTS, *RETRIEVAL_MEASURES, "exact match", "token F1"})
"""Measures that a gate watches only where they are named: what comes before an answer shows in the answer, and every
further measure makes the test stricter for all."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A measure that the gate looks at, its probability corrected for the number of them."""

    difference: Difference
    p_corrected: float

    @property
    def is_drop(self) -> bool:
        """Whether it dropped significantly."""
        row = self.difference
        worst_hoped = row.high if direction(row.measure) > 0 else -row.low
        return row.is_drop and worst_hoped < 0 and self.p_corrected < LEVEL


@dataclass(frozen=True, slots=True)
class Gate:
    """What the gate saw. A significant drop closes it, and so does a case that could be asked before and not now."""

    comparison: Comparison
    watched: Sequence[Watched]

    @property
    def drops(self) -> list[Watched]:
        """The significant drops, the largest first."""
        found = [one for one in self.watched if one.is_drop]
        return sorted(found, key=lambda one: one.difference.difference * direction(one.difference.measure))

    @property
    def is_open(self) -> bool:
        """Whether the run may pass."""
        return not self.drops and not self.comparison.newly_failed


def gate(comparison: Comparison, measures: Sequence[str] = ()) -> Gate:
    """The gate over the measures named, or over all of quality.

    Raises `Incomparable` for a measure that no case of both runs has a value of.
    """
    watched = watch(comparison.differences, measures)
    if not watched and not comparison.newly_failed:
        raise Incomparable(
            f"the runs {comparison.baseline.id} and {comparison.run.id} have no measure in common: run the suite anew"
        )
    return Gate(comparison, watched)


def watch(differences: Sequence[Difference], measures: Sequence[str] = ()) -> list[Watched]:
    """The measures named, or those of the answers' quality, with their probabilities corrected. Raises as `gate`."""
    known = {row.measure: row for row in differences}
    missing = [name for name in measures if name not in known]
    if missing:
        raise Incomparable(f"no case of both runs has a value of {missing[0]!r}: the measures are {', '.join(known)}")
    names = list(dict.fromkeys(measures)) or [name for name in known if name not in UNWATCHED]
    corrected = holm([known[name].p_value for name in names])
    return [Watched(known[name], p) for name, p in zip(names, corrected, strict=True)]
