"""The address of a PostgreSQL database, `DATABASE_URL`: what it says to SQLAlchemy and to the driver."""

import hashlib
import os
import socket
import ssl
from typing import Any

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from corpus.errors import HomeError

VARIABLE = "DATABASE_URL"
_ANSWER_SECONDS = 90.0  # more than a writer waits for its turn
_UNVERIFIED = {"require": True, "prefer": None, "disable": False}


def read_address(url: str) -> tuple[URL, dict[str, Any]]:
    """The address for SQLAlchemy, and what the driver is told beside it. Raises `HomeError` for what is none.

    Of libpq's parameters `host` (a folder with a socket), `sslmode` and `schema`, which is ours, are understood.
    """
    try:
        whole = make_url(url)
        is_ours = whole.drivername in {"postgresql", "postgres", "postgresql+pg8000"}
        is_known = is_ours and bool(whole.database and whole.username)
    except (ArgumentError, ValueError):
        is_known = False
    if not is_known:
        raise HomeError(f"{VARIABLE} names no PostgreSQL database: set it to postgresql://user@host/database")
    known = {key: value for key, value in whole.query.items() if isinstance(value, str)}
    if unknown := whole.query.keys() - {"host", "sslmode", "schema"}:
        raise HomeError(f"{VARIABLE} has {sorted(unknown)[0]!r}, which is not understood: host, sslmode and schema are")
    schema = known.get("schema", "")
    arguments: dict[str, Any] = {
        "timeout": _ANSWER_SECONDS,
        # by which others of the same home are known, see `index/erasing.py`
        "application_name": f"communique-{_digest(schema)} {os.getpid()} {socket.gethostname()}"[:63],
    }
    if schema:
        quoted = schema.replace('"', '""')
        arguments["startup_params"] = {"search_path": f'"{quoted}"'}
    if folder := known.get("host"):
        if not folder.startswith("/"):
            raise HomeError(
                f"{VARIABLE} has the host {folder!r}, which is no folder: a name stands before the database"
            )
        arguments["unix_sock"] = f"{folder}/.s.PGSQL.{whole.port or 5432}"
    else:
        arguments["ssl_context"] = _tls(known.get("sslmode", "prefer"))
    return whole.set(drivername="postgresql+pg8000"), arguments


def _digest(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()[:8]


def _tls(mode: str) -> ssl.SSLContext | bool | None:
    """The driver's argument for libpq's `sslmode`. Raises `HomeError` for another one."""
    if mode == "verify-full":
        return ssl.create_default_context()
    if mode not in _UNVERIFIED:
        raise HomeError(f"{VARIABLE} has the sslmode {mode!r}: give verify-full, require, prefer or disable")
    return _UNVERIFIED[mode]
