"""Full text on PostgreSQL: stems with their places as `tsvector`, an index of them, and BM25 as SQLite reckons it [1].

What is a word, and its stem, is said by `words.py`, not by PostgreSQL, so that both engines find the same. Where a
query's words are in very many passages, those with the rarest of them are ranked.

[1] sqlite.org, "FTS5", the bm25() function: k1 = 1.2, b = 0.75, an inverse document frequency of at least 0.000001.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, text

from corpus.dialects import encoded
from index.words import stem, words

CONTEXT_WEIGHT = 0.5
"""What a word in a title or heading counts against one in the passage itself."""
_CONTEXT = "A"
_GAP = 10
"""Places between the words of the headings and those of the passage, so that none stand next to one another."""
_MAX_WORD_CHARS = 500  # a lexeme has at most 2046 bytes
_STEMMED_BYTES = (3, 64)
_ALL = " "
"""What stands for all words in the vocabulary."""
_MOST_RANKED = 4_000
_ROWS_AT_ONCE = 500

Phrase = tuple[str, ...]
"""Words next to one another; mostly one."""


def search(
    connection: Connection,
    phrases: Sequence[Phrase],
    k: int,
    *,
    status: str,
    document_ids: Sequence[str] | None = None,
) -> list[tuple[str, float]]:
    """The ids of the `k` passages that hold any of the phrases and match best, with their BM25 score, best first."""
    asked = [tuple(map(_lexeme, phrase)) for phrase in phrases if all(len(word) <= _MAX_WORD_CHARS for word in phrase)]
    single = [phrase[0] for phrase in asked if len(phrase) == 1]
    joined = [phrase for phrase in asked if len(phrase) > 1]
    known = {row.term: row for row in connection.execute(text(_KNOWN), {"terms": [_ALL, *single]})}
    if _ALL not in known or not asked:
        return []
    total = int(known[_ALL].doc)
    apart = [word for word in single if word in known]
    beside = [(phrase, hits) for phrase in joined if (hits := _hits(connection, phrase))]
    rows = [(rowid, _idf(total, len(hits)), num) for _, hits in beside for rowid, num in hits.items()]
    queries = [*map(_quoted, apart), *("(" + " <-> ".join(map(_quoted, phrase)) + ")" for phrase, _ in beside)]
    if not queries:
        return []
    is_wide = sum(int(known[word].doc) for word in apart) > _MOST_RANKED
    parameters: dict[str, Any] = {
        "query": " | ".join(queries),
        "lexemes": apart,
        "idfs": [_idf(total, int(known[word].doc)) for word in apart],
        "rowids": [rowid for rowid, _, _ in rows],
        "row_idfs": [idf for _, idf, _ in rows],
        "row_hits": [num for _, _, num in rows],
        "mean": int(known[_ALL].cnt) / total,
        "context_share": 1.0 - CONTEXT_WEIGHT,
        "status": status,
        "k": k,
    } | ({"most": _MOST_RANKED} if is_wide else {})
    if document_ids is not None:
        parameters["document_ids"] = list(map(encoded, document_ids))
    statement = _SEARCH.format(
        versions="JOIN versions ON versions.number = passages.version" if document_ids is not None else "",
        scope="AND versions.document_id = ANY(CAST(:document_ids AS text[]))" if document_ids is not None else "",
        rarest=_RAREST if is_wide else "",
    )
    return [(row.id, float(row.score)) for row in connection.execute(text(statement), parameters)]


def follow(connection: Connection, rows: Iterable[Mapping[str, Any] | RowMapping]) -> None:
    """Writes the words of passages that were inserted, by their ids."""
    made = [(row["id"], *_lexemes(row["text"], row["context"])) for row in rows]
    if made:
        ids, lexemes, nums = zip(*made, strict=True)
        values = {"ids": list(map(encoded, ids)), "lexemes": list(lexemes), "nums": list(nums)}
        connection.execute(text(_FOLLOW), values)


def rebuild(connection: Connection) -> None:
    """Writes the words of all passages anew."""
    for statement in ("DELETE FROM passages_fts", "DELETE FROM passages_vocabulary"):
        connection.exec_driver_sql(statement)
    last = -1
    while rows := connection.execute(text(_NEXT), {"last": last, "k": _ROWS_AT_ONCE}).mappings().all():
        follow(connection, rows)
        last = rows[-1]["rowid"]


def is_whole(connection: Connection) -> bool:
    """Whether there are words of every passage and of nothing else, and their counts agree."""
    return bool(connection.execute(text(_WHOLE)).scalar_one())


def num_passages(connection: Connection) -> int:
    """Of how many passages there are words."""
    known = connection.execute(text(_KNOWN), {"terms": [_ALL]}).first()
    return int(known.doc) if known else 0


def query_of(word: str) -> str:
    """What finds the passages with a word, as PostgreSQL's `tsquery`."""
    return _quoted(_lexeme(word))


def _lexeme(word: str) -> str:
    """What is kept of a word: its stem, or itself where FTS5 leaves it as it is."""
    return stem(word) if _STEMMED_BYTES[0] <= len(word.encode()) <= _STEMMED_BYTES[1] else word


def _quoted(lexeme: str) -> str:
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


def _lexemes(content: str, context: str) -> tuple[str, int]:
    """The stems of a passage and of its title and headings, each with its place, and how many words there are.

    >>> _lexemes("It rains.", "Rain")
    ("'rain':1A 'it':12 'rain':13", 3)
    """
    before, inside = words(context), words(content)
    first = len(before) + _GAP + 1
    places = [(word, f"{i}{_CONTEXT}") for i, word in enumerate(before, start=1)]
    places += [(word, str(i)) for i, word in enumerate(inside, start=first)]
    parts = (f"{_quoted(_lexeme(word))}:{place}" for word, place in places if len(word) <= _MAX_WORD_CHARS)
    return " ".join(parts), len(before) + len(inside)


def _hits(connection: Connection, phrase: Phrase) -> dict[int, float]:
    """How often each passage, by its row, holds the phrase; in the title and headings it counts less."""
    query = " <-> ".join(map(_quoted, phrase))
    values = {"query": query, "lexemes": list(phrase), "num": len(phrase), "weight": CONTEXT_WEIGHT}
    return {row.rowid: float(row.hits) for row in connection.execute(text(_PHRASE), values)}


def _idf(total: int, num: int) -> float:
    return max(1e-6, math.log((total - num + 0.5) / (num + 0.5)))


_KNOWN = "SELECT term, doc, cnt FROM passages_vocabulary WHERE term = ANY(CAST(:terms AS text[]))"
_SEARCH = """
    WITH asked AS (
        SELECT lexeme, sum(idf) AS idf
        FROM unnest(CAST(:lexemes AS text[]), CAST(:idfs AS float8[])) AS given(lexeme, idf) GROUP BY lexeme
    ), found AS (
        SELECT passages.id, passages.rowid, passages_fts.lexemes, passages_fts.num_words
        FROM passages_fts JOIN passages ON passages.rowid = passages_fts.rowid {versions}
        WHERE passages_fts.lexemes @@ CAST(:query AS tsquery) AND passages.status = :status {scope} {rarest}
    ), hits AS (
        SELECT found.rowid, asked.idf, cardinality(word.positions)
            - CAST(:context_share AS float8) * coalesce(cardinality(array_positions(word.weights, 'A')), 0) AS num
        FROM found CROSS JOIN LATERAL unnest(found.lexemes) AS word JOIN asked ON asked.lexeme = word.lexeme
        UNION ALL
        SELECT * FROM unnest(CAST(:rowids AS integer[]), CAST(:row_idfs AS float8[]), CAST(:row_hits AS float8[]))
    )
    SELECT found.id, sum(hits.idf * hits.num * 2.2
        / (hits.num + 1.2 * (0.25 + 0.75 * found.num_words / CAST(:mean AS float8)))) AS score
    FROM found JOIN hits ON hits.rowid = found.rowid
    GROUP BY found.id, found.rowid ORDER BY score DESC, found.rowid LIMIT :k"""
_RAREST = """ORDER BY (
            SELECT sum(asked.idf) FROM asked
            WHERE passages_fts.lexemes @@ CAST(quote_literal(asked.lexeme) AS tsquery)
        ) DESC NULLS LAST, passages.rowid LIMIT :most"""
_PHRASE = """
    SELECT rowid, sum(weight) AS hits FROM (
        SELECT passages_fts.rowid, place.position - wanted.number AS first,
            min(CASE place.weight WHEN 'A' THEN CAST(:weight AS float8) ELSE 1.0 END) AS weight
        FROM passages_fts CROSS JOIN LATERAL unnest(passages_fts.lexemes) AS word
        JOIN unnest(CAST(:lexemes AS text[])) WITH ORDINALITY AS wanted(lexeme, number) ON wanted.lexeme = word.lexeme
        CROSS JOIN LATERAL unnest(word.positions, word.weights) AS place(position, weight)
        WHERE passages_fts.lexemes @@ CAST(:query AS tsquery)
        GROUP BY passages_fts.rowid, place.position - wanted.number HAVING count(*) = CAST(:num AS integer)
    ) AS matched GROUP BY rowid"""
_FOLLOW = """
    INSERT INTO passages_fts (rowid, lexemes, num_words)
    SELECT passages.rowid, CAST(made.lexemes AS tsvector), made.num
    FROM unnest(CAST(:ids AS text[]), CAST(:lexemes AS text[]), CAST(:nums AS integer[])) AS made(id, lexemes, num)
    JOIN passages ON passages.id = made.id"""
_NEXT = "SELECT rowid, id, text, context FROM passages WHERE rowid > :last ORDER BY rowid LIMIT :k"
_WHOLE = """
    SELECT NOT EXISTS (
        SELECT FROM passages FULL JOIN passages_fts ON passages_fts.rowid = passages.rowid
        WHERE passages.rowid IS NULL OR passages_fts.rowid IS NULL
    ) AND coalesce((SELECT doc FROM passages_vocabulary WHERE term = ' '), 0) = (SELECT count(*) FROM passages_fts)"""
