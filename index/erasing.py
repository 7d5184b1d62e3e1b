"""Leaving nothing of deleted documents in the files of an index: words in the full text, vectors in Chroma.

Both only mark what is deleted. Full text keeps the words, with their places, until its parts are merged; Chroma keeps
the vectors, from which much of a text can be told [1]. What is deleted is for `vacuuming.py` to say.

[1] Morris et al., "Text Embeddings Reveal (Almost) As Much As Text", EMNLP 2023.
"""

import shutil
import sqlite3
from pathlib import Path

import numpy as np
from sqlalchemy import select

from corpus.database import FILE_NAME, Database
from corpus.schema import passages, versions
from index.manifest import read_generation
from index.store import VectorStore, discard

_ASIDE, _OLD = ".new", ".old"
_ROWS_AT_ONCE = 2_000


def erase_words(database: Database) -> None:
    """Merges the full text into one part, in which deleted words are no more; their pages are free from then on."""
    with database.lock, database.writing() as connection:
        connection.exec_driver_sql("INSERT INTO passages_fts(passages_fts) VALUES ('optimize')")


def is_alone(database: Database) -> bool:
    """Whether no other program has the home open. SQLite leaves its write-ahead log to the last one alone."""
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

    Who has the vectors open must open them anew. Those of other generations than the one in use are gone. A process
    that is killed between the two renamings leaves no vectors, which `communique doctor --repair` makes anew.
    """
    aside, old = folder.with_name(folder.name + _ASIDE), folder.with_name(folder.name + _OLD)
    with database.lock:
        for left in (aside, old):  # by a process that was killed
            shutil.rmtree(left, ignore_errors=True)
        if not folder.is_dir() or not is_alone(database):
            return False
        with database.reading() as connection:
            generation = read_generation(connection)
        _copy(database, VectorStore(folder, generation=generation), VectorStore(aside, generation=generation))
        discard(old)  # which has Chroma let go of both
        folder.rename(old)
        aside.rename(folder)
        discard(old)
    return True


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
