"""The figures of a run while it goes on, computed for all watchers together, and no oftener than they are worth.

The figures are those of the report; only the moment at which they are computed is decided here.
"""

import threading
import time
from collections.abc import Mapping

from corpus.database import Database
from evals.reports.figures import Row, measure_rows, suite_rows
from evals.runs.kept_runs import Runs

_LEAST_SECONDS = 2.0
_REST = 9
"""Computing rests nine times as long as it took: the answers that others wait for come first."""


class RunningFigures:
    """The latest figures of one run."""

    def __init__(self, database: Database) -> None:
        self._runs = Runs(database)
        self._lock = threading.Lock()
        self._key: tuple[str, int] | None = None
        self._rows: Mapping[str, Row] = {}
        self._next = 0.0

    def rows(self, run_id: str, num_done: int, *, is_over: bool = False) -> Mapping[str, Row]:
        """By measure its mean and interval over the cases so far; a little old while the run goes on.

        Whoever asks while they are being computed gets the ones before.
        """
        if not self._lock.acquire(blocking=is_over):
            return self._shown(run_id)
        try:
            is_due = is_over or self._next <= time.monotonic() or not self._shown(run_id)
            if is_due and self._key != (run_id, num_done):
                self._compute(run_id, num_done)
            return self._shown(run_id)
        finally:
            self._lock.release()

    def _shown(self, run_id: str) -> Mapping[str, Row]:
        return self._rows if self._key and self._key[0] == run_id else {}

    def _compute(self, run_id: str, num_done: int) -> None:
        began = time.monotonic()
        results = self._runs.results(self._runs.get(run_id))
        self._rows = {**measure_rows(results), **suite_rows(results)}
        self._key = run_id, num_done
        took = time.monotonic() - began
        self._next = time.monotonic() + max(_LEAST_SECONDS, _REST * took)
