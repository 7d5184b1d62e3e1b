"""What a measure is: of one answer, or of all the answers of a suite.

A score without a value says why: what does not apply, and what could not be told, is never a zero.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.answer import Answer
from evals.case import Case, Score

Measure = Callable[[Case, Answer], Score]
"""From a case and its answer to a score."""

Answered = tuple[Case, Answer]

SuiteMeasure = Callable[[Sequence[Answered]], Score]
"""From all the cases of a suite with their answers to one score."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One thing that a measure of a suite counts: its value, and the id of the case, or the first case, it is about."""

    value: float
    case_id: str


@dataclass(frozen=True, slots=True)
class SuiteMean:
    """A `SuiteMeasure` that is the mean over units, such as the refused cases, or the pairs of wordings.

    Its units are there for its interval: `mean_with_interval([unit.value …], clusters=…)`. `nothing` is the reason
    where there is no unit.
    """

    units: Callable[[Sequence[Answered]], list[Unit]]
    nothing: str

    def __call__(self, results: Sequence[Answered]) -> Score:
        """The mean of the units; without a value where there are none."""
        units = self.units(results)
        return Score(sum(unit.value for unit in units) / len(units)) if units else Score(None, self.nothing)


def not_citable(case: Case) -> Score | None:
    """The score of a case of which no right citation is known; None where one is."""
    if not case.answerable:
        return Score(None, "there is no answer to cite")
    return None if case.judgements else Score(None, "no evidence is given")
