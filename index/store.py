"""The vectors, in Chroma: the only place that imports it.

Chroma keeps vectors, the ids of their passages and of the documents those are in, nothing else; SQLite is the truth
about everything. A vector without an indexed passage is ignored by the retriever and removed by `indexing.recover`.
"""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import numpy as np

from index.embedding import Vectors
from index.errors import VectorStoreError

_PAGE = 5_000  # Chroma takes at most 5,461 rows at once
_BUSY_SECONDS = 60.0
_HNSW = {"hnsw:space": "cosine", "hnsw:search_ef": 200, "hnsw:construction_ef": 200, "hnsw:M": 32}
"""Chroma's own 100, 100 and 16 lose some of the 100 nearest that a search lists, above all where passages are alike."""


class VectorStore:
    """The vectors of one index of a home; `generation` says of which."""

    def __init__(self, folder: Path, *, generation: int = 1) -> None:
        """Opens or creates the store. Raises `VectorStoreError` when the folder cannot be used."""
        import chromadb
        from chromadb.api.shared_system_client import SharedSystemClient
        from chromadb.config import Settings
        from chromadb.errors import ChromaError

        self._folder = folder
        self._name = f"passages-{generation}"
        deadline = monotonic() + _BUSY_SECONDS
        with self._explained():
            while True:
                try:
                    self._client = chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))
                    self._collection = self._open()
                    return
                except ChromaError as error:  # another process writes, or opens the store for the first time
                    if "database is locked" not in str(error) or monotonic() > deadline:
                        raise
                    SharedSystemClient.clear_system_cache()
                    sleep(0.1)

    def add(self, ids: Sequence[str], vectors: Vectors, document_ids: Sequence[str]) -> None:
        """Stores one vector an id; an id that is there already gets the new one."""
        for start in range(0, len(ids), _PAGE):
            part = slice(start, start + _PAGE)
            metadatas: Any = [{"document_id": document_id} for document_id in document_ids[part]]
            with self._explained():
                self._collection.upsert(ids=list(ids[part]), embeddings=vectors[part], metadatas=metadatas)

    def delete(self, ids: Sequence[str]) -> None:
        """Removes the vectors of these ids; an id that is not there is no error."""
        for start in range(0, len(ids), _PAGE):
            with self._explained():
                self._collection.delete(ids=list(ids[start : start + _PAGE]))

    def query(self, vector: Vectors, k: int, *, document_ids: Sequence[str] | None = None) -> list[tuple[str, float]]:
        """The ids of the `k` nearest passages with their cosine, nearest first; fewer when there are fewer.

        `document_ids` keeps the search within these documents.
        """
        if k < 1 or (document_ids is not None and not document_ids):
            return []
        if document_ids is not None and len(document_ids) > _PAGE:
            return self._query_widely(vector, k, set(document_ids))
        where: Any = {"document_id": {"$in": list(document_ids)}} if document_ids is not None else None
        with self._explained():
            found = self._collection.query(query_embeddings=[vector], n_results=k, where=where, include=["distances"])
        distances = (found["distances"] or [[]])[0]
        return [(id_, 1.0 - float(distance)) for id_, distance in zip(found["ids"][0], distances, strict=True)]

    def _query_widely(self, vector: Vectors, k: int, document_ids: set[str]) -> list[tuple[str, float]]:
        """As `query`, within more documents than Chroma takes as a condition: the nearest of all, sorted out after."""
        within: list[tuple[str, float]] = []
        with self._explained():
            total = self._collection.count()
            for num in (min(20 * k, total), total):
                if num and len(within) < k:
                    found = self._collection.query(
                        query_embeddings=[vector], n_results=num, include=["distances", "metadatas"]
                    )
                    rows = zip(
                        found["ids"][0], (found["distances"] or [[]])[0], (found["metadatas"] or [[]])[0], strict=True
                    )
                    within = [(id_, 1.0 - float(far)) for id_, far, kept in rows if kept["document_id"] in document_ids]
        return within[:k]

    def vectors(self, ids: Sequence[str]) -> dict[str, Vectors]:
        """The vectors of those of the ids that are in the store."""
        if not ids:
            return {}
        with self._explained():
            found = self._collection.get(ids=list(ids), include=["embeddings"])
        embeddings: Any = found["embeddings"]
        return {id_: np.asarray(vector, dtype=np.float32) for id_, vector in zip(found["ids"], embeddings, strict=True)}

    def delete_others(self, *, keeping: int | None = None) -> None:
        """Deletes the vectors of every other index of this home, but not those of the generation `keeping`."""
        with self._explained():
            for collection in self._client.list_collections():
                if collection.name not in (self._name, f"passages-{keeping}"):
                    self._client.delete_collection(collection.name)

    def ids(self) -> set[str]:
        """Every id in the store."""
        found: set[str] = set()
        with self._explained():
            while page := self._collection.get(limit=_PAGE, offset=len(found), include=[])["ids"]:
                found.update(page)
        return found

    def _open(self) -> Any:
        return self._client.get_or_create_collection(self._name, embedding_function=None, metadata=_HNSW)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Chroma's errors as ours, with the remedy."""
        from chromadb.errors import ChromaError

        try:
            yield
        except (ChromaError, OSError, RuntimeError) as error:
            raise VectorStoreError(
                f"the vectors in {str(self._folder)!r} cannot be used ({error}): "
                "`communique doctor --repair` makes them anew"
            ) from error


def discard(folder: Path) -> None:
    """Deletes the vectors of every index in the folder, whatever is there; who has them open must open them anew."""
    from chromadb.api.shared_system_client import SharedSystemClient

    if folder.is_dir():
        shutil.rmtree(folder)
    else:
        folder.unlink(missing_ok=True)
    SharedSystemClient.clear_system_cache()
