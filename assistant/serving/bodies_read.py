"""Bodies as they come in: not larger than they may be, and not slower, whether they say how long they are or not."""

import asyncio
import time

from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope

from assistant.serving.limits import LIMITS, Limits

_MIB = 1024**2


def limited(receive: Receive, most: int, limits: Limits = LIMITS, *, announced: int = 0) -> Receive:
    """The body, until it is longer than `most` bytes or comes too slowly; after it, whatever comes.

    What it gives raises `HTTPException` 413 and 408. A body that was `announced` as too long is not read at all.
    """
    num_bytes, is_whole, begun = 0, False, time.monotonic()

    async def received() -> Message:
        nonlocal num_bytes, is_whole
        if announced > most:
            raise _too_large(most)
        if is_whole:
            return await receive()
        until = begun + limits.patience_seconds + num_bytes / limits.body_bytes_per_second
        try:
            async with asyncio.timeout(max(0.0, until - time.monotonic())):
                message = await receive()
        except TimeoutError as error:
            raise _too_slow() from error
        num_bytes += len(message.get("body", b""))
        is_whole = not message.get("more_body", False)
        if num_bytes > most:
            raise _too_large(most)
        return message

    return received


def has_body(scope: Scope) -> bool:
    """Whether a body may come: in HTTP/1 its length or its coding announces it [1].

    [1] RFC 9112, 6.3.
    """
    names = {name for name, _ in scope["headers"]}
    is_first = scope.get("http_version", "1.1") in {"1.0", "1.1"}
    return not is_first or b"content-length" in names or b"transfer-encoding" in names


def announced_bytes(scope: Scope) -> int:
    """How long a body says that it is; 0 where it does not."""
    length: bytes = dict(scope["headers"]).get(b"content-length", b"")
    return int(length[:20]) if length.isdigit() else 0


def _too_large(most: int) -> HTTPException:
    size = f"{most // _MIB} MiB" if most >= _MIB else f"{most // 1024} KiB"
    return HTTPException(413, f"the body is larger than {size}: send less at once", headers={"Connection": "close"})


def _too_slow() -> HTTPException:
    return HTTPException(408, "the body came too slowly: send it faster, or less", headers={"Connection": "close"})
