"""Whether anything was written to a home's database, by this process or another, told in microseconds.

What was written is not said. Of a database on a server nothing can be told so fast, and nothing is.
"""

import sqlite3
import threading

from corpus.database import FILE_NAME, Database
from corpus.dialects import POSTGRESQL

_VERSIONS = 2**32
"""A number of SQLite's own is smaller."""


class Changes:
    """A connection that only looks whether others have written. It waits for nobody."""

    def __init__(self, database: Database) -> None:
        self._path = database.home / FILE_NAME
        self._is_file = database.engine.dialect.name != POSTGRESQL
        self._connection: sqlite3.Connection | None = None
        self._num_opened = 0
        self._lock = threading.Lock()
        database.close_with(self.close)

    def version(self) -> int | None:
        """A number that is another one after each write, and after each opening [1]; None where it cannot be said just
        now.

        [1] sqlite.org, "PRAGMA data_version": numbers of two connections say nothing of one another.
        """
        if not self._is_file:
            return None
        with self._lock:
            try:
                if self._connection is None:
                    uri = f"{self._path.absolute().as_uri()}?mode=ro"
                    self._connection = sqlite3.connect(uri, uri=True, timeout=0, check_same_thread=False)
                    self._num_opened += 1
                version = int(self._connection.execute("PRAGMA data_version").fetchone()[0])
                return self._num_opened * _VERSIONS + version
            except (sqlite3.Error, OSError):
                return None

    def close(self) -> None:
        """Lets go of the file; a later look opens it again."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None
