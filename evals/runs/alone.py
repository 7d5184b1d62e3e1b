"""One at a time: a run that is being made is held, by a lock in the home that the kernel frees when its process dies.

It holds one run, not a suite: runs of other settings may be made beside it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from evals.errors import RunIsOn
from evals.runs.kept_runs import Run


@contextmanager
def held_alone(home: Path, run: Run) -> Iterator[None]:
    """While this lasts, nobody else makes the run. Raises `RunIsOn` where somebody does."""
    path = home / f"run-{run.id}.lock"
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise RunIsOn(
            f"the run {run.id} of {run.suite!r} is being made just now by somebody else: wait for its end, or stop it"
        ) from None
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        lock.release()
