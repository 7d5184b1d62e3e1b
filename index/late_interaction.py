"""How near the words of a query are to the words of a sentence, each word read in its context: late interaction [1].

A sentence's token vectors are kept with it, small: projected onto 128 directions that are drawn once and for all [2],
four bits a direction, 64 bytes a token. Against whole vectors the similarity of query and sentence correlates at 0.94
(`evals/LOG.md`). Nothing is searched here: it tells sentences apart that a search has found.

[1] Khattab & Zaharia, "ColBERT", SIGIR 2020, equation 3.
[2] Johnson & Lindenstrauss, "Extensions of Lipschitz mappings into a Hilbert space", 1984.
"""

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from index.embedding import Vectors, unit_rows

NUM_DIRECTIONS = 128
BYTES_A_TOKEN = NUM_DIRECTIONS // 2
_LIMIT = 3.0 / np.sqrt(NUM_DIRECTIONS)
"""Components of a unit vector beyond three times their usual size are cut to that."""
_LEVELS = 7
_SEED = 20_260

Packed = NDArray[np.uint8]


def packed(tokens: Vectors) -> Packed:
    """`(t, h)` unit rows of token vectors as `(t, BYTES_A_TOKEN)` bytes."""
    small = projected(tokens)
    levels = np.clip(np.rint(small / _LIMIT * _LEVELS), -_LEVELS, _LEVELS).astype(np.int8) + 8
    return np.asarray(levels[:, ::2] << 4 | levels[:, 1::2], dtype=np.uint8)


def unpacked(rows: Packed) -> Vectors:
    """`(t, NUM_DIRECTIONS)` unit rows, about what `packed` was given, in the projected space."""
    levels = np.empty((len(rows), NUM_DIRECTIONS), dtype=np.float32)
    levels[:, ::2], levels[:, 1::2] = rows >> 4, rows & 15
    return unit_rows(levels - 8)


def word_similarities(words: Sequence[Vectors], sentences: Sequence[Vectors]) -> Vectors:
    """`(s, w)`: for each sentence and each word of a query the cosine of the nearest token in the sentence, mean over
    the word's own tokens.

    `words` hold the token vectors of a word each, `sentences` those of a sentence, all projected: unit rows. A word
    without tokens, and a sentence without, give 0.
    """
    found = np.zeros((len(sentences), len(words)), dtype=np.float32)
    rows = [i for i, sentence in enumerate(sentences) if len(sentence)]
    columns = [j for j, word in enumerate(words) if len(word)]
    if rows and columns:
        read, asked = [sentences[i] for i in rows], [words[j] for j in columns]
        nearest = np.maximum.reduceat(np.concatenate(asked) @ np.concatenate(read).T, _firsts(read), axis=1)
        lengths = np.array([len(word) for word in asked], dtype=np.float32)
        found[np.ix_(rows, columns)] = (np.add.reduceat(nearest, _firsts(asked), axis=0) / lengths[:, None]).T
    return found


def _firsts(parts: Sequence[Vectors]) -> NDArray[np.int64]:
    """Where each part begins when they are put together; none of them is empty."""
    return np.cumsum([0, *(len(part) for part in parts[:-1])])


def projected(tokens: Vectors) -> Vectors:
    """`(t, h)` unit rows as `(t, NUM_DIRECTIONS)` unit rows, not packed: what a query is compared with."""
    if not len(tokens):
        return np.zeros((0, NUM_DIRECTIONS), dtype=np.float32)
    return unit_rows(np.asarray(tokens @ _directions(tokens.shape[1]), dtype=np.float32))


@cache
def _directions(dimension: int) -> Vectors:
    """`(dimension, NUM_DIRECTIONS)`: drawn at random from a fixed seed, so that every index has the same."""
    drawn = np.random.default_rng(_SEED).standard_normal((dimension, NUM_DIRECTIONS))
    return np.asarray(drawn / np.sqrt(NUM_DIRECTIONS), dtype=np.float32)
