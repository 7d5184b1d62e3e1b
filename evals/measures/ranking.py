"""What is measured of retrieval, as plain functions of ids and places: ranks, and characters found of those wanted.

Recall, nDCG and reciprocal rank agree with ir-measures; characters are counted as Chroma's report on chunking counts
tokens. What a case wants and what an answer found is not known here: see `retrieval.py`.
"""

from collections.abc import Collection, Sequence
from math import log2
from typing import NamedTuple

from evals.measures.spans import Place, joined, num_chars, num_shared


class Overlap(NamedTuple):
    """What was retrieved against what was wanted; `precision` is None where nothing was retrieved."""

    recall: float
    precision: float | None
    iou: float


def overlap(retrieved: Sequence[Place], wanted: Sequence[Place]) -> Overlap:
    """Recall, precision and intersection over union of characters.

    As Smith & Troynikov count tokens ("Evaluating Chunking Strategies for Retrieval", Chroma, 2024): what is retrieved
    twice counts twice among what was read, and once among what was found. Raises `ValueError` where nothing is wanted.

    Of 8 characters wanted 4 were found; 20 were read; so 4 / 8, 4 / 20, and 4 / (20 + 8 - 4):

    >>> overlap([("a", 0, 10), ("a", 5, 15)], [("a", 8, 12), ("b", 0, 4)])
    Overlap(recall=0.5, precision=0.2, iou=0.16666666666666666)
    """
    num_wanted = num_chars(joined(wanted))
    if not num_wanted:
        raise ValueError("no characters are wanted: leave out a case without evidence")
    num_found = num_shared(retrieved, wanted)
    num_read = num_chars(retrieved)
    precision = num_found / num_read if num_read else None
    return Overlap(num_found / num_wanted, precision, num_found / (num_read + num_wanted - num_found))


def recall_and_iou(retrieved: Sequence[Place], wanted: Sequence[Place]) -> tuple[float, float]:
    """Recall and intersection over union, see `overlap`."""
    found = overlap(retrieved, wanted)
    return found.recall, found.iou


def recall_at(k: int, ranked: Sequence[str], relevant: Collection[str]) -> float:
    """R@k: the share of the relevant ids that are among the first `k` distinct ones.

    Raises `ValueError` where nothing is relevant, as the next two do.

    >>> recall_at(2, ["x", "a", "b"], {"a", "b"})
    0.5
    """
    wanted = _wanted(relevant)
    return len(wanted.intersection(_distinct(ranked)[:k])) / len(wanted)


def ndcg_at(k: int, ranked: Sequence[str], relevant: Collection[str]) -> float:
    """nDCG@k: discounted cumulative gain among the first `k` distinct ids, by the best that there could be; each
    relevant id is worth 1 (Järvelin & Kekäläinen, TOIS 2002).

    At ranks 2 and 4, of ranks 1 and 2 at best: (1 / log2(3) + 1 / log2(5)) / (1 + 1 / log2(3)):

    >>> round(ndcg_at(5, ["x", "a", "y", "b"], {"a", "b"}), 4)
    0.6509
    """
    wanted = _wanted(relevant)
    gain = sum(1 / log2(rank + 1) for rank, id_ in enumerate(_distinct(ranked)[:k], start=1) if id_ in wanted)
    best = sum(1 / log2(rank + 1) for rank in range(1, min(k, len(wanted)) + 1))
    return gain / best


def reciprocal_rank(ranked: Sequence[str], relevant: Collection[str]) -> float:
    """RR: one by the rank of the first relevant id among the distinct ones; 0.0 where none is there (Voorhees, TREC-8).

    >>> reciprocal_rank(["x", "x", "a"], {"a", "b"})
    0.5
    """
    wanted = _wanted(relevant)
    return next((1 / rank for rank, id_ in enumerate(_distinct(ranked), start=1) if id_ in wanted), 0.0)


def _distinct(ranked: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(ranked))


def _wanted(relevant: Collection[str]) -> set[str]:
    if not relevant:
        raise ValueError("nothing is relevant: leave out a case without evidence")
    return set(relevant)
