"""Bodies as they come in: how large, and how slowly."""

import asyncio
from collections.abc import Sequence

import pytest
from starlette.exceptions import HTTPException
from starlette.types import Message

from assistant.serving.bodies_read import announced_bytes, has_body, limited
from assistant.serving.limits import Limits

SLOW = Limits(patience_seconds=0.2, body_bytes_per_second=1_000)


def read(pieces: Sequence[tuple[float, bytes]], most: int = 100, *, announced: int = 0) -> bytes:
    """The body of which each piece comes after a pause, as it is read; after it the client stays a while."""
    left = list(pieces)

    async def receive() -> Message:
        if not left:
            await asyncio.sleep(0.5)
            return {"type": "http.disconnect"}
        pause, body = left.pop(0)
        await asyncio.sleep(pause)
        return {"type": "http.request", "body": body, "more_body": bool(left)}

    async def whole() -> bytes:
        received, found = limited(receive, most, SLOW, announced=announced), b""
        while (message := await received())["type"] == "http.request":
            found += message["body"]
        return found

    return asyncio.run(whole())


def test_a_body_is_read_as_it_is() -> None:
    """And who sent it may wait for the answer as long as it takes."""
    assert read([(0.0, b"a" * 50), (0.0, b"b" * 50)]) == b"a" * 50 + b"b" * 50
    assert read([(0.0, b"")]) == b""


@pytest.mark.parametrize(("pieces", "announced"), [([(0.0, b"a" * 50), (0.0, b"b" * 51)], 0), ([(0.0, b"")], 101)])
def test_too_large_is_413(pieces: Sequence[tuple[float, bytes]], announced: int) -> None:
    with pytest.raises(HTTPException) as raised:
        read(pieces, announced=announced)
    assert (raised.value.status_code, raised.value.headers) == (413, {"Connection": "close"})


@pytest.mark.parametrize(
    "pieces",
    [[(1.0, b"x")], [(0.1, b"x")] * 10, [(0.0, b"x" * 50), (1.0, b"x")]],
    ids=["silent", "drop by drop", "stuck"],
)
def test_too_slow_is_408(pieces: Sequence[tuple[float, bytes]]) -> None:
    with pytest.raises(HTTPException) as raised:
        read(pieces)
    assert (raised.value.status_code, raised.value.headers) == (408, {"Connection": "close"})


@pytest.mark.parametrize(
    ("version", "headers", "has_one"),
    [
        ("1.1", [], False),
        ("1.1", [(b"content-length", b"0")], True),
        ("1.1", [(b"transfer-encoding", b"chunked")], True),
        ("2", [], True),
    ],
)
def test_whether_a_body_may_come(version: str, headers: list[tuple[bytes, bytes]], *, has_one: bool) -> None:
    """In HTTP/2 one may come unannounced."""
    assert has_body({"http_version": version, "headers": headers}) is has_one


@pytest.mark.parametrize(
    ("length", "num_bytes"), [(b"12", 12), (b"", 0), (b"-1", 0), (b"1e9", 0), (b"9" * 5_000, 10**20 - 1)]
)
def test_what_a_body_says_of_itself(length: bytes, num_bytes: int) -> None:
    assert announced_bytes({"headers": [(b"content-length", length)]}) == num_bytes
