"""A web server of the test's own on loopback, and a network in which it has names and public IP addresses."""

import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpcore
import pytest

from corpus.fetching.connecting import Network
from corpus.fetching.fetching import Fetcher
from corpus.reading.files import FetchedFile, ListedPages

PUBLIC = "93.184.215.14"
WORDS = b"<html><head><title>Rain</title></head><body><p>It rained in Bergen on every day of May.</p></body></html>"


@dataclass(slots=True)
class Answer:
    """What the server says to a request."""

    body: bytes = WORDS
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "text/html"})
    write: Callable[[BaseHTTPRequestHandler], None] | None = None


class Site:
    """The server: what it answers by target, what it was asked for, and how the network leads to it.

    `names` are resolved to IP addresses, in turn where there are several answers; each IP address in `open_numbers`
    leads to the server, whatever the port.
    """

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.requests: list[tuple[str, str, str]] = []
        self.num_connections = 0
        self.names: dict[str, list[Sequence[str]]] = {"example.org": [[PUBLIC]]}
        self.open_numbers = {PUBLIC}
        self.connected: list[tuple[str, int]] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()

    @property
    def port(self) -> int:
        return int(self.server.server_port)

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def targets(self) -> list[str]:
        """The paths that were asked for, without robots.txt."""
        return [target for _, target, _ in self.requests if target != "/robots.txt"]

    def page(self, target: str, body: bytes = WORDS, status: int = 200, **headers: str) -> None:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[target] = Answer(body, status, {"Content-Type": "text/html"} | given)

    def resolve(self, name: str, port: int) -> Sequence[str]:
        if name[0].isdigit() or ":" in name:
            return [name]
        answers = self.names.get(name)
        if not answers:
            raise OSError("no such name")
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def connect(self, number: str, port: int, seconds: float) -> httpcore.NetworkStream:
        self.connected.append((number, port))
        if number not in self.open_numbers:
            raise httpcore.ConnectTimeout("nobody there")
        return httpcore.SyncBackend().connect_tcp("127.0.0.1", self.port, seconds)

    def network(self, **options: Any) -> Network:
        return Network(resolve=self.resolve, connect=self.connect, **options)


def _handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def setup(self) -> None:
            super().setup()
            site.num_connections += 1

        def do_GET(self) -> None:
            site.requests.append((self.headers["Host"], self.path, self.headers["User-Agent"]))
            answer = site.answers.get(self.path, Answer(b"", 404))
            self.close_connection = True
            if answer.write:
                answer.write(self)
                return
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)

        def handle(self) -> None:
            with contextlib.suppress(OSError):  # the other side had enough
                super().handle()

        def finish(self) -> None:
            with contextlib.suppress(OSError):
                super().finish()

        def log_message(self, *_: object) -> None:
            pass

    return Handler


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.close()


Fetch = Callable[..., list[FetchedFile | ListedPages]]


@pytest.fixture
def fetch(site: Site) -> Fetch:
    """What an address leads to on the network of the site."""

    def run(address: str, **options: Any) -> list[FetchedFile | ListedPages]:
        return list(Fetcher(site.network(), **options).fetch(address))

    return run


@pytest.fixture
def refusal(fetch: Fetch) -> Callable[..., str]:
    """Why an address was refused."""

    def run(address: str, **options: Any) -> str:
        (found,) = fetch(address, **options)
        assert isinstance(found, FetchedFile)
        assert found.content == b""
        assert found.reason is not None
        assert "\n" not in found.reason
        return found.reason

    return run
