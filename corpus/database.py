"""The one owner of the SQL engine: a home's SQLite database, opened, migrated and lent to the other rooms.

A folder is a home when it holds this database. Two processes may share a home: readers never wait, writers take turns
through `Database.lock`. This module knows no queries; they live beside the types they fill.
"""

import sqlite3
from collections.abc import Iterator
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


class Database:
    """The SQLite database of one home.

    `lock` is held by whoever writes passages, from their first row to their last vector; the kernel frees it when a
    process dies, so rows found pending by its next holder were left by one that did.
    """

    def __init__(self, engine: Engine, home: Path) -> None:
        self.home = home
        self.engine = engine
        self.lock = FileLock(home / "write.lock")

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection whose reads see one state of the database."""
        with self.engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection in a transaction that is committed at the end, or undone by any exception."""
        with self.engine.connect().execution_options(writing=True) as connection, connection.begin():
            yield connection

    def close(self) -> None:
        """Lets go of the file."""
        self.engine.dispose()


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
    except DatabaseError as error:
        raise HomeError(
            f"the database of the home {str(home)!r} cannot be opened ({error.orig}): "
            "restore it from a copy, or start anew with another --home"
        ) from error
    return database


def _engine(path: Path) -> Engine:
    engine = create_engine(URL.create("sqlite", database=str(path)), connect_args={"timeout": BUSY_TIMEOUT_SECONDS})

    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None  # transactions are begun below, not guessed by the driver
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


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
