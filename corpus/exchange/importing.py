"""An exported home taken into an empty one: all of it in one transaction, or nothing.

Afterwards the home has every document, version and conversation that the other had, and no passages: making these is
the work of the index.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Table, insert, select, update
from sqlalchemy.exc import DBAPIError

from corpus import schema
from corpus.database import Database
from corpus.errors import HomeError, UnusableExport
from corpus.exchange.package import Package
from corpus.exchange.rows import (
    ConversationRow,
    DocumentRow,
    EditRow,
    FeedbackRow,
    InputRow,
    ResultRow,
    Row,
    RunRow,
    VersionRow,
    rows_of,
)

_PLAIN: tuple[tuple[str, type[Row], Table, tuple[str, ...]], ...] = (
    ("edits.jsonl", EditRow, schema.edits, ("document_id",)),
    ("inputs.jsonl", InputRow, schema.inputs, ("source",)),
    ("feedback.jsonl", FeedbackRow, schema.feedback, ("conversation_id", "turn")),
    ("runs.jsonl", RunRow, schema.runs, ("id",)),
)

CheckAnswer = Callable[[Mapping[str, Any]], object]
"""Raises `KeyError`, `TypeError`, `ValueError` or `AttributeError` for what is no answer."""


def import_home(package: Package, database: Database, *, check_answer: CheckAnswer = dict) -> None:
    """Takes the export into the home, which must be empty.

    Raises `UnusableExport` where it is damaged or does not fit together, and where the home is not empty; the home is
    then as it was.
    """
    package.check()
    try:
        with database.lock, database.writing() as connection:
            _check_empty(connection)
            _add_texts(connection, package)
            for document in rows_of(package, "documents.jsonl", DocumentRow, "id"):
                _add_document(connection, document)
            _add_conversations(connection, package, check_answer)
            for name, kind, table, key in _PLAIN:
                for row in rows_of(package, name, kind, *key):
                    connection.execute(insert(table).values(row.model_dump()))
            _add_results(connection, package)
    except DBAPIError as error:
        raise HomeError(f"the home {str(database.home)!r} cannot take it in ({error.orig})") from error


def _check_empty(connection: Connection) -> None:
    for table in (schema.versions, schema.conversations, schema.feedback, schema.runs):
        if connection.execute(select(table).limit(1)).first() is not None:
            raise UnusableExport(
                "this home is not empty: import into a new one, `communique --home NEW-FOLDER import-home …`"
            )


def _add_texts(connection: Connection, package: Package) -> None:
    """Writes the texts that versions need; raises where one is missing, or shorter than what is said of it."""
    lengths: dict[str, int] = {}
    for document in rows_of(package, "documents.jsonl", DocumentRow, "id"):
        for version in document.versions:
            lengths[version.sha256] = max(lengths.get(version.sha256, 0), _num_chars(document.id, version))
    missing = sorted(lengths.keys() - set(package.texts()))
    if missing:
        raise UnusableExport(f"texts/{missing[0]}.txt is missing, which documents.jsonl names")
    for sha256, num_chars in sorted(lengths.items()):
        text = package.text(sha256)
        if len(text) < num_chars:
            raise UnusableExport(f"documents.jsonl has sections beyond the end of texts/{sha256}.txt")
        connection.execute(insert(schema.snapshots).values(sha256=sha256, text=text))


def _num_chars(document_id: str, version: VersionRow) -> int:
    """How long the text must be for its sections."""
    if any(section.start > section.end for section in version.sections):
        raise UnusableExport(f"documents.jsonl: a section of {document_id!r} ends before it starts")
    return max((section.end for section in version.sections), default=0)


def _add_document(connection: Connection, document: DocumentRow) -> None:
    for version in document.versions:
        connection.execute(insert(schema.versions).values(document_id=document.id, **version.model_dump()))


def _add_conversations(connection: Connection, package: Package, check_answer: CheckAnswer) -> None:
    for row in rows_of(package, "conversations.jsonl", ConversationRow, "id"):
        connection.execute(insert(schema.conversations).values(row.model_dump(exclude={"turns"})))
        numbers = [turn.number for turn in row.turns]
        if len(set(numbers)) < len(numbers):
            raise UnusableExport(f"conversations.jsonl: a turn of {row.id!r} is there twice")
        for turn in row.turns:
            _check(turn.answer, check_answer, f"turn {turn.number} of {row.id!r}")
            connection.execute(insert(schema.turns).values(conversation_id=row.id, **turn.model_dump()))
    _count_uses(connection)


def _count_uses(connection: Connection) -> None:
    """Numbers the conversations by when they were used last."""
    rows = schema.conversations
    ids = connection.execute(select(rows.c.id).order_by(rows.c.updated_at, rows.c.id.desc())).scalars().all()
    for used, id_ in enumerate(ids, start=1):
        connection.execute(update(rows).where(rows.c.id == id_).values(used=used))


def _check(answer: Mapping[str, Any], check_answer: CheckAnswer, what: str) -> None:
    try:
        check_answer(answer)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnusableExport(f"conversations.jsonl: {what} is no answer ({error!r})") from error


def _add_results(connection: Connection, package: Package) -> None:
    runs: Iterable[str] = connection.execute(select(schema.runs.c.id)).scalars()
    known = set(runs)
    for row in rows_of(package, "run_results.jsonl", ResultRow, "run_id", "case_id"):
        if row.run_id not in known:
            raise UnusableExport(f"run_results.jsonl names the run {row.run_id!r}, which runs.jsonl has not")
        connection.execute(insert(schema.run_results).values(row.model_dump()))
