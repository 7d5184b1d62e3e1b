"""What a home keeps of its documents beside the current versions: earlier wordings, and documents that were removed.

Two versions of a document with the same words are one wording here: a citation names its words by their sha256. Nothing
is deleted here; `index.vacuuming` does that.
"""

from dataclasses import dataclass

from sqlalchemy import case, func, select

from corpus.catalogue import Catalogue
from corpus.database import Database
from corpus.document import Document
from corpus.errors import UnknownDocument
from corpus.schema import snapshots, versions

_KEPT = ("current", "superseded", "removed")


@dataclass(frozen=True, slots=True)
class Wording:
    """A version of a document that is kept. `status` is "current", "superseded" or "removed"; `added_at` is when these
    words first came in, an ISO time, UTC.
    """

    sha256: str
    status: str
    added_at: str
    title: str
    published: str | None
    num_chars: int


@dataclass(frozen=True, slots=True)
class Removed:
    """A document that was removed and can be restored."""

    id: str
    title: str
    source: str
    published: str | None
    sha256: str


def wordings(database: Database, document_id: str) -> list[Wording]:
    """The kept wordings of a document, the newest first, of a removed one too.

    Raises `UnknownDocument` when there is none of it.
    """
    rows = versions.c
    columns = (rows.sha256, rows.status, rows.added_at, rows.title, rows.published)
    query = select(*columns, func.length(snapshots.c.text).label("num_chars"))
    query = query.join(snapshots, snapshots.c.sha256 == rows.sha256)
    query = query.where(rows.document_id == _storable(document_id), rows.status.in_(_KEPT))
    current_last = case((rows.status == "superseded", 0), else_=1)
    found: dict[str, Wording] = {}
    with database.reading() as connection:
        for row in connection.execute(query.order_by(current_last, rows.number)).mappings():
            before = found.pop(row["sha256"], None)
            found[row["sha256"]] = Wording(**{**row, "added_at": before.added_at if before else row["added_at"]})
    if not found:
        Catalogue(database).document(document_id)  # raises, and names the ids that look alike
    return list(found.values())[::-1]


def wording(database: Database, document_id: str, sha256: str | None = None) -> Document:
    """The newest wording of a document, removed or not, or the one whose sha256 is given or begins so.

    Raises `UnknownDocument` when there is none.
    """
    if sha256 is None:
        sha256 = wordings(database, document_id)[0].sha256
    return Catalogue(database).document(document_id, sha256)


def wording_before(database: Database, document_id: str, sha256: str) -> Document:
    """The wording that stood before the one of this sha256.

    Raises `UnknownDocument` when none is kept.
    """
    hashes = [kept.sha256 for kept in wordings(database, document_id)]
    earlier = hashes[hashes.index(sha256) + 1 :] if sha256 in hashes else []
    if not earlier:
        raise UnknownDocument(
            f"no earlier version of {document_id!r} is kept: `communique documents --versions {document_id}` lists them"
        )
    return Catalogue(database).document(document_id, earlier[0])


def removed_documents(database: Database) -> list[Removed]:
    """The documents that were removed and can be restored, by title and id."""
    rows = versions.c
    query = select(rows.document_id.label("id"), rows.title, rows.source, rows.published, rows.sha256)
    query = query.where(rows.status == "removed").order_by(rows.title, rows.document_id)
    with database.reading() as connection:
        return [Removed(**row) for row in connection.execute(query).mappings()]


def removed_version(database: Database, document_id: str) -> tuple[Document, str] | None:
    """A removed document as it was, and the sha256 of the bytes it was read from; None where it was not removed."""
    rows = versions.c
    query = select(rows.sha256, rows.input_sha256)
    query = query.where(rows.document_id == _storable(document_id), rows.status == "removed")
    with database.reading() as connection:
        row = connection.execute(query.order_by(rows.number.desc())).first()
    return (Catalogue(database).document(document_id, row.sha256), row.input_sha256) if row else None


def _storable(document_id: str) -> str:
    """An id that can be asked for: half a character, which no id has, becomes a question mark."""
    return document_id.encode("utf-8", "replace").decode()
