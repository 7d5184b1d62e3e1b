"""Documents into the index, in the order that lets a process be killed at any instant.

1. SQLite, one transaction: snapshot, version and passages, all *pending*: no search sees them.
2. Chroma: the vectors.
3. SQLite, one transaction: version *current*, passages *indexed*, those of the version before *removing*.
4. Chroma, then SQLite: what is removing is deleted.

Only after step 3 is a document reported as done. All four happen under the home's lock, so whatever is pending or
removing when the lock is free was left by a process that died: `recover` deletes it, vectors first. Removing a
document is 3 and 4.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from filelock import Timeout
from sqlalchemy import Connection, delete, insert, select, update

from corpus import catalogue
from corpus.database import Database
from corpus.document import Document
from corpus.schema import passages, versions
from index.chunking import MAX_CONTEXT_TOKENS, chunk, context_of
from index.embedding import Encoder, Vectors
from index.manifest import check_manifest, current_manifest, read_manifest, write_manifest
from index.passage import Span
from index.store import VectorStore


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document cut into passages, not yet embedded."""

    document: Document
    input_sha256: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Embedded:
    """Passages as vectors: `(n, d)` unit rows, and for each one the `(s, d)` unit rows of its sentences."""

    vectors: Vectors
    sentence_vectors: list[Vectors]


@dataclass(frozen=True, slots=True)
class ToEmbed:
    """A passage as the embedder reads it; `sentences` are spans within `text`."""

    context: str
    text: str
    sentences: Sequence[tuple[int, int]] = ()


class Indexer:
    """Writes to the index of one home."""

    def __init__(self, database: Database, store: VectorStore, encoder: Encoder) -> None:
        """Raises `ManifestMismatch` when the home's index was made with other settings."""
        self._database = database
        self._store = store
        self._encoder = encoder
        with database.reading() as connection:
            check_manifest(read_manifest(connection), current_manifest(encoder))

    def prepare(self, document: Document, input_sha256: str) -> Prepared:
        """The document with the spans of its passages."""
        return Prepared(document, input_sha256, tuple(chunk(document, self._encoder.token_spans)))

    def commit(self, batch: Sequence[Prepared]) -> None:
        """Embeds and stores documents; when this returns, they are kept and searchable, and older versions are not.

        A document that another process stored meanwhile, from the same bytes, is left as it is.
        """
        embedded = embed(self._encoder, [to_embed(item.document, span) for item in batch for span in item.spans])
        with self._database.lock:
            recover(self._database, self._store)
            try:
                self._store_batch(batch, embedded)
            except BaseException:
                recover(self._database, self._store)  # Ctrl-C and faults leave nothing half done
                raise

    def _store_batch(self, batch: Sequence[Prepared], embedded: Embedded) -> None:
        with self._database.writing() as connection:
            known = catalogue.current_input_hashes(connection, [prepared.document.id for prepared in batch])
            numbers: list[int] = []
            rows: list[dict[str, Any]] = []
            kept: list[int] = []
            position = 0
            for prepared in batch:
                here = range(position, position + len(prepared.spans))
                position = here.stop
                if known.get(prepared.document.id) == prepared.input_sha256:
                    continue
                number = catalogue.stage(connection, prepared.document, prepared.input_sha256)
                numbers.append(number)
                rows += passage_rows(prepared.document, number, prepared.spans, embedded, here)
                kept += here
            if rows:
                connection.execute(insert(passages), rows)
            if not read_manifest(connection):
                write_manifest(connection, current_manifest(self._encoder))
        document_ids = [row["id"].rpartition("#")[0] for row in rows]
        self._store.add([row["id"] for row in rows], embedded.vectors[kept], document_ids)
        with self._database.writing() as connection:
            _promote(connection, numbers)
        recover(self._database, self._store)


def remove_documents(database: Database, store: VectorStore, document_ids: Sequence[str]) -> None:
    """Deletes documents with all their versions, snapshots, passages and vectors."""
    with database.lock:
        with database.writing() as connection:
            catalogue.mark_removing(connection, document_ids)
            removed = select(versions.c.number).where(versions.c.status == "removing")
            connection.execute(update(passages).where(passages.c.version.in_(removed)).values(status="removing"))
        recover(database, store)


def recover(database: Database, store: VectorStore) -> int:
    """Deletes what is pending or removing, vectors before rows, and returns how many passages that were.

    The caller holds the home's lock.
    """
    unfinished = passages.c.status != "indexed"
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
        catalogue.discard(connection)
    return len(ids)


def recover_if_interrupted(database: Database, store: VectorStore) -> int:
    """`recover`, unless another process is writing just now, whose unfinished rows are its own."""
    try:
        with database.lock.acquire(timeout=0):
            return recover(database, store)
    except Timeout:
        return 0


def _promote(connection: Connection, numbers: Sequence[int]) -> None:
    catalogue.promote(connection, numbers)
    pending = passages.c.status == "pending"
    connection.execute(update(passages).where(pending).values(status="indexed"))
    superseded = select(versions.c.number).where(versions.c.status == "superseded")
    connection.execute(update(passages).where(passages.c.version.in_(superseded)).values(status="removing"))


def embed(encoder: Encoder, read: Sequence[ToEmbed]) -> Embedded:
    """The vectors of passages and those of their sentences.

    The context is cut to what leaves room for the passage; both are read together.
    """
    texts, spans = [], []
    for item in read:
        head = _short(item.context, encoder)
        offset = len(head) + 1
        texts.append(f"{head}\n{item.text}")
        spans.append([(offset + start, offset + end) for start, end in item.sentences])
    return Embedded(*encoder.encode_spans(texts, spans))


def to_embed(document: Document, span: Span) -> ToEmbed:
    """The passage at `span` as the embedder reads it."""
    sentences = [(start - span.start, end - span.start) for start, end in span.sentences]
    return ToEmbed(context_of(document, span), document.text[span.start : span.end], sentences)


def passage_rows(
    document: Document, number: int, spans: Sequence[Span], embedded: Embedded, positions: Sequence[int]
) -> list[dict[str, Any]]:
    """The passages of version `number` as the database keeps them, pending; `positions` are theirs in `embedded`."""
    return [
        {
            "id": f"{document.id}#{number}.{ordinal}",
            "version": number,
            "status": "pending",
            "start": span.start,
            "end": span.end,
            "text": document.text[span.start : span.end],
            "context": context_of(document, span),
            "heading": span.heading,
            "page": span.page,
            "sentences": to_embed(document, span).sentences,
            "sentence_vectors": embedded.sentence_vectors[position].astype("<f2").tobytes(),
        }
        for ordinal, (span, position) in enumerate(zip(spans, positions, strict=True))
    ]


def _short(context: str, encoder: Encoder) -> str:
    tokens = encoder.token_spans(context)
    return context[: tokens[MAX_CONTEXT_TOKENS - 1][1]] if len(tokens) > MAX_CONTEXT_TOKENS else context
