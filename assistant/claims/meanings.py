"""How near the words of a claim are in meaning to those of its quotes: late interaction of token vectors.

Each word of the claim is held against its nearest in a quote, both read in their context [1]. Nothing is read here.

[1] Khattab & Zaharia, "ColBERT", SIGIR 2020, equation 3.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.claims.alignment import Alignment
from assistant.claims.text import Sentence
from index.embedding import Encoder, Vectors

_NEAR, _MAX_NAMES = 5, 8


@dataclass(frozen=True, slots=True)
class Encoded:
    """What a text is to an embedder: its vector, and for each token that was read of it one, unit rows `(n, d)`."""

    vector: Vectors
    tokens: Vectors


def encode(encoder: Encoder, texts: Sequence[Sentence]) -> dict[str, Encoded]:
    """What the texts are to the embedder, by their wording, in one call of it. Words are read within their text."""
    distinct = list({sentence.text: sentence for sentence in texts}.values())
    spans = [[(token.start, token.end) for token in sentence.tokens] for sentence in distinct]
    vectors, found = encoder.encode_spans([sentence.text for sentence in distinct], spans)
    return {
        sentence.text: Encoded(vector, some.vectors)
        for sentence, vector, some in zip(distinct, vectors, found, strict=True)
    }


def meaning_features(a: Alignment, encoded: Mapping[str, Encoded]) -> dict[str, float]:
    """Cosines of the claim as a whole, and of its words, alone and in pairs, to the nearest words of the quotes."""
    mine, theirs = encoded[a.claim.text], [encoded[sentence.text] for sentence in a.sentences]
    vectors = np.stack([other.vector for other in theirs])
    cosines = vectors @ mine.vector
    content = mine.tokens[list(a.content)]
    together, ordered = _soft_pairs(content, [theirs[j].tokens for j in a.focus])
    firsts = np.cumsum([0, *(len(other.tokens) for other in theirs[:-1])])
    similarities = content @ np.concatenate([other.tokens for other in theirs]).T
    near = np.maximum.reduceat(similarities, firsts, axis=1) if len(content) else np.zeros((0, len(theirs)))
    focus, everywhere = near[:, a.focus].max(axis=1, initial=-1.0), near.max(axis=1, initial=-1.0)
    place = {i: row for row, i in enumerate(a.content)}
    clauses = [[place[i] for i in clause] for clause in a.claim.clauses] or [list(range(len(a.content)))]
    shared = _echoes(a, similarities, firsts)
    named = [shared[row] for row, i in enumerate(a.content) if a.claim.tokens[i].weight > 1.2 and row in shared]
    return {
        "cosine_sentence": float(cosines.max()),
        "cosine_focus": _cosine(vectors[a.focus].sum(axis=0), mine.vector),
        "cosine_all": _cosine(vectors.sum(axis=0), mine.vector),
        "words_near": float(a.weights @ focus) / a.total,
        "words_near_all": float(a.weights @ everywhere) / a.total,
        "words_near_least": float(np.sort(everywhere)[: max(1, len(everywhere) // 5)].mean()) if len(content) else 0.0,
        "missing_near": float(everywhere[~a.anywhere].mean()) if (~a.anywhere).any() else 1.0,
        "clause_near": min((float(focus[rows].mean()) for rows in clauses if rows), default=0.0),
        "shared_near": float(np.mean(list(shared.values()))) if shared else 0.0,
        "pairs_near": float(together.mean()) if len(together) else 0.5,
        "pairs_near_least": float(together.min()) if len(together) else 0.5,
        "pairs_near_ordered": float(ordered.mean()) if len(ordered) else 0.5,
        "names_confused": _confused(a, similarities, firsts),
        "names_near": float(min(named)) if named else 0.8,
    }


def _echoes(a: Alignment, similarities: np.ndarray, firsts: np.ndarray) -> dict[int, float]:
    """For each content word of the claim that stands in a quote too, how alike the two are at the best such place."""
    found = {}
    for row, i in enumerate(a.content):
        columns = [firsts[j] + k for j, s in enumerate(a.sentences) for k in s.places.get(a.claim.keys[i], ())]
        if columns:
            found[row] = float(similarities[row, columns].max())
    return found


def _soft_pairs(content: Vectors, sentences: Sequence[Vectors]) -> tuple[Vectors, Vectors]:
    """For each two neighbouring content words how near both are to words of one sentence that stand within five words
    of each other: the less near of the two, at the best such place; and the same in their order.
    """
    count = max(len(content) - 1, 0)
    together, ordered = np.full(count, -1.0, np.float32), np.full(count, -1.0, np.float32)
    for tokens in sentences:
        near = content @ tokens.T
        if not count or not near.shape[1]:
            continue
        for shift in range(-_NEAR, _NEAR + 1):
            if not shift or abs(shift) >= near.shape[1]:
                continue
            one, other = near[:-1], near[1:]
            both = (
                np.minimum(one[:, :-shift], other[:, shift:])
                if shift > 0
                else np.minimum(one[:, -shift:], other[:, :shift])
            ).max(axis=1)
            together = np.maximum(together, both)
            ordered = np.maximum(ordered, both) if shift > 0 else ordered
    return together, ordered


def _confused(a: Alignment, similarities: np.ndarray, firsts: np.ndarray) -> float:
    """How much nearer two names of the claim are to each other's places in the quotes than to their own, at most."""
    rows = [row for row, i in enumerate(a.content) if a.claim.tokens[i].is_name and a.anywhere[row]][:_MAX_NAMES]
    columns = {
        row: [firsts[j] + k for j, s in enumerate(a.sentences) for k in s.places.get(a.claim.keys[a.content[row]], ())]
        for row in rows
    }
    worst = -1.0
    for one in rows:
        for other in rows:
            if one < other and columns[one] and columns[other]:
                own = similarities[one, columns[one]].max() + similarities[other, columns[other]].max()
                turned = similarities[one, columns[other]].max() + similarities[other, columns[one]].max()
                worst = max(worst, float(turned - own) / 2)
    return worst


def _cosine(one: np.ndarray, other: np.ndarray) -> float:
    return float(one @ other / max(float(np.linalg.norm(one) * np.linalg.norm(other)), 1e-9))
