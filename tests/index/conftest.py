"""Adding files to a home, as the index's tests need it."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from assistant.home import Home
from corpus.reading.files import find_files
from index.adding import add_files
from index.reports import FileReport
from tests.fakes import HashEncoder

AddFiles = Callable[[Mapping[str, str]], list[FileReport]]


def add_paths(home: Home, *paths: Path) -> list[FileReport]:
    """The reports on what these paths lead to."""
    found = [file for path in paths for file in find_files(str(path))]
    return list(add_files(found, home.catalogue, lambda: home.indexer))


LIBRARY = {
    "oslo.txt": "The observatory in Oslo measures rain.",
    "bergen.txt": "Bergen agreed to fund the programme. Rain falls in Bergen.",
    "money.md": "# Funding rules\n\nEach state pays twelve gauges of brass.",
    "what.txt": "To be or not to be, and that is all.",
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A home with the documents of `LIBRARY`, for tests that only read."""
    folder = tmp_path_factory.mktemp("library")
    for name, content in LIBRARY.items():
        (folder / name).write_text(content)
    home = Home(tmp_path_factory.mktemp("home"), load_encoder=HashEncoder)
    add_paths(home, folder)
    yield home
    home.close()


@pytest.fixture
def add(home: Home, tmp_path: Path) -> AddFiles:
    """Writes files (name → content) into one folder and adds that folder to `home`."""
    folder = tmp_path / "files"

    def write_and_add(files: Mapping[str, str]) -> list[FileReport]:
        for name, content in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(content)
        return add_paths(home, folder)

    return write_and_add
