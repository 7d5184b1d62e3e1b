"""Clients that leave before their answer is there: their work is ended, since nobody reads it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import TypeVar

from fastapi import Request
from starlette.concurrency import iterate_in_threadpool

from assistant.writing.leaving import Leaving

Item = TypeVar("Item")

LEFT = 499
"""The status of an answer that nobody waits for any more; no client sees it."""


@asynccontextmanager
async def watched(request: Request) -> AsyncIterator[Leaving]:
    """Whether the client is still there while this lasts. The body must have been read."""
    leaving = Leaving()
    watcher = asyncio.create_task(_watch(request, leaving.leave))
    try:
        yield leaving
    finally:
        watcher.cancel()


async def until_left(request: Request, items: Iterator[Item], *, leave: Callable[[], None]) -> AsyncIterator[Item]:
    """The items, each made in a thread, until the client has left; then `leave` is called, which is to hurry the one
    that is being made, and no other is.

    The body must have been read.
    """
    watcher = asyncio.create_task(_watch(request, leave))
    try:
        async for item in iterate_in_threadpool(items):
            yield item
            if watcher.done():
                return
    finally:
        watcher.cancel()


async def _watch(request: Request, leave: Callable[[], None]) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
    leave()
