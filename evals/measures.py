"""What is measured of an answer: one function a measure, from a case and its answer to a score.

A citation *meets* a judgement when the two spans share at least half of the shorter one. Scores of several cases are
averaged only where the measure applies. Standard measures of retrieval and of reading comprehension are not here.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np

from assistant.answer import Answer, Citation
from evals.case import Case, Judgement, Score

Measure = Callable[[Case, Answer], Score]

_RESAMPLES = 2_000


def right_document(case: Case, answer: Answer) -> Score:
    """Share of the groups with a citation of a right document."""
    return _share_of_groups(case, answer, lambda citation, judgement: citation.document_id == judgement.document_id)


def right_words(case: Case, answer: Answer) -> Score:
    """Share of the groups that a citation meets: 1.0 when all that the answer needs is quoted."""
    return _share_of_groups(case, answer, share_half)


def right_words_first(case: Case, answer: Answer) -> Score:
    """1.0 when the first citation meets a judgement."""
    if not case.answerable:
        return Score(None, "there is no answer to cite")
    first = answer.citations[:1]
    return Score(float(any(share_half(citation, judgement) for citation in first for judgement in case.judgements)))


def citation_precision(case: Case, answer: Answer) -> Score:
    """Share of the citations that meet a judgement. A lower bound: other words may serve too without being judged."""
    if not case.answerable:
        return Score(None, "there is no answer to cite")
    if not answer.citations:
        return Score(None, "nothing was cited")
    met = [any(share_half(citation, judgement) for judgement in case.judgements) for citation in answer.citations]
    return Score(sum(met) / len(met))


def refused_rightly(case: Case, answer: Answer) -> Score:
    """Of the cases without an answer: 1.0 when it was refused."""
    return Score(None, "has an answer") if case.answerable else Score(float(answer.refusal is not None))


def refused_wrongly(case: Case, answer: Answer) -> Score:
    """Of the cases with an answer: 1.0 when it was refused. Better when lower, and named for it."""
    return Score(float(answer.refusal is not None)) if case.answerable else Score(None, "has no answer")


MEASURES: dict[str, Measure] = {
    "right document cited": right_document,
    "right words cited": right_words,
    "right words first": right_words_first,
    "citation precision": citation_precision,
    "refused rightly": refused_rightly,
    "refused wrongly": refused_wrongly,
}


class Span(Protocol):
    """Anything with a place: a citation, a judgement."""

    @property
    def document_id(self) -> str:
        """The document it is in."""

    @property
    def start(self) -> int:
        """Its first character."""

    @property
    def end(self) -> int:
        """The character after its last."""


def share_half(one: Span, other: Span) -> bool:
    """Whether the spans share at least half of the shorter one.

    >>> words = Judgement("a", 10, 30)
    >>> [share_half(words, other) for other in (Judgement("a", 20, 60), Judgement("a", 21, 60), Judgement("b", 10, 30))]
    [True, False, False]
    """
    if one.document_id != other.document_id:
        return False
    shared = min(one.end, other.end) - max(one.start, other.start)
    return 2 * shared >= min(one.end - one.start, other.end - other.start)


def token_f1(one: str, other: str) -> float:
    """The harmonic mean of precision and recall over the words of two texts, as SQuAD counts it: lower-case, without
    punctuation and articles (Rajpurkar et al., EMNLP 2016, section 6.1). Two empty texts are alike.

    >>> round(token_f1("the 16 March 2021", "March 2021"), 3)
    0.8
    """
    first, second = Counter(_plain_words(one)), Counter(_plain_words(other))
    if not first or not second:
        return float(first == second)
    shared = sum((first & second).values())
    return 2 * shared / (first.total() + second.total())


def _plain_words(text: str) -> list[str]:
    """The words as SQuAD's own script sees them; Japanese, which it does not know, character by character."""
    kept = "".join(character for character in text.casefold() if character.isalnum() or character.isspace())
    spaced = re.sub(r"([\u3040-\u30ff\u3400-\u9fff])", r" \1 ", kept)
    return [word for word in spaced.split() if word not in ("a", "an", "the")]


def mean_with_interval(values: Sequence[float], *, seed: int = 0) -> tuple[float, float, float]:
    """The mean, and the 95 % interval of it by the percentile bootstrap over cases (2,000 resamples, fixed seed).

    Efron & Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13.
    """
    sample = np.asarray(values, dtype=float)
    means = np.random.default_rng(seed).choice(sample, (_RESAMPLES, len(sample))).mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return float(sample.mean()), float(low), float(high)


def _share_of_groups(case: Case, answer: Answer, met: Callable[[Citation, Judgement], bool]) -> Score:
    if not case.answerable:
        return Score(None, "there is no answer to cite")
    groups = case.groups.values()
    hit = [any(met(citation, judgement) for citation in answer.citations for judgement in group) for group in groups]
    return Score(sum(hit) / len(hit))
