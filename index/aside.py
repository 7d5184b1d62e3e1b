"""An index put aside: its passages and segments in a file of their own in the home, so that no search, and no count of
words, meets them. Its vectors stay in Chroma, under its generation.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Table, create_engine, insert, select

from corpus.database import Database
from corpus.schema import passages, segments, versions
from index import fulltext
from index.errors import IndexRoomError

_ROWS_AT_ONCE = 500


def put_aside(database: Database, generation: int) -> None:
    """Copies the rows of a generation to its file, which is there when all of them are."""
    path = aside_file(database, generation)
    partial = path.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    with database.reading() as source, _opened(partial) as target:
        for table in (passages, segments):
            table.create(target)
            for rows in _parts(source, table, generation):
                target.execute(insert(table), rows)
    partial.replace(path)


def bring_back(database: Database, generation: int) -> None:
    """Copies the rows of the current versions back from their file, the passages staged. Raises `IndexRoomError` where
    the file is gone.
    """
    path = aside_file(database, generation)
    if not path.exists():
        raise IndexRoomError(
            f"the index before is gone ({path.name} is not in the home): `communique reindex` makes one"
        )
    with _opened(path) as source, database.writing() as target:
        current = set(target.execute(select(versions.c.number).where(versions.c.status == "current")).scalars())
        for table in (passages, segments):
            for rows in _parts(source, table, generation):
                if kept := [_fresh(row, table) for row in rows if row["version"] in current]:
                    target.execute(insert(table), kept)
                    if table is passages:
                        fulltext.follow(target, kept)


def delete_aside(database: Database, *, keeping: Collection[int] = ()) -> None:
    """Deletes the files of all generations but those."""
    kept = {aside_file(database, generation) for generation in keeping}
    for path in {*database.home.glob("index-*.sqlite3"), *database.home.glob("index-*.partial")} - kept:
        path.unlink(missing_ok=True)


def aside_file(database: Database, generation: int) -> Path:
    """Where the rows of a generation are kept."""
    return database.home / f"index-{generation}.sqlite3"


def _fresh(row: dict[str, Any], table: Table) -> dict[str, Any]:
    new = {name: value for name, value in row.items() if name != "rowid"}
    return new | {"status": "staged"} if table is passages else new


def _parts(connection: Connection, table: Table, generation: int) -> Iterator[list[dict[str, Any]]]:
    query = select(table).where(table.c.generation == generation)
    found = connection.execute(query, execution_options={"yield_per": _ROWS_AT_ONCE})
    return ([dict(row) for row in part] for part in found.mappings().partitions())


@contextmanager
def _opened(path: Path) -> Iterator[Connection]:
    engine = create_engine(URL.create("sqlite", database=str(path)))
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()
