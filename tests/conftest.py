"""Fixtures that several rooms' tests share."""

import os
import shutil
from collections.abc import Iterator
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
from tests.fakes import HashEncoder
from tests.servers import ChromaServer, PostgresServer, postgres_binaries

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """An empty home with real stores and a hash encoder."""
    opened = Home(tmp_path / "home", load_encoder=HashEncoder)
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
        yield opened
        opened.close()
