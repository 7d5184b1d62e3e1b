"""What users say of documents, taken into the index: title, date and metadata in place of what their files say.

A title stands before each passage where it is searched, so a document of another title is embedded again, as a new
version of the same words. It is said first and embedded then: where a process is killed in between, the same edit made
again finishes it.
"""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, select, update

from corpus import edits
from corpus.catalogue import Catalogue
from corpus.database import Database
from corpus.edits import Changes
from corpus.schema import versions
from index.indexing import Indexer

_BATCH = 16


def edit_documents(database: Database, indexer: Callable[[], Indexer], changed: Sequence[tuple[str, Changes]]) -> int:
    """Makes changes, by document id, and returns how many documents were embedded again.

    `indexer` is called when a title changes: it loads a model.
    """
    with database.lock, database.writing() as connection:
        for document_id, changes in changed:
            edits.keep(connection, document_id, changes)
            _say(connection, document_id)
    titled = [document_id for document_id, changes in changed if "title" in changes]
    for first in range(0, len(titled), _BATCH):
        _embed_again(Catalogue(database), indexer(), titled[first : first + _BATCH])
    return len(titled)


def _say(connection: Connection, document_id: str) -> None:
    """Gives the current version its date and metadata, which no passage has."""
    current = versions.c.document_id == document_id, versions.c.status == "current"
    row = connection.execute(select(versions.c.metadata).where(*current)).first()
    if row is not None:
        changes = edits.changes_of(connection, document_id)
        values: dict[str, Any] = {"metadata": edits.with_changes(row.metadata, changes)}
        values |= {key: changes[key] for key in changes if key == "published"}
        connection.execute(update(versions).where(*current).values(values))


def _embed_again(catalogue: Catalogue, indexer: Indexer, document_ids: Sequence[str]) -> None:
    hashes = catalogue.input_hashes(document_ids)
    prepared = [indexer.prepare(catalogue.document(id_), hashes[id_]) for id_ in document_ids if id_ in hashes]
    indexer.commit_again(prepared)
