"""Full text: BM25 over the passages, by SQLite's FTS5, which follows the passages by triggers.

A query is a bag of words: what a user types is never read as FTS5's own query language. The statistics of words (in
how many passages each occurs) come from the same index.
"""

import json
import re
from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, text

from index.words import STOP_WORDS, words

MAX_QUERY_WORDS = 64
_COMPOUND = re.compile(r"[^\W_]+(?:[-\u2010\u2011][^\W_]+){1,4}")
_CONTEXT_WEIGHT = 0.5
"""What a word in a title or heading counts against one in the passage itself."""

_SEARCH = """
    SELECT passages.id, -bm25(passages_fts, 1.0, :context_weight) AS score
    FROM passages_fts JOIN passages ON passages.rowid = passages_fts.rowid
    {versions}
    WHERE passages_fts MATCH :query AND passages.status = :status {scope}
    ORDER BY score DESC, passages.rowid LIMIT :k"""


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
    match = _match_expression(query)
    if not match or k < 1 or (document_ids is not None and not document_ids):
        return []
    parameters: dict[str, object] = {"query": match, "k": k, "context_weight": _CONTEXT_WEIGHT, "status": status}
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


def _match_expression(query: str) -> str:
    """The query's words, each once and quoted, joined by OR: nothing in them is an operator.

    Words that a hyphen joins are looked for next to one another too: "out-of-network" is more than a network.
    """
    found = list(dict.fromkeys(words(query)))
    content = [word for word in found if word not in STOP_WORDS] or found
    compounds = dict.fromkeys(" ".join(words(match.group())) for match in _COMPOUND.finditer(query))
    return " OR ".join(f'"{term}"' for term in [*content, *filter(None, compounds)][:MAX_QUERY_WORDS])
