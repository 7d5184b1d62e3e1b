"""Connections to machines that may be asked, with one clock for all that happens on them.

A name is resolved once, each of its IP addresses is checked, and the connection goes to one of those: what the name
leads to a moment later changes nothing. Proxies that the environment names are not used.
"""

import socket
import ssl
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import httpcore

from corpus.errors import UnreadableFile
from corpus.fetching.addresses import check_machine

CONNECT_SECONDS = 8
"""For one of a machine's IP addresses, after which the next is tried."""

Resolve = Callable[[str, int], Sequence[str]]
"""From a name and a port to IP addresses. Raises `OSError`."""
Connect = Callable[[str, int, float], httpcore.NetworkStream]
"""To an IP address and a port within so many seconds. Raises `httpcore.NetworkError` or `httpcore.TimeoutException`."""


def resolved(name: str, port: int) -> list[str]:
    """The IP addresses of a name, in the order of the system's preference."""
    found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def connected(number: str, port: int, seconds: float) -> httpcore.NetworkStream:
    """A connection to an IP address."""
    return httpcore.SyncBackend().connect_tcp(number, port, seconds)


@dataclass(frozen=True, slots=True)
class Network:
    """How the network is reached, and whether machines that are not public may be asked."""

    allow_private: bool = False
    resolve: Resolve = resolved
    connect: Connect = connected
    tls: ssl.SSLContext | None = None


class Guard(httpcore.NetworkBackend):
    """What httpcore opens its connections through; `until` is when the last of their answers must be there."""

    def __init__(self, network: Network, until: float) -> None:
        self._network = network
        self._until = until

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the first machine of that name that answers.

        Raises `UnreadableFile` when there is none, or when any of them may not be asked.
        """
        try:
            numbers = self._network.resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise UnreadableFile(f"no machine is called {host!r}: check the address, and your network") from error
        for number in numbers:
            check_machine(number, allow_private=self._network.allow_private, name=host)
        failure: Exception = httpcore.ConnectError("it has no IP address")
        for number in numbers:
            try:
                stream = self._network.connect(number, port, min(CONNECT_SECONDS, _left(self._until)))
                return _Timed(stream, self._until)
            except (httpcore.NetworkError, httpcore.TimeoutException) as error:
                failure = error
        raise failure


class _Timed(httpcore.NetworkStream):
    """A connection on which nothing lasts longer than until then, however slowly the other side drips."""

    def __init__(self, stream: httpcore.NetworkStream, until: float) -> None:
        self._stream = stream
        self._until = until

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._until))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._until))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, _left(self._until)), self._until)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(until: float) -> float:
    """The seconds that are left. Raises `httpcore.ReadTimeout` when there are none."""
    left = until - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the time is over")
    return left
