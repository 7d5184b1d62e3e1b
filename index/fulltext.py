"""Full text: BM25 over the passages, by SQLite's FTS5, which follows the passages by triggers, or on PostgreSQL.

A query is a bag of words: what a user types is never read as FTS5's own query language. The statistics of words (in
how many passages each occurs) come from the same index. Where a query's words are in very many passages, those with
the rarest of them are ranked: scoring every passage that has any of them would take time in proportion to the corpus.
"""

import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import Any

from sqlalchemy import Connection, bindparam, text
from sqlalchemy.exc import DatabaseError

from corpus.dialects import is_postgresql
from index import fulltext_postgres
from index.fulltext_postgres import CONTEXT_WEIGHT, Phrase
from index.words import STOP_WORDS, stem, words

MAX_QUERY_WORDS = 64
_MOST_RANKED = 20_000
_COMPOUND = re.compile(r"[^\W_]+(?:[-\u2010\u2011][^\W_]+){1,4}")
_RANKED = """
    SELECT passages_fts.rowid AS number, -bm25(passages_fts, 1.0, :context_weight) AS score
    FROM passages_fts {within} WHERE passages_fts MATCH :query {scope} ORDER BY score DESC, number LIMIT :k"""
_WITHIN = "CROSS JOIN passages ON passages.rowid = passages_fts.rowid"  # in SQLite that says which is read first
_OF_DOCUMENTS = "CROSS JOIN versions ON versions.number = passages.version"
_AMONG = "AND versions.document_id IN (SELECT value FROM json_each(:document_ids))"
_HAS_STATUS = "AND passages.status = :status"
_IDS = "SELECT rowid AS number, id, status FROM passages WHERE rowid IN (SELECT value FROM json_each(:numbers))"
_TOTALS = "SELECT block FROM passages_fts_data WHERE id = 1"

_WITH_WORD = """SELECT DISTINCT passages.version FROM passages_fts JOIN passages ON passages.rowid = passages_fts.rowid
    WHERE passages_fts MATCH :word AND passages.status = 'indexed'"""
_WITH_LEXEME = """SELECT DISTINCT passages.version
    FROM passages_fts JOIN passages ON passages.rowid = passages_fts.rowid
    WHERE passages_fts.lexemes @@ CAST(:word AS tsquery) AND passages.status = 'indexed'"""


def search_text(
    connection: Connection,
    query: str,
    k: int,
    *,
    document_ids: Sequence[str] | None = None,
    status: str = "indexed",
) -> list[tuple[str, float]]:
    """The ids of the `k` passages that match any word of the query best, with their BM25 score, best first.

    Stop words count only when there is nothing else; a query without words finds nothing. `status` is that of the
    passages searched: those of the index in use, or of one that waits beside it.
    """
    phrases = _phrases(query)
    if not phrases or k < 1 or (document_ids is not None and not document_ids):
        return []
    if is_postgresql(connection):
        within: dict[str, Any] = {"status": status, "document_ids": document_ids}
        return fulltext_postgres.search(connection, phrases, k, **within)
    found = [
        row
        for query_ in _queries(connection, phrases)
        for row in _ranked(connection, query_, k, status=status, document_ids=document_ids)
    ]
    best = sorted(found, key=lambda row: (-row[1], row[0]))[:k]
    ids = _ids(connection, [number for number, _ in best], status)
    return [(ids[number], score) for number, score in best]


def passage_counts(connection: Connection, stems: Sequence[str]) -> dict[str, int]:
    """In how many passages (or their titles and headings) each stem occurs; 0 for one that occurs nowhere."""
    counts = dict.fromkeys(stems, 0)
    if counts:
        statement = text("SELECT term, doc FROM passages_vocabulary WHERE term IN :stems")
        statement = statement.bindparams(bindparam("stems", expanding=True))
        counts |= {row.term: int(row.doc) for row in connection.execute(statement, {"stems": list(counts)})}
    return counts


def num_passages(connection: Connection) -> int:
    """Of how many passages the index has the words, whatever their status; without counting them.

    FTS5 keeps it, as the first number of its record of averages.
    """
    if is_postgresql(connection):
        return fulltext_postgres.num_passages(connection)
    number = 0
    for byte in connection.exec_driver_sql(_TOTALS).scalar_one():
        number = number << 7 | byte & 0x7F
        if byte < 0x80:
            break
    return number


def versions_with(connection: Connection, word: str) -> set[int]:
    """The numbers of the versions that have the word in a passage that is searched, its title or its headings."""
    if is_postgresql(connection):
        return set(connection.execute(text(_WITH_LEXEME), {"word": fulltext_postgres.query_of(word)}).scalars())
    return set(connection.execute(text(_WITH_WORD), {"word": f'"{word}"'}).scalars())


def follow(connection: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
    """Takes the words of passages in that were inserted; rows as they were, with `id`, `text` and `context`."""
    if is_postgresql(connection):  # SQLite has triggers for it
        fulltext_postgres.follow(connection, rows)


def rebuild(connection: Connection) -> None:
    """Makes the index anew from the passages."""
    if is_postgresql(connection):
        fulltext_postgres.rebuild(connection)
    else:
        connection.execute(text("INSERT INTO passages_fts(passages_fts) VALUES ('rebuild')"))


def is_whole(connection: Connection) -> bool:
    """Whether the index has the words of the passages, and no others."""
    if is_postgresql(connection):
        return fulltext_postgres.is_whole(connection)
    try:
        connection.execute(text("INSERT INTO passages_fts(passages_fts, rank) VALUES ('integrity-check', 1)"))
    except DatabaseError:
        return False
    return True


def forget(connection: Connection) -> None:
    """Merges the index into one part, in which deleted words are no more; their pages are free from then on."""
    if not is_postgresql(connection):  # where a row's words go with it
        connection.exec_driver_sql("INSERT INTO passages_fts(passages_fts) VALUES ('optimize')")


def _queries(connection: Connection, phrases: Sequence[Phrase]) -> list[str]:
    """FTS5 queries that together find what is ranked, each passage by one of them, scored by all of its words.

    The rarest words are those that are in at most 20,000 passages together, or the rarest alone.
    """
    counts = passage_counts(connection, [stem(word) for phrase in phrases for word in phrase])
    numbers = {phrase: min(counts[stem(word)] for word in phrase) for phrase in phrases}
    by_rarity = sorted(phrases, key=lambda phrase: numbers[phrase])
    num_rare = max(1, bisect_right(list(accumulate(numbers[phrase] for phrase in by_rarity)), _MOST_RANKED))
    rare, frequent = (" OR ".join(map(_quoted, some)) for some in (by_rarity[:num_rare], by_rarity[num_rare:]))
    return [f"({rare}) AND ({frequent})", f"({rare}) NOT ({frequent})"] if frequent else [rare]


def _quoted(phrase: Phrase) -> str:
    return f'"{" ".join(phrase)}"'


def _ranked(
    connection: Connection, query: str, k: int, *, status: str, document_ids: Sequence[str] | None
) -> list[tuple[int, float]]:
    """The rows and scores of the best `k` that an FTS5 query finds.

    Looking up every match in the passages doubles the time: what is not to be searched is mostly little, and left out
    afterwards.
    """
    parameters: dict[str, object] = {"query": query, "context_weight": CONTEXT_WEIGHT, "status": status}
    if document_ids is None:
        rows = connection.execute(text(_RANKED.format(within="", scope="")), parameters | {"k": 2 * k}).all()
        ids = _ids(connection, [row.number for row in rows], status)
        kept = [(int(row.number), float(row.score)) for row in rows if row.number in ids]
        if len(rows) < 2 * k or len(kept) >= k:
            return kept
        statement = _RANKED.format(within=_WITHIN, scope=_HAS_STATUS)
    else:
        parameters["document_ids"] = json.dumps(list(document_ids))  # a list of any length is one parameter
        statement = _RANKED.format(within=f"{_WITHIN} {_OF_DOCUMENTS}", scope=f"{_HAS_STATUS} {_AMONG}")
    return [(int(row.number), float(row.score)) for row in connection.execute(text(statement), parameters | {"k": k})]


def _ids(connection: Connection, numbers: Sequence[int], status: str) -> dict[int, str]:
    """The ids of the passages in those rows that have the status."""
    rows = connection.execute(text(_IDS), {"numbers": json.dumps(list(numbers))})
    return {row.number: row.id for row in rows if row.status == status}


def _phrases(query: str) -> list[Phrase]:
    """The query's words, each once: nothing in them is an operator.

    Words that a hyphen joins are looked for next to one another too: "out-of-network" is more than a network.
    """
    found = list(dict.fromkeys(words(query)))
    content = [word for word in found if word not in STOP_WORDS] or found
    compounds = dict.fromkeys(tuple(words(match.group())) for match in _COMPOUND.finditer(query))
    return [*((word,) for word in content), *filter(None, compounds)][:MAX_QUERY_WORDS]
