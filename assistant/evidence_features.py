"""What a sentence, its neighbours and the windows around it say about whether it answers a question, as numbers.

The features of `evidence.py`'s model. Everything comes from the index and the text: nothing is encoded here.
"""

from collections.abc import Sequence
from itertools import pairwise
from math import log

import numpy as np

from assistant.question_words import asked_kind, holds_kind, named_stems
from index.embedding import Vectors
from index.late_interaction import word_similarities
from index.passage import Hit, Passage
from index.retrieval import Found, Query, Sentences, WordStatistics
from index.words import stems, words

FEATURES = (
    "sentence_cosine",  # question and sentence
    "late_interaction",  # question's words and the sentence's, each in its context, rare ones counting more
    "neighbour_cosine",  # question and the nearer one of the two neighbours
    "paragraph_cosine",  # question and the paragraph around the sentence, mean over its sentences
    "window_cosine",  # question and the best window that holds the sentence
    "window_score",  # that window's fused score
    "window_score_gap",  # how far below the best window's
    "lexical_share",  # its BM25 against the best possible for the question's words
    "mean_window_score",  # of all windows among the candidates that hold the sentence
    "log_windows",  # how many these are
    "coverage",  # share of the question's words, weighted by rarity, in the sentence
    "neighbour_coverage",  # as coverage, in the sentence before and the one after
    "paragraph_coverage",  # as coverage, in the paragraph
    "window_coverage",  # as coverage, in the best window
    "context_coverage",  # as coverage, in title and heading
    "pair_coverage",  # share of neighbouring question words that are neighbours in the sentence too
    "name_coverage",  # share of the question's names and numbers in the sentence
    "holds_asked_kind",  # whether it holds a number, date, name or reason where the question asks for one
    "log_words",  # length
    "is_first",  # whether it opens its paragraph
)

Row = tuple[Passage, int, int]
"""A sentence: the hit that it is in, and where it stands in the document."""


def sentence_features(
    question: str, found: Found, kept: Sequence[Sentences], statistics: WordStatistics
) -> tuple[list[Row], np.ndarray]:
    """The sentences of the hits, and their `(n, len(FEATURES))` features; `kept` are the sentences of each hit."""
    asked = _Question(question, statistics)
    rows: list[Row] = []
    columns: list[dict[str, np.ndarray]] = []
    for hit, sentences in zip(found.hits, kept, strict=True):
        if sentences.spans and found.query is not None:
            within = [window for window in found.windows if window.passage.document_id == hit.passage.document_id]
            holding = [_holding(within, span) for span in sentences.spans]
            cosines = sentences.vectors @ found.query.vector
            rows += [(hit.passage, start, end) for start, end in sentences.spans]
            of_windows = _of_windows(asked, holding, found.windows[0].score)
            late = {"late_interaction": asked.late(found.query, sentences.tokens)}
            columns.append(_of_sentences(asked, hit.passage, sentences.spans, cosines, holding) | of_windows | late)
    if not rows:
        return [], np.zeros((0, len(FEATURES)))
    joined = {name: np.concatenate([some[name] for some in columns]) for name in columns[0]}
    return rows, np.stack([joined[name] for name in FEATURES], axis=1).astype(np.float64)


def _of_sentences(
    asked: "_Question",
    passage: Passage,
    spans: Sequence[tuple[int, int]],
    cosines: np.ndarray,
    holding: Sequence[Sequence[Hit]],
) -> dict[str, np.ndarray]:
    """The features of one hit's sentences by name, but for those of windows and those that need all hits."""
    texts = [passage.text[start - passage.start : end - passage.start] for start, end in spans]
    stemmed = [stems(text) for text in texts]
    present = np.array([asked.present(some) for some in stemmed])
    paragraph = _paragraphs(passage, spans)
    return {
        "sentence_cosine": cosines,
        "neighbour_cosine": _neighbours(cosines),
        "paragraph_cosine": np.array([cosines[paragraph == number].mean() for number in paragraph]),
        "coverage": asked.coverage(present),
        "neighbour_coverage": asked.coverage(_neighbours(present)),
        "paragraph_coverage": asked.coverage(np.array([present[paragraph == n].any(axis=0) for n in paragraph])),
        "window_coverage": asked.coverage(_around(present, spans, holding)),
        "context_coverage": np.full(len(spans), asked.context_coverage(passage)),
        "pair_coverage": np.array([asked.pair_coverage(some) for some in stemmed]),
        "name_coverage": np.array([asked.name_coverage(some) for some in stemmed]),
        "holds_asked_kind": np.array([holds_kind(asked.kind, text, asked.words) for text in texts]),
        "log_words": np.log1p([len(some) for some in stemmed]),
        "is_first": np.append(1.0, np.diff(paragraph) > 0),
    }


def _of_windows(asked: "_Question", holding: Sequence[Sequence[Hit]], best: float) -> dict[str, np.ndarray]:
    """What the search says of the windows that hold each sentence; the first of them is the best."""
    scores = np.array([windows[0].score for windows in holding])
    return {
        "window_cosine": np.array([windows[0].dense or 0.0 for windows in holding]),
        "window_score": scores,
        "window_score_gap": scores - best,
        "lexical_share": np.array([asked.lexical_share(windows[0].lexical) for windows in holding]),
        "mean_window_score": np.array([sum(w.score for w in windows) / len(windows) for windows in holding]),
        "log_windows": np.log1p([len(windows) for windows in holding]),
    }


def _paragraphs(passage: Passage, spans: Sequence[tuple[int, int]]) -> np.ndarray:
    """For each sentence the number of its paragraph within the passage: a line break stands between two."""
    breaks = (
        "\n" in passage.text[before[1] - passage.start : after[0] - passage.start] for before, after in pairwise(spans)
    )
    return np.cumsum([0, *breaks])


def _neighbours(values: np.ndarray) -> np.ndarray:
    """For each row the greater of the two next to it, or the one there is; a row that is alone stands for itself."""
    if len(values) == 1:
        return values
    before, after = np.roll(values, 1, axis=0), np.roll(values, -1, axis=0)
    before[0], after[-1] = values[1], values[-2]
    return np.asarray(np.maximum(before, after))


def _around(present: np.ndarray, spans: Sequence[tuple[int, int]], holding: Sequence[Sequence[Hit]]) -> np.ndarray:
    """Which words of the question are in the best window around each sentence."""
    starts, ends = np.array(spans).T
    return np.array([present[(starts >= w[0].passage.start) & (ends <= w[0].passage.end)].any(axis=0) for w in holding])


def _holding(windows: Sequence[Hit], span: tuple[int, int]) -> list[Hit]:
    """The document's candidates that hold the whole sentence, best first; a hit is made of such, so there is one."""
    return [window for window in windows if window.passage.start <= span[0] and span[1] <= window.passage.end]


class _Question:
    """A question's words with their rarity, for measuring how much of it a text covers."""

    def __init__(self, question: str, statistics: WordStatistics) -> None:
        counts, num_passages = statistics.passages_by_stem, statistics.num_passages
        self.kind = asked_kind(question)
        self.words = frozenset(words(question))
        self._stems = list(counts)
        self._rarity = np.array([log(1 + (num_passages + 1) / (counts[stem] + 0.5)) for stem in self._stems])
        self._total = float(self._rarity.sum())
        self._names = named_stems(question)
        self._pairs = set(pairwise(stems(question)))
        self._word_weights: np.ndarray | None = None

    def present(self, found: Sequence[str]) -> np.ndarray:
        """`(number of stems,)` bool: which of the question's stems are among these."""
        there = set(found)
        return np.array([stem in there for stem in self._stems], dtype=bool)

    def coverage(self, present: np.ndarray) -> np.ndarray:
        """`(n, number of stems)` to `(n,)`: the share of the question that is covered, rare words counting more."""
        return np.asarray(present @ self._rarity / self._total if self._total else np.zeros(len(present)))

    def context_coverage(self, passage: Passage) -> float:
        around = stems(" ".join(part for part in (passage.title, passage.heading) if part))
        return float(self.coverage(self.present(around)[None, :])[0])

    def late(self, query: Query, sentences: Sequence[Vectors]) -> np.ndarray:
        """How near the question's words are to those of each sentence, each word counting as its rarest stem does."""
        if not query.words:
            return np.zeros(len(sentences))
        similarities = word_similarities([vectors for _, vectors in query.words], sentences)
        return np.asarray(similarities @ self._weights(query))

    def _weights(self, query: Query) -> np.ndarray:
        if self._word_weights is None:
            rarity = dict(zip(self._stems, self._rarity, strict=True))
            found = [max((rarity.get(stem, 0.0) for stem in stems(word)), default=0.0) for word, _ in query.words]
            weights = np.array(found) + 1e-6
            self._word_weights = weights / weights.sum()
        return self._word_weights

    def lexical_share(self, score: float | None) -> float:
        """BM25 over what it would be if each word of the question occurred once in a passage of mean length."""
        return (score or 0.0) / self._total if self._total else 0.0

    def pair_coverage(self, found: Sequence[str]) -> float:
        return len(self._pairs & set(pairwise(found))) / len(self._pairs) if self._pairs else 0.0

    def name_coverage(self, found: Sequence[str]) -> float:
        return len(self._names & set(found)) / len(self._names) if self._names else 0.5
