"""The one owner of the SQL engine: a home's database, opened, migrated and lent to the other rooms.

It is a file in the home's folder (`sqlite_file.py`) or on a PostgreSQL server (`postgres.py`). Several processes may
share a home: readers never wait, writers take turns through `Database.lock`. This module knows no queries; they live
beside the types they fill.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sqlalchemy import Connection

from corpus.errors import HomeError
from corpus.migrations import SCHEMA_VERSION, STEPS
from corpus.sqlite_file import SqliteFile
from corpus.store import Lock, Store

FILE_NAME = "communique.sqlite3"
_THIS_HOME = "{home}"
"""What stands, in the address of a server, for a name of the home's folder: for several homes in one database."""


class Database:
    """The database of one home, whose folder keeps what is not in it.

    `lock` is held by whoever writes passages, from their first row to their last vector; it is free when a process
    dies, so rows found pending by its next holder were left by one that did.
    """

    def __init__(self, store: Store, home: Path) -> None:
        self.home = home
        self.store = store
        self.engine = store.engine
        self.lock: Lock = store.lock

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection whose reads see one state of the database. Raises `HomeError` where it cannot be used."""
        with self.store.explained(), self.store.connected() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection in a transaction that is committed at the end, or undone by any exception.

        Raises `HomeError` where the database cannot be used.
        """
        with self.store.explained(), self.store.connected(writing=True) as connection, connection.begin():
            yield connection

    def close(self) -> None:
        """Lets go of the file, or of the server; whoever uses it next opens it anew."""
        self.store.close()

    def close_with(self, let_go: Callable[[], None]) -> None:
        """Has `let_go` called whenever it is let go of, by whoever keeps a connection of their own to it."""
        self.store.close_with(let_go)


def open_database(home: Path, url: str | None = None) -> Database:
    """The database of `home`, created when it is not there and brought to the current schema; with `url`, the one at
    that address of PostgreSQL.

    Raises `HomeError` when the folder cannot be created or written, when the database is damaged or cannot be reached,
    or when a newer version of Communiqué wrote it.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
        with ExitStack() as failing:
            database = Database(_store(home, url), home)
            failing.callback(database.close)
            database.store.prepare()
            if _schema_version(database) != SCHEMA_VERSION:
                with database.lock:
                    _migrate(database)
            failing.pop_all()
    except OSError as error:
        raise HomeError(
            f"the home {str(home)!r} cannot be used ({error.strerror or error}): "
            "name a folder that you can write to with --home or COMMUNIQUE_HOME"
        ) from error
    return database


def _store(home: Path, url: str | None) -> Store:
    if url is None:
        return SqliteFile(home / FILE_NAME)
    from corpus.postgres import PostgresDatabase

    return PostgresDatabase(url.replace(_THIS_HOME, f"home_{hashlib.sha256(bytes(home.resolve())).hexdigest()[:16]}"))


def _migrate(database: Database) -> None:
    version = _schema_version(database)
    if version > SCHEMA_VERSION:
        raise HomeError(
            f"{database.store.place} was written by a newer Communiqué (its schema is {version}, this one "
            f"knows {SCHEMA_VERSION}): upgrade Communiqué, or use another --home"
        )
    for number, step in enumerate(STEPS[version:], start=version + 1):
        with database.writing() as connection:
            step(connection)
            database.store.set_version(connection, number)


def _schema_version(database: Database) -> int:
    with database.reading() as connection:
        return database.store.version(connection)
