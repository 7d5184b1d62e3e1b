"""A home written as files, in one state, while others go on using it. Its index stays behind."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Select, Table, func, select

from corpus import schema
from corpus.database import Database
from corpus.exchange.package import MANIFEST, FileRow, Manifest, written_package
from corpus.exchange.rows import line_of

KEPT = ("current", "superseded", "removed")
"""The states of versions that are whole; others are being written or deleted."""
_PIECE_BYTES = 1024**2
_PLAIN = {
    "edits.jsonl": schema.edits,
    "inputs.jsonl": schema.inputs,
    "feedback.jsonl": schema.feedback,
    "runs.jsonl": schema.runs,
    "run_results.jsonl": schema.run_results,
}


def export_home(database: Database, path: Path, *, program: str) -> Manifest:
    """Writes the home to `path`, a .zip or a new folder, and returns what is in it.

    `program` is the version that writes. Memory is bounded by the longest document, conversation or result. Raises
    `UnusableExport` where it cannot be written; then nothing is left at `path`.
    """
    with written_package(path) as target, database.reading() as connection:
        files: dict[str, FileRow] = {}
        counts = _counts(connection)
        for name, rows in _tables(connection):
            files[name] = target.write(name, map(line_of, rows))
        for sha256 in connection.execute(_texts()).scalars().all():
            words = connection.execute(
                select(schema.snapshots.c.text).where(schema.snapshots.c.sha256 == sha256)
            ).scalar_one()
            files[f"texts/{sha256}.txt"] = target.write(f"texts/{sha256}.txt", _pieces(words))
        manifest = Manifest(
            exported_at=datetime.now(UTC).isoformat(timespec="seconds"),
            program=program,
            embedder=connection.execute(
                select(schema.manifest.c.value).where(schema.manifest.c.key == "embedder")
            ).scalar(),
            counts=counts,
            files=files,
        )
        target.write(MANIFEST, [manifest.model_dump_json(indent=1).encode()])
    return manifest


def _tables(connection: Connection) -> Iterator[tuple[str, Iterator[dict[str, Any]]]]:
    yield "documents.jsonl", _documents(connection)
    yield "conversations.jsonl", _conversations(connection)
    for name, table in _PLAIN.items():
        yield name, (dict(row) for row in _streamed(connection, select(table).order_by(*table.primary_key)))


def _documents(connection: Connection) -> Iterator[dict[str, Any]]:
    rows = schema.versions
    query = select(rows).where(rows.c.status.in_(KEPT)).order_by(rows.c.document_id, rows.c.number)
    for id_, some in groupby(_streamed(connection, query), key=lambda row: row["document_id"]):
        left_out = ("number", "document_id")
        yield {
            "id": id_,
            "versions": [{name: value for name, value in row.items() if name not in left_out} for row in some],
        }


def _conversations(connection: Connection) -> Iterator[dict[str, Any]]:
    turns = schema.turns.c
    for row in _streamed(connection, select(schema.conversations).order_by(schema.conversations.c.id)):
        query = select(turns.number, turns.asked_at, turns.answer).where(turns.conversation_id == row["id"])
        del row["used"]  # which import makes anew
        yield {**row, "turns": [dict(turn) for turn in connection.execute(query.order_by(turns.number)).mappings()]}


def _texts() -> Select[tuple[str]]:
    """The snapshots that a version needs."""
    rows = schema.versions.c
    return select(rows.sha256).where(rows.status.in_(KEPT)).distinct().order_by(rows.sha256)


def _pieces(words: str) -> Iterator[bytes]:
    return (words[start : start + _PIECE_BYTES].encode() for start in range(0, len(words), _PIECE_BYTES))


def _counts(connection: Connection) -> dict[str, int]:
    rows = schema.versions.c
    documents = connection.execute(
        select(func.count(rows.document_id.distinct()), func.count()).where(rows.status.in_(KEPT))
    ).one()
    tables: dict[str, Table] = {
        "conversations": schema.conversations,
        "turns": schema.turns,
        "feedback": schema.feedback,
        "runs": schema.runs,
    }
    counted = {
        name: connection.execute(select(func.count()).select_from(table)).scalar_one() for name, table in tables.items()
    }
    return {"documents": documents[0], "versions": documents[1], **counted}


def _streamed(connection: Connection, query: Select[Any]) -> Iterator[dict[str, Any]]:
    found = connection.execute(query, execution_options={"yield_per": 50})
    return (dict(row) for row in found.mappings())
