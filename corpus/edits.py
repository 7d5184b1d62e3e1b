"""What users say of a document in place of what its file says: title, date and free metadata.

An edit is kept by the document's id, apart from its versions, and holds for each of them that comes later. The words
of a document are never edited.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, delete, select

from corpus.dialects import upsert
from corpus.document import Document
from corpus.schema import edits, versions

Changes = Mapping[str, Any]
"""Of `title`, `published` and `metadata` what was changed; in `metadata`, None stands for what was taken out."""


def changes_of(connection: Connection, document_id: str) -> Changes:
    """What was said of this document; nothing of most."""
    return connection.execute(select(edits.c.changes).where(edits.c.document_id == document_id)).scalar() or {}


def keep(connection: Connection, document_id: str, changes: Changes) -> None:
    """Adds to what was said of this document before."""
    before = changes_of(connection, document_id)
    metadata = {**before.get("metadata", {}), **changes.get("metadata", {})}
    whole = {**before, **changes, **({"metadata": metadata} if metadata else {})}
    statement = upsert(connection, edits).values(document_id=document_id, changes=whole)
    connection.execute(statement.on_conflict_do_update(index_elements=["document_id"], set_={"changes": whole}))


def edited(connection: Connection, document: Document) -> Document:
    """The document with what was said of it."""
    return applied(document, changes_of(connection, document.id))


def applied(document: Document, changes: Changes) -> Document:
    """The document with these changes."""
    if not changes:
        return document
    return replace(
        document,
        title=changes.get("title", document.title),
        published=changes.get("published", document.published),
        metadata=with_changes(document.metadata, changes),
    )


def with_changes(metadata: Mapping[str, Any], changes: Changes) -> dict[str, Any]:
    """The metadata of a document with these changes."""
    said = changes.get("metadata", {})
    kept = {key: value for key, value in metadata.items() if key not in said}
    return kept | {key: value for key, value in said.items() if value is not None}


def forget(connection: Connection) -> None:
    """Deletes what was said of documents that have no version any more."""
    connection.execute(delete(edits).where(edits.c.document_id.not_in(select(versions.c.document_id))))
