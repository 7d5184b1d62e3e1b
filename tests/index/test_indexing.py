from pathlib import Path

import pytest
from sqlalchemy import select

from assistant.settings import engines_from_environment
from corpus.catalogue import Catalogue, new_document
from corpus.database import Database, open_database
from corpus.schema import passages, snapshots, versions
from index.health import examine
from index.indexing import Indexer, Prepared, recover, recover_if_interrupted, remove_documents
from tests.fakes import FaultyStore, HashEncoder


@pytest.fixture
def store(tmp_path: Path) -> FaultyStore:
    """A store that can be told to fail."""
    return FaultyStore(tmp_path / "vectors")


@pytest.fixture
def indexer(database: Database, store: FaultyStore) -> Indexer:
    """An indexer of the database and the store."""
    return Indexer(database, store, HashEncoder())


def _prepared(indexer: Indexer, id_: str, text: str) -> Prepared:
    document = new_document({"id": id_, "title": f"On {id_}", "source": id_, "language": "en"}, text=text)
    return indexer.prepare(document, f"in:{text}")


def _texts(database: Database) -> list[tuple[str, str, str]]:
    query = select(passages.c.id, passages.c.status, passages.c.text).order_by(passages.c.id)
    with database.reading() as connection:
        return [tuple(row) for row in connection.execute(query)]


def _is_sound(database: Database, store: FaultyStore) -> bool:
    return examine(database, store, HashEncoder()).problems == ()


def test_what_is_committed_is_kept_in_both_stores(database: Database, store: FaultyStore, indexer: Indexer) -> None:
    """A document that was reported as added is listed, has passages, and each of them a vector."""
    indexer.commit([_prepared(indexer, "oslo", "It rained."), _prepared(indexer, "bergen", "It snowed.")])
    assert _texts(database) == [("bergen#1.2.0", "indexed", "It snowed."), ("oslo#1.1.0", "indexed", "It rained.")]
    assert store.ids() == {"oslo#1.1.0", "bergen#1.2.0"}
    assert store.query(HashEncoder().encode_query("It snowed."), 1) == [("bergen#1.2.0", pytest.approx(0.71, abs=0.01))]
    assert [row.num_passages for row in Catalogue(database).summaries()] == [1, 1]
    assert _is_sound(database, store)


@pytest.mark.parametrize("fault", [RuntimeError("disk full"), KeyboardInterrupt()], ids=["fault", "Ctrl-C"])
def test_a_fault_in_the_middle_leaves_what_was_before(
    database: Database, store: FaultyStore, indexer: Indexer, fault: BaseException
) -> None:
    """When storing fails half way, the earlier version of a document is as it was, and nothing new is half there."""
    indexer.commit([_prepared(indexer, "oslo", "It rained.")])
    store.fault = fault
    batch = [_prepared(indexer, "oslo", "It snowed."), _prepared(indexer, "bergen", "It hailed.")]
    with pytest.raises(type(fault)):
        indexer.commit(batch)
    assert _texts(database) == [("oslo#1.1.0", "indexed", "It rained.")]
    assert Catalogue(database).document("oslo").text == "It rained."
    assert _is_sound(database, store)
    store.fault = None
    indexer.commit(batch)
    assert sorted(text for _, _, text in _texts(database)) == ["It hailed.", "It snowed."]
    assert _is_sound(database, store)


def test_rows_come_before_vectors_and_are_pending_until_then(
    database: Database, store: FaultyStore, indexer: Indexer
) -> None:
    """A search never meets a passage whose vector is not there yet."""
    seen: list[list[str]] = []

    class Watching(FaultyStore):
        def add(self, ids, vectors, document_ids) -> None:
            seen.append([status for _, status, _ in _texts(database)])
            assert Catalogue(database).summaries() == []
            super().add(ids, vectors, document_ids)

    watched = Indexer(database, Watching(database.home / "vectors"), HashEncoder())
    watched.commit([_prepared(watched, "oslo", "It rained.")])
    assert seen == [["pending"]]
    assert [status for _, status, _ in _texts(database)] == ["indexed"]


def test_an_update_replaces_the_passages_and_keeps_the_snapshot(
    database: Database, store: FaultyStore, indexer: Indexer
) -> None:
    """After an update only the new words are found, and the old ones can still be shown."""
    old = _prepared(indexer, "oslo", "It rained.")
    indexer.commit([old])
    indexer.commit([_prepared(indexer, "oslo", "It snowed.")])
    assert _texts(database) == [("oslo#1.2.0", "indexed", "It snowed.")]
    assert store.ids() == {"oslo#1.2.0"}
    assert Catalogue(database).document("oslo", old.document.sha256).text == "It rained."


def test_the_same_bytes_twice_change_nothing(database: Database, store: FaultyStore, indexer: Indexer) -> None:
    """A document that another process stored meanwhile is not stored again."""
    prepared = _prepared(indexer, "oslo", "It rained.")
    indexer.commit([prepared])
    indexer.commit([prepared, _prepared(indexer, "bergen", "It snowed.")])
    assert [id_ for id_, _, _ in _texts(database)] == ["bergen#1.2.0", "oslo#1.1.0"]
    assert _is_sound(database, store)


def test_removing_takes_a_document_out_and_keeps_its_snapshots(
    database: Database, store: FaultyStore, indexer: Indexer
) -> None:
    """Neither passages nor vectors are left of a removed document; old citations of each version can be opened."""
    for text in ("It rained.", "It snowed."):
        indexer.commit([_prepared(indexer, "oslo", text)])
    indexer.commit([_prepared(indexer, "bergen", "It hailed.")])
    remove_documents(database, store, ["oslo", "unknown"])
    assert [id_ for id_, _, _ in _texts(database)] == ["bergen#1.3.0"]
    assert store.ids() == {"bergen#1.3.0"}
    with database.reading() as connection:
        rows = connection.execute(select(versions.c.document_id, versions.c.status).order_by(versions.c.number)).all()
        assert [tuple(row) for row in rows] == [("oslo", "superseded"), ("oslo", "removed"), ("bergen", "current")]
        assert len(connection.execute(select(snapshots)).all()) == 3
    assert _is_sound(database, store)


def test_a_restored_document_is_searched_as_before(database: Database, store: FaultyStore, indexer: Indexer) -> None:
    """Its words, title and passages are those it had, and it can be removed and restored again."""
    indexer.commit([_prepared(indexer, "oslo", "It rained."), _prepared(indexer, "bergen", "It hailed.")])
    before = Catalogue(database).summaries()
    for number in (3, 4):
        remove_documents(database, store, ["oslo"])
        assert [text for _, _, text in _texts(database)] == ["It hailed."]
        assert indexer.restore(["oslo", "bergen", "unknown", "half \ud800"]) == ["oslo"]
        assert Catalogue(database).summaries() == before
        assert (f"oslo#1.{number}.0", "indexed", "It rained.") in _texts(database)
        assert _is_sound(database, store)


def test_a_fault_while_restoring_leaves_a_document_removed(
    database: Database, store: FaultyStore, indexer: Indexer
) -> None:
    """And what is tried again then is done."""
    indexer.commit([_prepared(indexer, "oslo", "It rained.")])
    remove_documents(database, store, ["oslo"])
    store.fault = RuntimeError("disk full")
    with pytest.raises(RuntimeError):
        indexer.restore(["oslo"])
    assert (Catalogue(database).summaries(), _texts(database), store.ids()) == ([], [], set())
    store.fault = None
    assert indexer.restore(["oslo"]) == ["oslo"]
    assert _is_sound(database, store)


def test_recovering_counts_what_a_killed_process_left(database: Database, store: FaultyStore, indexer: Indexer) -> None:
    """The next start removes what was left half done, once, and leaves what another process is writing."""
    indexer.commit([_prepared(indexer, "oslo", "It rained.")])
    with database.writing() as connection:
        connection.execute(passages.update().values(status="pending"))
        connection.execute(versions.update().values(status="pending"))
    other = open_database(database.home, engines_from_environment().database)
    with other.lock:
        assert recover_if_interrupted(database, store) == 0
    other.close()
    assert len(_texts(database)) == 1
    assert recover_if_interrupted(database, store) == 1
    assert recover(database, store) == 0
    assert (_texts(database), store.ids()) == ([], set())
    assert _is_sound(database, store)
