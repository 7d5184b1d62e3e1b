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
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, Row, bindparam, text
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


_FREQUENT = 1_000
"""In so many passages a word is frequent: FTS5 counts them one by one, and the number is remembered."""
_remembered: WeakKeyDictionary[Engine, tuple[bytes, dict[str, int]]] = WeakKeyDictionary()
"""In how many passages frequent words are, by the database and its totals then."""


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
    found: dict[str, tuple[float, int]] = {}
    queries, most_ranked = _queries(connection, phrases)
    for query_ in queries:
        for id_, score, number in _ranked(connection, query_, k, status=status, document_ids=document_ids):
            found.setdefault(id_, (-score, number))
        if len(found) >= k and most_ranked > _MOST_RANKED:
            break
    return [(id_, -found[id_][0]) for id_ in sorted(found, key=found.__getitem__)[:k]]


def passage_counts(connection: Connection, stems: Sequence[str]) -> dict[str, int]:
    """In how many passages (or their titles and headings) each stem occurs; 0 for one that occurs nowhere."""
    known = {} if is_postgresql(connection) else _frequent(connection)
    counts = {stem: known.get(stem, 0) for stem in stems}
    lacking = [stem for stem in counts if stem not in known]
    if lacking:
        statement = text("SELECT term, doc FROM passages_vocabulary WHERE term IN :stems")
        statement = statement.bindparams(bindparam("stems", expanding=True))
        counts |= {row.term: int(row.doc) for row in connection.execute(statement, {"stems": lacking})}
        known |= {stem: counts[stem] for stem in lacking if counts[stem] >= _FREQUENT}
    return counts


def num_passages(connection: Connection) -> int:
    """Of how many passages the index has the words, whatever their status; without counting them.

    FTS5 keeps it, as the first number of its record of averages.
    """
    if is_postgresql(connection):
        return fulltext_postgres.num_passages(connection)
    number = 0
    for byte in _totals(connection):
        number = number << 7 | byte & 0x7F
        if byte < 0x80:
            break
    return number


def _frequent(connection: Connection) -> dict[str, int]:
    """What is remembered of the index as it is: its totals of passages and words tell one state from another.

    Of two states that share them the counts are all but the same, and rare words are never remembered.
    """
    totals = _totals(connection)
    before, counts = _remembered.get(connection.engine, (b"", dict[str, int]()))
    if before != totals:
        counts = {}
        _remembered[connection.engine] = totals, counts
    return counts


def _totals(connection: Connection) -> bytes:
    """FTS5's record of averages: the numbers of passages and of words."""
    return bytes(connection.exec_driver_sql(_TOTALS).scalar_one())


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


def _queries(connection: Connection, phrases: Sequence[Phrase]) -> tuple[list[str], int]:
    """FTS5 queries that together find what is ranked, the best score of a passage being that of all its words; and how
    many passages there are to rank, at most.

    Those are the ones with the rarest words that are in 20,000 passages together, or with the rarest alone. The second
    query has those of them that hold no other word; where the rarest alone is in more, it is asked only when the first
    finds too few. It scores the others by too little, and may: of passages that it would lack them for, the first
    lists enough that are better. `NOT` would have FTS5 read the other words twice.
    """
    counts = passage_counts(connection, [stem(word) for phrase in phrases for word in phrase])
    numbers = {phrase: min(counts[stem(word)] for word in phrase) for phrase in phrases}
    by_rarity = sorted(phrases, key=lambda phrase: numbers[phrase])
    totals = list(accumulate(numbers[phrase] for phrase in by_rarity))
    num_rare = max(1, bisect_right(totals, _MOST_RANKED))
    rare, frequent = (" OR ".join(map(_quoted, some)) for some in (by_rarity[:num_rare], by_rarity[num_rare:]))
    return [f"({rare}) AND ({frequent})", rare] if frequent else [rare], totals[num_rare - 1]


def _quoted(phrase: Phrase) -> str:
    return f'"{" ".join(phrase)}"'


def _ranked(
    connection: Connection, query: str, k: int, *, status: str, document_ids: Sequence[str] | None
) -> list[tuple[str, float, int]]:
    """The ids, scores and rows of the best passages that an FTS5 query finds: `k` at least, where there are as many.

    Looking up every match in the passages doubles the time: what is not to be searched is mostly little, and left out
    afterwards.
    """
    parameters: dict[str, object] = {"query": query, "context_weight": CONTEXT_WEIGHT, "status": status}
    if document_ids is None:
        rows = connection.execute(text(_RANKED.format(within="", scope="")), parameters | {"k": 2 * k}).all()
        found = _with_ids(connection, rows[:k], status)
        if len(found) < k:
            found += _with_ids(connection, rows[k:], status)
        if len(found) >= k or len(rows) < 2 * k:
            return found
        statement = _RANKED.format(within=_WITHIN, scope=_HAS_STATUS)
    else:
        parameters["document_ids"] = json.dumps(list(document_ids))  # a list of any length is one parameter
        statement = _RANKED.format(within=f"{_WITHIN} {_OF_DOCUMENTS}", scope=f"{_HAS_STATUS} {_AMONG}")
    return _with_ids(connection, connection.execute(text(statement), parameters | {"k": k}).all(), status)


def _with_ids(connection: Connection, rows: Sequence[Row[Any]], status: str) -> list[tuple[str, float, int]]:
    """The rows of a ranking whose passages have the status, with their ids."""
    passages = connection.execute(text(_IDS), {"numbers": json.dumps([row.number for row in rows])})
    ids = {passage.number: passage.id for passage in passages if passage.status == status}
    return [(ids[row.number], float(row.score), row.number) for row in rows if row.number in ids]


def _phrases(query: str) -> list[Phrase]:
    """The query's words, each once: nothing in them is an operator.

    Words that a hyphen joins are looked for next to one another too: "out-of-network" is more than a network.
    """
    found = list(dict.fromkeys(words(query)))
    content = [word for word in found if word not in STOP_WORDS] or found
    compounds = dict.fromkeys(tuple(words(match.group())) for match in _COMPOUND.finditer(query))
    return [*((word,) for word in content), *filter(None, compounds)][:MAX_QUERY_WORDS]
