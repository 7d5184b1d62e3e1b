"""What is measured of retrieval: characters found against characters wanted, and ranks of documents.

Plain functions of spans and ids; nothing here searches. Each is checked against sums by hand in its tests.
"""

from collections.abc import Collection, Sequence
from math import log2

Place = tuple[str, int, int]
"""A document's id and a half-open span of its text."""


def recall_and_iou(retrieved: Sequence[Place], wanted: Sequence[Place]) -> tuple[float, float]:
    """The share of the wanted characters that were retrieved, and intersection over union.

    As Smith & Troynikov count it ("Evaluating Chunking Strategies for Retrieval", Chroma, 2024): characters retrieved
    twice count twice in the union, in the intersection once.

    >>> recall_and_iou([("a", 0, 10), ("a", 5, 15)], [("a", 8, 12), ("b", 0, 4)])
    (0.5, 0.16666666666666666)
    """
    num_wanted = sum(end - start for _, start, end in joined(wanted))
    num_found = sum(_shared(one, other) for one in joined(retrieved) for other in joined(wanted))
    num_read = sum(end - start for _, start, end in retrieved)
    return num_found / num_wanted, num_found / (num_read + num_wanted - num_found)


def joined(places: Sequence[Place]) -> list[Place]:
    """The places without overlaps, in order."""
    kept: list[Place] = []
    for document_id, start, end in sorted(places):
        if kept and kept[-1][0] == document_id and start <= kept[-1][2]:
            kept[-1] = (document_id, kept[-1][1], max(end, kept[-1][2]))
        else:
            kept.append((document_id, start, end))
    return kept


def holds_any(retrieved: Sequence[Place], wanted: Sequence[Place]) -> bool:
    """Whether any wanted place lies whole within what was retrieved."""
    everything = joined(retrieved)
    return any(
        one[0] == other[0] and one[1] <= other[1] and other[2] <= one[2] for other in wanted for one in everything
    )


def recall_at(k: int, ranked: Sequence[str], relevant: Collection[str]) -> float:
    """The share of the relevant ids that are among the first `k`."""
    return len(set(ranked[:k]) & set(relevant)) / len(set(relevant))


def ndcg_at(k: int, ranked: Sequence[str], relevant: Collection[str]) -> float:
    """Normalised discounted cumulative gain at `k`, each relevant id worth 1 (Järvelin & Kekäläinen, TOIS 2002).

    >>> round(ndcg_at(5, ["x", "a", "y", "b"], {"a", "b"}), 4)
    0.6509
    """
    gain = sum(1 / log2(rank + 1) for rank, id_ in enumerate(ranked[:k], start=1) if id_ in set(relevant))
    best = sum(1 / log2(rank + 1) for rank in range(1, min(k, len(set(relevant))) + 1))
    return gain / best


def _shared(one: Place, other: Place) -> int:
    return max(0, min(one[2], other[2]) - max(one[1], other[1])) if one[0] == other[0] else 0
