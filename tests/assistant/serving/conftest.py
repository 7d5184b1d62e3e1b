"""What the tests of the API share: a home with the real model, applications over homes, a running server."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.home import Home, open_home
from assistant.serving.app import build
from assistant.serving.server import address_of, listening, running
from assistant.settings import Settings
from corpus.reading.files import FoundFile
from index.adding import add_files
from tests.assistant.cli.conftest import HARBOUR, LIGHTHOUSE
from tests.fakes import HashEncoder

MONEY = "What budget does the Harbour Compact have for three years?"
QUOTE = "The Harbour Compact has a budget of 12 million crowns for three years."
WHALES = "How many whales does Yuggoth export?"


@pytest.fixture(scope="session")
def api_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """The two documents of the coast, with the real model; tests keep conversations in it and add no documents."""
    folder = tmp_path_factory.mktemp("api")
    (folder / "harbour.md").write_text(HARBOUR)
    (folder / "lighthouse.txt").write_text(LIGHTHOUSE)
    home = open_home(Settings(folder / "home"))
    files = [FoundFile(folder / name, name) for name in ("harbour.md", "lighthouse.txt")]
    reports = list(add_files(files, home.catalogue, lambda: home.indexer))
    assert [report.status for report in reports] == ["added", "added"]
    assert home.sources
    yield home
    home.close()


@pytest.fixture(scope="session")
def api(api_home: Home) -> Iterator[TestClient]:
    """The API over the coast, without the page and without a socket."""
    with TestClient(build(api_home, with_page=False)) as client:
        yield client


@pytest.fixture(scope="session")
def unchanged_api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The API over an empty home with a hash encoder; tests change nothing."""
    home = Home(tmp_path_factory.mktemp("unchanged"), load_encoder=HashEncoder)
    with TestClient(build(home, with_page=False)) as client:
        yield client
    home.close()


@pytest.fixture
def empty_api(home: Home) -> Iterator[TestClient]:
    """The API over an empty home with a hash encoder, which tests may fill."""
    with TestClient(build(home, with_page=False)) as client:
        yield client


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Page and API over an empty home with a hash encoder; tests change nothing."""
    home = Home(tmp_path_factory.mktemp("whole"), load_encoder=HashEncoder)

    async def built() -> FastAPI:  # where no event loop runs, Gradio makes some and leaves them open
        return build(home)

    with TestClient(asyncio.run(built())) as client:
        yield client
    home.close()


@pytest.fixture(scope="session")
def api_address(api_home: Home) -> Iterator[str]:
    """The address at which the API over the coast answers, on a real socket."""
    with serving(api_home) as address:
        yield address


@contextmanager
def serving(home: Home, *, with_page: bool = False) -> Iterator[str]:
    """The address, without a slash at its end, of the API over a home, while it is served."""
    with listening("127.0.0.1", 0) as listener, running(build(home, with_page=with_page), listener):
        yield address_of("127.0.0.1", listener).rstrip("/")
