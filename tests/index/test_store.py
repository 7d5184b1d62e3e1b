import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest

from index.errors import VectorStoreError
from index.store import Place, VectorStore
from index.vectors_server import VectorsServer

_VECTORS = np.array([[1, 0, 0], [0, 1, 0], [0.6, 0.8, 0], [0, 0, 1]], dtype=np.float32)
_IDS = ["a#1.0", "b#1.0", "a#1.1", "c#1.0"]


@pytest.fixture(params=["folder", pytest.param("server", marks=pytest.mark.slow)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path | Place]:
    """Where the vectors are: the same holds of a folder and of a server."""
    if request.param == "folder":
        yield tmp_path / "vectors"
    else:
        server = VectorsServer(request.getfixturevalue("chroma").url, home=uuid4().hex)
        yield server
        server.close()


@pytest.fixture
def store(place: Path | Place) -> VectorStore:
    """A store with four vectors of the documents a, b and c."""
    filled = VectorStore(place)
    filled.add(_IDS, _VECTORS, [id_[0] for id_ in _IDS])
    return filled


@pytest.mark.parametrize(
    ("k", "scope", "expected"),
    [
        (2, None, [("a#1.0", 1.0), ("a#1.1", 0.6)]),
        (100, None, [("a#1.0", 1.0), ("a#1.1", 0.6), ("b#1.0", 0.0), ("c#1.0", 0.0)]),
        (100, ["b", "a"], [("a#1.0", 1.0), ("a#1.1", 0.6), ("b#1.0", 0.0)]),
        (1, ["c"], [("c#1.0", 0.0)]),
        (5, ["unknown"], []),
        (5, [], []),
        (0, None, []),
    ],
    ids=["two", "more than there are", "scope", "one in scope", "unknown document", "empty scope", "none"],
)
def test_the_nearest_come_first_with_their_cosine(
    store: VectorStore, k: int, scope: list[str] | None, expected: list[tuple[str, float]]
) -> None:
    """A search lists the nearest passages of the documents asked for, and no others."""
    found = store.query(_VECTORS[0], k, document_ids=scope)
    assert sorted(found, key=lambda row: (-round(row[1], 3), row[0])) == [
        (id_, pytest.approx(score, abs=1e-3)) for id_, score in expected
    ]
    scores = [score for _, score in found]
    assert scores == sorted(scores, reverse=True)


def test_what_is_deleted_is_gone(store: VectorStore) -> None:
    """A removed document is not found any more, and removing it twice is no error."""
    for _ in range(2):
        store.delete(["a#1.0", "never#1.0"])
    assert store.ids() == {"b#1.0", "a#1.1", "c#1.0"}
    assert store.query(_VECTORS[0], 1)[0][0] == "a#1.1"


def test_a_vector_that_is_stored_again_is_replaced(store: VectorStore) -> None:
    """Embedding anew leaves one vector a passage."""
    store.add(["b#1.0"], _VECTORS[3:], ["b"])
    assert store.ids() == set(_IDS)
    assert store.vectors(["b#1.0", "never"])["b#1.0"].tolist() == [0, 0, 1]
    assert list(store.vectors(["never"])) == []


def test_vectors_outlive_the_program(store: VectorStore, place: Path | Place) -> None:
    """What was stored is there when the program starts again."""
    assert VectorStore(place).ids() == set(_IDS)


def test_indexes_stand_beside_each_other(store: VectorStore, place: Path | Place) -> None:
    """A new index of another dimension is made in the same place without touching the one in use."""
    new = VectorStore(place, generation=2)
    assert new.ids() == set()
    new.add(["x#1.0"], np.ones((1, 5), dtype=np.float32) / 5**0.5, ["x"])
    assert new.query(np.ones(5, dtype=np.float32), 3) == [("x#1.0", pytest.approx(1.0))]
    assert store.ids() == set(_IDS)
    assert store.query(_VECTORS[0], 1) == [("a#1.0", pytest.approx(1.0))]


def test_the_other_indexes_can_be_deleted(store: VectorStore, place: Path | Place) -> None:
    """What a new index replaced takes no room, and a program that still holds it is told."""
    new = VectorStore(place, generation=2)
    new.add(["x#1.0"], _VECTORS[:1], ["x"])
    for _ in range(2):
        new.delete_others()
    assert new.ids() == {"x#1.0"}
    with pytest.raises(VectorStoreError, match=r"^the vectors (in|on) \S.* cannot be used \(.*\): [^\n]+$"):
        store.query(_VECTORS[0], 1)
    assert VectorStore(place).ids() == set()


def test_all_indexes_can_be_deleted(store: VectorStore, place: Path | Place) -> None:
    """What cannot be read makes room for what is made anew."""
    VectorStore(place, generation=2).add(["x#1.0"], _VECTORS[:1], ["x"])
    VectorStore(place).discard()
    assert [VectorStore(place, generation=number).num_vectors() for number in (1, 2)] == [0, 0]


@pytest.mark.slow
def test_more_rows_than_chroma_takes_at_once(place: Path | Place) -> None:
    """A large batch goes in whole."""
    store = VectorStore(place)
    ids = [f"d#1.{i}" for i in range(5_100)]
    store.add(ids, np.tile(np.array([[1, 0]], dtype=np.float32), (5_100, 1)), ["d"] * 5_100)
    assert store.ids() == set(ids)
    store.delete(ids)
    assert store.ids() == set()


def test_a_folder_that_cannot_be_used_is_named_with_the_remedy(tmp_path: Path) -> None:
    """A broken folder of vectors is answered with what to do, not with Chroma's own words alone."""
    (tmp_path / "vectors").write_text("a file")
    with pytest.raises(
        VectorStoreError, match=r"the vectors in '.*/vectors' cannot be used \(.*\): `communique doctor"
    ):
        VectorStore(tmp_path / "vectors")


def test_files_that_were_replaced_are_let_go_of(tmp_path: Path) -> None:
    """A server meets new files again and again: what it had open before would fill its memory."""
    folder = tmp_path / "vectors"
    store = VectorStore(folder, generation=1)
    store.add(["a", "b"], np.eye(2, dtype=np.float32), ["d", "d"])
    num_open = []
    for _ in range(6):
        shutil.copytree(folder, tmp_path / "copy")
        shutil.rmtree(folder)
        (tmp_path / "copy").rename(folder)
        assert store.query(np.array([1.0, 0.0], dtype=np.float32), 1) == [("a", pytest.approx(1.0))]
        num_open.append(len(list(Path("/proc/self/fd").iterdir())))
    assert num_open[-1] - num_open[0] < 10  # one store alone has more


def test_any_number_of_ids_is_asked_for(store: VectorStore) -> None:
    """Chroma's own limit is that of a statement in SQL."""
    found = store.vectors([*(f"gone#1.{n}" for n in range(40_000)), *_IDS])
    assert found.keys() == set(_IDS)
    assert found["a#1.1"] == pytest.approx(_VECTORS[2])
    assert store.vectors([]) == store.vectors(["gone"]) == {}
