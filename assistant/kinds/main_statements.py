"""The main statements of a document: for each section the sentences that stand for it, chosen by a plain score.

The score adds up where a sentence stands in its section, how near it is to what its section and its document say as a
whole (by the vectors of the index), whether it names or counts something, and whether it can stand alone. It was set
by hand, and it reads no argument.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from corpus.document import NUMBERED_PARAGRAPH, Document
from index.embedding import Vectors
from index.passage import Passage
from index.retrieval import Retriever, Sentences
from index.words import words

MAX_STATEMENTS = 8
_A_SECTION = 2
_WEIGHTS = {"position": 0.30, "document": 0.25, "section": 0.15, "names": 0.15, "length": 0.15}
_LEANS = 0.25
"""What a sentence loses that leans on the one before it, or that only introduces a list."""
_SHORT_WORDS, _LONG_WORDS = 8, 45
_NAME_OR_NUMBER = re.compile(r"\d|(?<!^)(?<![.!?]\s)\b[A-Z][\w’'-]+|[\u30a0-\u30ff\u4e00-\u9fff]{3,}")
_LEANING = re.compile(
    r"(?:it|its|they|their|these|those|this|that|he|she|his|her|such|there|then|however|but|and|also|thus|the (?:same|"
    r"former|"
    r"latter|other)|among them|one is|これ|それ|その|この|また|しかし)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence `[start, end)` of a document, the heading of its section, and its score within 0 and 1."""

    start: int
    end: int
    heading: str
    score: float


def whole(document: Document) -> Passage:
    """All of a document as one stretch, to ask the index for its sentences."""
    return Passage("", document.id, 0, len(document.text), document.text, title=document.title)


def main_statements(document: Document, retriever: Retriever, *, most: int = MAX_STATEMENTS) -> list[Statement]:
    """At most `most` sentences of a document, in its order: one or two a section; of many sections the
    first and the best ones.

    Empty where the document is not indexed any more.
    """
    (sentences,) = retriever.sentences([whole(document)])
    if not sentences.spans or most < 1:
        return []
    groups = _by_section(document, sentences.spans)
    scores = _scores(document, sentences, groups)
    ranked = [sorted(group, key=lambda i: -scores[i]) for group in groups]
    if len(ranked) > most:
        ranked = ranked[:1] + sorted(ranked[1:], key=lambda group: -scores[group[0]])[: most - 1]
    a_section = min(_A_SECTION, max(1, most // len(ranked)))
    chosen = [i for group in ranked for i in group[:a_section]]
    return [
        Statement(*sentences.spans[i], _heading(document, sentences.spans[i][0]), scores[i]) for i in sorted(chosen)
    ]


def _by_section(document: Document, spans: Sequence[tuple[int, int]]) -> list[list[int]]:
    """The numbers of the sentences of each section; where a document has no headings, of its beginning, and so on."""
    levels = sorted({s.level for s in document.sections if s.level < NUMBERED_PARAGRAPH})
    for depth in range(len(levels), 0, -1):  # as fine as gives no more sections than can be shown
        starts = sorted({s.start for s in document.sections if s.level in levels[:depth]})
        groups: dict[int, list[int]] = {}
        for i, (start, _) in enumerate(spans):
            groups.setdefault(bisect_right(starts, start), []).append(i)
        if len(groups) > 1 and (len(groups) <= MAX_STATEMENTS or depth == 1):
            return list(groups.values())
    parts = np.array_split(np.arange(len(spans)), min(4, len(spans)))
    return [[int(i) for i in part] for part in parts]


def _scores(document: Document, sentences: Sentences, groups: Sequence[Sequence[int]]) -> list[float]:
    scores = [0.0] * len(sentences.spans)
    to_document = _nearness(sentences.vectors, list(range(len(scores))))
    for group in groups:
        to_section = _nearness(sentences.vectors, group)
        for place, i in enumerate(group):
            start, end = sentences.spans[i]
            wording = document.text[start:end]
            told = {
                "position": 1 / (1 + place),
                "document": to_document[i],
                "section": to_section[place],
                "names": float(_NAME_OR_NUMBER.search(wording) is not None),
                "length": _length(wording),
            }
            leans = place > 0 and _LEANING.match(wording) is not None
            opens_list = wording.rstrip().endswith((":", "："))
            scores[i] = max(
                0.0, sum(_WEIGHTS[name] * x for name, x in told.items()) - _LEANS * (leans + 2 * opens_list)
            )
    return scores


def _nearness(vectors: Vectors, numbers: Sequence[int]) -> list[float]:
    """The cosine, at least 0, of each of these rows to their mean."""
    some = vectors[list(numbers)]
    mean = some.mean(axis=0)
    return [max(0.0, float(x)) for x in some @ (mean / max(float(np.linalg.norm(mean)), 1e-9))]


def _length(wording: str) -> float:
    """1 for a sentence of a usual length, less for one that is shorter or longer."""
    count = len(words(wording))
    return min(1.0, count / _SHORT_WORDS, _LONG_WORDS / max(count, 1))


def _heading(document: Document, position: int) -> str:
    """The innermost heading above a position that is not the document's title; empty where there is none."""
    above = [s.heading for s in document.sections if s.level < NUMBERED_PARAGRAPH and s.start <= position < s.end]
    return above[-1] if above and above[-1] != document.title else ""
