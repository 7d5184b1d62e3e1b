"""The types of retrieval. Offsets are half-open character spans of a document's text; every score is better when
higher.
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Passage:
    """What is embedded and found: `text` is the document's text from `start` to `end`, nothing added.

    `title` is the document's; it and the heading help to find and are no part of the text.
    """

    id: str
    document_id: str
    start: int
    end: int
    text: str
    heading: str | None = None
    page: int | None = None
    title: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that a search met.

    `dense` is the cosine to the query, `lexical` the BM25 score, None where full text did not list the passage;
    `rerank` is a cross-encoder's; `score` orders hits: the cross-encoder's where there is one, else the fused one.
    `dropped` names the stage that left the passage out of the result, None where it is in.
    """

    passage: Passage
    score: float
    dense: float | None = None
    lexical: float | None = None
    rerank: float | None = None
    dropped: str | None = None


def hit_row(hit: Hit, *, max_chars: int | None = None) -> dict[str, Any]:
    """The hit as a row of JSON, its passage within it, with so much of its text: what `asdict` makes, which takes ten
    times as long.
    """
    return _values(hit) | {"passage": _values(hit.passage) | {"text": hit.passage.text[:max_chars]}}


def hit_json(hit: Hit) -> dict[str, Any]:
    """The hit as a search gives it to other programs: its passage's fields, and its scores beside them."""
    passage, scores = _values(hit.passage), _values(hit)
    passage["passage_id"] = passage.pop("id")
    del scores["passage"]
    return passage | scores


def _values(one: Hit | Passage) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__slots__}
