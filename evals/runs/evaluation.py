"""What the command line and the page ask of evaluation: run a suite by its name, and look at the runs that are kept.

Runs are kept in the user's home, whatever home their suite has. A run may also go on in a thread of its own, watched
and stopped from outside. Nothing here prints.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from assistant.settings import Settings
from corpus.database import open_database
from evals.cases.opening import opened_suite
from evals.comparing.run_comparison import compare
from evals.judges import llm_judge
from evals.reports.comparison_page import comparison_page
from evals.reports.html_report import run_page
from evals.runs.alone import held_alone
from evals.runs.kept_runs import Run, Runs, suite_name_of
from evals.runs.record import record_of
from evals.runs.running import Options, Progress, begin, chosen, keep_running, measures_for, trust_in

logger = logging.getLogger(__name__)


@contextmanager
def kept_runs(settings: Settings) -> Iterator[Runs]:
    """The runs of the home that the settings name."""
    database = open_database(settings.home, settings.engines.database)
    try:
        yield Runs(database)
    finally:
        database.close()


def run_suite(  # noqa: PLR0913  (what is run, and how it is watched)
    name: str,
    settings: Settings,
    *,
    options: Options | None = None,
    begun: Callable[[Run], None] = lambda run: None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Run:
    """Runs a suite, by name or path, and returns the run as it is kept; unfinished where it was cancelled.

    A run of the same record that was killed goes on; `begun` is told which run it is before a case is asked. Raises
    `EvaluationError` where the suite cannot be run, or somebody else makes that very run, and `AssistantError` where
    the settings cannot be used.
    """
    options = options or Options()
    with kept_runs(settings) as runs, opened_suite(name, settings, drafts=options.drafts) as opened:
        cases = chosen(opened.cases, options)
        measures = measures_for(opened.home, [llm_judge(spec) for spec in options.judges])
        record = record_of(opened.home, cases, settings, measures=list(measures))
        run = begin(
            runs, suite_name_of(opened.suite.name), record, anew=options.anew, trust=lambda: trust_in(opened.home)
        )
        with held_alone(settings.home, run):
            begun(run)
            return keep_running(
                run,
                cases,
                opened.home,
                runs,
                measures=measures,
                anew=options.anew,
                progress=progress,
                cancelled=cancelled,
            )


def report_html(settings: Settings, name: str) -> str:
    """The report of a run, "last" or an id, as one HTML page. Raises `UnknownRun`."""
    with kept_runs(settings) as runs:
        run = runs.get(name)
        return run_page(run, runs.results(run))


def comparison_html(settings: Settings, baseline: str, name: str) -> str:
    """Two runs compared, as one HTML page. Raises `UnknownRun` and `Incomparable`."""
    with kept_runs(settings) as runs:
        return comparison_page(compare(runs.get(baseline), runs.get(name), runs))


@dataclass(slots=True)
class Job:
    """A run that goes on in a thread of its own: how far it is, and once `is_over`, its `run` or its `error`."""

    done: int = 0
    total: int = 0
    run: Run | None = None
    error: Exception | None = None
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    @property
    def is_over(self) -> bool:
        """Whether the run came to its end, was cancelled or failed."""
        return self._thread is not None and not self._thread.is_alive()

    def cancel(self) -> None:
        """Stops the run after the case that is being asked; started again it goes on from there."""
        self._stop.set()

    def wait(self, seconds: float | None = None) -> None:
        """Returns when the run is over, or after so many seconds."""
        if self._thread is not None:
            self._thread.join(seconds)


def start_run(name: str, settings: Settings, *, options: Options | None = None) -> Job:
    """Starts `run_suite` in a thread and returns at once."""
    job = Job()

    def progress(done: int, total: int) -> None:
        job.done, job.total = done, total

    def work() -> None:
        try:
            job.run = run_suite(name, settings, options=options, progress=progress, cancelled=job._stop.is_set)
        except Exception as error:  # the edge of a thread: whoever watches the job is told
            logger.info("the run of %r stopped", name, exc_info=True)
            job.error = error

    job._thread = threading.Thread(target=work, name="evaluation", daemon=True)
    job._thread.start()
    return job
