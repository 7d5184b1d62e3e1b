"""A server in a process of its own, which a test may kill, starve or damage the home of; the page is left out.

It is forked where the libraries and the model are loaded already, so that it answers within a second.
"""

import multiprocessing
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import httpx

from assistant.home import Home, open_home
from assistant.settings import Settings
from index import health
from index.embedding import shared_encoder
from tests.fakes import HashEncoder

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["assistant.cli.app", "assistant.home", "chromadb", "gradio", "tests.assistant.cli.warm"])
_START_SECONDS = 60.0


@dataclass(frozen=True)
class Child:
    """A server that runs, and who asks it."""

    process: BaseProcess
    client: httpx.Client

    @property
    def address(self) -> str:
        """Where it answers."""
        return str(self.client.base_url).rstrip("/")

    def kill(self) -> None:
        """Ends it as a power cut would."""
        self.process.kill()
        self.process.join()
        self.client.close()

    def has_lived(self) -> bool:
        """Whether it still runs."""
        return self.process.is_alive()


@contextmanager
def served(
    home: Path, *, hashes: bool = False, tries_vectors: bool = False, memory_bytes: int | None = None
) -> Iterator[Child]:
    """A server over the home, with the real model or a hash encoder, killed at the end.

    `memory_bytes` is what it may take beyond what it has once it answers.
    """
    ours, theirs = _FORKS.Pipe()
    process = _FORKS.Process(target=_serve, args=(theirs, home, hashes, tries_vectors, memory_bytes))
    process.start()
    theirs.close()
    assert ours.poll(_START_SECONDS), "it does not start"
    try:
        address = ours.recv()
    except EOFError:
        process.join()
        raise AssertionError(f"the server ended with {process.exitcode}") from None
    child = Child(process, httpx.Client(base_url=address, timeout=60))
    try:
        yield child
    finally:
        child.kill()
        ours.close()


def repaired(home: Path, *, hashes: bool = False) -> None:
    """Has another process do what `communique doctor --repair` does."""
    _elsewhere(_repair, home, hashes)


def _elsewhere(function: Callable[..., None], *arguments: object) -> None:
    process = _FORKS.Process(target=function, args=arguments)
    process.start()
    process.join()
    assert process.exitcode == 0


def _opened(path: Path, hashes: bool) -> Home:
    return Home(path, load_encoder=HashEncoder if hashes else shared_encoder)


def _repair(path: Path, hashes: bool) -> None:
    home = _opened(path, hashes)
    if home.damaged_vectors():
        home.discard_vectors()
    health.repair(home.database, home.open_store, home.encoder)
    assert health.examine(home.database, home.store, home.encoder).problems == ()
    home.close()


def _serve(parent: Connection, path: Path, hashes: bool, tries_vectors: bool, memory_bytes: int | None) -> None:
    """Serves until killed, or until whoever started it has ended."""
    from assistant.answering import answer
    from assistant.serving.app import build
    from assistant.serving.server import address_of, listening, running

    home = Home(path, load_encoder=HashEncoder) if hashes else open_home(Settings(path))
    home.tries_vectors = tries_vectors
    answer("Is everything loaded?", home.sources)
    listener: socket.socket
    with listening("127.0.0.1", 0) as listener, running(build(home, with_page=False), listener):
        if memory_bytes is not None:
            _limit_memory(memory_bytes)
        parent.send(address_of("127.0.0.1", listener))
        while not parent.poll(1.0):
            pass
        os._exit(0)


def _limit_memory(more_bytes: int) -> None:
    import resource

    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + more_bytes
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def eventually(is_so: Callable[[], bool], *, seconds: float = 20.0) -> bool:
    """Whether it comes to be so in that time."""
    until = time.monotonic() + seconds
    while not (so := is_so()) and time.monotonic() < until:
        time.sleep(0.05)
    return so
