"""The vectors, in Chroma: the only place that imports it.

Chroma keeps vectors, the ids of their passages and of the documents those are in, nothing else; SQLite is the truth
about everything. A vector without an indexed passage is ignored by the retriever and removed by `indexing.recover`.
A store that failed, or whose folder was replaced, is opened anew when it is next used.
"""

import gc
import re
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from operator import methodcaller
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import numpy as np
from filelock import FileLock

from index.embedding import Vectors
from index.errors import VectorStoreError

_PAGE = 5_000  # Chroma takes at most 5,461 rows at once
_NUM_TRIED = 100
_BUSY_SECONDS = 60.0
_HNSW = {"hnsw:space": "cosine", "hnsw:search_ef": 200, "hnsw:construction_ef": 200, "hnsw:M": 32}
"""Chroma's own 100, 100 and 16 lose some of the 100 nearest that a search lists, above all where passages are alike."""
_CODE = re.compile(r"\(code: (\d+)\)")
_REMEDIES = {
    sqlite3.SQLITE_FULL: "free some space on the disk of the home, and try again",
    sqlite3.SQLITE_READONLY: "see that the disk of the home can be written to, and try again",
    sqlite3.SQLITE_BUSY: "another process is writing there: try again",
}


Opening = Callable[[], AbstractContextManager[None]]
"""What surrounds the opening of a store: it may refuse, by an error."""


@dataclass(frozen=True, slots=True)
class _Opened:
    """Chroma's objects over a folder whose database is this file."""

    client: Any
    collection: Any
    file: tuple[int, int] | None


class VectorStore:
    """The vectors of one index of a home; `generation` says of which. Any thread may use it."""

    def __init__(self, folder: Path, *, generation: int = 1, opening: Opening | None = None) -> None:
        """Opens or creates the store; with `opening`, within that, and only when it is first used.

        Raises `VectorStoreError` when the folder cannot be used.
        """
        self._folder = folder
        self._name = f"passages-{generation}"
        self._opening = opening or nullcontext
        self._turn = threading.Lock()
        self._opened: _Opened | None = None
        self._was_open = False
        if opening is None:
            with self._explained():
                self._open()

    def opened(self) -> object:
        """The same object as long as the same files are open."""
        with self._explained():
            return self._open()

    def num_vectors(self) -> int:
        """How many vectors there are."""
        return int(self._used(methodcaller("count")))

    def add(self, ids: Sequence[str], vectors: Vectors, document_ids: Sequence[str]) -> None:
        """Stores one vector an id; an id that is there already gets the new one."""
        for start in range(0, len(ids), _PAGE):
            part = slice(start, start + _PAGE)
            metadatas: Any = [{"document_id": document_id} for document_id in document_ids[part]]
            self._used(methodcaller("upsert", ids=list(ids[part]), embeddings=vectors[part], metadatas=metadatas))

    def delete(self, ids: Sequence[str]) -> None:
        """Removes the vectors of these ids; an id that is not there is no error."""
        for start in range(0, len(ids), _PAGE):
            self._used(methodcaller("delete", ids=list(ids[start : start + _PAGE])))

    def query(self, vector: Vectors, k: int, *, document_ids: Sequence[str] | None = None) -> list[tuple[str, float]]:
        """The ids of the `k` nearest passages with their cosine, nearest first; fewer when there are fewer.

        `document_ids` keeps the search within these documents.
        """
        if k < 1 or (document_ids is not None and not document_ids):
            return []
        if document_ids is not None and len(document_ids) > _PAGE:
            return self._query_widely(vector, k, set(document_ids))
        where: Any = {"document_id": {"$in": list(document_ids)}} if document_ids is not None else None
        found = self._used(
            methodcaller("query", query_embeddings=[vector], n_results=k, where=where, include=["distances"])
        )
        distances = (found["distances"] or [[]])[0]
        return [(id_, 1.0 - float(distance)) for id_, distance in zip(found["ids"][0], distances, strict=True)]

    def _query_widely(self, vector: Vectors, k: int, document_ids: set[str]) -> list[tuple[str, float]]:
        """As `query`, within more documents than Chroma takes as a condition: the nearest of all, sorted out after."""
        within: list[tuple[str, float]] = []
        total = self.num_vectors()
        for num in (min(20 * k, total), total):
            if num and len(within) < k:
                include = ["distances", "metadatas"]
                found = self._used(methodcaller("query", query_embeddings=[vector], n_results=num, include=include))
                rows = zip(
                    found["ids"][0], (found["distances"] or [[]])[0], (found["metadatas"] or [[]])[0], strict=True
                )
                within = [(id_, 1.0 - float(far)) for id_, far, kept in rows if kept["document_id"] in document_ids]
        return within[:k]

    def vectors(self, ids: Sequence[str]) -> dict[str, Vectors]:
        """The vectors of those of the ids that are in the store."""
        if not ids:
            return {}
        found = self._used(methodcaller("get", ids=list(ids), include=["embeddings"]))
        embeddings: Any = found["embeddings"]
        return {id_: np.asarray(vector, dtype=np.float32) for id_, vector in zip(found["ids"], embeddings, strict=True)}

    def delete_others(self, *, keeping: int | None = None) -> None:
        """Deletes the vectors of every other index of this home, but not those of the generation `keeping`."""
        with self._explained():
            client = self._open().client
            for collection in client.list_collections():
                if collection.name not in (self._name, f"passages-{keeping}"):
                    client.delete_collection(collection.name)

    def ids(self) -> set[str]:
        """Every id in the store."""
        found: set[str] = set()
        while page := self._used(methodcaller("get", limit=_PAGE, offset=len(found), include=[]))["ids"]:
            found.update(page)
        return found

    def _used(self, work: Callable[[Any], Any]) -> Any:
        """What the work makes of the collection; tried once more with the files opened anew, under which another
        process may have put others. The work may be done twice.
        """
        from chromadb.errors import ChromaError

        with self._explained():
            opened = self._open()
            try:
                return work(opened.collection)
            except (ChromaError, RuntimeError) as error:
                if _remedy(error) in _REMEDIES.values():
                    raise
                if self._opened is opened:
                    self._opened = None
            del opened  # so that it can be let go of
            return work(self._open().collection)

    def _open(self) -> _Opened:
        """Chroma's objects over the files that are there now."""
        opened = self._opened
        if opened is None or opened.file != _file(self._folder):
            with self._turn:
                opened = self._opened
                if opened is None or opened.file != _file(self._folder):
                    with self._opening():
                        opened = self._opened_anew()
                        _try_out(opened.collection)
                    self._opened = opened
                    if self._was_open:
                        gc.collect()  # Chroma's objects hold one another, and with them threads, files and memory
                    self._was_open = True
        return opened

    def _opened_anew(self) -> _Opened:
        import chromadb
        from chromadb.api.shared_system_client import SharedSystemClient
        from chromadb.config import Settings
        from chromadb.errors import ChromaError

        if self._was_open and _file(self._folder) is None:
            raise FileNotFoundError("they are gone")
        deadline = monotonic() + _BUSY_SECONDS
        while True:
            try:
                if self._was_open:
                    SharedSystemClient.clear_system_cache()  # which would hand out what failed
                client = chromadb.PersistentClient(str(self._folder), settings=Settings(anonymized_telemetry=False))
                if self._was_open:  # what was in use is never made anew, empty
                    collection = client.get_collection(self._name, embedding_function=None)
                else:
                    collection = client.get_or_create_collection(self._name, embedding_function=None, metadata=_HNSW)
                return _Opened(client, collection, _file(self._folder))
            except Exception as error:  # whatever it was, it is raised again
                SharedSystemClient.clear_system_cache()  # where Chroma leaves what it could not start
                is_busy = isinstance(error, ChromaError) and "database is locked" in str(error)
                if not is_busy or monotonic() > deadline:
                    raise
                sleep(0.1)  # another process writes, or opens the store for the first time

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Chroma's errors as ours, with the remedy."""
        from chromadb.errors import ChromaError

        try:
            yield
        except (ChromaError, OSError, RuntimeError, ValueError) as error:  # the last where its tables are gone
            if _remedy(error) not in _REMEDIES.values():  # the disk may get better, the files not
                self._opened = None
            raise unreadable(self._folder, error) from error


def _try_out(collection: Any) -> None:
    """Has Chroma load all that a search needs. Files that are damaged may end the process."""
    for vector in collection.get(limit=1, include=["embeddings"])["embeddings"]:
        collection.query(query_embeddings=[vector], n_results=_NUM_TRIED, include=[])


def _file(folder: Path) -> tuple[int, int] | None:
    """Which file Chroma's database is, whatever it holds; None where there is none."""
    try:
        found = (folder / "chroma.sqlite3").stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


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
