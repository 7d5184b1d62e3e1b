"""Two runs compared: paired differences per measure, and the cases that changed, worst first.

Only cases that are the same in both runs are paired, and for a measure only those that both have a value for. What
follows from a difference is not decided here: `gating.py` does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from evals.comparing.paired import clusters_of, p_value
from evals.errors import Incomparable
from evals.intervals import Estimate, difference_of_means, difference_with_interval
from evals.measures import LOWER_IS_BETTER, SUITE_MEASURES
from evals.runs.kept_runs import Run, Runs
from evals.runs.results import Result
from evals.runs.running import COSTS

_EPSILON = 1e-9


@dataclass(frozen=True, slots=True)
class Difference:
    """A measure in both runs, over the cases that both have a value for: after minus before, with its 95 % interval.

    `p_value` is that of the paired randomisation test; better and worse are meant in the sense of the measure.
    """

    measure: str
    before: float
    after: float
    difference: float
    low: float
    high: float
    p_value: float
    num_cases: int
    num_better: int
    num_worse: int

    @property
    def is_drop(self) -> bool:
        """Whether the later run is worse, by however little."""
        return self.difference * direction(self.measure) < -_EPSILON


@dataclass(frozen=True, slots=True)
class Change:
    """A case whose answer or scores changed. `gain` sums its differences over the quality measures, better being more
    than 0; `scores` has before and after of those that changed.
    """

    before: Result
    after: Result
    gain: float
    scores: Mapping[str, tuple[float | None, float | None]]

    @property
    def case_id(self) -> str:
        """The case."""
        return self.after.case.id


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs, the earlier one as the baseline.

    `suite_differences` has the measures of whole suites, after less before, which no gate looks at.

    `left_out` are the cases that are in one run only, or were rewritten in between; `newly_failed` those that could be
    asked before and could not now; `notes` what of the records differs.
    """

    baseline: Run
    run: Run
    num_cases: int
    differences: Sequence[Difference]
    suite_differences: Mapping[str, Estimate]
    changes: Sequence[Change]
    left_out: Sequence[str]
    newly_failed: Sequence[str]
    notes: Sequence[str]


def compare(baseline: Run, run: Run, runs: Runs) -> Comparison:
    """The later run against the baseline. Raises `Incomparable` where they are one run, or have no case in common."""
    if baseline.id == run.id:
        raise Incomparable(f"{run.id} is its own baseline: run the suite again after a change, and name an earlier run")
    digests = runs.case_digests(baseline), runs.case_digests(run)
    same = {id_ for id_, sha256 in digests[1].items() if digests[0].get(id_) == sha256}
    if not same:
        raise Incomparable(_nothing_in_common(baseline, run))
    before = {result.case.id: result for result in runs.results(baseline)}
    after = [result for result in runs.results(run) if result.case.id in same]
    pairs = [(before[result.case.id], result) for result in after]
    return Comparison(
        baseline=baseline,
        run=run,
        num_cases=len(pairs),
        differences=differences(pairs),
        suite_differences=suite_differences(pairs),
        changes=changes(pairs),
        left_out=sorted(({*digests[0]} | {*digests[1]}) - same),
        newly_failed=[one.case.id for old, one in pairs if one.error is not None and old.error is None],
        notes=_notes(baseline, run),
    )


def differences(pairs: Sequence[tuple[Result, Result]]) -> list[Difference]:
    """A row for each measure that both runs have a value of for some case, in the order of the measures."""
    names = dict.fromkeys(name for _, after in pairs for name in after.scores)
    found = []
    for name in names:
        scored = [(a, b) for a, b in pairs if name in a.values and name in b.values]
        if scored:
            found.append(_difference(name, scored))
    return found


def suite_differences(pairs: Sequence[tuple[Result, Result]]) -> dict[str, Estimate]:
    """The difference of each measure of a whole suite, over the cases that both runs answered."""
    both = [pair for pair in pairs if all(one.answer for one in pair)]
    cases = [after.case for _, after in both]
    labels = dict(zip((case.id for case in cases), clusters_of(cases), strict=True))
    found = {}
    for name, measure in SUITE_MEASURES.items():
        units = [measure.units([(a.case, a.answer) for a in side if a.answer]) for side in zip(*both, strict=True)]
        if len(units) == 2 and all(units):
            before, after = (([u.value for u in some], [labels[u.case_id] for u in some]) for some in units)
            found[name] = difference_of_means(before, after)
    return found


def changes(pairs: Sequence[tuple[Result, Result]]) -> list[Change]:
    """The cases whose answer or scores changed, worst first."""
    found = [_change(before, after) for before, after in pairs]
    return sorted(
        (change for change in found if change.scores or not _alike(change.before, change.after)),
        key=lambda change: (change.gain, change.case_id),
    )


def direction(measure: str) -> int:
    """1 where more is better, -1 where less is."""
    return -1 if measure in LOWER_IS_BETTER else 1


def _difference(name: str, pairs: Sequence[tuple[Result, Result]]) -> Difference:
    before = [result.values[name] for result, _ in pairs]
    after = [result.values[name] for _, result in pairs]
    clusters = clusters_of([result.case for _, result in pairs])
    found = difference_with_interval(before, after, clusters=clusters)
    gained = np.subtract(after, before)
    gains = gained * direction(name)
    return Difference(
        measure=name,
        before=float(np.mean(before)),
        after=float(np.mean(after)),
        difference=found.value,
        low=found.low,
        high=found.high,
        p_value=p_value(list(gained), clusters),
        num_cases=len(pairs),
        num_better=int((gains > _EPSILON).sum()),
        num_worse=int((gains < -_EPSILON).sum()),
    )


def _change(before: Result, after: Result) -> Change:
    names = [name for name in dict.fromkeys((*before.scores, *after.scores)) if name not in COSTS]
    scores = {name: (before.values.get(name), after.values.get(name)) for name in names}
    changed = {name: pair for name, pair in scores.items() if _differ(*pair)}
    gain = sum((b - a) * direction(name) for name, (a, b) in changed.items() if a is not None and b is not None)
    gain += (before.error is not None) - (after.error is not None)
    return Change(before, after, float(gain), changed)


def _differ(before: float | None, after: float | None) -> bool:
    if before is None or after is None:
        return before is not after
    return abs(after - before) > _EPSILON


def _alike(before: Result, after: Result) -> bool:
    """Whether a reader got the same: the same words, or a refusal of the same kind, or an error."""
    return _shown(before) == _shown(after)


def _shown(result: Result) -> tuple[Any, ...]:
    got = result.answer
    return (result.error, got and got.text, got and got.refusal and got.refusal.kind)


def _nothing_in_common(baseline: Run, run: Run) -> str:
    if baseline.suite != run.suite:
        return (
            f"the run {baseline.id} is of the suite {baseline.suite!r} and {run.id} of {run.suite!r}: "
            "compare two runs of one suite"
        )
    return (
        f"the runs {baseline.id} and {run.id} of {run.suite!r} have no case in common: every case was rewritten, its "
        "documents changed, or different parts were run; run both anew"
    )


def _notes(baseline: Run, run: Run) -> list[str]:
    """What differs between the two records, for the reader who looks for causes."""
    notes = [
        f"{name} {before!s} → {after!s}"
        for name in sorted({*baseline.record.get("settings", {}), *run.record.get("settings", {})})
        if (before := baseline.record.get("settings", {}).get(name))
        != (after := run.record.get("settings", {}).get(name))
    ]
    if baseline.record.get("code") != run.record.get("code"):
        notes.insert(
            0, " → ".join(f"{one.record.get('commit')} (code {one.record.get('code')})" for one in (baseline, run))
        )
    if baseline.record.get("documents") != run.record.get("documents"):
        notes.append("the documents changed")
    if baseline.record.get("variant") != run.record.get("variant"):
        notes.append(f"variant {baseline.record.get('variant')!r} → {run.record.get('variant')!r}")
    return notes + [
        f"{one.id} is unfinished: {one.num_done} of {one.num_cases} cases"
        for one in (baseline, run)
        if not one.finished_at
    ]
