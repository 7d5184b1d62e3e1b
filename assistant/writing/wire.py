"""HTTP connections to an LLM that can be cut from another thread, and that notice what is no LLM at the other end.

A fresh connection for every request, no retries, no redirects: a key goes only where its owner sent it.
"""

import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from threading import Lock, get_ident
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    import httpx

MAX_BYTES = 8_000_000
_END = b"[DONE]"


class NotAnLlm(Exception):
    """What answers is no LLM server; the message says what it sent."""


class Call:
    """One request: its sockets, and what was seen of its answer."""

    def __init__(self) -> None:
        self.saw_end = False
        self._lock = Lock()
        self._sockets: list[socket.socket] = []
        self._is_cut = False
        self._num_bytes = 0
        self._tail = b""

    def cut(self) -> None:
        """Closes the connection, and any that is made later: a read that waits on it ends at once."""
        with self._lock:
            self._is_cut = True
            for open_socket in self._sockets:
                with suppress(OSError):
                    socket.socket.shutdown(open_socket, socket.SHUT_RDWR)  # a TLS socket's own would wait for the peer

    def close(self) -> None:
        """Lets go of the sockets; for the thread that read from them, when it is done."""
        with self._lock:
            for open_socket in self._sockets:
                open_socket.close()
            self._sockets.clear()

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Takes note of a socket as it is opened; the form is that of httpcore's trace extension."""
        if not event.endswith(("connect_tcp.complete", "start_tls.complete")):
            return
        with self._lock:
            self._sockets.append(info["return_value"].get_extra_info("socket"))
        if self._is_cut:
            self.cut()

    def saw(self, chunk: bytes) -> None:
        """Takes note of a piece of the answer. Raises `NotAnLlm` where it has no end."""
        self._num_bytes += len(chunk)
        if self._num_bytes > MAX_BYTES:
            raise NotAnLlm(f"it sent more than {MAX_BYTES:,} bytes")
        self._tail = (self._tail + chunk)[-len(chunk) - len(_END) :]
        self.saw_end = self.saw_end or _END in self._tail


class Wire:
    """Makes HTTP clients whose requests can be cut, each through its own `Call`."""

    def __init__(self, connect_seconds: float, read_seconds: float) -> None:
        self._connect_seconds = connect_seconds
        self._read_seconds = read_seconds
        self._calls: dict[int, Call] = {}

    @contextmanager
    def binding(self, call: Call) -> Iterator[None]:
        """While this lasts, what this thread requests belongs to `call`."""
        self._calls[get_ident()] = call
        try:
            yield
        finally:
            del self._calls[get_ident()]

    def client_options(self, *, trust_env: bool) -> dict[str, Any]:
        """The keyword arguments of an `httpx.Client`; proxies of the environment are used where `trust_env`."""
        import httpx

        return {
            "timeout": httpx.Timeout(self._read_seconds, connect=self._connect_seconds),
            "limits": httpx.Limits(max_connections=None, max_keepalive_connections=0),
            "follow_redirects": False,
            "trust_env": trust_env,
            "event_hooks": {"request": [self._begin], "response": [_watching(self._calls)]},
        }

    def client(self, *, trust_env: bool) -> "httpx.Client":
        """A client of these options."""
        import httpx

        return httpx.Client(**self.client_options(trust_env=trust_env))

    def _begin(self, request: "httpx.Request") -> None:
        call = self._calls.get(get_ident())
        if call is not None:
            request.extensions["trace"] = call.trace


def is_loopback(url: str) -> bool:
    """Whether a URL's host is this machine, as far as its name says.

    >>> is_loopback("http://127.0.0.1:8080/v1"), is_loopback("https://llm.example/v1")
    (True, False)
    """
    host = urlsplit(url).hostname or ""
    return host in {"localhost", "::1"} or host.startswith("127.")


def _watching(calls: Mapping[int, Call]) -> "Callable[[httpx.Response], None]":
    """What looks at a response before its body is read."""
    import httpx

    class Watched(httpx.SyncByteStream):
        def __init__(self, stream: httpx.SyncByteStream, call: Call) -> None:
            self._stream, self._call = stream, call

        def __iter__(self) -> Iterator[bytes]:
            for chunk in self._stream:
                self._call.saw(chunk)
                yield chunk

        def close(self) -> None:
            self._stream.close()

    def watch(response: httpx.Response) -> None:
        if response.is_success and "html" in response.headers.get("content-type", ""):
            raise NotAnLlm("it sent a web page")
        call = calls.get(get_ident())
        if call is not None and isinstance(response.stream, httpx.SyncByteStream):
            response.stream = Watched(response.stream, call)

    return watch
