"""What the assistant's tests share: documents of our own in a home, and finders that say yes to everything."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.evidence import FEATURES, EvidenceFinder, Weights
from assistant.home import Home
from assistant.sources import Sources
from corpus.reading.files import FoundFile
from index.adding import add_files
from tests.fakes import HashEncoder

HARBOUR = (
    "The Harbour Compact was signed in Port Elin on 4 May 2019. It has a budget of 12 million crowns for three years. "
    "The Tide Office in Port Elin runs the compact. Its director is Mara Quist.\n\n"
    "Every harbour measures the water level each hour. The measurements are open to everybody."
)
LIGHTHOUSE = (
    "The Lighthouse Accord joins seven coastal towns. Its budget is 3 million crowns. "
    "The towns repair one lighthouse a year. The first was the lighthouse of Cape Orre, in 2021."
)

Add = Callable[[Mapping[str, str]], None]


def written(folder: Path, contents: Mapping[str, str]) -> Path:
    """The new folder with these files in it, by their names."""
    folder.mkdir()
    for name, content in contents.items():
        (folder / name).write_text(content)
    return folder


@pytest.fixture
def add(home: Home, tmp_path: Path) -> Add:
    """A function that adds texts, verbatim, under the ids given."""

    def add_texts(texts: Mapping[str, str]) -> None:
        add_rows(home, tmp_path / "rows.jsonl", texts)

    return add_texts


@pytest.fixture
def coast(home: Home, add: Add) -> Home:
    """A home with two documents, "harbour" and "lighthouse"."""
    add({"harbour": HARBOUR, "lighthouse": LIGHTHOUSE})
    return home


@pytest.fixture(scope="session")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """Over the same two documents, for tests that change nothing."""
    folder = tmp_path_factory.mktemp("assistant")
    home = Home(folder / "home", load_encoder=HashEncoder)
    add_rows(home, folder / "rows.jsonl", {"harbour": HARBOUR, "lighthouse": LIGHTHOUSE})
    yield Assistant(home)
    home.close()


def add_rows(home: Home, path: Path, texts: Mapping[str, str]) -> None:
    """Adds texts through a JSONL file at `path`."""
    rows = [{"id": id_, "title": f"About {id_}", "text": text} for id_, text in texts.items()]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    reports = list(add_files([FoundFile(path, path.name)], home.catalogue, lambda: home.indexer))
    assert [report.status for report in reports] == ["added"], reports


@pytest.fixture(scope="session")
def certain() -> Callable[[Home], Sources]:
    """Sources to which every sentence is an answer, so that nothing is refused for want of probability."""

    def sources(home: Home) -> Sources:
        none = (0.0,) * len(FEATURES)
        weights = Weights(4.0, none, none, (1.0,) * len(FEATURES))
        return Sources(home.catalogue, home.sources.retriever, EvidenceFinder(home.sources.retriever, weights))

    return sources
