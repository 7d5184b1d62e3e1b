"""The dense half of a search, with vectors that are there, partly there, or none."""

import shutil
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import numpy as np
import pytest

from assistant.home import Home
from index.dense import INCOMPLETE, UNREADABLE, DenseHalf, Near
from index.store import VectorStore
from index.vectors_folder import unreadable
from tests.fakes import HashEncoder
from tests.index.conftest import AddFiles

ANEW = UNREADABLE.format(remedy="`communique doctor --repair` makes them anew")


def near(home: Home, half: DenseHalf, query: str) -> Near:
    with home.database.reading() as connection:
        return half.nearest(connection, HashEncoder().encode_query(query), 5)


def test_missing_vectors_are_noticed_until_they_are_there(home: Home, add: AddFiles) -> None:
    """What is left is searched, and the note goes when they are back."""
    add({"oslo.md": "It rained in Oslo.", "bergen.md": "It hailed in Bergen."})
    half = DenseHalf(home.store, status="indexed", generation=1)
    whole = near(home, half, "rain")
    assert (len(whole.cosines), whole.notes) == (2, ())
    lost = sorted(whole.cosines)[:1]
    kept = home.store.vectors(lost)
    home.store.delete(lost)
    half = DenseHalf(home.store, status="indexed", generation=1)
    for _ in range(2):
        assert near(home, half, "rain") == Near(
            {id_: whole.cosines[id_] for id_ in whole.cosines if id_ not in lost}, (INCOMPLETE,)
        )
    home.store.add(lost, np.array([kept[lost[0]]]), ["x"])
    assert near(home, half, "rain").notes == ()


def test_vectors_that_cannot_be_read_raise_nothing(home: Home, add: AddFiles, caplog: pytest.LogCaptureFixture) -> None:
    """There is a note for the reader, and for the log one line however many ask."""
    add({"oslo.md": "It rained in Oslo."})

    def refused() -> AbstractContextManager[None]:
        raise unreadable(home.path / "vectors", "they are damaged")

    half = DenseHalf(VectorStore(home.path / "vectors", opening=refused), status="indexed", generation=1)
    for _ in range(3):
        assert near(home, half, "rain") == Near({}, (ANEW,))
        assert half.cosines(["x"], HashEncoder().encode_query("rain")) == {}
    assert [record.getMessage() for record in caplog.records] == [
        f"words alone are searched for: the vectors in {str(home.path / 'vectors')!r} cannot be used (they are "
        "damaged): `communique doctor --repair` makes them anew"
    ]


def test_a_store_is_opened_when_it_is_first_used(tmp_path: Path) -> None:
    """Within what surrounds its opening; and not before."""
    store = VectorStore(tmp_path / "vectors", opening=nullcontext)
    assert not (tmp_path / "vectors").exists()
    assert store.num_vectors() == 0
    assert (tmp_path / "vectors").is_dir()


def test_a_folder_that_was_replaced_is_opened_anew(tmp_path: Path) -> None:
    """Who holds the store finds what is there now."""
    vectors = np.eye(2, 4, dtype=np.float32)
    first = VectorStore(tmp_path / "vectors")
    first.add(["a"], vectors[:1], ["a"])
    other = VectorStore(tmp_path / "other")
    other.add(["b", "c"], vectors, ["b", "c"])
    shutil.rmtree(tmp_path / "vectors")
    shutil.copytree(tmp_path / "other", tmp_path / "vectors")
    assert first.ids() == {"b", "c"}
    assert first.query(vectors[1], 1) == [("c", pytest.approx(1.0))]
