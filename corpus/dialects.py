"""What SQLite and PostgreSQL say differently, said once. Everything else is written in words that both understand."""

import re
from typing import Any

from sqlalchemy import Connection, LargeBinary, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

POSTGRESQL = "postgresql"
_MARK, _NUL = "\U0010ffff", "\U0010fffe"
_ENCODED = re.compile(f"{_MARK}([{_MARK}{_NUL}])")


def is_postgresql(connection: Connection) -> bool:
    """Whether it is a connection to PostgreSQL; else it is one to SQLite."""
    return connection.dialect.name == POSTGRESQL


def upsert(connection: Connection, table: Table) -> Any:
    """An `INSERT` that can say what to do where the row is there already: `on_conflict_do_update`, `…_do_nothing`."""
    return (postgresql.insert if is_postgresql(connection) else sqlite.insert)(table)


def encoded(words: str) -> str:
    """A text as PostgreSQL keeps it, which has no NUL: it stands there as two characters that stand for none."""
    if "\0" not in words and _MARK not in words:
        return words
    return words.replace(_MARK, _MARK * 2).replace("\0", _MARK + _NUL)


def decoded(kept: str) -> str:
    """What `encoded` was given."""
    return kept if _MARK not in kept else _ENCODED.sub(lambda found: "\0" if found[1] == _NUL else _MARK, kept)


class AsBytes(FunctionElement[bytes]):
    """A text as its bytes in UTF-8, whatever it holds."""

    type = LargeBinary()
    inherit_cache = True
    name = "as_bytes"


@compiles(AsBytes)
def _cast(element: AsBytes, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **options)} AS BLOB)"


@compiles(AsBytes, POSTGRESQL)
def _converted(element: AsBytes, compiler: SQLCompiler, **options: Any) -> str:
    return f"convert_to({compiler.process(element.clauses, **options)}, 'UTF8')"
