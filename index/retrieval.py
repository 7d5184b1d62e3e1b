"""From a query to hits: dense and full text, fused; what was dropped stays visible.

It finds passages. Which sentences in them answer is the work of `assistant.evidence`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from sqlalchemy import Connection, func, select

from corpus.database import Database
from corpus.schema import passages, versions
from index.embedding import Encoder, Vectors
from index.fulltext import passage_counts, search_text
from index.fusion import fuse
from index.manifest import check_manifest, current_manifest, read_manifest
from index.passage import Hit, Passage
from index.store import VectorStore
from index.words import stems

DEFAULT_K = 10
MAX_QUERY_CHARS = 2_000
"""More of a query is not read: the embedder reads about a thousand characters of it at most."""
_CANDIDATES = 50
_IDS_A_QUERY = 500  # SQLite limits the parameters of a statement


@dataclass(frozen=True, slots=True)
class Found:
    """What a search met: `hits`, best first, and below them what it dropped, with the stage that did.

    `vector` is the query's, `(d,)` float32; None where nothing was searched.
    """

    hits: tuple[Hit, ...]
    dropped: tuple[Hit, ...] = ()
    vector: Vectors | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class WordStatistics:
    """How rare the words of a query are: in how many of the `num_passages` passages each of its stems occurs."""

    passages_by_stem: Mapping[str, int]
    num_passages: int


class Retriever:
    """Searches the index of one home."""

    def __init__(self, database: Database, store: VectorStore, encoder: Encoder) -> None:
        """Raises `ManifestMismatch` when the home's index was made with other settings."""
        self._database = database
        self._store = store
        self.encoder = encoder
        with database.reading() as connection:
            check_manifest(read_manifest(connection), current_manifest(encoder))

    def search(self, query: str, k: int = DEFAULT_K, *, document_ids: Sequence[str] | None = None) -> Found:
        """The `k` best passages for a query, from the documents named or from all; fewer where there are fewer.

        Each half of the search lists at least 50 candidates; those that neither the fused order nor `k` keeps are in
        `dropped`. An empty query finds nothing.
        """
        query = query[:MAX_QUERY_CHARS].strip()
        if not query or k < 1:
            return Found(())
        num_candidates = max(_CANDIDATES, k)
        query_vector = self.encoder.encode([query])[0]
        dense = dict(self._store.query(query_vector, num_candidates, document_ids=document_ids))
        with self._database.reading() as connection:
            lexical = dict(search_text(connection, query, num_candidates, document_ids=document_ids))
            known = _passages(connection, [*dense, *lexical])
        dense = {id_: score for id_, score in dense.items() if id_ in known}
        lexical = {id_: score for id_, score in lexical.items() if id_ in known}
        unlisted = self._store.vectors([id_ for id_ in lexical if id_ not in dense])
        dense |= {id_: float(vector @ query_vector) for id_, vector in unlisted.items()}
        hits = [
            Hit(known[id_], score, dense=dense.get(id_), lexical=lexical.get(id_))
            for id_, score in fuse(dense, lexical).items()
        ]
        dropped = (replace(hit, dropped=f"fusion: below the first {k}") for hit in hits[k:])
        return Found(tuple(hits[:k]), tuple(dropped), query_vector)

    def sentences(self, passage_ids: Sequence[str]) -> dict[str, tuple[list[tuple[int, int]], Vectors]]:
        """By passage: the spans of its sentences, within it, and their vectors, `(s, d)` float32 unit rows.

        A passage that is not indexed any more is missing from the result.
        """
        query = select(passages.c.id, passages.c.sentences, passages.c.sentence_vectors)
        with self._database.reading() as connection:
            rows = connection.execute(query.where(passages.c.id.in_(list(passage_ids)))).all()
        return {
            row.id: (
                [(start, end) for start, end in row.sentences],
                np.frombuffer(row.sentence_vectors, dtype="<f2").astype(np.float32).reshape(len(row.sentences), -1),
            )
            for row in rows
        }

    def word_statistics(self, query: str) -> WordStatistics:
        """The statistics of the query's words, stop words left out."""
        with self._database.reading() as connection:
            total = connection.execute(select(func.count()).select_from(passages)).scalar_one()
            return WordStatistics(passage_counts(connection, stems(query)), int(total))


def _passages(connection: Connection, ids: Sequence[str]) -> dict[str, Passage]:
    """The passages of these ids that are indexed; an id that is not is missing from the result."""
    columns = [passages.c[name] for name in ("id", "start", "end", "text", "heading", "page")]
    query = select(*columns, versions.c.document_id).join(versions, versions.c.number == passages.c.version)
    found = {}
    for start in range(0, len(ids), _IDS_A_QUERY):
        some = passages.c.id.in_(ids[start : start + _IDS_A_QUERY])
        for row in connection.execute(query.where(some, passages.c.status == "indexed")):
            found[row.id] = Passage(row.id, row.document_id, row.start, row.end, row.text, row.heading, row.page)
    return found
