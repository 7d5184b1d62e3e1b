"""The MCP server over stdin and stdout: one client, who started this process and ends it.

While it serves, stdout carries the protocol alone: what anything else prints goes to stderr, and children find stdin
empty. Messages are read by a thread that nothing waits for, so that Ctrl-C ends the server while the client is silent.
"""

import asyncio
import json
import os
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO, cast

import anyio
from mcp.server.stdio import stdio_server

from assistant.answerers import Answerers
from assistant.answering import is_text
from assistant.assistant import Assistant
from assistant.errors import InvalidCall
from assistant.home import Home
from assistant.serving.mcp_server import build
from assistant.serving.mcp_tools import Service


def serve(home: Home, *, allow_changes: bool) -> None:
    """Serves until stdin ends or the client has gone; Ctrl-C raises `KeyboardInterrupt`."""
    home.settings = None  # one client is answered by one process
    answerers = Answerers(home)
    service = Service(Assistant(home), answerers, takes_files=True)
    try:
        with _own_stdin() as messages:
            anyio.run(_serve, service, messages, allow_changes)
    except* (BrokenPipeError, anyio.BrokenResourceError):
        pass  # the client has gone, and nobody is left to be told
    finally:
        answerers.close()


async def _serve(service: Service, messages: BinaryIO, allow_changes: bool) -> None:
    server = build(service, may_change=lambda _: allow_changes)
    lines = cast("anyio.AsyncFile[str]", _Lines(messages))
    async with stdio_server(stdin=lines) as (reading, writing):
        await server.run(reading, writing, server.create_initialization_options())


class _Lines:
    """The lines of a stream as they come."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._lines: asyncio.Queue[str | None] = asyncio.Queue(maxsize=1)

    async def __aiter__(self) -> AsyncIterator[str]:
        threading.Thread(target=self._read, args=(asyncio.get_running_loop(),), daemon=True).start()
        while (line := await self._lines.get()) is not None:
            yield line

    def _read(self, loop: asyncio.AbstractEventLoop) -> None:
        with suppress(RuntimeError):  # the loop has ended
            for line in self._stream:
                text = whole(line.decode("utf-8", "replace"))
                asyncio.run_coroutine_threadsafe(self._lines.put(text), loop).result()
            asyncio.run_coroutine_threadsafe(self._lines.put(None), loop).result()


def whole(line: str) -> str:
    r"""The message with U+FFFD for each half of a character: programs that cut texts write them, and the parser would
    leave out the message without an answer.

    >>> whole(r'{"a": "\ud83d"}'), whole(r'{"a": "\ud83d\udea2"}')
    ('{"a": "�"}', '{"a": "\\ud83d\\udea2"}')
    """
    if "\\ud" not in line.lower():
        return line
    try:
        content = json.dumps(json.loads(line), ensure_ascii=False)
    except (ValueError, RecursionError):
        return line
    return line if is_text(content) else content.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


@contextmanager
def _own_stdin() -> Iterator[BinaryIO]:
    """Our stdin, which nothing else in this process can read from meanwhile.

    Raises `InvalidCall` where there is none: its number may be that of the database by now.
    """
    if sys.stdin is None:
        raise InvalidCall("there is no stdin: an MCP client starts this program and speaks to it there")
    number = os.dup(0)
    if os.isatty(0):
        print("communique: waiting for an MCP client's messages on stdin (Ctrl-C ends it)", file=sys.stderr)
    empty = os.open(os.devnull, os.O_RDONLY)
    os.dup2(empty, 0)
    os.close(empty)
    try:
        yield os.fdopen(number, "rb", closefd=False)  # the thread may be reading still
    finally:
        os.dup2(number, 0)
