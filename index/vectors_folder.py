"""Vectors in a folder of the home: Chroma within this program, its files, and what may be wrong with them.

Damaged files may end whoever reads them; `probing.py` has that tried by a process of its own.
"""

import re
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from filelock import FileLock

from index.errors import VectorStoreError

HNSW = {"hnsw:space": "cosine", "hnsw:search_ef": 200, "hnsw:construction_ef": 200, "hnsw:M": 32}
"""Chroma's own 100, 100 and 16 lose some of the 100 nearest that a search lists, above all where passages are alike."""
_NUM_TRIED = 100
_BUSY_SECONDS = 60.0
_CODE = re.compile(r"\(code: (\d+)\)")
_REMEDIES = {
    sqlite3.SQLITE_FULL: "free some space on the disk of the home, and try again",
    sqlite3.SQLITE_READONLY: "see that the disk of the home can be written to, and try again",
    sqlite3.SQLITE_BUSY: "another process is writing there: try again",
}


class VectorsFolder:
    """A folder with the vectors of one home's indexes."""

    prefix = ""
    """What the names of the home's collections begin with: all that are here are the home's."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def name(self, generation: int) -> str:
        """What the collection of an index is called."""
        return f"passages-{generation}"

    def state(self) -> tuple[int, int] | None:
        """Which file Chroma's database is, whatever it holds; None where there is none."""
        try:
            found = (self.path / "chroma.sqlite3").stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def opened(self, name: str, *, again: bool) -> tuple[Any, Any]:
        """Chroma's client and a collection of it, made where there is none; but `again`, for what was in use before, it
        is never made anew, empty.
        """
        client, collection = self._client_and_collection(name, again=again)
        _try_out(collection)
        return client, collection

    def asked(self, work: Callable[[], Any]) -> Any:
        """What Chroma answers."""
        return work()

    def is_stale(self, error: Exception) -> bool:
        """Whether what is open is of no use after that error: the disk may get better, the files not."""
        return _remedy(error) not in _REMEDIES.values()

    def explained(self, error: Exception) -> VectorStoreError | None:
        """Chroma's errors as ours, with the remedy; None for those that are not about its files."""
        from chromadb.errors import ChromaError

        ours = (ChromaError, OSError, RuntimeError, ValueError)  # the last where its tables are gone
        return unreadable(self.path, error) if isinstance(error, ours) else None

    def _client_and_collection(self, name: str, *, again: bool) -> tuple[Any, Any]:
        import chromadb
        from chromadb.api.shared_system_client import SharedSystemClient
        from chromadb.config import Settings
        from chromadb.errors import ChromaError

        if again and self.state() is None:
            raise FileNotFoundError("they are gone")
        deadline = monotonic() + _BUSY_SECONDS
        while True:
            try:
                if again:
                    SharedSystemClient.clear_system_cache()  # which would hand out what failed
                client = chromadb.PersistentClient(str(self.path), settings=Settings(anonymized_telemetry=False))
                if again:
                    collection = client.get_collection(name, embedding_function=None)
                else:
                    collection = client.get_or_create_collection(name, embedding_function=None, metadata=HNSW)
                return client, collection
            except Exception as error:  # whatever it was, it is raised again
                SharedSystemClient.clear_system_cache()  # where Chroma leaves what it could not start
                is_busy = isinstance(error, ChromaError) and "database is locked" in str(error)
                if not is_busy or monotonic() > deadline:
                    raise
                sleep(0.1)  # another process writes, or opens the store for the first time


def _try_out(collection: Any) -> None:
    """Has Chroma load all that a search needs. Files that are damaged may end the process."""
    for vector in collection.get(limit=1, include=["embeddings"])["embeddings"]:
        collection.query(query_embeddings=[vector], n_results=_NUM_TRIED, include=[])


def unreadable(folder: Path, why: object) -> VectorStoreError:
    """The error that says why the vectors in the folder cannot be used, and the remedy."""
    remedy = _remedy(why)
    return VectorStoreError(f"the vectors in {str(folder)!r} cannot be used ({why}): {remedy}", remedy=remedy)


def _remedy(why: object) -> str:
    """What helps against it. Chroma names the code of SQLite's error in its message."""
    code = _CODE.search(str(why))
    return _REMEDIES.get(int(code[1]) if code else 0, "`communique doctor --repair` makes them anew")


def opening_lock(folder: Path) -> FileLock:
    """What is held by whoever opens the vectors in the folder, or puts others in their place: two processes that create
    them at once would meet half of a database.
    """
    return FileLock(folder.with_name(f"{folder.name}.lock"), timeout=_BUSY_SECONDS)


def has_graph(folder: Path) -> bool:
    """Whether Chroma keeps a graph in files of its own there: who reads a damaged one may be ended by it."""
    return any(folder.glob("*/index_metadata.pickle"))


def discard(folder: Path) -> None:
    """Deletes the vectors of every index in the folder, whatever is there; who has them open must open them anew."""
    from chromadb.api.shared_system_client import SharedSystemClient

    if folder.is_dir():
        shutil.rmtree(folder)
    else:
        folder.unlink(missing_ok=True)
    SharedSystemClient.clear_system_cache()
