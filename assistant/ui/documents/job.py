"""Work on the documents of a home in a thread of its own, which tells how far it is and can be stopped.

What a job does is said by the functions that make one, `documents_adding` and `documents_mending`. Nothing here knows
what a document is, or Gradio. A job that is stopped ends at its next step; what it had finished stays.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from copy import copy
from dataclasses import dataclass, replace
from typing import Any, Self

from filelock import Timeout

from corpus.database import Database
from corpus.errors import CorpusError
from corpus.store import Lock
from index.errors import IndexRoomError

POLL_SECONDS = 0.25

logger = logging.getLogger(__name__)


class Stopped(Exception):
    """The reader of the page ended the job."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is: `num_done` of `total` files or documents, `current` being the one at hand, of that `number`.

    `share` is the part of the work that is done, 0 to 1. `num_passages` counts what has been embedded. `waiting` says
    that somebody else is writing to the home. `fault` is why the job could not go on. A job that has `ended` was done
    to its end when it neither has a fault nor was `stopped`.
    """

    total: int = 0
    number: int = 0
    current: str = ""
    num_done: int = 0
    num_passages: int = 0
    share: float = 0.0
    waiting: bool = False
    stopped: bool = False
    fault: str | None = None
    ended: bool = False


class Job:
    """A function at work in a thread; it is given the job, which it tells of its progress and asks whether to go on."""

    def __init__(self, work: Callable[["Job"], None]) -> None:
        self.progress = Progress()
        self._work = work
        self._stop = threading.Event()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="documents", daemon=True)

    def start(self) -> "Job":
        """Begins, and gives the job itself."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Asks the job to end at its next step."""
        self._stop.set()

    def check(self) -> None:
        """Called by the work between its steps. Raises `Stopped` when it is to end."""
        if self._stop.is_set():
            raise Stopped

    def tell(self, **changes: Any) -> None:
        """Called by the work, in its own thread: what of the progress is different now."""
        self.progress = replace(self.progress, **changes)

    def moments(self, *, poll_seconds: float = POLL_SECONDS) -> Iterator[Progress]:
        """The progress whenever it is another one, until the last, which has `ended`.

        The job is stopped when the iterator is closed before that: its reader has gone.
        """
        shown = None
        try:
            while True:
                ended = self._ended.wait(poll_seconds)
                if self.progress != shown:
                    shown = self.progress
                    yield shown
                if ended:
                    return
        finally:
            self.stop()

    def _run(self) -> None:
        fault = None
        stopped = False
        try:
            self._work(self)
        except Stopped:
            stopped = True
        except (CorpusError, IndexRoomError) as error:
            fault = str(error)
        except Exception as error:  # the edge: the page goes on, whatever a job met
            logger.exception("a job on the documents failed")
            fault = f"{type(error).__name__}: {error}"
        self.tell(ended=True, waiting=False, stopped=stopped, fault=fault)
        self._ended.set()


class AnnouncedLock:
    """A home's lock that tells a job whether it has to wait for it, and gives up when the job is stopped."""

    def __init__(self, lock: Lock, job: Job) -> None:
        self._lock = lock
        self._job = job
        self._held: list[AbstractContextManager[object]] = []

    def acquire(self, timeout: float | None = None) -> AbstractContextManager[object]:
        """The lock, however long another writer holds it. Raises `Stopped`."""
        try:
            return self._lock.acquire(timeout=0)
        except Timeout:
            self._job.tell(waiting=True)
        while True:
            self._job.check()
            try:
                taken = self._lock.acquire(timeout=POLL_SECONDS)
            except Timeout:
                continue
            self._job.tell(waiting=False)
            return taken

    def __enter__(self) -> Self:
        self._held.append(self.acquire())
        return self

    def __exit__(self, *error: Any) -> None:
        self._held.pop().__exit__(*error)


def announced(database: Database, job: Job) -> Database:
    """The same database, whose lock tells the job when somebody else is writing."""
    announcing = copy(database)
    announcing.lock = AnnouncedLock(database.lock, job)
    return announcing
