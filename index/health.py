"""Whether a home holds together, and putting right what does not: the work of `communique doctor`.

SQLite is the truth. What Chroma lacks is embedded again, what it has beyond that is deleted, and passages that were
made with other settings are made anew from the snapshots. Snapshots themselves cannot be repaired, only reported.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select, text, update
from sqlalchemy.exc import DatabaseError

from corpus.catalogue import Catalogue
from corpus.database import Database
from corpus.schema import passages, snapshots, versions
from index.chunking import chunk
from index.embedding import Encoder
from index.errors import ManifestMismatch
from index.indexing import ToEmbed, embed, passage_rows, recover, to_embed
from index.manifest import check_manifest, current_manifest, read_manifest, write_manifest
from index.store import VectorStore

_BATCH = 256


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
        unfinished = connection.execute(select(func.count()).where(passages.c.status != "indexed")).scalar_one()
        num_documents = connection.execute(select(func.count()).where(versions.c.status == "current")).scalar_one()
        bare = len(_numbers_without_passages(connection))
        try:
            check_manifest(read_manifest(connection), current_manifest(encoder))
        except ManifestMismatch as mismatch:
            problems.append(str(mismatch))
    counted = {
        "passages are unfinished: another process is writing, or one was killed": unfinished,
        "documents have no passages and cannot be found": bare,
        "passages have no vector: they are found by their words only": len(indexed - vector_ids),
        "vectors belong to no passage": len(vector_ids - indexed) if not unfinished else 0,
    }
    problems += [f"{count} {what}" for what, count in counted.items() if count]
    return Health(num_documents, len(indexed), len(vector_ids), tuple(problems))


def repair(database: Database, store: VectorStore, encoder: Encoder) -> None:
    """Brings passages and vectors in line with the snapshots and with this program's settings.

    Each step leaves a home that the next `repair` can finish, so a killed one loses nothing.
    """
    with database.lock:
        recover(database, store)
        current = current_manifest(encoder)
        with database.reading() as connection:
            kept = read_manifest(connection)
        if kept and kept != current:
            store.clear()  # first: vectors can be made anew, and another dimension needs an empty store
            with database.writing() as connection:
                connection.execute(delete(passages))
                write_manifest(connection, current)
        _restore_full_text(database)
        _restore_passages(database, store, encoder)
        _restore_vectors(database, store, encoder)


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


def _numbers_without_passages(connection: Connection) -> list[int]:
    has_passages = select(passages.c.version)
    query = select(versions.c.number).where(versions.c.status == "current", versions.c.number.not_in(has_passages))
    return list(connection.execute(query).scalars())


def _restore_full_text(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(text("INSERT INTO passages_fts(passages_fts) VALUES ('rebuild')"))


def _restore_passages(database: Database, store: VectorStore, encoder: Encoder) -> None:
    """Cuts and embeds anew the current documents that have no passages."""
    with database.reading() as connection:
        numbers = _numbers_without_passages(connection)
        ids = {
            row.number: row.document_id
            for row in connection.execute(
                select(versions.c.number, versions.c.document_id).where(versions.c.status == "current")
            )
        }
    catalogue = Catalogue(database)
    for number in numbers:
        document = catalogue.document(ids[number])
        spans = chunk(document, encoder.token_spans)
        embedded = embed(encoder, [to_embed(document, span) for span in spans])
        rows = passage_rows(document, number, spans, embedded, range(len(spans)))
        with database.writing() as connection:
            if rows:
                connection.execute(insert(passages), rows)
        store.add([row["id"] for row in rows], embedded.vectors, [document.id] * len(rows))
        with database.writing() as connection:
            connection.execute(update(passages).where(passages.c.version == number).values(status="indexed"))


def _restore_vectors(database: Database, store: VectorStore, encoder: Encoder) -> None:
    """Embeds the passages whose vector is missing, deletes the vectors whose passage is."""
    stored = store.ids()
    with database.reading() as connection:
        rows = connection.execute(
            select(passages.c.id, passages.c.context, passages.c.text, versions.c.document_id).join(
                versions, versions.c.number == passages.c.version
            )
        )
        wanted = {row.id: (row.id, row.context, row.text, row.document_id) for row in rows}
    store.delete([id_ for id_ in stored if id_ not in wanted])
    _embed(store, encoder, [row for id_, row in wanted.items() if id_ not in stored])


def _embed(store: VectorStore, encoder: Encoder, rows: Sequence[tuple[str, str, str, str]]) -> None:
    for start in range(0, len(rows), _BATCH):
        part = rows[start : start + _BATCH]
        embedded = embed(encoder, [ToEmbed(context, passage) for _, context, passage, _ in part])
        store.add([row[0] for row in part], embedded.vectors, [row[3] for row in part])
