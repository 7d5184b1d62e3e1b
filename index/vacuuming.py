"""Deleting for good: documents that were removed, and earlier wordings that nobody needs any more.

Which versions are cited in conversations is for the caller to say. Current versions are never touched. A version is
marked first and deleted after that, so a killed process leaves what the next start finishes.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import DBAPIError, OperationalError

from corpus import catalogue
from corpus.database import FILE_NAME, Database
from corpus.dialects import POSTGRESQL, AsBytes
from corpus.postgres import LOCKED, sqlstate
from corpus.schema import metadata, snapshots, versions
from index.indexing import recover
from index.store import VectorStore

Cited = Callable[[Connection], set[tuple[str, str]]]
"""The versions, by document id and sha256, that kept conversations cite."""

_HASHES_A_QUERY = 500


@dataclass(frozen=True, slots=True)
class Waste:
    """What is deleted for good: `documents` that were removed, `num_versions` with those that were superseded, and
    `num_bytes` of their words. `cited` are those of the documents that conversations cite, whose quotes they keep.
    """

    documents: tuple[str, ...]
    cited: tuple[str, ...]
    num_versions: int
    num_bytes: int
    numbers: tuple[int, ...] = field(repr=False)


def find_waste(database: Database, cited: Cited) -> Waste:
    """What `vacuum` would delete now."""
    with database.reading() as connection:
        return _waste(connection, cited)


def vacuum(database: Database, store: VectorStore, cited: Cited) -> Waste:
    """Deletes removed documents and the superseded versions that are not cited, and returns what that was."""
    with database.lock:
        recover(database, store)
        with database.writing() as connection:
            waste = _waste(connection, cited)
            catalogue.mark_removing(connection, waste.numbers)
        recover(database, store)
    return waste


def shrink(database: Database) -> int:
    """Gives the room of what was deleted back to the disk, and returns how many bytes smaller the database is: 0 too
    where another program uses it.
    """
    if database.engine.dialect.name == POSTGRESQL:
        return _shrink_tables(database)
    path = database.home / FILE_NAME
    with database.lock, database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        try:
            connection.exec_driver_sql("PRAGMA busy_timeout = 2000")
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            before = path.stat().st_size
            connection.exec_driver_sql("VACUUM")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        except OperationalError:
            return 0
    return max(0, before - path.stat().st_size)


def _shrink_tables(database: Database) -> int:
    """As `shrink`, on a server: the tables are written anew, unless somebody reads them for longer than two seconds."""
    tables = [table.name for table in metadata.sorted_tables]
    with (
        database.lock,
        database.store.explained(),
        database.store.connected(isolation_level="AUTOCOMMIT") as connection,
    ):
        try:
            before = int(connection.exec_driver_sql(_TABLES_BYTES).scalar_one())
            connection.exec_driver_sql("SET lock_timeout = '2s'")
            for name in (*tables, "passages_fts", "passages_vocabulary"):
                connection.exec_driver_sql(f"VACUUM (FULL) {name}")
            return max(0, before - int(connection.exec_driver_sql(_TABLES_BYTES).scalar_one()))
        except DBAPIError as error:
            if sqlstate(error.orig) != LOCKED:
                raise
            return 0
        finally:
            connection.invalidate()  # what was set is for nobody else


_TABLES_BYTES = """SELECT coalesce(sum(pg_total_relation_size(relid)), 0) FROM pg_stat_user_tables
    WHERE schemaname = current_schema()"""


def _waste(connection: Connection, cited: Cited) -> Waste:
    columns = (versions.c.number, versions.c.document_id, versions.c.sha256, versions.c.status)
    query = select(*columns).where(versions.c.status.in_(["current", "superseded", "removed"]))
    by_document = defaultdict(list)
    for row in connection.execute(query.order_by(versions.c.number)):
        by_document[row.document_id].append(row)
    kept, documents, numbers = cited(connection), [], []
    needed: set[str] = set()
    for document_id, rows in by_document.items():
        is_removed = all(row.status != "current" for row in rows)
        newest = {row.sha256: row.number for row in rows}
        if is_removed:
            documents.append(document_id)
        for row in rows:
            is_cited = (document_id, row.sha256) in kept and row.number == newest[row.sha256]
            if is_removed or (row.status == "superseded" and not is_cited):
                numbers.append(row.number)
            else:
                needed.add(row.sha256)
    gone = {row.sha256 for rows in by_document.values() for row in rows} - needed
    still_cited = {document_id for document_id, _ in kept}.intersection(documents)
    num_bytes = _num_bytes(connection, sorted(gone))
    return Waste(tuple(documents), tuple(sorted(still_cited)), len(numbers), num_bytes, tuple(numbers))


def _num_bytes(connection: Connection, hashes: Sequence[str]) -> int:
    total = 0
    for first in range(0, len(hashes), _HASHES_A_QUERY):
        some = hashes[first : first + _HASHES_A_QUERY]
        size = func.sum(func.length(AsBytes(snapshots.c.text)))
        total += connection.execute(select(size).where(snapshots.c.sha256.in_(some))).scalar() or 0
    return total
