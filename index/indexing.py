"""Documents into the index, in the order that lets a process be killed at any instant.

1. SQLite, one transaction: snapshot, version, passages and segments, *pending*: no search sees them.
2. Chroma: the vectors.
3. SQLite, one transaction: version *current*, passages *indexed*, those of the version before *removing*.
4. Chroma, then SQLite: what is removing is deleted.

Only after step 3 is a document reported as done. All four happen under the home's lock, so whatever is pending or
removing when the lock is free was left by a process that died: `recover` deletes it, vectors first. Removing a
document is 3 and 4, with the version *removed*, whose snapshot stays; restoring it is 1 to 4 again, from the snapshot.
Deleting for good is `vacuuming.py`.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from filelock import Timeout
from sqlalchemy import Connection, delete, insert, select, update

from corpus import catalogue, edits, fingerprints
from corpus.database import Database
from corpus.document import Document
from corpus.errors import HomeError
from corpus.history import removed_version
from corpus.minhash import signature
from corpus.schema import passages, segments, versions
from corpus.structure import Places
from index import fulltext
from index.chunking import (
    Cut,
    context_of,
)
from index.embedded import Embedded, cut_for, embed
from index.embedding import Encoder
from index.errors import VectorStoreError
from index.manifest import (
    check_generation,
    check_manifest,
    current_manifest,
    read_generation,
    read_manifest,
    write_manifest,
)
from index.store import VectorStore
from index.words import full_text

logger = logging.getLogger(__name__)

Embedding = Callable[[Sequence[tuple[Document, Cut]]], list[Embedded]]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document cut into sentences, segments and windows, not yet embedded."""

    document: Document
    input_sha256: str
    cut: Cut


class Indexer:
    """Writes to the index of one home."""

    def __init__(
        self, database: Database, store: VectorStore, encoder: Encoder, *, embedding: Embedding | None = None
    ) -> None:
        """Raises `ManifestMismatch` when the home's index was made with other settings.

        `embedding` embeds in place of `encoder`, with the same model elsewhere.
        """
        self._embed = embedding or partial(embed, encoder)
        self._database = database
        self._store = store
        self._encoder = encoder
        with database.reading() as connection:
            check_manifest(read_manifest(connection), current_manifest(encoder))
            self._generation = read_generation(connection)

    def prepare(self, document: Document, input_sha256: str) -> Prepared:
        """The document with what users said of it, cut."""
        with self._database.reading() as connection:
            document = edits.edited(connection, document)
        return Prepared(document, input_sha256, cut_for(self._encoder, document))

    def commit(self, batch: Sequence[Prepared]) -> None:
        """Embeds and stores documents; when this returns, they are kept and searchable, and older versions are not.

        A document that another process stored meanwhile, from the same bytes, is left as it is. Raises
        `ManifestMismatch` when a new index took this one's place meanwhile.
        """
        self._commit(batch, again=False)

    def commit_again(self, batch: Sequence[Prepared]) -> None:
        """As `commit`, for documents that are there from the same bytes and whose titles changed; one that is there
        from others by now is left as it is.
        """
        self._commit(batch, again=True)

    def _commit(self, batch: Sequence[Prepared], *, again: bool) -> None:
        embedded = self._embed([(item.document, item.cut) for item in batch])
        signatures = {item.document.sha256: signature(item.document.text) for item in batch}
        with self._database.lock:
            recover(self._database, self._store)
            try:
                self._store_batch(batch, embedded, signatures, again=again)
            except BaseException:
                recover(self._database, self._store)  # Ctrl-C and faults leave nothing half done
                raise

    def restore(self, document_ids: Sequence[str]) -> list[str]:
        """Brings removed documents back from their snapshots, and returns the ids of those that there were."""
        restored = []
        for document_id in document_ids:
            if removed := removed_version(self._database, document_id):
                self.commit([self.prepare(*removed)])
                restored.append(document_id)
        return restored

    def _store_batch(
        self, batch: Sequence[Prepared], embedded: Sequence[Embedded], signatures: Mapping[str, bytes], *, again: bool
    ) -> None:
        with self._database.writing() as connection:
            check_generation(connection, self._generation)
            check_manifest(read_manifest(connection), current_manifest(self._encoder))
            known = catalogue.current_input_hashes(connection, [prepared.document.id for prepared in batch])
            new = [
                (prepared, vectors, _stage(connection, prepared))
                for prepared, vectors in zip(batch, embedded, strict=True)
                if (known.get(prepared.document.id) == prepared.input_sha256) == again
            ]
            for prepared, vectors, number in new:
                fingerprints.keep(connection, prepared.document.sha256, signatures[prepared.document.sha256])
                insert_rows(connection, prepared.document, number, vectors, self._generation)
            if not read_manifest(connection):
                write_manifest(connection, current_manifest(self._encoder), generation=self._generation)
        self._add_vectors(new)
        with self._database.writing() as connection:
            _promote(connection, [number for _, _, number in new])
        _tidy_up(self._database, self._store)

    def _add_vectors(self, new: Sequence[tuple[Prepared, Embedded, int]]) -> None:
        """All at once, for Chroma takes as long for one vector as for many."""
        ids: list[str] = []
        owners: list[str] = []
        for prepared, _, number in new:
            some = passage_ids(prepared.document.id, number, prepared.cut, self._generation)
            ids += some
            owners += [prepared.document.id] * len(some)
        if ids:
            self._store.add(ids, np.concatenate([vectors.windows for _, vectors, _ in new]), owners)


def remove_documents(database: Database, store: VectorStore, document_ids: Sequence[str]) -> None:
    """Takes documents out of every list and search, with their passages and vectors; their snapshots are kept."""
    with database.lock:
        _tidy_up(database, store)
        with database.writing() as connection:
            for number in catalogue.mark_removed(connection, document_ids):
                connection.execute(update(passages).where(passages.c.version == number).values(status="removing"))
        _tidy_up(database, store)


def _tidy_up(database: Database, store: VectorStore) -> None:
    """`recover`, or, where the disk or the vectors do not let it, leaves that to the next who writes: what is done is
    done, and nobody sees what is left of it.
    """
    try:
        recover(database, store)
    except (VectorStoreError, HomeError) as error:
        logger.warning("what was removed waits to be deleted: %s", error)


def recover(database: Database, store: VectorStore) -> int:
    """Deletes what is pending or removing, vectors before rows, and returns how many passages that were.

    The caller holds the home's lock.
    """
    unfinished = passages.c.status.in_(["pending", "removing"])
    with database.reading() as connection:
        ids = list(connection.execute(select(passages.c.id).where(unfinished)).scalars())
        stale = connection.execute(
            select(versions.c.number).where(versions.c.status.in_(["pending", "removing"])).limit(1)
        ).first()
    if not ids and stale is None:
        return 0
    store.delete(ids)
    with database.writing() as connection:
        connection.execute(delete(passages).where(unfinished))
        needed = select(passages.c.rowid).where(
            passages.c.version == segments.c.version, passages.c.generation == segments.c.generation
        )
        connection.execute(delete(segments).where(~needed.exists()))
        catalogue.discard(connection)
    return len(ids)


def recover_if_interrupted(database: Database, store: VectorStore) -> int:
    """`recover`, unless another process is writing just now, whose unfinished rows are its own."""
    try:
        with database.lock.acquire(timeout=0):
            return recover(database, store)
    except Timeout:
        return 0


def _stage(connection: Connection, prepared: Prepared) -> int:
    """The number of the version, which has what users said of the document by now."""
    return catalogue.stage(connection, edits.edited(connection, prepared.document), prepared.input_sha256)


def _promote(connection: Connection, numbers: Sequence[int]) -> None:
    catalogue.promote(connection, numbers)
    pending = passages.c.status == "pending"
    connection.execute(update(passages).where(pending).values(status="indexed"))
    superseded = select(versions.c.number).where(versions.c.status == "superseded")
    connection.execute(update(passages).where(passages.c.version.in_(superseded)).values(status="removing"))


def passage_ids(document_id: str, number: int, made: Cut, generation: int) -> list[str]:
    """The ids of the windows of version `number` in that generation of the index."""
    return [f"{document_id}#{generation}.{number}.{ordinal}" for ordinal in range(len(made.windows))]


def insert_rows(connection: Connection, document: Document, number: int, embedded: Embedded, generation: int) -> None:
    """Writes the passages of version `number`, pending, and its segments with the vectors of their sentences."""
    made = embedded.cut
    ids = passage_ids(document.id, number, made, generation)
    places = Places(document)
    shared = {"version": number, "generation": generation}
    rows = [
        {"id": id_, "status": "pending", **shared, **_passage_row(document, places, *made.span(run))}
        for id_, run in zip(ids, made.windows, strict=True)
    ]
    if rows:
        connection.execute(insert(passages), rows)
        fulltext.follow(connection, rows)
        connection.execute(insert(segments), [shared | _segment_row(embedded, run) for run in made.segments])


def _passage_row(document: Document, places: Places, start: int, end: int) -> dict[str, Any]:
    context, text = context_of(document, places, start), document.text[start:end]
    return {
        "start": start,
        "end": end,
        "text": text,
        "context": context,
        "words": full_text(text),
        "context_words": full_text(context),
        "heading": places.heading(start),
        "page": places.page(start),
    }


def _segment_row(embedded: Embedded, run: range) -> dict[str, Any]:
    start, end = embedded.cut.span(run)
    return {
        "start": start,
        "end": end,
        "sentences": embedded.cut.sentences[run.start : run.stop],
        "vectors": embedded.sentences[run.start : run.stop].astype("<f2").tobytes(),
        "num_tokens": [len(tokens) for tokens in embedded.tokens[run.start : run.stop]],
        "tokens": b"".join(tokens.tobytes() for tokens in embedded.tokens[run.start : run.stop]),
    }
