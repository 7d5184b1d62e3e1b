"""Leaving nothing of deleted documents in the files of an index: words in the full text, vectors in Chroma.

Both only mark what is deleted. Full text keeps the words, with their places, until its parts are merged; Chroma keeps
the vectors, from which much of a text can be told [1]. What is deleted is for `vacuuming.py` to say.

[1] Morris et al., "Text Embeddings Reveal (Almost) As Much As Text", EMNLP 2023.
"""

import logging
import shutil
import sqlite3
from pathlib import Path

import numpy as np
from filelock import Timeout
from sqlalchemy import select

from corpus.database import FILE_NAME, Database
from corpus.dialects import POSTGRESQL
from corpus.schema import passages, versions
from index import fulltext
from index.manifest import read_generation
from index.store import VectorStore
from index.vectors_folder import discard, opening_lock

_ASIDE, _OLD = ".new", ".old"
_ROWS_AT_ONCE = 2_000
_PATIENCE_SECONDS = 60.0
_NUM_OTHERS = """SELECT count(*) FROM pg_stat_activity, current_setting('application_name') AS own
    WHERE datname = current_database() AND application_name <> own
    AND split_part(application_name, ' ', 1) = split_part(own, ' ', 1)"""

logger = logging.getLogger(__name__)


def erase_words(database: Database) -> None:
    """Merges the full text into one part, in which deleted words are no more; their pages are free from then on."""
    with database.lock, database.writing() as connection:
        fulltext.forget(connection)


def is_alone(database: Database) -> bool:
    """Whether no other program has the home open. SQLite leaves its write-ahead log to the last one alone; PostgreSQL
    lists who is there.
    """
    if database.engine.dialect.name == POSTGRESQL:
        with database.reading() as asking:
            return int(asking.exec_driver_sql(_NUM_OTHERS).scalar_one()) == 0
    database.engine.dispose()
    connection = sqlite3.connect(database.home / FILE_NAME, timeout=2.0, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("PRAGMA journal_mode=WAL")
    except sqlite3.OperationalError:
        return False
    finally:
        connection.close()
    return True


def erase_vectors(database: Database, folder: Path) -> bool:
    """Makes Chroma's files anew with the vectors of the passages that there are, and returns whether it did: not where
    another program has the home open, which would go on with the old ones.

    Who has the vectors open must open them anew. Those of other generations than the one in use are gone. Where a
    process is killed on the way, `finish_erasing` has the vectors in their place again.
    """
    aside, old = _beside(folder)
    with database.lock:
        for left in (aside, old):  # by a process that was killed
            shutil.rmtree(left, ignore_errors=True)
        if not folder.is_dir() or not is_alone(database):
            return False
        with database.reading() as connection:
            generation = read_generation(connection)
        _copy(database, VectorStore(folder, generation=generation), VectorStore(aside, generation=generation))
        discard(old)  # which has Chroma let go of both
        _swap(folder)
    return True


def finish_erasing(database: Database, folder: Path) -> None:
    """Ends what a process began that was killed in `erase_vectors`, where one was: the vectors are in their place then,
    and nothing that was deleted is beside them. Where the home cannot be written to, all stays as it is.

    Another process that is at it just now is waited for while there are no vectors, and left alone otherwise.
    """
    if not any(left.exists() for left in _beside(folder)):
        return
    try:
        with database.lock.acquire(timeout=0 if folder.exists() else _PATIENCE_SECONDS):
            _finish(folder)
    except Timeout:
        logger.info("the vectors are made anew by another process")
    except OSError as error:
        logger.warning("the vectors beside those in use cannot be taken away: %s", error.strerror or error)


def _finish(folder: Path) -> None:
    """The last steps, from whichever of them the process was killed at. The new vectors are whole as soon as the old
    ones are put aside.
    """
    aside, old = _beside(folder)
    if not folder.exists() and old.exists():
        if aside.exists():
            logger.warning("vectors that a process left, which was killed while it made them anew, are put in place")
            _swap(folder)
        else:
            old.rename(folder)
    for left in (aside, old):
        discard(left)


def _swap(folder: Path) -> None:
    """Puts the vectors aside in the place of the old ones, which are gone then; nobody opens them in between."""
    aside, old = _beside(folder)
    with opening_lock(folder):
        if folder.exists():
            folder.rename(old)
        aside.rename(folder)
    discard(old)


def _beside(folder: Path) -> tuple[Path, Path]:
    """Where new vectors are made, and where the old ones wait to be deleted."""
    return folder.with_name(folder.name + _ASIDE), folder.with_name(folder.name + _OLD)


def _copy(database: Database, source: VectorStore, target: VectorStore) -> None:
    query = select(passages.c.id, versions.c.document_id).join(versions).where(passages.c.status == "indexed")
    with database.reading() as connection:
        documents: dict[str, str] = {row.id: row.document_id for row in connection.execute(query)}
    ids = sorted(documents)
    for start in range(0, len(ids), _ROWS_AT_ONCE):
        found = source.vectors(ids[start : start + _ROWS_AT_ONCE])
        names = list(found)
        if names:
            target.add(names, np.stack([found[name] for name in names]), [documents[name] for name in names])
