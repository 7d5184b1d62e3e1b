"""The one owner of the SQL engine: a home's SQLite database, opened, migrated and lent to the other rooms.

A folder is a home when it holds this database. Two processes may share a home: readers never wait, writers take turns
through `Database.lock`. This module knows no queries; they live beside the types they fill.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock
from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DatabaseError

from corpus.errors import HomeError
from corpus.migrations import SCHEMA_VERSION, STEPS

FILE_NAME = "communique.sqlite3"
BUSY_TIMEOUT_SECONDS = 60.0
_IS_READ_ONLY = "is_read_only"
"""In what SQLAlchemy keeps of a connection: whether its file could not be written to when it was opened."""
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


class Database:
    """The SQLite database of one home.

    `lock` is held by whoever writes passages, from their first row to their last vector; the kernel frees it when a
    process dies, so rows found pending by its next holder were left by one that did.
    """

    def __init__(self, engine: Engine, home: Path) -> None:
        self.home = home
        self.engine = engine
        self.lock = FileLock(home / "write.lock")
        self._beside: list[Callable[[], None]] = []

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection whose reads see one state of the database. Raises `HomeError` where its file cannot be used."""
        with self._explained(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection in a transaction that is committed at the end, or undone by any exception.

        Raises `HomeError` where the file of the database cannot be used.
        """
        with self._explained(), self._writable() as connection, connection.begin():
            yield connection

    def close(self) -> None:
        """Lets go of the file; whoever uses it next opens it anew."""
        for let_go in self._beside:
            let_go()
        self.engine.dispose()

    def close_with(self, let_go: Callable[[], None]) -> None:
        """Has `let_go` called whenever the file is let go of, by whoever keeps a connection of their own to it.

        SQLite opens the index of its log once for all connections of a process: where it was opened while nothing could
        be written, none of them can write until all are closed [1].

        [1] `unixShmNode.isReadonly` in its `os_unix.c`.
        """
        self._beside.append(let_go)

    def _writable(self) -> Connection:
        """A connection for writing; one that was opened while nothing could be written makes way for a new one."""
        connection = self.engine.connect()
        if connection.info[_IS_READ_ONLY] and _can_be_written(self.home / FILE_NAME):
            connection.close()
            self.close()
            connection = self.engine.connect()
        return connection.execution_options(writing=True)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """SQLite's errors about its file as ours, with the remedy; others are errors of a statement, and ours alone.

        The file is opened anew after one: what was read of it while it could not be used is not relied on.
        """
        try:
            yield
        except DatabaseError as error:
            found = _remedy(error)
            if found is None:
                raise
            self.close()
            what, remedy = found
            raise HomeError(f"the database of the home {str(self.home)!r} {what} ({error.orig}): {remedy}") from error


def open_database(home: Path) -> Database:
    """The database of `home`, created when it is not there and brought to the current schema.

    Raises `HomeError` when the folder cannot be created or written, when its database is damaged, or when a newer
    version of Communiqué wrote it.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
        database = Database(_engine(home / FILE_NAME), home)
        if _schema_version(database) != SCHEMA_VERSION:
            with database.lock:
                _migrate(database)
    except OSError as error:
        raise HomeError(
            f"the home {str(home)!r} cannot be used ({error.strerror or error}): "
            "name a folder that you can write to with --home or COMMUNIQUE_HOME"
        ) from error
    return database


def _remedy(error: DatabaseError) -> tuple[str, str] | None:
    """What is wrong with the file or its disk, and what helps; None where the statement is at fault."""
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
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def _can_be_written(path: Path) -> bool:
    return os.access(path, os.W_OK)


def _migrate(database: Database) -> None:
    version = _schema_version(database)
    if version > SCHEMA_VERSION:
        raise HomeError(
            f"the home {str(database.home)!r} was written by a newer Communiqué (its schema is {version}, this one "
            f"knows {SCHEMA_VERSION}): upgrade Communiqué, or use another --home"
        )
    for number, step in enumerate(STEPS[version:], start=version + 1):
        with database.writing() as connection:
            step(connection)
            connection.execute(text(f"PRAGMA user_version = {number}"))


def _schema_version(database: Database) -> int:
    with database.reading() as connection:
        return int(connection.execute(text("PRAGMA user_version")).scalar_one())
