"""Whether answers are as good where servers keep the home: the sample suite in its folder and on them, case by case.

    CHROMA_URL=… DATABASE_URL=…?schema={home} python -m evals.comparing.engines_trial

The home that is made on the servers is for this alone; whoever runs them deletes it.
"""

import sys
from collections.abc import Sequence

from assistant.settings import Engines, engines_from_environment
from evals.comparing.gate_trial import sample_results
from evals.comparing.run_comparison import Difference, differences
from evals.runs.results import Result


def main() -> None:
    """Makes both runs and prints each measure's difference, servers less folder, with its interval."""
    engines = engines_from_environment()
    if engines == Engines():
        sys.exit("neither CHROMA_URL nor DATABASE_URL names a server: there is nothing to compare")
    here, there = sample_results(), sample_results(engines=engines)
    rows = differences(list(zip(here, there, strict=True)))
    print("\n".join(lines(rows)))
    print(f"{num_other_answers(here, there)} of {len(here)} answers are worded otherwise")


def lines(rows: Sequence[Difference]) -> list[str]:
    """A line for each measure: what it is in the folder and on the servers, and the difference."""
    return [
        f"{row.measure:22} {row.before:.3f} {row.after:.3f} {row.difference:+.3f} ({row.low:+.3f} to {row.high:+.3f})"
        for row in rows
    ]


def num_other_answers(here: Sequence[Result], there: Sequence[Result]) -> int:
    """How many cases have other sentences there."""
    return sum(_said(one) != _said(other) for one, other in zip(here, there, strict=True))


def _said(result: Result) -> list[str]:
    return [claim.text for claim in result.answer.claims] if result.answer else []


if __name__ == "__main__":
    main()
