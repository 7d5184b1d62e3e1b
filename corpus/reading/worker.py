"""The process that reads files for `isolation.py`: `python -m corpus.reading.worker`.

It takes a path and a name a line from stdin, or a name and as many bytes as the line says, and answers on stdout in the
lines of `wire.py`. It may use so much memory and computing time, and may write no file, start no program and reach no
network; nothing of the caller's environment is handed to it.
"""

import json
import os
import signal
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from corpus.errors import UnreadableFile
from corpus.reading.files import content_of
from corpus.reading.parsing import Event, Met, Refused, parse
from corpus.reading.wire import END, encoded

MEMORY_BYTES = 1024**3
OCR_MEMORY_BYTES = 2 * 1024**3
MEMORY_PER_BYTE = 8
SECONDS = 60
BYTES_A_SECOND = 50_000
OUT_OF_MEMORY = 75
"""The exit status of a process that needed more memory than it may have."""
_FORBIDDEN = ("os.exec", "os.fork", "os.posix_spawn", "os.system", "socket.", "subprocess.", "urllib.", "ftplib.")


def limits(num_bytes: int) -> tuple[int, int]:
    """How much memory, in bytes, and how many seconds of computing a file of that size may take."""
    memory = OCR_MEMORY_BYTES if find_spec("rapidocr_onnxruntime") else MEMORY_BYTES
    return memory + MEMORY_PER_BYTE * num_bytes, SECONDS + num_bytes // BYTES_A_SECOND


def main() -> None:
    """Answers line by line until stdin ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends this process
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # a library that prints must not be taken for an answer
    sys.addaudithook(_refuse)
    for line in sys.stdin.buffer:
        request = json.loads(line)
        try:
            for event in _events(request):
                answers.write(encoded(event))
        except MemoryError:
            os._exit(OUT_OF_MEMORY)
        answers.write(END)


def _events(request: dict[str, Any]) -> Iterator[Event]:
    name = request["name"]
    try:
        content = _content(request)
    except (OSError, UnreadableFile) as error:
        yield Met(name, "")
        yield Refused(name, str(error))
        return
    yield from parse(content, name, called=request.get("called"))


def _content(request: dict[str, Any]) -> bytes:
    if "path" not in request:
        _limit(request["num_bytes"])
        return sys.stdin.buffer.read(request["num_bytes"])
    path = Path(request["path"])
    _limit(path.stat().st_size)
    return content_of(path)


def _limit(num_bytes: int) -> None:
    """Sets the limits of the process for its next file; on systems that have none, the parent's clock remains."""
    try:
        import resource
    except ImportError:
        return
    memory, seconds = limits(num_bytes)
    used = resource.getrusage(resource.RUSAGE_SELF)
    for which, soft in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, round(used.ru_utime + used.ru_stime) + seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(which)
        resource.setrlimit(which, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook: a parser that would write, run or connect fails instead."""
    writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
    if writes or event.startswith(_FORBIDDEN):
        raise PermissionError(f"a reader may not do this: {event}")


if __name__ == "__main__":
    main()
