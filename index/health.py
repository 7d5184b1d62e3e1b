"""Whether a home holds together, and putting right what does not: the work of `communique doctor`.

SQLite is the truth. What Chroma lacks is embedded again, what it has beyond that is deleted. An index that was made
with other settings stays in use until a new one, made beside it from the snapshots, is whole and takes its place.
Snapshots themselves cannot be repaired, only reported.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, select, text, update
from sqlalchemy.exc import DatabaseError

from corpus.catalogue import Catalogue
from corpus.database import Database
from corpus.schema import passages, segments, snapshots, versions
from index.embedding import Encoder
from index.errors import ManifestMismatch
from index.indexing import Embedded, cut_for, embed, insert_rows, passage_ids, recover
from index.manifest import (
    check_manifest,
    current_manifest,
    read_building,
    read_generation,
    read_manifest,
    write_manifest,
)
from index.store import VectorStore

Progress = Callable[[list[tuple[int, str]]], Iterable[tuple[int, str]]]
"""Shows how far a list of versions and their documents has been gone through, as tqdm does."""


@dataclass(frozen=True, slots=True)
class _Index:
    """One index of a home: what it is made of, and which it is."""

    database: Database
    store: VectorStore
    encoder: Encoder
    generation: int


@dataclass(frozen=True, slots=True)
class Health:
    """The counts of a home and what is wrong with it, one line each; nothing is wrong when `problems` is empty."""

    num_documents: int
    num_passages: int
    num_vectors: int
    problems: tuple[str, ...]


def examine(database: Database, store: VectorStore, encoder: Encoder) -> Health:
    """Checks everything that can be checked without changing a word; waits for whoever is writing."""
    problems: list[str] = []
    with database.lock, database.writing() as connection:
        vector_ids = store.ids()
        problems += _damage(connection)
        problems += _wrong_snapshots(connection)
        indexed = set(connection.execute(select(passages.c.id).where(passages.c.status == "indexed")).scalars())
        left = passages.c.status.in_(["pending", "removing"])
        unfinished = connection.execute(select(func.count()).where(left)).scalar_one()
        num_documents = connection.execute(select(func.count()).where(versions.c.status == "current")).scalar_one()
        bare = len(_numbers_without_passages(connection, "indexed"))
        staged = connection.execute(select(func.count()).where(passages.c.status == "staged")).scalar_one()
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
    return Health(num_documents, len(indexed), len(vector_ids), tuple(problems))


def repair(
    database: Database,
    open_store: Callable[[int], VectorStore],
    encoder: Encoder,
    *,
    progress: Progress = lambda versions: versions,
) -> None:
    """Brings passages and vectors in line with the snapshots and with this program's settings.

    `open_store` gives the vectors of a generation. Each step leaves a home that the next `repair` can finish, so a
    killed one loses nothing but the document it was at.
    """
    with database.lock:
        with database.reading() as connection:
            kept, generation = read_manifest(connection), read_generation(connection)
        index = _Index(database, open_store(generation), encoder, generation)
        recover(database, index.store)
        _restore_full_text(database)
        if kept and kept != current_manifest(encoder):
            _begin_beside(index, kept)
            index = _Index(database, open_store(generation + 1), encoder, generation + 1)
            _make(index, "staged", progress)
            _swap(index)
        else:
            _discard_staged(database)
            _make(index, "indexed", progress)
            _restore_vectors(index)
        index.store.delete_others()
        _delete_strangers(index)


def _begin_beside(index: _Index, kept: dict[str, str]) -> None:
    """Makes room for an index of other settings, unless that was done and its making was interrupted."""
    settings = current_manifest(index.encoder)
    with index.database.reading() as connection:
        if read_building(connection) == settings:
            return
    _discard_staged(index.database)
    index.store.delete_others()
    with index.database.writing() as connection:
        write_manifest(connection, kept, generation=index.generation, building=settings)


def _damage(connection: Connection) -> list[str]:
    """What SQLite itself finds wrong with its file and with the full-text index."""
    problems = []
    verdict = connection.execute(text("PRAGMA quick_check(1)")).scalar_one()
    if verdict != "ok":
        problems.append(f"the database is damaged ({verdict}): restore it from a copy")
    try:
        connection.execute(text("INSERT INTO passages_fts(passages_fts, rank) VALUES ('integrity-check', 1)"))
    except DatabaseError:
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


def _numbers_without_passages(connection: Connection, status: str) -> list[int]:
    has_passages = select(passages.c.version).where(passages.c.status == status)
    query = select(versions.c.number).where(versions.c.status == "current", versions.c.number.not_in(has_passages))
    return list(connection.execute(query.order_by(versions.c.number)).scalars())


def _restore_full_text(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(text("INSERT INTO passages_fts(passages_fts) VALUES ('rebuild')"))


def _make(index: _Index, status: str, progress: Progress) -> None:
    """Cuts and embeds the current documents that have no passages of this status."""
    with index.database.reading() as connection:
        missing = _numbers_without_passages(connection, status)
        ids = _document_ids(connection)
    catalogue = Catalogue(index.database)
    for number, document_id in progress([(number, ids[number]) for number in missing]):
        document = catalogue.document(document_id)
        embedded = embed(index.encoder, [(document, cut_for(index.encoder, document))])[0]
        with index.database.writing() as connection:
            insert_rows(connection, document, number, embedded, index.generation)
        _add_vectors(index, document_id, number, embedded)
        with index.database.writing() as connection:
            connection.execute(update(passages).where(passages.c.status == "pending").values(status=status))


def _add_vectors(index: _Index, document_id: str, number: int, embedded: Embedded) -> None:
    names = passage_ids(document_id, number, embedded.cut, index.generation)
    index.store.add(names, embedded.windows, [document_id] * len(names))


def _swap(index: _Index) -> None:
    """The staged index takes the place of the one in use, whose rows are then deleted."""
    with index.database.writing() as connection:
        connection.execute(update(passages).where(passages.c.status == "indexed").values(status="removing"))
        connection.execute(update(passages).where(passages.c.status == "staged").values(status="indexed"))
        write_manifest(connection, current_manifest(index.encoder), generation=index.generation)
    recover(index.database, index.store)


def _discard_staged(database: Database) -> None:
    """Deletes what was made for an index that nobody finished, with another embedder than is wanted now."""
    with database.writing() as connection:
        in_use = read_generation(connection)
        connection.execute(delete(passages).where(passages.c.status == "staged"))
        connection.execute(delete(segments).where(segments.c.generation != in_use))


def _restore_vectors(index: _Index) -> None:
    """Embeds anew the documents of which a vector is missing."""
    stored = index.store.ids()
    with index.database.reading() as connection:
        rows = connection.execute(select(passages.c.id, passages.c.version)).all()
        ids = _document_ids(connection)
    catalogue = Catalogue(index.database)
    for number in sorted({row.version for row in rows if row.id not in stored}):
        document = catalogue.document(ids[number])
        _add_vectors(
            index, document.id, number, embed(index.encoder, [(document, cut_for(index.encoder, document))])[0]
        )


def _delete_strangers(index: _Index) -> None:
    """Deletes the vectors that belong to no passage."""
    with index.database.reading() as connection:
        wanted = set(connection.execute(select(passages.c.id)).scalars())
    index.store.delete(sorted(index.store.ids() - wanted))


def _document_ids(connection: Connection) -> dict[int, str]:
    query = select(versions.c.number, versions.c.document_id).where(versions.c.status == "current")
    return {row.number: row.document_id for row in connection.execute(query)}
