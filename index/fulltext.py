"""Full text: BM25 over the passages, by SQLite's FTS5, which follows the passages by triggers, or on PostgreSQL.

A query is a bag of words: what a user types is never read as FTS5's own query language. The statistics of words (in
how many passages each occurs) come from the same index.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, text
from sqlalchemy.exc import DatabaseError

from corpus.dialects import is_postgresql
from index import fulltext_postgres
from index.fulltext_postgres import CONTEXT_WEIGHT, Phrase
from index.words import STOP_WORDS, words

MAX_QUERY_WORDS = 64
_COMPOUND = re.compile(r"[^\W_]+(?:[-\u2010\u2011][^\W_]+){1,4}")
_SEARCH = """
    SELECT passages.id, -bm25(passages_fts, 1.0, :context_weight) AS score
    FROM passages_fts JOIN passages ON passages.rowid = passages_fts.rowid
    {versions}
    WHERE passages_fts MATCH :query AND passages.status = :status {scope}
    ORDER BY score DESC, passages.rowid LIMIT :k"""

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
    match = " OR ".join(f'"{" ".join(phrase)}"' for phrase in phrases)
    parameters: dict[str, object] = {"query": match, "k": k, "context_weight": CONTEXT_WEIGHT, "status": status}
    scoped = document_ids is not None
    statement = text(
        _SEARCH.format(
            versions="JOIN versions ON versions.number = passages.version" if scoped else "",
            scope="AND versions.document_id IN (SELECT value FROM json_each(:document_ids))" if scoped else "",
        )
    )
    if document_ids is not None:
        parameters["document_ids"] = json.dumps(list(document_ids))  # a list of any length is one parameter
    return [(row.id, float(row.score)) for row in connection.execute(statement, parameters)]


def passage_counts(connection: Connection, stems: Sequence[str]) -> dict[str, int]:
    """In how many passages (or their titles and headings) each stem occurs; 0 for one that occurs nowhere."""
    counts = dict.fromkeys(stems, 0)
    if counts:
        statement = text("SELECT term, doc FROM passages_vocabulary WHERE term IN :stems")
        statement = statement.bindparams(bindparam("stems", expanding=True))
        counts |= {row.term: int(row.doc) for row in connection.execute(statement, {"stems": list(counts)})}
    return counts


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


def _phrases(query: str) -> list[Phrase]:
    """The query's words, each once: nothing in them is an operator.

    Words that a hyphen joins are looked for next to one another too: "out-of-network" is more than a network.
    """
    found = list(dict.fromkeys(words(query)))
    content = [word for word in found if word not in STOP_WORDS] or found
    compounds = dict.fromkeys(tuple(words(match.group())) for match in _COMPOUND.finditer(query))
    return [*((word,) for word in content), *filter(None, compounds)][:MAX_QUERY_WORDS]
