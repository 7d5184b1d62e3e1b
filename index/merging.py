"""From overlapping windows to hits that do not overlap.

Windows that overlap say the same words twice. The better one is kept and grows over those that overlap it, up to two
and a half times its length; of what sticks out beyond that, the rest is a hit of its own where it is long enough. So
`k` hits are `k` places, each about as wide as its evidence [1].

[1] Callan, "Passage-Level Evidence in Document Retrieval", SIGIR 1994, on windows that overlap; what is merged how was
chosen by measurement (`evals/LOG.md`).
"""

from collections.abc import Sequence
from dataclasses import replace

from index.passage import Hit, Passage

MAX_GROWTH = 2.5
"""How long a hit may become, against the window that it grew from."""
_LEAST_REST = 0.25
"""What is left of a window beside better hits is worth showing when it is at least this part of it."""


def merged(ranked: Sequence[Hit], k: int) -> tuple[list[Hit], list[Hit]]:
    """The first `k` hits that windows, best first, make, and the windows that are none, with the reason.

    A hit has the id, the heading and the scores of the best window in it; what goes past the first `k` hits is not
    merged any more.
    """
    hits: list[Hit] = []
    room: list[float] = []
    dropped: list[Hit] = []
    for place, window in enumerate(ranked):
        i = next((i for i, hit in enumerate(hits) if _overlap(hit.passage, window.passage)), None)
        if i is not None and (grown := _union(hits, i, window.passage, room[i])):
            hits[i] = replace(hits[i], passage=grown)
            dropped.append(replace(window, dropped=f"merging: within {hits[i].passage.id}"))
            continue
        rest = _beside(hits, window.passage)
        if rest is None:
            dropped.append(replace(window, dropped="merging: hardly more than better passages hold"))
        elif len(hits) == k:
            dropped += [replace(below, dropped=f"fusion: below the first {k}") for below in ranked[place:]]
            break
        else:
            hits.append(replace(window, passage=rest))
            room.append(MAX_GROWTH * len(window.passage.text))
    return hits, dropped


def _overlap(one: Passage, other: Passage) -> bool:
    return one.document_id == other.document_id and one.start < other.end and other.start < one.end


def _union(hits: Sequence[Hit], i: int, window: Passage, room: float) -> Passage | None:
    """The `i`-th hit grown over the window; None where that is too long or runs into another hit."""
    passage = hits[i].passage
    start, end = min(passage.start, window.start), max(passage.end, window.end)
    grown = replace(passage, start=start, end=end, text=_joined(passage, window))
    others = (hit.passage for j, hit in enumerate(hits) if j != i)
    return grown if end - start <= room and not any(_overlap(grown, other) for other in others) else None


def _joined(one: Passage, other: Passage) -> str:
    """The document's text over two passages that overlap."""
    first, second = (one, other) if one.start <= other.start else (other, one)
    return first.text + second.text[max(first.end - second.start, 0) :]


def _beside(hits: Sequence[Hit], window: Passage) -> Passage | None:
    """The longest rest of the window that no hit holds; None when it is too short to show."""
    start, end = window.start, window.end
    for hit in hits:
        passage = hit.passage
        if passage.document_id == window.document_id and passage.start < end and start < passage.end:
            before, after = max(passage.start - start, 0), max(end - passage.end, 0)
            start, end = (start, start + before) if before >= after else (end - after, end)
    if end - start < _LEAST_REST * len(window.text):
        return None
    text = window.text[start - window.start : end - window.start]
    stripped = text.strip()
    start += len(text) - len(text.lstrip())
    return replace(window, start=start, end=start + len(stripped), text=stripped) if stripped else None
