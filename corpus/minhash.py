"""How alike the wording of two texts is, from short signatures: MinHash over runs of five words [1].

Texts are as alike as the share of these runs that they have in common. A signature has 120 numbers, each the smallest
value of one hash function over all runs; the share of numbers that two signatures have in common is an estimate of
that share, with a standard error below 0.05. Bands of three numbers are what to look similar texts up by [2]: two
texts that share half of their runs have a band in common with probability 0.995. This module stores nothing.

[1] A. Broder, On the resemblance and containment of documents, 1997.
[2] J. Leskovec, A. Rajaraman and J. Ullman, Mining of Massive Datasets, chapter 3.4.
"""

import hashlib
import re
from collections import Counter
from typing import TYPE_CHECKING, Any
from zlib import crc32

if TYPE_CHECKING:
    import numpy as np

NUM_BANDS, BAND_ROWS = 40, 3
NUM_HASHES = NUM_BANDS * BAND_ROWS
RUN_WORDS = 5
MIN_WORDS = 50
"""Shorter texts, such as the rows of a table, are alike too easily: they have no signature."""

_UNSPACED = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(r"\w+")
_WORD_OR_SIGN = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")
_SIGN = re.compile(f"[{_UNSPACED}]")
_HASH_BYTES = 4


def signature(text: str) -> bytes:
    """The signature of a text, 480 bytes, the same on every machine; none (`b""`) for one of fewer than 50 words."""
    import numpy as np

    words = words_of(text)
    if len(words) < MIN_WORDS:
        return b""
    hashes = _mixed(np.fromiter((crc32(word.encode("utf-8", "replace")) for word in words), np.uint64, len(words)))
    num_runs = len(words) - RUN_WORDS + 1
    runs = np.zeros(num_runs, dtype=np.uint64)
    for place in range(RUN_WORDS):
        runs = _mixed(runs + hashes[place : place + num_runs])
    runs = np.unique(runs)
    factors, summands = _functions()
    minima = np.array([(runs * factors[i] + summands[i]).min() for i in range(NUM_HASHES)])
    return (minima >> np.uint64(32)).astype("<u4").tobytes()


def resemblance(one: bytes, other: bytes) -> float:
    """The estimate, from two signatures, of the share of runs of five words that their texts have in common."""
    import numpy as np

    if not one or not other:
        return 0.0
    return float(np.mean(np.frombuffer(one, "<u4") == np.frombuffer(other, "<u4")))


def bands(of: bytes) -> list[int]:
    """The bands of a signature, each with its place in it, as signed 64-bit numbers; none of an empty signature."""
    size = BAND_ROWS * _HASH_BYTES
    parts = [of[start : start + size] for start in range(0, len(of), size)]
    digests = (hashlib.blake2b(bytes([place]) + part, digest_size=8) for place, part in enumerate(parts))
    return [int.from_bytes(digest.digest(), "little", signed=True) for digest in digests]


def shared_words(one: str, other: str) -> float:
    """The share of the words of two texts that both have, whatever their order: what a reader is told.

    >>> round(shared_words("It rained in Oslo today.", "It rained in Bergen today."), 2)
    0.8
    """
    first, second = Counter(words_of(one)), Counter(words_of(other))
    total = first.total() + second.total()
    return 2 * (first & second).total() / total if total else 0.0


def words_of(text: str) -> list[str]:
    """The words of a text in order, without case; of Japanese and Chinese the characters."""
    folded = text.casefold()
    return (_WORD_OR_SIGN if _SIGN.search(folded) else _WORD).findall(folded)  # the first is a third as fast


def _mixed(values: "np.ndarray[Any, Any]") -> "np.ndarray[Any, Any]":
    """The values, 64 bits each, so mixed that like ones are far apart (the finaliser of SplitMix64)."""
    import numpy as np

    values = values + np.uint64(0x9E3779B97F4A7C15)
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: np.ndarray[Any, Any] = values ^ (values >> np.uint64(31))
    return mixed


def _functions() -> tuple["np.ndarray[Any, Any]", "np.ndarray[Any, Any]"]:
    """The odd factors and the summands of the hash functions: multiply, add, keep the upper half."""
    import numpy as np

    digests = [hashlib.blake2b(f"communique {i}".encode(), digest_size=16).digest() for i in range(NUM_HASHES)]
    numbers = np.frombuffer(b"".join(digests), "<u8").reshape(NUM_HASHES, 2)
    return numbers[:, 0] | np.uint64(1), numbers[:, 1].copy()
