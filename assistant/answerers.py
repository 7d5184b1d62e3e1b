"""Answers for many readers at once: further processes, started once two readers are there, quote for the page.

Python computes on one core at a time. A page that does nothing but quote would leave the other cores idle, so what is
computed of an answer goes to processes with homes of their own over the same folder, one for each core and four at
most. A reader who is alone never starts them. LLMs are asked from the page's own process, which only waits for them.
It keeps nothing.
"""

import logging
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import takewhile
from multiprocessing.connection import Connection, wait
from typing import Any

from assistant.answering import answer_events
from assistant.errors import AssistantError
from assistant.events import Event
from assistant.home import Home, open_home
from assistant.observing.logs import log_as_asked
from assistant.observing.spans import retold
from assistant.settings import Settings
from assistant.writing.leaving import Leaving

_SPAWN = multiprocessing.get_context("spawn")  # a fork would inherit threads that are gone

_STAYS_SECONDS = 2.0
_NUM_PROCESSES = min(4, os.cpu_count() or 1)

logger = logging.getLogger(__name__)


class Answerers:
    """Who answers the questions of one page: its own process, and those beside it once they are needed."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._beside: list[_Beside] = []
        self._num_asking = 0
        self._lock = threading.Lock()
        self._readers: dict[str, Leaving] = {}
        self._present: set[str] = set()

    def events(self, question: str, *, reader: str, **options: Any) -> Iterator[Event]:
        """As `answer_events` over the home's sources, with its options; `reader` asks one question at a time."""
        if self._home.writer is not None:
            with self._reading(reader) as leaving:
                sources = replace(self._home.sources, writer=self._home.writer.until(leaving))
                events = answer_events(question, sources, **options)
                yield from takewhile(lambda _: not leaving.has_left, events)  # no quotes in place of what was stopped
            return
        with self._asking() as beside:
            found = beside.events(question, options) if beside else None
            here = answer_events(question, self._home.sources, **options)
            yield from here if found is None else retold(found, question)

    def arrive(self, reader: str) -> None:
        """The reader is there, and may ask. Processes take seconds to start: with a second reader who stays they do.

        A page that is loaded anew is two for a moment.
        """
        with self._lock:
            self._present.add(reader)
            are_several = len(self._present) > 1
        if are_several:
            waiting = threading.Timer(_STAYS_SECONDS, self._start_for_several)
            waiting.daemon = True
            waiting.start()

    def depart(self, reader: str) -> None:
        """The reader is gone, and waits for nothing."""
        with self._lock:
            self._present.discard(reader)
        self.leave(reader)

    def leave(self, reader: str) -> None:
        """The reader waits no more: the LLM is to stop writing for him."""
        with self._lock:
            leaving = self._readers.get(reader)
        if leaving:
            leaving.leave()

    def close(self) -> None:
        """Ends the processes beside this one."""
        with self._lock:
            self._present.clear()
            beside = list(self._beside)
        for each in beside:
            each.close()

    def _start_for_several(self) -> None:
        with self._lock:
            if len(self._present) > 1:
                self._start()

    def _start(self) -> None:
        """Starts the processes that do not run, where quotes are computed; the caller holds the lock."""
        settings = self._home.settings
        if settings and self._home.writer is None:
            running = [each for each in self._beside if not each.has_ended]
            self._beside = running + [_Beside(settings) for _ in range(_NUM_PROCESSES - len(running))]

    @contextmanager
    def _reading(self, reader: str) -> Iterator[Leaving]:
        """Whether the reader still waits."""
        leaving = Leaving()
        with self._lock:
            self._readers[reader] = leaving
        try:
            yield leaving
        finally:
            with self._lock:
                if self._readers.get(reader) is leaving:
                    del self._readers[reader]

    @contextmanager
    def _asking(self) -> Iterator["_Beside | None"]:
        """The process that is to answer, the one where fewest wait; None for this one."""
        with self._lock:
            self._num_asking += 1
            if self._num_asking > 1:
                self._start()
            ready = [each for each in self._beside if each.is_ready]
        try:
            yield min(ready, key=lambda each: each.num_waiting, default=None)
        finally:
            with self._lock:
                self._num_asking -= 1


class _Beside:
    """A process that answers one question after the other, once `is_ready`; the next ones wait there, not here.

    One that could not start has not `ended`: another could not either.
    """

    def __init__(self, settings: Settings) -> None:
        self.is_ready = self.has_ended = self._is_closed = False
        self._sending = threading.Lock()
        self._waiting: deque[Future[list[Event] | None]] = deque()
        self._connection, theirs = _SPAWN.Pipe()
        self._process = _SPAWN.Process(target=_answer_all, args=(theirs, settings), daemon=True)
        self._process.start()
        theirs.close()
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def num_waiting(self) -> int:
        """How many answers are asked of it."""
        return len(self._waiting)

    def events(self, question: str, options: dict[str, Any]) -> list[Event] | None:
        """What happens on the way to its answer, None when it has died. Raises what answering raises."""
        found: Future[list[Event] | None] = Future()
        with self._sending:
            if not self.is_ready:
                return None
            self._waiting.append(found)
            with suppress(OSError):  # it has died, and whoever listens gives the answer that there is none
                self._connection.send((question, options))
        return found.result()

    def close(self) -> None:
        """Ends the process."""
        self._is_closed = True
        self._process.terminate()
        self._process.join()

    def _listen(self) -> None:
        """Hands its answers to who asked, in the order of the questions, until it ends."""
        try:
            self.is_ready = bool(self._connection.recv())
            while True:
                found = self._connection.recv()
                answered = self._waiting.popleft()
                if isinstance(found, Exception):
                    answered.set_exception(found)
                else:
                    answered.set_result(found)
        except (EOFError, OSError):
            if not self._is_closed:
                logger.warning("a process beside the page has ended: others answer")
        with self._sending:
            self.is_ready, self.has_ended = False, self.is_ready
        while self._waiting:
            self._waiting.popleft().set_result(None)


def _answer_all(connection: Connection, settings: Settings) -> None:
    """Answers whatever comes, until the page has ended, on one core: the page has the others."""
    end_with_parent()
    log_as_asked()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal goes to all: the page ends this one
    os.environ["OMP_NUM_THREADS"] = "1"  # read when torch is loaded
    home = open_home(settings)
    list(answer_events("Is everything loaded?", home.sources))
    connection.send(True)
    while True:
        try:
            question, options = connection.recv()
        except EOFError:
            return
        try:
            connection.send(list(answer_events(question, home.sources, **options)))
        except AssistantError as error:
            connection.send(error)


def end_with_parent() -> None:
    """Ends this process as soon as the one that spawned it is gone, whatever it is doing: loading takes seconds."""

    def watch() -> None:
        parent = multiprocessing.parent_process()
        wait([parent.sentinel] if parent else [])
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()
