"""A home's database as a file: SQLite's engine and transactions, what may be wrong with its disk; it knows no table."""

import os
import sqlite3
from pathlib import Path
from typing import Any

from filelock import FileLock
from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DatabaseError, DBAPIError

from corpus.store import Store

BUSY_TIMEOUT_SECONDS = 60.0
_IS_READ_ONLY = "is_read_only"
"""In what SQLAlchemy keeps of a connection: whether its file could not be written to when it was opened."""
_CACHE_KILOBYTES = 16_384
"""What a connection remembers of the file; with SQLite's own 2,000, full text of 10⁶ passages takes a fifth longer."""
_ANEW = "restore it from a copy, or start anew with another --home"
_DAMAGED = ("is damaged", _ANEW)
_UNWRITABLE = "see that its folder and its disk can be written to, or name another with --home or COMMUNIQUE_HOME"
_REMEDIES = {
    sqlite3.SQLITE_FULL: ("cannot be written", "free some space on its disk, and try again"),
    sqlite3.SQLITE_READONLY: ("cannot be written", _UNWRITABLE),
    sqlite3.SQLITE_PERM: ("cannot be written", _UNWRITABLE),
    sqlite3.SQLITE_CANTOPEN: ("cannot be opened", _UNWRITABLE),
    sqlite3.SQLITE_IOERR: ("cannot be used", "its disk is full or fails: see to that, and try again"),
    sqlite3.SQLITE_BUSY: ("cannot be written", "another program has been writing to it for a minute: try again"),
    sqlite3.SQLITE_NOTADB: ("cannot be opened", _ANEW),
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_CORRUPT_VTAB: ("is damaged", "`communique doctor --repair` makes its full text anew"),
}
"""What is wrong and what helps, by SQLite's code of the error; the low byte of a code is its kind."""


class SqliteFile(Store):
    """The SQLite database at a path.

    SQLite opens the index of its log once for all connections of a process: where it was opened while nothing could be
    written, none of them can write until all are closed [1].

    [1] `unixShmNode.isReadonly` in its `os_unix.c`.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(_engine(path), f"the home {str(path.parent)!r}")
        self.lock = FileLock(path.parent / "write.lock")  # which the kernel frees when a process dies
        self._path = path

    def prepare(self) -> None:
        """There is nothing to do: the file is made when it is first used."""

    def connected(self, **options: Any) -> Connection:
        """A connection; for writing, one that was opened while nothing could be written makes way for a new one."""
        connection = self.engine.connect()
        if options.get("writing") and connection.info[_IS_READ_ONLY] and _can_be_written(self._path):
            connection.close()
            self.close()
            connection = self.engine.connect()
        return connection.execution_options(**options)

    def version(self, connection: Connection) -> int:
        """The number of the schema that is there; 0 where there is none."""
        return int(connection.execute(text("PRAGMA user_version")).scalar_one())

    def set_version(self, connection: Connection, number: int) -> None:
        """Writes down the number of the schema."""
        connection.execute(text(f"PRAGMA user_version = {number}"))

    def remedy(self, error: DBAPIError) -> tuple[str, str] | None:
        """What is wrong with the file or its disk, and what helps; None where the statement is at fault."""
        if not isinstance(error, DatabaseError):
            return None
        code = getattr(error.orig, "sqlite_errorcode", None)
        if code is None:
            return _DAMAGED if "decode" in str(error.orig) else None  # a text that is no UTF-8 any more
        return _REMEDIES.get(code) or _REMEDIES.get(code & 0xFF)


def _engine(path: Path) -> Engine:
    address = URL.create("sqlite", database=str(path))
    # parameters are words of documents and questions, and errors are logged
    engine = create_engine(address, connect_args={"timeout": BUSY_TIMEOUT_SECONDS}, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, record: Any) -> None:
        record.info[_IS_READ_ONLY] = not _can_be_written(path)
        connection.isolation_level = None  # transactions are begun below, not guessed by the driver
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"cache_size=-{_CACHE_KILOBYTES}"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def _can_be_written(path: Path) -> bool:
    return os.access(path, os.W_OK)
