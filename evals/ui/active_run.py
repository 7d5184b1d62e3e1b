"""The run that a server is making: at most one, in a thread of its own, whoever watches it.

It belongs to page and API and not to a reader: a closed tab does not end it, and every reader sees the same. Nothing
here knows Gradio, and what a run is stands in `evaluation.py`.
"""

import logging
import threading
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from assistant.errors import AssistantError
from assistant.settings import Settings
from corpus.errors import CorpusError
from evals.errors import EvaluationError
from evals.runs.evaluation import run_suite
from evals.runs.kept_runs import Run, suite_name_of
from evals.runs.running import Options
from index.errors import IndexRoomError

logger = logging.getLogger(__name__)


class Phase(Enum):
    """How far a run is. `PREPARING` reads the suite and brings its documents up to date."""

    NONE = "none"
    PREPARING = "preparing"
    RUNNING = "running"
    STOPPING = "stopping"
    STOPPED = "stopped"
    FINISHED = "finished"
    FAILED = "failed"


_ON = frozenset({Phase.PREPARING, Phase.RUNNING, Phase.STOPPING})


@dataclass(frozen=True, slots=True)
class Watched:
    """What a watcher sees: `done` of `total` cases of the suite; `run_id` once it is kept; `error` where it failed."""

    phase: Phase = Phase.NONE
    suite: str = ""
    done: int = 0
    total: int = 0
    run_id: str | None = None
    error: str | None = None

    @property
    def is_on(self) -> bool:
        """Whether it is still at work."""
        return self.phase in _ON


class ActiveRun:
    """The one run of a server: the one that is on, else the last one."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._seen = Watched()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def seen(self) -> Watched:
        """How far it is now."""
        return self._seen

    def start(self, name: str, options: Options) -> bool:
        """Begins a run of that suite, a name or a path, and returns at once; False where another one is on."""
        with self._lock:
            if self._seen.is_on:
                return False
            self._stop.clear()
            self._seen = Watched(Phase.PREPARING, suite_name_of(name))
            self._thread = threading.Thread(target=self._work, args=(name, options), name="evaluation", daemon=True)
            self._thread.start()
        return True

    def stop(self) -> None:
        """Ends the run after the case that is being asked; started again it goes on from there."""
        with self._lock:
            if self._seen.is_on:
                self._seen = replace(self._seen, phase=Phase.STOPPING)
                self._stop.set()

    def wait(self, seconds: float | None = None) -> None:
        """Returns when the run is over, or after so many seconds."""
        if self._thread is not None:
            self._thread.join(seconds)

    def _work(self, name: str, options: Options) -> None:
        try:
            run = run_suite(
                name,
                self._settings,
                options=options,
                begun=self._begun,
                progress=self._progress,
                cancelled=self._stop.is_set,
            )
        except (EvaluationError, AssistantError, CorpusError, IndexRoomError) as error:
            self._tell(phase=Phase.FAILED, error=str(error))
        except Exception as error:  # the edge of a thread: whoever watches is told
            logger.exception("the run of %r failed", name)
            self._tell(phase=Phase.FAILED, error=f"{type(error).__name__}: {error}")
        else:
            phase = Phase.FINISHED if run.finished_at else Phase.STOPPED
            self._tell(phase=phase, run_id=run.id, done=run.num_done, total=run.num_cases)

    def _begun(self, run: Run) -> None:
        self._tell(run_id=run.id)

    def _progress(self, done: int, total: int) -> None:
        self._tell(done=done, total=total)
        with self._lock:
            if self._seen.phase is Phase.PREPARING:
                self._seen = replace(self._seen, phase=Phase.RUNNING)

    def _tell(self, **changes: Any) -> None:
        with self._lock:
            self._seen = replace(self._seen, **changes)
