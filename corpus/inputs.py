"""What was read from each source, so that what is unchanged need not be read again: the hash of its bytes and the
report of that time.

It is a memory only: whether the documents are still there is for the caller to ask.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from corpus.cleaning import NORMALISER
from corpus.database import Database
from corpus.dialects import upsert
from corpus.schema import inputs

READERS_VERSION = f"3.{NORMALISER}"
"""Names what the readers do: files that were read by other ones are read again."""


@dataclass(frozen=True, slots=True)
class Input:
    """The bytes that a source had, by their sha256, and `rows`, a report for it and each file in it."""

    source: str
    sha256: str
    rows: Sequence[Mapping[str, Any]]


class Inputs:
    """The memory of one home."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, source: str, sha256: str) -> Input | None:
        """What these bytes of this source gave when these readers read them."""
        query = select(inputs.c.rows).where(
            inputs.c.source == source, inputs.c.sha256 == sha256, inputs.c.readers == READERS_VERSION
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).scalar_one_or_none()
        return None if rows is None else Input(source, sha256, rows)

    def documents(self, prefix: str) -> dict[str, set[str]]:
        """The ids of the documents that each source held which begins so, as it was read last."""
        query = select(inputs.c.source, inputs.c.rows).where(inputs.c.source.startswith(prefix, autoescape=True))
        with self._database.reading() as connection:
            return {
                row.source: {id_ for part in row.rows for id_ in part["inputs"]} for row in connection.execute(query)
            }

    def keep(self, found: Input) -> None:
        """Remembers what a source gave, in place of what it gave before."""
        values = {
            "sha256": found.sha256,
            "readers": READERS_VERSION,
            "rows": json.loads(json.dumps([dict(row) for row in found.rows])),
            "read_at": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        with self._database.writing() as connection:
            statement = upsert(connection, inputs).values(source=found.source, **values)
            connection.execute(statement.on_conflict_do_update(index_elements=["source"], set_=values))
