"""The vectors, in Chroma: what is done with them, wherever they are.

Chroma keeps vectors, the ids of their passages and of the documents those are in, nothing else; the database is the
truth about everything. A vector without an indexed passage is ignored by the retriever and removed by
`indexing.recover`. They are in a folder of the home (`vectors_folder.py`) or on a server (`vectors_server.py`). A store
that failed, or whose files were replaced, is opened anew when it is next used.
"""

import gc
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from functools import partial
from operator import methodcaller
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from index.embedding import Vectors
from index.errors import VectorStoreError
from index.vectors_folder import VectorsFolder

_PAGE = 5_000  # Chroma takes at most 5,461 rows at once
_IDS_PAGE = 100_000  # ids alone come in any number, and each page passes over those before it
_ROWS_BYTES = 24_000_000  # and a server at most 40 megabytes, in which vectors take a third more room

Opening = Callable[[], AbstractContextManager[None]]
"""What surrounds the opening of a store: it may refuse, by an error."""


@dataclass(frozen=True, slots=True)
class _Opened:
    """Chroma's objects over the files that a place had then."""

    client: Any
    collection: Any
    state: object


class Place(Protocol):
    """Where Chroma keeps the vectors of a home."""

    prefix: str

    def name(self, generation: int) -> str:
        """What the collection of an index is called; it begins with the prefix, as none of another home does."""

    def state(self) -> object:
        """The same as long as the same files are there."""

    def opened(self, name: str, *, again: bool) -> tuple[Any, Any]:
        """Chroma's client and a collection of it, made where there is none; one to be opened `again` must be there."""

    def asked(self, work: Callable[[], Any]) -> Any:
        """What Chroma answers. The work may be done twice."""

    def is_stale(self, error: Exception) -> bool:
        """Whether what is open is of no use after that error, and is to be opened anew."""

    def explained(self, error: Exception) -> VectorStoreError | None:
        """An error of Chroma's as ours, with the remedy; None for any other."""


class VectorStore:
    """The vectors of one index of a home; `generation` says of which. Any thread may use it."""

    def __init__(self, place: Path | Place, *, generation: int = 1, opening: Opening | None = None) -> None:
        """Opens or creates the store; with `opening`, within that, and only when it is first used.

        Raises `VectorStoreError` when the folder, or the server, cannot be used.
        """
        self._place: Place = VectorsFolder(place) if isinstance(place, Path) else place
        self._name = self._place.name(generation)
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
        page = max(1, min(_PAGE, _ROWS_BYTES // max(1, vectors[:1].nbytes)))
        for start in range(0, len(ids), page):
            part = slice(start, start + page)
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
        known = dict[str, Vectors]()
        for start in range(0, len(ids), _PAGE):
            found = self._used(methodcaller("get", ids=list(ids[start : start + _PAGE]), include=["embeddings"]))
            known |= zip(found["ids"], np.asarray(found["embeddings"], dtype=np.float32), strict=True)
        return known

    def delete_others(self, *, keeping: int | None = None) -> None:
        """Deletes the vectors of every other index of this home, but not those of the generation `keeping`."""
        kept = {self._name, None if keeping is None else self._place.name(keeping)}
        with self._explained():
            client = self._open().client
            for name in self._place.asked(lambda: _names(client, self._place.prefix)):
                if name not in kept:
                    self._place.asked(partial(_delete_collection, client, name))

    def discard(self) -> None:
        """Deletes the vectors of every index of this home; who has them open must open them anew."""
        self.delete_others()
        with self._explained():
            client = self._open().client
            self._place.asked(partial(_delete_collection, client, self._name))
            self._opened, self._was_open = None, False

    def ids(self) -> set[str]:
        """Every id in the store."""
        found: set[str] = set()
        while page := self._used(methodcaller("get", limit=_IDS_PAGE, offset=len(found), include=[]))["ids"]:
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
                return self._place.asked(partial(work, opened.collection))
            except (ChromaError, RuntimeError) as error:
                if not self._place.is_stale(error):
                    raise
                if self._opened is opened:
                    self._opened = None
            del opened  # so that it can be let go of
            return self._place.asked(partial(work, self._open().collection))

    def _open(self) -> _Opened:
        """Chroma's objects over the files that are there now."""
        opened = self._opened
        if opened is None or opened.state != self._place.state():
            with self._turn:
                opened = self._opened
                if opened is None or opened.state != self._place.state():
                    with self._opening():
                        client, collection = self._place.opened(self._name, again=self._was_open)
                    opened = self._opened = _Opened(client, collection, self._place.state())
                    if self._was_open:
                        gc.collect()  # Chroma's objects hold one another, and with them threads, files and memory
                    self._was_open = True
        return opened

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Chroma's errors as ours, with the remedy."""
        try:
            yield
        except Exception as error:
            explained = self._place.explained(error)
            if explained is None:
                raise
            if self._place.is_stale(error):
                self._opened = None
            raise explained from error


def _names(client: Any, prefix: str) -> list[str]:
    """The names of all collections that begin so; a server lists them a page at a time."""
    found: list[str] = []
    while page := [collection.name for collection in client.list_collections(limit=_PAGE, offset=len(found))]:
        found += page
    return [name for name in found if name.startswith(prefix)]


def _delete_collection(client: Any, name: str) -> None:
    """Deletes a collection; one that another process has deleted is no error."""
    from chromadb.errors import NotFoundError

    with suppress(NotFoundError):
        client.delete_collection(name)
