"""A home's database on a PostgreSQL server: how it is reached, locked and explained. It knows no tables.

Writers take turns, as with SQLite: each waits for the one before, a minute at most, and sees what that one wrote.
Readers see one state and never wait. Locks are PostgreSQL's own, so that they hold between machines, and end with
whoever holds them.
"""

import ssl
import threading
from contextlib import AbstractContextManager, ExitStack, suppress
from time import monotonic, sleep
from typing import Any, Self

from filelock import Timeout
from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event, text
from sqlalchemy.exc import DBAPIError, IntegrityError, NoSuchModuleError
from sqlalchemy.schema import CreateSchema

from corpus.dialects import decoded, encoded
from corpus.errors import HomeError
from corpus.postgres_address import VARIABLE, read_address
from corpus.store import Store

_BUSY_SECONDS = 60
_POLL_SECONDS = 0.05
_PAUSES_SECONDS = (0.1, 0.3, 1.0)
LOCKED = "55P03"
"""The code of an error: somebody else holds what was waited for."""
_AWAY = ("cannot be reached", f"see that the server runs and that {VARIABLE} is its address, and try again")
_BUSY = ("cannot be written", "another program has been writing to it for a minute: try again")
_REMEDIES = {
    "08": _AWAY,
    "28": ("lets nobody in", f"see the user and the password in {VARIABLE}"),
    "3D": ("is not there", "make it with `createdb`"),
    "53100": ("cannot be written", "free some space on the server's disk, and try again"),
    "53": ("cannot be used", "the server has no room for more connections: try again"),
    "57P": _AWAY,  # it is being started or stopped
    LOCKED: _BUSY,
    "40": _BUSY,
    "25006": ("cannot be written", "it takes no changes: name the server that does"),
    "42501": ("cannot be used", f"give the user in {VARIABLE} the rights to its schema"),
    "58": ("cannot be used", "its disk fails: see the server's log"),
    "XX": ("is damaged", "see the server's log"),
}
"""What is wrong and what helps, by the code of the error or its beginning; the longest that fits."""
_BROKEN_RULE = "23"
_TEXTS = (25, 1043)  # text, varchar


class PostgresDatabase(Store):
    """One schema of a PostgreSQL database."""

    lock: "AdvisoryLock"

    def __init__(self, url: str) -> None:
        """Connects to nobody yet. Raises `HomeError` for an address that is none, and where the driver is missing."""
        address, arguments = read_address(url)
        self._schema = str(address.query.get("schema", ""))
        shown = address.set(drivername="postgresql").render_as_string(hide_password=True)
        super().__init__(_engine(address.set(query={}), arguments), f"the home at {shown}")
        self.lock = AdvisoryLock(self)

    def prepare(self) -> None:
        """Makes the schema that the address names, where it is not there."""
        if self._schema:
            made_meanwhile = suppress(IntegrityError)  # by another program
            with made_meanwhile, self.explained(), self.connected(isolation_level="AUTOCOMMIT") as connection:
                if connection.exec_driver_sql("SELECT current_schema()").scalar() is None:
                    connection.execute(CreateSchema(self._schema, if_not_exists=True))

    def version(self, connection: Connection) -> int:
        """The number of the schema that is there; 0 where there is none."""
        if connection.exec_driver_sql("SELECT to_regclass('schema_version')").scalar() is None:
            return 0
        return int(connection.execute(text("SELECT coalesce(max(number), 0) FROM schema_version")).scalar_one())

    def set_version(self, connection: Connection, number: int) -> None:
        """Writes down the number of the schema."""
        connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS schema_version (number integer PRIMARY KEY)")
        connection.execute(text("INSERT INTO schema_version VALUES (:number)"), {"number": number})

    def remedy(self, error: DBAPIError) -> tuple[str, str] | None:
        """What is wrong with the server, and what helps; None where the statement is at fault."""
        code = sqlstate(error.orig)
        if code is None:
            return _AWAY if type(error.orig).__name__ == "InterfaceError" or error.connection_invalidated else None
        fitting = [known for known in _REMEDIES if code.startswith(known)]
        return _REMEDIES[max(fitting, key=len)] if fitting else None

    def said(self, error: DBAPIError) -> str:
        """What the server said, without the words of a statement."""
        found = error.orig.args[0] if sqlstate(error.orig) and error.orig else {"M": error.orig}
        return " ".join(str(found["M"]).split())

    def connected(self, **options: Any) -> Connection:
        """A connection with these options of execution; tried again a few times where nobody is there, as nothing has
        been asked yet. One for `writing` is refused to who has lost the lock.
        """
        if options.get("writing"):
            self.lock.check()
        tries = list(_PAUSES_SECONDS)
        deadline = monotonic() + sum(tries) + 1.0  # not after a try that took long
        while True:
            try:
                connection = self.engine.connect()
                if "isolation_level" in options:
                    connection.connection.rollback()  # the pool asks for a sign of life, within a transaction
                return connection.execution_options(**options)
            except ssl.SSLError as error:
                raise HomeError(
                    f"the database of {self.place} cannot be trusted ({error}): see its certificate, SSL_CERT_FILE and "
                    f"the sslmode in {VARIABLE}"
                ) from error
            except DBAPIError as error:
                if self.remedy(error) != _AWAY or not tries or monotonic() > deadline:
                    raise
                sleep(tries.pop(0))


class AdvisoryLock:
    """A lock that one thread of all programs on the database holds; it may take it again, and then lets go as often.

    It is a connection's, and PostgreSQL frees it when the connection ends, with its program or without.
    """

    def __init__(self, store: PostgresDatabase) -> None:
        self._store = store
        self._own = threading.local()

    def acquire(self, timeout: float | None = None) -> AbstractContextManager[object]:
        """Takes the lock, and gives what lets go of it. Raises `filelock.Timeout` after so many seconds."""
        if not getattr(self._own, "depth", 0):
            self._own.connection = self._taken(timeout)
            self._own.depth = 0
        self._own.depth += 1
        letting_go = ExitStack()
        letting_go.callback(self.release)
        return letting_go

    def release(self) -> None:
        """Lets go of it, as often as it was taken."""
        self._own.depth -= 1
        if not self._own.depth:
            connection: Connection = self._own.connection
            del self._own.connection
            try:
                if not connection.invalidated:
                    connection.exec_driver_sql(_UNLOCK)
            except DBAPIError:
                connection.invalidate()  # which ends it, and the lock with it, whatever state it is in
            finally:
                connection.close()

    def check(self) -> None:
        """Raises `HomeError` where this thread held the lock and has lost it, as by a restart of the server."""
        if not getattr(self._own, "depth", 0):
            return
        connection: Connection = self._own.connection
        if connection.invalidated:
            raise HomeError(f"the database of {self._store.place} was away while it was written to: {_AWAY[1]}")
        with self._store.explained():
            connection.exec_driver_sql("SELECT 1")

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def _taken(self, timeout: float | None) -> Connection:
        deadline = None if timeout is None or timeout < 0 else monotonic() + timeout
        with self._store.explained(), ExitStack() as held:
            connection = self._store.connected(isolation_level="AUTOCOMMIT")
            held.callback(connection.close)
            while not connection.exec_driver_sql(_TRY_LOCK).scalar_one():
                if deadline is not None and monotonic() >= deadline:
                    raise Timeout(VARIABLE)
                sleep(_POLL_SECONDS)
            held.pop_all()
        return connection


_KEY = "hashtextextended('communique ' || current_schema(), {number})"
_TRY_LOCK = f"SELECT pg_try_advisory_lock({_KEY.format(number=1)})"
_UNLOCK = f"SELECT pg_advisory_unlock({_KEY.format(number=1)})"
_TURN = f"SELECT pg_advisory_xact_lock({_KEY.format(number=2)})"


def _engine(address: URL, arguments: dict[str, Any]) -> Engine:
    try:
        engine = create_engine(
            address,
            connect_args=arguments,
            hide_parameters=True,  # they are words of documents and questions, and errors are logged
            pool_pre_ping=True,
            pool_size=10,
            max_overflow=40,
        )
    except (ImportError, NoSuchModuleError) as error:
        raise HomeError(f"{VARIABLE} needs a package more: `pip install 'communique[postgres]'` ({error})") from error
    event.listen(engine, "begin", _begin)
    event.listen(engine, "connect", _adapt)
    event.listen(engine, "handle_error", _sort)
    return engine


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("isolation_level") == "AUTOCOMMIT":
        return
    if options.get("writing", False):
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_BUSY_SECONDS}s'")
        connection.exec_driver_sql(_TURN)
    else:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")


def _adapt(connection: Any, _: Any) -> None:
    connection.register_out_adapter(str, encoded)
    for type_number in _TEXTS:
        connection.register_in_adapter(type_number, decoded)


def _sort(context: ExceptionContext) -> None:
    """Tells rows that are there already from other errors, as the driver does not. Has a connection closed whose driver
    failed half-way, as on a text that is no Unicode: it would take answers to one statement for those to the next.
    """
    code = sqlstate(context.original_exception)
    context.is_disconnect |= code is None
    if code and code.startswith(_BROKEN_RULE):
        raise IntegrityError(
            context.statement, None, context.original_exception, hide_parameters=True
        ) from context.original_exception


def sqlstate(error: BaseException | None) -> str | None:
    """PostgreSQL's code of an error of the driver; None where it is not one of the server's."""
    said = error.args[0] if error and error.args else None
    return str(said["C"]) if isinstance(said, dict) and "C" in said else None
