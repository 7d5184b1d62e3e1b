"""Whether a home holds together, and putting right what does not: the work of `communique doctor`.

The database is the truth. What Chroma lacks is embedded again, what it has beyond that is deleted. An index that was
made with other settings stays in use until a new one, made beside it from the snapshots, is whole and takes its place.
Snapshots themselves cannot be repaired, only reported.
"""

import hashlib
from dataclasses import dataclass

from sqlalchemy import Connection, func, select, text

from corpus.database import Database
from corpus.dialects import is_postgresql
from corpus.schema import passages, snapshots, versions
from index import fulltext
from index.embedding import Encoder
from index.errors import ManifestMismatch
from index.indexing import recover
from index.manifest import (
    check_manifest,
    current_manifest,
    read_generation,
    read_manifest,
    read_replaced,
    write_manifest,
)
from index.reindexing import (
    Index,
    OpenStore,
    Progress,
    begin,
    delete_strangers,
    discard_staged,
    make,
    numbers_without_passages,
    put_in_place,
    restore_vectors,
    silent,
)
from index.store import VectorStore


@dataclass(frozen=True, slots=True)
class Health:
    """The counts of a home and what is wrong with it, one line each; nothing is wrong when `problems` is empty."""

    num_documents: int
    num_passages: int
    num_vectors: int
    problems: tuple[str, ...]
    way_back: str | None = None
    """The embedder of the index that was replaced last, where that is kept."""


def examine(database: Database, store: VectorStore | None, encoder: Encoder) -> Health:
    """Checks everything that can be checked without changing a word; waits for whoever is writing.

    There is no `store` where the vectors cannot be read (`probing.py`).
    """
    problems: list[str] = []
    with database.lock, database.writing() as connection:
        vector_ids = store.ids() if store else set()
        problems += _damage(connection)
        problems += _wrong_snapshots(connection)
        indexed = set(connection.execute(select(passages.c.id).where(passages.c.status == "indexed")).scalars())
        left = passages.c.status.in_(["pending", "removing"])
        unfinished = connection.execute(select(func.count()).where(left)).scalar_one()
        num_documents = connection.execute(select(func.count()).where(versions.c.status == "current")).scalar_one()
        bare = len(numbers_without_passages(connection, "indexed"))
        staged = connection.execute(select(func.count()).where(passages.c.status == "staged")).scalar_one()
        replaced = read_replaced(connection)
        try:
            check_manifest(read_manifest(connection), current_manifest(encoder))
        except ManifestMismatch as mismatch:
            problems.append(str(mismatch))
    counted = {
        "passages are unfinished: another process is writing, or one was killed": unfinished,
        "documents have no passages and cannot be found": bare,
        "passages wait in a new index that is not finished": staged,
        "passages have no vector: they are found by their words only": len(indexed - vector_ids),
        "vectors belong to no passage": len(vector_ids - indexed) if not unfinished else 0,
    }
    problems += [f"{count} {what}" for what, count in counted.items() if count]
    way_back = replaced.settings["embedder"] if replaced else None
    return Health(num_documents, len(indexed), len(vector_ids), tuple(problems), way_back)


def repair(database: Database, open_store: OpenStore, encoder: Encoder, *, progress: Progress = silent) -> None:
    """Brings passages and vectors in line with the snapshots and with this program's settings.

    Each step leaves a home that the next `repair` can finish, so a killed one loses nothing but the document it was at.
    """
    with database.lock:
        with database.reading() as connection:
            kept, generation = read_manifest(connection), read_generation(connection)
            replaced = read_replaced(connection)
        index = Index(database, open_store(generation), encoder, generation)
        recover(database, index.store)
        _restore_full_text(database)
        if kept and kept != current_manifest(encoder):
            new = begin(database, open_store, encoder)
            make(new, "staged", progress)
            put_in_place(new, keep=False)
            return
        discard_staged(database)
        make(index, "indexed", progress)
        restore_vectors(index)
        _state_settings(index)
        index.store.delete_others(keeping=replaced.generation if replaced else None)
        delete_strangers(index)


def _state_settings(index: Index) -> None:
    """Writes down what the first passages of a home were made with."""
    with index.database.writing() as connection:
        has_passages = connection.execute(select(passages.c.rowid).limit(1)).first() is not None
        if has_passages and not read_manifest(connection):
            write_manifest(connection, current_manifest(index.encoder), generation=index.generation)


def _damage(connection: Connection) -> list[str]:
    """What the database itself finds wrong with its file and with the full-text index."""
    problems = []
    verdict = "ok" if is_postgresql(connection) else connection.execute(text("PRAGMA quick_check(1)")).scalar_one()
    if verdict != "ok":
        problems.append(f"the database is damaged ({verdict}): restore it from a copy")
    if not fulltext.is_whole(connection):
        problems.append("the full-text index does not match the passages")
    return problems


def _wrong_snapshots(connection: Connection) -> list[str]:
    """Snapshots that are not what their sha256 says, and passages that are not in their snapshot."""
    problems = []
    for sha256, snapshot in connection.execute(select(snapshots)):
        if hashlib.sha256(snapshot.encode()).hexdigest() != sha256:
            problems.append(f"the snapshot {sha256} was changed: its citations cannot be trusted")
        rows = connection.execute(
            select(passages.c.id, passages.c.start, passages.c.end, passages.c.text)
            .join(versions, versions.c.number == passages.c.version)
            .where(versions.c.sha256 == sha256)
        )
        problems += [
            f"the passage {row.id} is not in its snapshot" for row in rows if snapshot[row.start : row.end] != row.text
        ]
    return problems


def _restore_full_text(database: Database) -> None:
    with database.writing() as connection:
        fulltext.rebuild(connection)
