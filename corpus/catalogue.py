"""The catalogue: which documents a home has, in which versions, and their snapshots.

Reading needs no lock. The functions that write take a connection and are called by `index.indexing`, which holds
the lock and pairs each step with the vectors. A version is *pending* until its passages are searchable, then
*current*, then *superseded* by the next one, or *removed* until it is restored; `removing` marks what is deleted for
good. Only current documents are listed and searched; the snapshots of the others stay, so that old citations stay
exact. What they are is told by `history.py`.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, RowMapping, delete, exists, func, insert, select, update

from corpus import edits, fingerprints
from corpus.database import Database
from corpus.dialects import upsert
from corpus.document import Document, Section
from corpus.duplicates import Duplicate, duplicate_of
from corpus.errors import UnknownDocument
from corpus.inputs import Inputs
from corpus.schema import passages, snapshots, versions

_Item = TypeVar("_Item")
_IDS_A_QUERY = 500  # SQLite limits the parameters of a statement


@dataclass(frozen=True, slots=True)
class Summary:
    """A document as a list shows it."""

    id: str
    title: str
    source: str
    published: str | None
    language: str
    num_chars: int
    num_passages: int
    sha256: str


class Catalogue:
    """What a home's database says of its documents."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.inputs = Inputs(database)

    def summaries(self) -> list[Summary]:
        """Every current document, ordered by date, title and id; those without a date come last."""
        counted = (
            select(passages.c.version, func.count().label("num_passages"))
            .where(passages.c.status == "indexed")
            .group_by(passages.c.version)
            .subquery()
        )
        query = (
            select(
                versions.c.document_id.label("id"),
                versions.c.title,
                versions.c.source,
                versions.c.published,
                versions.c.language,
                func.length(snapshots.c.text).label("num_chars"),
                func.coalesce(counted.c.num_passages, 0).label("num_passages"),
                versions.c.sha256,
            )
            .join(snapshots, snapshots.c.sha256 == versions.c.sha256)
            .outerjoin(counted, counted.c.version == versions.c.number)
            .where(versions.c.status == "current")
            .order_by(versions.c.published.is_(None), versions.c.published, versions.c.title, versions.c.document_id)
        )
        with self._database.reading() as connection:
            return [Summary(**row) for row in connection.execute(query).mappings()]

    def document(self, document_id: str, sha256: str | None = None) -> Document:
        """The current version of a document, or the one whose sha256 is given or begins so.

        Raises `UnknownDocument` when there is none, naming ids that look alike.
        """
        if document_id.encode("utf-8", "replace").decode() != document_id:
            raise UnknownDocument(f"there is no document {document_id!r}: `communique documents` lists the ids")
        query = select(versions, snapshots.c.text).join(snapshots, snapshots.c.sha256 == versions.c.sha256)
        query = query.where(versions.c.document_id == document_id).order_by(versions.c.number.desc())
        if sha256 is None:
            query = query.where(versions.c.status == "current")
        else:
            query = query.where(versions.c.sha256.startswith(sha256, autoescape=True), versions.c.status != "pending")
        with self._database.reading() as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            raise UnknownDocument(self._advice(document_id, sha256))
        return _document(row)

    def has_unfinished(self) -> bool:
        """Whether something is being written or removed just now, or was when a process died."""
        query = select(versions.c.number).where(versions.c.status.in_(["pending", "removing"])).limit(1)
        left = select(passages.c.rowid).where(passages.c.status.in_(["pending", "removing"])).limit(1)
        with self._database.reading() as connection:
            return connection.execute(query).first() is not None or connection.execute(left).first() is not None

    def ids_by_source(self, sources: Iterable[str]) -> dict[str, str]:
        """The ids of the documents that came from these sources, the current ones or those that were removed."""
        query = select(versions.c.source, versions.c.document_id)
        query = query.order_by(versions.c.status.desc(), versions.c.number)  # the current ones last
        with self._database.reading() as connection:
            return {
                row.source: row.document_id
                for some in _chunks(list(sources))
                for row in connection.execute(
                    query.where(versions.c.source.in_(some), versions.c.status.in_(["current", "removed"]))
                )
            }

    def input_hashes(self, document_ids: Iterable[str]) -> dict[str, str]:
        """For those of the ids that are current documents: the sha256 of the bytes they were read from."""
        with self._database.reading() as connection:
            return current_input_hashes(connection, list(document_ids))

    def current_hashes(self, document_ids: Iterable[str]) -> dict[str, str]:
        """For those of the ids that are current documents: the sha256 of their text."""
        query = select(versions.c.document_id, versions.c.sha256).where(versions.c.status == "current")
        with self._database.reading() as connection:
            return {
                row.document_id: row.sha256
                for some in _chunks(list(document_ids))
                for row in connection.execute(query.where(versions.c.document_id.in_(some)))
            }

    def duplicate_of(self, document_id: str) -> Duplicate | None:
        """The document before this one that has almost the same words; None where there is none."""
        with self._database.reading() as connection:
            return duplicate_of(connection, document_id)

    def published(self, versions_wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
        """The dates of those of the versions, named by document id and sha256, that are kept and have one, old ones
        too.
        """
        wanted = set(versions_wanted)
        hashes = sorted({sha256 for _, sha256 in wanted})
        found: dict[tuple[str, str], str | None] = {}
        with self._database.reading() as connection:
            for some in _chunks(hashes):
                query = select(versions.c.document_id, versions.c.sha256, versions.c.published)
                query = query.where(versions.c.sha256.in_(some), versions.c.status != "pending")
                for row in connection.execute(query.order_by(versions.c.number)):
                    found[row.document_id, row.sha256] = row.published  # of the same words kept twice, the newest
        return {key: date for key, date in found.items() if date and key in wanted}

    def _advice(self, document_id: str, sha256: str | None) -> str:
        known = [summary.id for summary in self.summaries()]
        if sha256 is None and self._was_removed(document_id):
            return (
                f"the document {document_id!r} was removed: `communique restore {document_id}` brings it back, and "
                f"`communique documents --versions {document_id}` names what is kept of it"
            )
        if sha256 is not None and (document_id in known or self._was_removed(document_id)):
            return f"the document {document_id!r} has no version {sha256!r}: its versions are named by their sha256"
        from difflib import get_close_matches

        close = get_close_matches(document_id, known, n=3)
        hint = f"did you mean {', '.join(close)}?" if close else "`communique documents` lists the ids"
        return f"there is no document {document_id!r}: {hint}"

    def _was_removed(self, document_id: str) -> bool:
        query = select(versions.c.number).where(versions.c.document_id == document_id, versions.c.status == "removed")
        with self._database.reading() as connection:
            return connection.execute(query.limit(1)).first() is not None


def new_document(draft_fields: Mapping[str, Any], *, text: str) -> Document:
    """A `Document` of these fields whose sha256 is that of its text."""
    return Document(text=text, sha256=hashlib.sha256(text.encode()).hexdigest(), **draft_fields)


def current_input_hashes(connection: Connection, document_ids: Sequence[str]) -> dict[str, str]:
    """As `Catalogue.input_hashes`, within a transaction of the caller's."""
    return {
        row.document_id: row.input_sha256
        for some in _chunks(document_ids)
        for row in connection.execute(
            select(versions.c.document_id, versions.c.input_sha256).where(
                versions.c.document_id.in_(some), versions.c.status == "current"
            )
        )
    }


def stage(connection: Connection, document: Document, input_sha256: str) -> int:
    """Writes a version as pending, its snapshot with it, and returns the version's number."""
    snapshot = upsert(connection, snapshots).values(sha256=document.sha256, text=document.text)
    connection.execute(snapshot.on_conflict_do_nothing())
    result = connection.execute(
        insert(versions).values(
            document_id=document.id,
            sha256=document.sha256,
            status="pending",
            source=document.source,
            input_sha256=input_sha256,
            title=document.title,
            published=document.published,
            language=document.language,
            sections=[asdict(section) for section in document.sections],
            metadata=dict(document.metadata),
            added_at=datetime.now(UTC).isoformat(timespec="seconds"),
        )
    )
    return int(result.inserted_primary_key[0])  # type: ignore[index]  # there always is one


def promote(connection: Connection, numbers: Sequence[int]) -> None:
    """Makes pending versions current, those they replace superseded, removed ones too: of several for one document, the
    newest stays.
    """
    newer = versions.alias()
    is_replaced = exists().where(
        newer.c.document_id == versions.c.document_id, newer.c.status == "current", newer.c.number > versions.c.number
    )
    for some in _chunks(numbers):
        connection.execute(update(versions).where(versions.c.number.in_(some)).values(status="current"))
        promoted = select(newer.c.document_id).where(newer.c.number.in_(some))
        connection.execute(
            update(versions)
            .where(versions.c.document_id.in_(promoted), versions.c.status.in_(["current", "removed"]), is_replaced)
            .values(status="superseded")
        )


def mark_removed(connection: Connection, document_ids: Sequence[str]) -> list[int]:
    """Takes these documents out of every list and search, and returns the numbers of the versions that were current."""
    numbers: list[int] = []
    for some in _chunks(document_ids):
        current = versions.c.document_id.in_(some), versions.c.status == "current"
        numbers += connection.execute(select(versions.c.number).where(*current)).scalars()
        connection.execute(update(versions).where(*current).values(status="removed"))
    return numbers


def mark_removing(connection: Connection, numbers: Sequence[int]) -> None:
    """Marks versions that are to be deleted for good."""
    for some in _chunks(numbers):
        connection.execute(update(versions).where(versions.c.number.in_(some)).values(status="removing"))


def discard(connection: Connection) -> None:
    """Deletes the versions that are pending or removing, and what no version needs any more: snapshots, their
    fingerprints, and what was said of documents.
    """
    connection.execute(delete(versions).where(versions.c.status.in_(["pending", "removing"])))
    fingerprints.forget(connection)
    edits.forget(connection)
    connection.execute(delete(snapshots).where(snapshots.c.sha256.not_in(select(versions.c.sha256))))


def _document(row: RowMapping) -> Document:
    return Document(
        id=row["document_id"],
        title=row["title"],
        text=row["text"],
        source=row["source"],
        sha256=row["sha256"],
        language=row["language"],
        published=row["published"],
        sections=tuple(Section(**section) for section in row["sections"]),
        metadata=row["metadata"],
    )


def _chunks(items: Sequence[_Item]) -> Iterable[Sequence[_Item]]:
    return (items[i : i + _IDS_A_QUERY] for i in range(0, len(items), _IDS_A_QUERY))
