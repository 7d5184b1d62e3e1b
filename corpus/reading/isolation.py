"""Files read by child processes, several at once, in the order they were given: no file can harm more than itself.

A process that takes too much memory or time is ended, its file refused, and another one started. What a process has
found waits in its pipe until it is asked for, so that memory is bounded by a document and not by the folder.
"""

import atexit
import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import IO, Self, cast

from corpus.errors import UnreadableFile
from corpus.reading.files import File, FoundFile
from corpus.reading.parsing import Event, Met, Refused
from corpus.reading.wire import END, decoded
from corpus.reading.worker import OUT_OF_MEMORY, limits

MAX_LINE_BYTES = 1024**3
_MAX_PROCESSES = 4
_WALL_SECONDS_A_SECOND = 4
"""On a busy machine a process may wait so much longer than it computes."""
_PIECE_BYTES = 64 * 1024
_TOO_LONG = UnreadableFile("reading it takes longer than is allowed: convert it to plain text")


class Parser:
    """One child process, started when it is first needed, and again when it was ended."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._lines = deque[bytes]()
        self._rest = b""

    def begin(self, found: File) -> None:
        """Has the process read a file, without waiting for it."""
        if self._process and self._process.poll() is not None:
            self.close()  # it ended after its last file
        self._process = self._process or _started()
        requests = cast("IO[bytes]", self._process.stdin)
        try:
            requests.write(_request(found))
            requests.flush()
        except BrokenPipeError:
            return  # it ended meanwhile, as its events will say

    def events(self, found: File) -> Iterator[Event]:
        """What the process says of the file that it was given, as it comes. Where that goes wrong it is ended."""
        is_met = is_over = False
        try:
            seconds = _seconds(found)
            while (line := self._line(seconds)) != END.rstrip():
                event = decoded(line)
                is_met = is_met or isinstance(event, Met)
                yield event
            is_over = True
        except (UnreadableFile, ValueError, TypeError, KeyError) as error:
            if not is_met:
                yield Met(found.relative, "")
            reason = str(error) if isinstance(error, UnreadableFile) else "the process that read it spoke nonsense"
            yield Refused(found.relative, reason)
        finally:
            if not is_over:
                self.close()  # what it would still say belongs to a file that nobody asks for any more

    def close(self) -> None:
        """Ends the process."""
        process, self._process = self._process, None
        self._lines.clear()
        self._rest = b""
        if process:
            process.kill()
            process.communicate()

    def _line(self, seconds: float) -> bytes:
        """Its next line. Raises `UnreadableFile` when it ends before, or is too slow, or says too much."""
        pieces, num_bytes, until = [self._rest], len(self._rest), time.monotonic() + seconds
        while not self._lines:
            piece = self._piece(until)
            num_bytes += len(piece)
            if num_bytes > MAX_LINE_BYTES:
                raise UnreadableFile("it holds more text than can be kept: split it")
            pieces.append(piece)
            if b"\n" in piece:
                *lines, self._rest = b"".join(pieces).split(b"\n")
                self._lines.extend(lines)
        return self._lines.popleft()

    def _piece(self, until: float) -> bytes:
        process = cast("subprocess.Popen[bytes]", self._process)
        answers = cast("IO[bytes]", process.stdout)
        with selectors.DefaultSelector() as selector:
            selector.register(answers, selectors.EVENT_READ)
            if not selector.select(max(until - time.monotonic(), 0)):
                raise _TOO_LONG
        piece = os.read(answers.fileno(), _PIECE_BYTES)
        if piece:
            return piece
        status = process.wait()
        if -status in {getattr(signal, "SIGXCPU", 0), signal.SIGKILL if hasattr(signal, "SIGKILL") else 0}:
            raise _TOO_LONG
        if status == OUT_OF_MEMORY:
            raise UnreadableFile("reading it takes more memory than is allowed: split it")
        raise UnreadableFile(f"its reader crashed (status {status}): convert it to plain text")


class ParserPool:
    """Several processes, which read ahead: while one file is taken up, the next ones are parsed."""

    def __init__(self, num_processes: int | None = None) -> None:
        """By default a process for each core, and four at most."""
        self._parsers = [Parser() for _ in range(num_processes or min(os.cpu_count() or 1, _MAX_PROCESSES))]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the processes."""
        for parser in self._parsers:
            parser.close()

    def read(self, files: Iterable[File]) -> Iterator[tuple[File, Iterator[Event]]]:
        """Each file, in order, with what is in it; the events are to be taken before the next file is."""
        idle, begun = deque(self._parsers), deque[tuple[File, Parser]]()
        left = iter(files)
        try:
            while True:
                while idle and (found := next(left, None)):
                    idle[0].begin(found)
                    begun.append((found, idle.popleft()))
                if not begun:
                    return
                found, parser = begun[0]
                events = parser.events(found)
                yield found, events
                for _ in events:  # what the caller left
                    pass
                begun.popleft()
                idle.append(parser)
        finally:
            for _, parser in begun:
                parser.close()


_resting: list[ParserPool] = []


@contextmanager
def borrowed_pool() -> Iterator[ParserPool]:
    """A pool that nobody else in this process uses meanwhile. It is kept for the next: starting processes takes longer
    than reading most files.
    """
    pool = _resting.pop() if _resting else ParserPool()
    try:
        yield pool
    finally:
        _resting.append(pool)


@atexit.register
def close_pools() -> None:
    """Ends the processes of the pools that are kept."""
    while _resting:
        _resting.pop().close()


def _started() -> subprocess.Popen[bytes]:
    """A process that sees nothing of the caller's environment but where its code is."""
    environment = {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "LC_ALL": "C.UTF-8"}
    if "SYSTEMROOT" in os.environ:  # without which Python does not start on Windows
        environment["SYSTEMROOT"] = os.environ["SYSTEMROOT"]
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "corpus.reading.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    )


def _request(found: File) -> bytes:
    """What the process is told of a file: where it is, or all that is in it."""
    if isinstance(found, FoundFile):
        return json.dumps({"path": str(found.path.absolute()), "name": found.relative}).encode() + b"\n"
    request = {"num_bytes": len(found.content), "name": found.relative, "called": found.name}
    return json.dumps(request).encode() + b"\n" + found.content


def _seconds(found: File) -> float:
    """How long the process may be silent over a file."""
    try:
        num_bytes = found.path.stat().st_size if isinstance(found, FoundFile) else len(found.content)
    except OSError:
        num_bytes = 0
    return limits(num_bytes)[1] * _WALL_SECONDS_A_SECOND
