"""Vectors that cannot be read are found out by a process of its own."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from index.probing import damage
from index.store import VectorStore
from index.vectors_folder import discard

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """So many vectors that Chroma has written its graph of them to files."""
    made = tmp_path_factory.mktemp("probing") / "vectors"
    vectors = np.random.default_rng(3).standard_normal((1_200, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    VectorStore(made).add([f"a#1.{i}" for i in range(1_200)], vectors, ["a"] * 1_200)
    return made


def test_what_can_be_read_is_sound(folder: Path, tmp_path: Path) -> None:
    """And where there is nothing yet, nothing is wrong."""
    assert damage(folder, generation=1) is None
    assert damage(tmp_path / "none", generation=1) is None


@pytest.mark.parametrize("name", ["header.bin", "data_level0.bin"])
def test_files_that_are_damaged(folder: Path, tmp_path: Path, name: str) -> None:
    """Whether Chroma says so or ends the process that reads them; discarded, they leave room for new ones."""
    copy = shutil.copytree(folder, tmp_path / "vectors")
    (file,) = copy.glob(f"*/{name}")
    file.write_bytes(np.random.default_rng(4).bytes(file.stat().st_size))
    found = damage(copy, generation=1)
    assert found
    assert "\n" not in found
    discard(copy)
    assert VectorStore(copy).ids() == set()


def test_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "vectors").write_text("no database")
    assert damage(tmp_path / "vectors", generation=1)
    discard(tmp_path / "vectors")
    assert not (tmp_path / "vectors").exists()
