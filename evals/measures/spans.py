"""Spans of documents held against each other: what they share, and whether that is enough.

Offsets count characters of a document's text and are half-open. Nothing here knows of answers or cases.
"""

from collections.abc import Iterable, Sequence
from typing import Protocol

Place = tuple[str, int, int]
"""A document's id and a half-open span of its text."""


class Span(Protocol):
    """Anything with a place: a citation, a judgement, a passage."""

    @property
    def document_id(self) -> str:
        """The document it is in."""

    @property
    def start(self) -> int:
        """Its first character."""

    @property
    def end(self) -> int:
        """The character after its last."""


def place_of(span: Span) -> Place:
    """The span as a plain tuple."""
    return span.document_id, span.start, span.end


def share_half(one: Span, other: Span) -> bool:
    """Whether the spans share at least half of the shorter one.

    >>> from evals.case import Judgement
    >>> words = Judgement("a", 10, 30)
    >>> [share_half(words, other) for other in (Judgement("a", 20, 60), Judgement("a", 21, 60), Judgement("b", 10, 30))]
    [True, False, False]
    """
    shared = min(one.end, other.end) - max(one.start, other.start)
    shorter = min(one.end - one.start, other.end - other.start)
    return one.document_id == other.document_id and shared > 0 and 2 * shared >= shorter


def joined(places: Iterable[Place]) -> list[Place]:
    """The places without overlaps, in order.

    >>> joined([("b", 0, 5), ("a", 5, 9), ("a", 0, 5)])
    [('a', 0, 9), ('b', 0, 5)]
    """
    kept: list[Place] = []
    for document_id, start, end in sorted(places):
        if kept and kept[-1][0] == document_id and start <= kept[-1][2]:
            kept[-1] = (document_id, kept[-1][1], max(end, kept[-1][2]))
        else:
            kept.append((document_id, start, end))
    return kept


def num_chars(places: Iterable[Place]) -> int:
    """The characters of the places, each place counted in full."""
    return sum(end - start for _, start, end in places)


def num_shared(ones: Iterable[Place], others: Iterable[Place]) -> int:
    """The characters that lie in both, each counted once.

    >>> num_shared([("a", 0, 10), ("a", 5, 15)], [("a", 8, 12), ("b", 0, 4)])
    4
    """
    first, second = joined(ones), joined(others)
    i = j = total = 0
    while i < len(first) and j < len(second):
        one, other = first[i], second[j]
        if one[0] == other[0]:
            total += max(0, min(one[2], other[2]) - max(one[1], other[1]))
        if (one[0], one[2]) < (other[0], other[2]):
            i += 1
        else:
            j += 1
    return total


def holds_any(retrieved: Sequence[Place], wanted: Sequence[Place]) -> bool:
    """Whether any wanted place lies whole within what was retrieved."""
    everything = joined(retrieved)
    return any(
        one[0] == other[0] and one[1] <= other[1] and other[2] <= one[2] for other in wanted for one in everything
    )
