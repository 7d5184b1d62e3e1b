"""Titles, dates and free metadata of a home's documents as a table that can be edited in a spreadsheet.

The first columns are always the same; every other one is a key of the metadata, and a new one makes a new key. What is
not in the table is not changed. This module reads rows and says what they change; it writes nothing.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from corpus.database import Database
from corpus.dates import iso_date
from corpus.schema import versions

EDITABLE = ("title", "published")
FIXED = ("language", "source")
COLUMNS = ("id", *EDITABLE, *FIXED)
GUESSED = "published_is_guessed"
_MAX_CHARS = 10_000


@dataclass(frozen=True, slots=True)
class Described:
    """What a home says of a document beside its words."""

    id: str
    title: str
    published: str | None
    language: str
    source: str
    metadata: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RowReport:
    """What became of a row. `status` is "changed", "unchanged" or "refused", the last with a `reason`.

    `changes` are those of `corpus.edits`; `line` counts the rows of the file, the header's being 1.
    """

    line: int
    id: str
    status: str
    changes: Mapping[str, Any] = field(default_factory=dict)
    reason: str | None = None


def described(database: Database) -> list[Described]:
    """Every current document, by date, title and id."""
    rows = versions.c
    columns = (rows.document_id.label("id"), rows.title, rows.published, rows.language, rows.source, rows.metadata)
    query = select(*columns).where(rows.status == "current")
    query = query.order_by(rows.published.is_(None), rows.published, rows.title, rows.document_id)
    with database.reading() as connection:
        return [Described(**row) for row in connection.execute(query).mappings()]


def table(documents: Sequence[Described]) -> Iterator[list[str]]:
    """The table's rows, the header first. What is no text in the metadata is written as JSON."""
    keys = sorted({key for document in documents for key in document.metadata} - set(COLUMNS))
    yield [*COLUMNS, *keys]
    for document in documents:
        yield [cell_of(document, column) for column in (*COLUMNS, *keys)]


def cell_of(document: Described, column: str) -> str:
    """What the table says of a document in a column; nothing where there is nothing."""
    value = getattr(document, column) if column in COLUMNS else document.metadata.get(column)
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def read_rows(rows: Iterable[Mapping[str, str]], documents: Sequence[Described]) -> Iterator[RowReport]:
    """What each row, by column, would change. A row that cannot be taken up whole changes nothing."""
    by_id = {document.id: document for document in documents}
    seen: set[str] = set()
    for line, row in enumerate(rows, start=2):
        id_ = row.get("id", "")
        document = by_id.get(id_)
        if document is None:
            yield RowReport(line, id_, "refused", reason=f"there is no document {id_!r}")
            continue
        if id_ in seen:
            yield RowReport(line, id_, "refused", reason=f"{id_!r} has a row above: one is enough")
            continue
        seen.add(id_)
        reason = _fault(document, row)
        changes = {} if reason else _changes(document, row)
        status = "refused" if reason else "changed" if changes else "unchanged"
        yield RowReport(line, id_, status, changes, reason)


def _fault(document: Described, row: Mapping[str, str]) -> str | None:
    """Why a row cannot be taken up; None where it can."""
    published = row.get("published", "").strip()
    if "title" in row and not row["title"].strip():
        return "the title is empty: a document needs one"
    if published and published != document.published and iso_date(published) is None:
        return f"{published!r} is no date: write it as 2024-05-31, 2024-05 or 2024"
    for column in FIXED:
        if row.get(column, "") not in ("", cell_of(document, column)):
            return f"the {column} cannot be changed here: it is {cell_of(document, column)!r}"
    long = next((column for column, cell in row.items() if len(cell) > _MAX_CHARS), None)
    return f"{long!r} is longer than {_MAX_CHARS:,} characters" if long else None


def _changes(document: Described, row: Mapping[str, str]) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    title = " ".join(row.get("title", document.title).split())
    if title != " ".join(document.title.split()):
        changes["title"] = title
    published = row.get("published", document.published or "").strip()
    if published != (document.published or ""):
        changes["published"] = iso_date(published)
    free = {key: row[key] for key in row if key not in COLUMNS and row[key] != cell_of(document, key)}
    metadata: dict[str, Any] = {key: _value(document.metadata.get(key), cell.strip()) for key, cell in free.items()}
    if "published" in changes and GUESSED in document.metadata:
        metadata[GUESSED] = None
    return changes | ({"metadata": metadata} if metadata else {})


def _value(before: Any, cell: str) -> Any:
    """What a cell says: nothing where it is empty; where there was a list or a number, the JSON that it holds."""
    if before is None or isinstance(before, str):
        return cell or None
    try:
        return json.loads(cell, parse_constant=_no_number) if cell else None
    except (ValueError, RecursionError):
        return cell


def _no_number(name: str) -> Any:
    """JSON knows none of NaN, Infinity and -Infinity, though Python reads them."""
    raise ValueError(name)
