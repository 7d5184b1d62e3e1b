"""Fixtures that several rooms' tests share."""

import asyncio
import os
import shutil
from collections.abc import Generator, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["OMP_NUM_THREADS"] = os.environ.get("OMP_NUM_THREADS") or str(
    max(1, (os.cpu_count() or 1) // int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))
)

from assistant.home import Home
from assistant.settings import engines_from_environment
from corpus.database import Database, open_database
from tests.fakes import HashEncoder
from tests.servers import ChromaServer, PostgresServer, postgres_binaries

if TYPE_CHECKING:
    from playwright.sync_api import Browser


ON_SERVERS = os.environ.get("COMMUNIQUE_TEST_ENGINES") == "servers"
"""Whether every home is kept by PostgreSQL, in a schema of its own, and by a Chroma server."""


def pytest_configure(config: pytest.Config) -> None:
    """Connections to servers that a test leaves to the end of its process are no fault."""
    if ON_SERVERS:
        config.addinivalue_line("filterwarnings", "ignore:unclosed <socket:ResourceWarning")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, bool, bool]:
    """Playwright's own event loop, which runs on between tests that use the browser, is not seen by any other test."""
    running = asyncio._get_running_loop()
    if running is None or "browser" in getattr(item, "fixturenames", ()):
        return (yield)
    asyncio._set_running_loop(None)
    try:
        return (yield)
    finally:
        asyncio._set_running_loop(running)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leaves out, on servers, what is about the files of a home."""
    for item in items if ON_SERVERS else ():
        if item.get_closest_marker("embedded"):
            item.add_marker(pytest.mark.skip(reason="it is about the files of a home, and this one is on servers"))


@pytest.fixture(scope="session", autouse=True)
def engines(request: pytest.FixtureRequest) -> Iterator[None]:
    """The servers, where they keep every home."""
    if not ON_SERVERS:
        yield
        return
    chroma: ChromaServer = request.getfixturevalue("chroma")
    postgres: PostgresServer = request.getfixturevalue("postgres")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CHROMA_URL", chroma.url)
        patch.setenv("DATABASE_URL", postgres.url("{home}"))
        yield


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """An empty home with real stores and a hash encoder."""
    opened = Home(tmp_path / "home", load_encoder=HashEncoder)
    yield opened
    opened.close()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """The database of an empty home."""
    opened = open_database(tmp_path / "home", engines_from_environment().database)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaServer]:
    """A Chroma server for the whole run, which nobody is to end."""
    with ChromaServer(tmp_path_factory.mktemp("chroma") / "data") as server:
        yield server


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server for the whole run, which nobody is to end."""
    with _started_postgres() as server:
        yield server


@pytest.fixture
def own_postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server of the test's own, which may be killed."""
    with _started_postgres() as server:
        yield server


@pytest.fixture
def schema() -> str:
    """The name of a schema that nobody else has."""
    return f"test_{uuid4().hex}"


def _started_postgres() -> PostgresServer:
    binaries = postgres_binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL on this machine: `apt-get install postgresql` brings it")
    if find_spec("pg8000") is None:
        pytest.skip("the driver of PostgreSQL is not installed: `pip install 'communique[postgres]'` brings it")
    return PostgresServer(binaries)


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of public evaluation data; tests that need it are skipped where it is absent."""
    folder = Path(os.environ.get("COMMUNIQUE_DATA", Path(__file__).parents[2] / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip("the evaluation data is not here: name its folder with COMMUNIQUE_DATA")
    return folder


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """One Chromium for the whole run."""
    from playwright.sync_api import sync_playwright

    executable = shutil.which("chromium")
    if executable is None:
        pytest.skip("no chromium on this machine")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=Path(executable), args=["--no-sandbox", "--disable-background-networking"]
        )
        loop = asyncio._get_running_loop()
        yield opened
        asyncio._set_running_loop(loop)  # of which the last test may have seen nothing
        opened.close()
