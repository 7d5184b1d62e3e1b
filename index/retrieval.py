"""From a query to hits: dense and full text, fused, merged, optionally reranked; what was dropped stays visible.

It finds passages. Which sentences in them answer is the work of `assistant.evidence`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from sqlalchemy import Connection, and_, func, or_, select

from corpus.database import Database
from corpus.schema import passages, segments, versions
from index.dense import DenseHalf
from index.embedding import Encoder, Vectors, unit_rows
from index.fulltext import MAX_QUERY_WORDS, num_passages, passage_counts, search_text
from index.fusion import DENSE_WEIGHT, fuse
from index.late_interaction import BYTES_A_TOKEN, Packed, projected, unpacked
from index.manifest import check_generation, check_manifest, current_manifest, read_generation, read_manifest
from index.merging import merged
from index.passage import Hit, Passage
from index.reranking import Reranker
from index.scope import Scope
from index.segmentation import is_unspaced
from index.store import VectorStore
from index.words import STOP_WORDS, stems

DEFAULT_K = 10
NUM_RERANKED = 20
"""So many hits are read by a reranker, or `k` where that is more."""
MAX_QUERY_CHARS = 2_000
NUM_CANDIDATES = 100
_IDS_A_QUERY = 500  # SQLite limits the parameters of a statement
_PLACES_A_QUERY = 500  # and the depth of an expression
_UNREADABLE_SHARE = 0.6
"""A query of which the embedder spells out more than this share is searched by full text alone."""
_RESERVED_TOKENS = 32  # for the model's own and its prompt


@dataclass(frozen=True, slots=True)
class Query:
    """A query as the embedder read it: its `vector`, `(d,)` float32, and its `words`, each with its tokens’ vectors
    for late interaction; stop words are left out.
    """

    vector: Vectors
    words: tuple[tuple[str, Vectors], ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What a search met: `hits`, best first, and every window among the candidates, with the stage that dropped it.

    `query` is what the embedder made of the query; None where nothing was searched. `notes` are for the reader.
    """

    hits: tuple[Hit, ...]
    dropped: tuple[Hit, ...] = ()
    windows: tuple[Hit, ...] = field(default=(), repr=False)
    query: Query | None = field(default=None, compare=False, repr=False)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentences:
    """The sentences of a stretch of a document, in order: `(s, 2)` spans of it and `(s, d)` float32 unit rows.

    `tokens` are the projected vectors of each sentence's tokens, for late interaction.
    """

    spans: list[tuple[int, int]]
    vectors: Vectors
    tokens: list[Vectors]


@dataclass(frozen=True, slots=True)
class WordStatistics:
    """How rare the words of a query are: in how many of the `num_passages` passages each of its stems occurs."""

    passages_by_stem: Mapping[str, int]
    num_passages: int


class Retriever:
    """Searches the index of one home."""

    def __init__(
        self,
        database: Database,
        store: VectorStore,
        encoder: Encoder,
        *,
        reranker: Reranker | None = None,
        staged: int | None = None,
    ) -> None:
        """Raises `ManifestMismatch` when the home's index was made with other settings.

        `staged` is the generation of an index that waits beside the one in use: it is searched in its place.
        """
        self.database = database
        self._reranker = reranker
        self.encoder = encoder
        self._status = "indexed" if staged is None else "staged"
        with database.reading() as connection:
            if staged is None:
                check_manifest(read_manifest(connection), current_manifest(encoder))
            self._generation = read_generation(connection) if staged is None else staged
        self._dense = DenseHalf(store, status=self._status, generation=self._generation)

    def search(self, query: str, k: int = DEFAULT_K, *, scope: Scope | None = None) -> Found:
        """The `k` best passages for a query, within the scope; fewer where there are fewer.

        Each half of the search lists at least 100 windows; those that are not among the hits are in `dropped`. A query
        without any text finds nothing. Raises `ManifestMismatch` when a new index took this one's place meanwhile.
        """
        readable, notes = self._readable(query)
        if not readable or k < 1:
            return Found((), notes=notes)
        read = self._read(readable)
        num_candidates = max(NUM_CANDIDATES, 4 * k)
        windows, lacking = self._candidates(query[:MAX_QUERY_CHARS], read.vector, num_candidates, scope or Scope())
        num_hits = max(k, NUM_RERANKED) if self._reranker else k
        hits, dropped = merged(windows, num_hits)
        if self._reranker and hits:
            hits, below = _reranked(self._reranker, query[:MAX_QUERY_CHARS], hits, k)
            dropped = below + dropped
        return Found(tuple(hits), tuple(dropped), tuple(windows), read, (*notes, *lacking))

    def sentences(self, places: Sequence[Passage]) -> list[Sentences]:
        """For each place, in order, the sentences that lie within it; none where its document is not indexed any more.

        A place is any stretch of a document: a passage, or one that grew.
        """
        with self.database.reading() as connection:
            rows = _segments(connection, places, self._generation)
        kept: dict[str, list[_Kept]] = {}
        for document_id, row in rows:
            kept.setdefault(document_id, []).extend(_sentences(row))
        return [_within(place, kept.get(place.document_id, []), self.encoder.dimension) for place in places]

    def is_within(self, document_id: str, scope: Scope) -> bool:
        """Whether the document is one that a search within `scope` looks at."""
        with self.database.reading() as connection:
            ids = scope.resolve(connection)
        return ids is None or document_id in ids

    def num_documents(self, scope: Scope | None = None) -> int:
        """How many current documents there are within the scope."""
        everything = select(func.count()).where(versions.c.status == "current")
        with self.database.reading() as connection:
            within = (scope or Scope()).resolve(connection)
            return int(connection.execute(everything).scalar_one()) if within is None else len(within)

    def word_statistics(self, query: str) -> WordStatistics:
        """The statistics of the query's words, stop words left out."""
        with self.database.reading() as connection:
            return WordStatistics(passage_counts(connection, stems(query)), num_passages(connection))

    def _read(self, text: str) -> Query:
        """The query as the embedder reads it."""
        content = [match for match in re.finditer(r"\w+", text) if match.group().casefold() not in STOP_WORDS]
        vectors, (spans,) = self.encoder.encode_spans([text], [[match.span() for match in content]], query=True)
        found = (projected(tokens) for tokens in spans.tokens)
        return Query(vectors[0], tuple((match.group(), tokens) for match, tokens in zip(content, found, strict=True)))

    def _readable(self, query: str) -> tuple[str, tuple[str, ...]]:
        """What of the query the embedder reads, and a note where that is not all."""
        text = query[:MAX_QUERY_CHARS].strip()
        tokens = self.encoder.token_spans(text)
        limit = self.encoder.max_tokens - _RESERVED_TOKENS
        if len(tokens) > limit:
            text = text[: tokens[limit - 1][1]]
        if len(query.strip()) <= len(text):
            return text, ()
        note = f"the query is long: its first {len(text):,} characters and {MAX_QUERY_WORDS} words were searched for"
        return text, (note,)

    def _candidates(
        self, query: str, vector: Vectors, num_candidates: int, scope: Scope
    ) -> tuple[list[Hit], tuple[str, ...]]:
        """Every window that one half of the search lists, with all of its scores, best first; and a note where vectors
        were lacking.
        """
        with self.database.reading() as connection:
            if self._status == "indexed":
                check_generation(connection, self._generation)
            document_ids = scope.resolve(connection)
            lexical = dict(
                search_text(connection, query, num_candidates, document_ids=document_ids, status=self._status)
            )
            near = self._dense.nearest(connection, vector, num_candidates, document_ids=document_ids)
            known = _passages(connection, [*near.cosines, *lexical], self._status)
        dense = {id_: cosine for id_, cosine in near.cosines.items() if id_ in known}
        lexical = {id_: score for id_, score in lexical.items() if id_ in known}
        dense |= self._cosines([known[id_] for id_ in lexical if id_ not in dense], vector)
        fused = fuse(dense, lexical, dense_weight=self._dense_weight(query))
        hits = [Hit(known[id_], score, dense=dense.get(id_), lexical=lexical.get(id_)) for id_, score in fused.items()]
        return hits, near.notes

    def _cosines(self, places: Sequence[Passage], vector: Vectors) -> dict[str, float]:
        """How near the query passages are that full text alone lists: by their own vectors, or, of those that have
        none, by the mean of their sentences', which the database keeps.
        """
        found = self._dense.cosines([place.id for place in places], vector)
        bare = [place for place in places if place.id not in found]
        for place, kept in zip(bare, self.sentences(bare) if bare else (), strict=True):
            if kept.spans:
                lengths = np.array([[end - start] for start, end in kept.spans], dtype=np.float32)
                found[place.id] = float(unit_rows((lengths * kept.vectors).sum(axis=0, keepdims=True))[0] @ vector)
        return found

    def _dense_weight(self, query: str) -> float:
        """None for a query that the embedder spells out letter by letter, as an English one does with Japanese."""
        tokens = [query[start:end] for start, end in self.encoder.token_spans(query)]
        spelt = sum(len(token) == 1 and is_unspaced(token) for token in tokens)
        return 0.0 if spelt > _UNREADABLE_SHARE * len(tokens) else DENSE_WEIGHT


def _reranked(reranker: Reranker, query: str, hits: Sequence[Hit], k: int) -> tuple[list[Hit], list[Hit]]:
    """The `k` best of the hits by what a cross-encoder makes of query and passage, and those below."""
    scores = reranker.scores(query, [hit.passage.text for hit in hits])
    scored = [replace(hit, score=score, rerank=score) for hit, score in zip(hits, scores, strict=True)]
    scored.sort(key=lambda hit: -hit.score)
    return scored[:k], [replace(hit, dropped=f"reranking: below the first {k}") for hit in scored[k:]]


@dataclass(frozen=True, slots=True)
class _Kept:
    """A sentence as the index keeps it."""

    start: int
    end: int
    vector: Vectors
    tokens: Packed


def _sentences(row: Any) -> Iterator[_Kept]:
    """The sentences of a segment."""
    vectors = np.frombuffer(row.vectors, dtype="<f2").astype(np.float32).reshape(len(row.sentences), -1)
    tokens = np.frombuffer(row.tokens, dtype=np.uint8).reshape(-1, BYTES_A_TOKEN)
    parts = np.split(tokens, np.cumsum(row.num_tokens)[:-1])
    for (start, end), vector, part in zip(row.sentences, vectors, parts, strict=True):
        yield _Kept(start, end, vector, part)


def _within(place: Passage, kept: Sequence[_Kept], dimension: int) -> Sentences:
    inside = [sentence for sentence in kept if place.start <= sentence.start and sentence.end <= place.end]
    vectors = np.array([sentence.vector for sentence in inside], dtype=np.float32).reshape(len(inside), dimension)
    spans = [(sentence.start, sentence.end) for sentence in inside]
    return Sentences(spans, vectors, [unpacked(sentence.tokens) for sentence in inside])


def _segments(connection: Connection, places: Sequence[Passage], generation: int) -> list[tuple[str, Any]]:
    """The segments that overlap any of the places, each with its document's id, in the order of the text."""
    wanted = {place.document_id for place in places}
    current = select(versions.c.document_id, versions.c.number).where(versions.c.status == "current")
    numbers = {
        row.document_id: row.number for row in connection.execute(current.where(versions.c.document_id.in_(wanted)))
    }
    ids = {number: document_id for document_id, number in numbers.items()}
    there = [place for place in places if place.document_id in numbers]
    rows = segments.c
    columns = (rows.version, rows.start, rows.sentences, rows.vectors, rows.num_tokens, rows.tokens)
    query = select(*columns).where(rows.generation == generation)
    found = {}
    for first in range(0, len(there), _PLACES_A_QUERY):
        overlapping = (
            and_(rows.version == numbers[place.document_id], rows.start < place.end, rows.end > place.start)
            for place in there[first : first + _PLACES_A_QUERY]
        )
        for row in connection.execute(query.where(or_(*overlapping))):
            found[row.version, row.start] = (ids[row.version], row)
    return [found[key] for key in sorted(found)]


def _passages(connection: Connection, ids: Sequence[str], status: str) -> dict[str, Passage]:
    """The passages of these ids that have this status; an id that has not is missing from the result."""
    rows = passages.c
    columns = (
        rows.id,
        versions.c.document_id,
        rows.start,
        rows.end,
        rows.text,
        rows.heading,
        rows.page,
        versions.c.title,
    )
    query = select(*columns, rows.status).join(versions, versions.c.number == rows.version)
    found = {}
    for start in range(0, len(ids), _IDS_A_QUERY):
        some = rows.id.in_(ids[start : start + _IDS_A_QUERY])
        for *values, its_status in connection.execute(query.where(some)):
            if its_status == status:  # as a condition of the query, it would have SQLite look at all that have it
                found[values[0]] = Passage(*values)
    return found
