"""The sample documents in a home of their own, and the questions of the suite over them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.home import Home
from corpus.reading.files import find_files
from index.adding import SAMPLE_FOLDER, add_files, sample_origin
from tests.assistant.conftest import HARBOUR, LIGHTHOUSE, add_rows
from tests.fakes import HashEncoder

ROOT = Path(__file__).parents[3]


def rows_of(suite: str) -> list[dict[str, Any]]:
    """The rows of a suite of `evals`."""
    lines = (ROOT / "evals" / "suites" / f"{suite}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A home with the 26 sample documents and a hash encoder, for tests that only read."""
    home = Home(tmp_path_factory.mktemp("sample"), load_encoder=HashEncoder)
    list(add_files(find_files(str(SAMPLE_FOLDER)), home.catalogue, lambda: home.indexer, origin=sample_origin))
    yield home
    home.close()


@pytest.fixture(scope="session")
def shore(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A home with two documents, "harbour" and "lighthouse", for tests that only read."""
    home = Home(tmp_path_factory.mktemp("shore"), load_encoder=HashEncoder)
    add_rows(home, tmp_path_factory.mktemp("rows") / "rows.jsonl", {"harbour": HARBOUR, "lighthouse": LIGHTHOUSE})
    yield home
    home.close()
