"""The list of documents as a reader looks at it: searched, sorted, a page at a time.

It works on what `Catalogue.summaries` gives and changes nothing.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from corpus.catalogue import Summary

PAGE_ROWS = 50
MAX_QUERY_CHARS = 200

Column = Literal["title", "kind", "published", "language", "num_passages", "source"]

_WEB = re.compile(r"https?://", re.IGNORECASE)
_SUFFIX = re.compile(r"\.([A-Za-z0-9]{1,8})$")


@dataclass(frozen=True, slots=True)
class View:
    """How the list is looked at: what is searched for, the order, and which page, counted from 0."""

    query: str = ""
    column: Column = "published"
    descending: bool = False
    page: int = 0


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the list: its `rows`, how many documents match, how many there are, and the page that this is."""

    rows: tuple[Summary, ...]
    num_matching: int
    num_documents: int
    page: int
    num_pages: int


def listing(summaries: Sequence[Summary], view: View) -> Listing:
    """The page of the documents whose title, id or source holds every word of the query, in the view's order.

    What a document does not have, such as a date, comes last in either direction. A page that is no longer there is
    the last one.
    """
    words = _folded(view.query[:MAX_QUERY_CHARS]).split()
    matching = [summary for summary in summaries if _holds(summary, words)]
    key = _KEYS[view.column]
    present = sorted((summary for summary in matching if key(summary)), key=key, reverse=view.descending)
    ordered = present + [summary for summary in matching if not key(summary)]
    num_pages = max(1, -(-len(ordered) // PAGE_ROWS))
    page = min(max(view.page, 0), num_pages - 1)
    rows = tuple(ordered[page * PAGE_ROWS : (page + 1) * PAGE_ROWS])
    return Listing(rows, len(ordered), len(summaries), page, num_pages)


def sorted_by(view: View, column: str) -> View:
    """The view in the order of a column, the other way round when it is in that order already; from the first page.

    A column that there is not changes nothing.
    """
    for known in _KEYS:
        if known == column:
            return View(view.query, known, descending=view.column == known and not view.descending)
    return view


def kind_of(source: str) -> str:
    """What a document came as: the suffix of its file, "web" for an address, nothing where neither can be told.

    >>> [kind_of(source) for source in ("/a/Statement.MD", "rows.jsonl#7", "https://example.org/a.html", "notes")]
    ['md', 'jsonl', 'web', '']
    """
    if _WEB.match(source):
        return "web"
    suffix = _SUFFIX.search(source.split("#", maxsplit=1)[0])
    return suffix.group(1).lower() if suffix else ""


def _holds(summary: Summary, words: Sequence[str]) -> bool:
    if not words:
        return True
    searched = _folded(f"{summary.title}\n{summary.id}\n{summary.source}")
    return all(word in searched for word in words)


def _folded(text: str) -> str:
    """The text as it is compared: case, width and accents aside."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


_KEYS: dict[Column, Callable[[Summary], str | int]] = {
    "title": lambda summary: _folded(summary.title),
    "kind": lambda summary: kind_of(summary.source),
    "published": lambda summary: summary.published or "",
    "language": lambda summary: summary.language,
    "num_passages": lambda summary: summary.num_passages,
    "source": lambda summary: _folded(summary.source),
}
