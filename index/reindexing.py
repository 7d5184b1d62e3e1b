"""A new index beside the one in use: made from the snapshots, then in its place, with a way back.

The passages of the new index are *staged*, and searched by nobody but who asks for them, until all are there; then one
transaction makes them *indexed*. Those of before are put aside, and their vectors kept, until the next index takes
their place or `discard_replaced` deletes them; what changes meanwhile they learn on the way back. The lock is held a
document at a time while the index is made, so that others add meanwhile. A killed process loses the document it was at.

No source is read again, and which index is the better one is not judged here.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select, update

from corpus.catalogue import Catalogue
from corpus.database import Database
from corpus.errors import UnknownDocument
from corpus.schema import passages, segments, versions
from index.aside import bring_back, delete_aside, put_aside
from index.embedded import Embedded, cut_for, embed
from index.embedding import Encoder
from index.errors import IndexRoomError, ManifestMismatch
from index.indexing import insert_rows, passage_ids, recover
from index.manifest import (
    Replaced,
    current_manifest,
    next_generation,
    read_building,
    read_generation,
    read_manifest,
    read_replaced,
    write_manifest,
)
from index.store import VectorStore

Progress = Callable[[list[tuple[int, str]]], Iterable[tuple[int, str]]]
"""Shows how far a list of versions and their documents has been gone through, as tqdm does."""

OpenStore = Callable[[int], VectorStore]
"""Gives the vectors of a generation."""


@dataclass(frozen=True, slots=True)
class Index:
    """One index of a home: what it is made of, and which it is."""

    database: Database
    store: VectorStore
    encoder: Encoder
    generation: int


def silent(versions_: list[tuple[int, str]]) -> Iterable[tuple[int, str]]:
    """The same list: progress that nobody watches."""
    return versions_


def begin(database: Database, open_store: OpenStore, encoder: Encoder) -> Index:
    """The index to be made with this embedder: the one that was begun with the same settings, else an empty one.

    What was begun with other settings is deleted. Raises `IndexRoomError` for a home that has no index yet.
    """
    settings = current_manifest(encoder)
    with database.lock:
        with database.reading() as connection:
            kept, generation = read_manifest(connection), read_generation(connection)
            replaced, goes_on = read_replaced(connection), read_building(connection) == settings
            new = next_generation(connection)
        if not kept:
            raise IndexRoomError("there is nothing to index yet: `communique add` takes documents in")
        in_use = open_store(generation)
        recover(database, in_use)
        if not goes_on:
            discard_staged(database)
            in_use.delete_others(keeping=replaced.generation if replaced else None)
            with database.writing() as connection:
                write_manifest(connection, kept, generation=generation, building=settings, replaced=replaced)
    return Index(database, open_store(new), encoder, new)


def make(index: Index, status: str, progress: Progress = silent) -> None:
    """Cuts and embeds the current documents that have no passages of this status; one that is changed or removed
    meanwhile is left out.
    """
    with index.database.reading() as connection:
        missing = numbers_without_passages(connection, status)
        ids = _document_ids(connection)
    catalogue = Catalogue(index.database)
    for number, document_id in progress([(number, ids[number]) for number in missing]):
        try:
            document = catalogue.document(document_id)
        except UnknownDocument:
            continue
        embedded = embed(index.encoder, [(document, cut_for(index.encoder, document))])[0]
        with index.database.lock:
            with index.database.writing() as connection:
                if not _is_wanted(connection, number, document.sha256, status):
                    continue
                insert_rows(connection, document, number, embedded, index.generation)
            _add_vectors(index, document_id, number, embedded)
            with index.database.writing() as connection:
                connection.execute(update(passages).where(passages.c.status == "pending").values(status=status))


def put_in_place(index: Index, *, keep: bool) -> None:
    """Brings the staged index up to date and puts it in the place of the one in use, which is kept or deleted.

    Raises `ManifestMismatch` when the home has come to wait for another one.
    """
    with index.database.lock:
        recover(index.database, index.store)
        _check_is_awaited(index)
        make(index, "staged")
        restore_vectors(index)
        with index.database.reading() as connection:
            old = Replaced(read_generation(connection), read_manifest(connection))
        if keep:
            put_aside(index.database, old.generation)
        with index.database.writing() as connection:
            for before, after in (("indexed", "removing"), ("staged", "indexed")):
                connection.execute(update(passages).where(passages.c.status == before).values(status=after))
            settings = current_manifest(index.encoder)
            write_manifest(connection, settings, generation=index.generation, replaced=old if keep else None)
        recover(index.database, index.store)
        delete_aside(index.database, keeping=[old.generation] if keep else [])
        index.store.delete_others(keeping=old.generation if keep else None)
        delete_strangers(index)


def replaced_index(database: Database) -> Replaced:
    """The index that is kept as the way back. Raises `IndexRoomError` where there is none."""
    with database.reading() as connection:
        found = read_replaced(connection)
    if found is None:
        raise IndexRoomError("there is no index to go back to: only `communique reindex` keeps the one it replaced")
    return found


def go_back(database: Database, open_store: OpenStore, encoder: Encoder, *, progress: Progress = silent) -> int:
    """Puts the replaced index in the place of the one in use, which is kept in its turn, and returns its generation.

    What was added since is made in it first. `encoder` is the one it was made with. Raises `IndexRoomError` where
    there is none, and `ManifestMismatch` where this program cuts documents otherwise.
    """
    old = replaced_index(database)
    if dict(old.settings) != current_manifest(encoder):
        raise ManifestMismatch(
            "the index before was made by another version of this program, which alone can search it: "
            "make a new one with `communique reindex`"
        )
    with database.lock:
        with database.reading() as connection:
            in_use = read_generation(connection)
        recover(database, open_store(in_use))
        discard_staged(database)
        bring_back(database, old.generation)
    index = Index(database, open_store(old.generation), encoder, old.generation)
    make(index, "staged", progress)
    put_in_place(index, keep=True)
    return old.generation


def discard_replaced(database: Database, open_store: OpenStore) -> bool:
    """Deletes the index that is kept as the way back, and returns whether there was one.

    An index that is being made beside the one in use is deleted with it.
    """
    with database.lock:
        with database.reading() as connection:
            generation, replaced = read_generation(connection), read_replaced(connection)
        if replaced is None:
            return False
        discard_staged(database)
        with database.writing() as connection:
            write_manifest(connection, read_manifest(connection), generation=generation)
        delete_aside(database)
        open_store(generation).delete_others()
    return True


def discard_staged(database: Database) -> None:
    """Deletes what was made for an index that nobody finished."""
    with database.writing() as connection:
        in_use = read_generation(connection)
        connection.execute(delete(passages).where(passages.c.status == "staged"))
        connection.execute(delete(segments).where(segments.c.generation != in_use))


def restore_vectors(index: Index) -> None:
    """Embeds anew the documents of which a vector is missing."""
    stored = index.store.ids()
    with index.database.reading() as connection:
        query = select(passages.c.id, passages.c.version).where(passages.c.generation == index.generation)
        rows = connection.execute(query).all()
        ids = _document_ids(connection)
    catalogue = Catalogue(index.database)
    for number in sorted({row.version for row in rows if row.id not in stored} & ids.keys()):
        document = catalogue.document(ids[number])
        embedded = embed(index.encoder, [(document, cut_for(index.encoder, document))])[0]
        _add_vectors(index, document.id, number, embedded)


def delete_strangers(index: Index) -> None:
    """Deletes the vectors that belong to no passage."""
    with index.database.reading() as connection:
        wanted = set(connection.execute(select(passages.c.id)).scalars())
    index.store.delete(sorted(index.store.ids() - wanted))


def numbers_without_passages(connection: Connection, status: str) -> list[int]:
    """The numbers of the current versions that have no passages of this status, in order."""
    has_passages = select(passages.c.version).where(passages.c.status == status)
    query = select(versions.c.number).where(versions.c.status == "current", versions.c.number.not_in(has_passages))
    return list(connection.execute(query.order_by(versions.c.number)).scalars())


def _is_wanted(connection: Connection, number: int, sha256: str, status: str) -> bool:
    """Whether the version is current and still without passages of this status: others write too."""
    current = select(versions.c.number).where(
        versions.c.number == number, versions.c.sha256 == sha256, versions.c.status == "current"
    )
    made = select(passages.c.rowid).where(passages.c.version == number, passages.c.status == status).limit(1)
    return connection.execute(current).first() is not None and connection.execute(made).first() is None


def _check_is_awaited(index: Index) -> None:
    """Whether this index is still the one that is being made, or the way back."""
    with index.database.reading() as connection:
        replaced = read_replaced(connection)
        if replaced and replaced.generation == index.generation:
            return
        same = read_building(connection) == current_manifest(index.encoder)
        if not same or next_generation(connection) != index.generation:
            raise ManifestMismatch("another index was begun or put in place meanwhile: run `communique reindex` again")


def _add_vectors(index: Index, document_id: str, number: int, embedded: Embedded) -> None:
    names = passage_ids(document_id, number, embedded.cut, index.generation)
    index.store.add(names, embedded.windows, [document_id] * len(names))


def _document_ids(connection: Connection) -> dict[int, str]:
    query = select(versions.c.number, versions.c.document_id).where(versions.c.status == "current")
    return {row.number: row.document_id for row in connection.execute(query)}
