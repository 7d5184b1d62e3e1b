"""Connections that keep the server waiting, on real sockets."""

import socket
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest

from assistant.home import Home
from assistant.serving.app import build
from assistant.serving.limits import Limits
from assistant.serving.server import address_of, listening, running
from tests.fakes import HashEncoder

LIMITS = Limits(
    head_seconds=0.5, max_head_bytes=8_192, patience_seconds=0.5, body_bytes_per_second=10_000, connections=6
)
POST = b"POST /api/search HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of little patience."""
    home = Home(tmp_path_factory.mktemp("patience"), load_encoder=HashEncoder)
    app = build(home, with_page=False, limits=LIMITS)
    with listening("127.0.0.1", 0) as listener, running(app, listener, limits=LIMITS):
        yield address_of("127.0.0.1", listener).rstrip("/")
    home.close()


def connected(address: str) -> socket.socket:
    found = urlsplit(address)
    return socket.create_connection((found.hostname, found.port), timeout=10)


def told(connection: socket.socket, *pieces: bytes, pause: float = 0.0) -> bytes:
    """What is answered to these pieces, sent one after the other, until the server hangs up."""
    try:
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(pause)
        found = b""
        while got := connection.recv(65_536):
            found += got
    except (ConnectionResetError, BrokenPipeError):
        return b""
    return found


@pytest.mark.parametrize(
    ("pieces", "pause"),
    [
        ([], 0.0),
        ([b"GET /health HTTP/1.1\r\n", *[b"X-A: b\r\n"] * 20], 0.1),
        ([b"GET /health HTTP/1.1\r\n", *[b"X-A: " + b"b" * 1_000 + b"\r\n"] * 100], 0.0),
        ([b"GET /" + b"x" * 100_000], 0.0),
    ],
    ids=["silent", "line by line", "endless", "long address"],
)
def test_a_head_that_never_ends_is_hung_up_on(address: str, pieces: list[bytes], pause: float) -> None:
    """However it drips, within the limit and without an answer."""
    begun = time.monotonic()
    with connected(address) as connection:
        assert not told(connection, *pieces, pause=pause).startswith(b"HTTP/1.1 200")
    assert time.monotonic() - begun < 5


def test_a_body_that_drips_is_408(address: str) -> None:
    """With a length and in chunks alike."""
    begun = time.monotonic()
    for head, piece in ((b"Content-Length: 100\r\n\r\n", b"x"), (b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n")):
        with connected(address) as connection:
            answer = told(connection, POST + head, *[piece] * 8, pause=0.1)
        assert answer.startswith(b"HTTP/1.1 408") or answer == b""
    assert time.monotonic() - begun < 8


def test_requests_one_after_the_other_are_no_long_head(address: str) -> None:
    """On one connection, with pauses between them longer than a head may take."""
    with httpx.Client(base_url=address) as client:
        for _ in range(3):
            assert client.get("/health", headers={"x-long": "x" * 5_000}).status_code == 200
            time.sleep(0.6)


def test_one_connection_too_many_is_told_so_in_a_line(address: str) -> None:
    """Those that are there go on, and when they are gone there is room again."""
    held = [connected(address) for _ in range(LIMITS.connections)]
    with connected(address) as one_more:
        answer = told(one_more, b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 503") and answer.endswith(b"\r\n\r\nService Unavailable")
    for connection in held:
        connection.close()
    time.sleep(0.2)
    assert httpx.get(f"{address}/health").status_code == 200
