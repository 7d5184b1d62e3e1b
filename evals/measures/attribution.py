"""Citation recall and precision as ALCE defines them, by any judge: whether what is cited supports what is said.

Gao, Yen, Yu & Chen, "Enabling Large Language Models to Generate Text with Citations", EMNLP 2023, section 4. Of one
answer; their mean over answers is ALCE's. Our own answers were checked by the built-in verifier before they were shown,
so that its figures about them flatter: another judge's say more.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.answer import Answer
from assistant.pairs import SUPPORTED, Pair
from evals.case import Case, Score
from evals.judges import BUILT_IN, Grade, Judge, RememberingJudge
from evals.measures.kinds import Measure


@dataclass(frozen=True, slots=True)
class Cited:
    """A sentence of an answer with the quotes that it cites."""

    text: str
    quotes: tuple[str, ...]
    question: str = ""

    def pair(self, quotes: tuple[str, ...]) -> Pair:
        """The sentence and some of its quotes, for a judge."""
        return Pair(self.text, quotes, self.question)


def citation_recall(sentences: Sequence[Cited], judge: Judge) -> list[bool]:
    """For each sentence, whether all that it cites, taken together, supports it; never where it cites nothing.

    Raises `Unjudged` where the judge cannot say.
    """
    return _supported([sentence.pair(sentence.quotes) for sentence in sentences], judge)


def citation_precision(sentences: Sequence[Cited], judge: Judge) -> list[bool]:
    """For each citation, sentence by sentence, whether it is of use: its sentence is supported, and it supports it
    alone, or without it the rest does not. Raises `Unjudged` where the judge cannot say.

    By hand, with a judge that wants every word of the sentence: of "one", "two" and "one two" the last supports the
    sentence alone, and the first two are idle; of "one" and "two" neither does alone, and each is needed.

    >>> from evals.judges import Grade
    >>> class Words:
    ...     name = "words"
    ...     def grades(self, pairs):
    ...         said = [set(pair.claim.split()) <= set(" ".join(pair.quotes).split()) for pair in pairs]
    ...         return [Grade("supported" if one else "unsupported") for one in said]
    >>> citation_precision([Cited("one two", ("one", "two", "one two")), Cited("one two", ("one", "two"))], Words())
    [False, False, True, True, True]
    """
    pairs = [pair for sentence in sentences for pair in _parts(sentence)]
    found = iter(_supported(pairs, judge))
    return [useful for sentence in sentences for useful in _useful(len(sentence.quotes), found)]


def _parts(sentence: Cited) -> Iterator[Pair]:
    """The sentence with all its quotes, with each alone, and with all but each."""
    quotes = sentence.quotes
    yield sentence.pair(quotes)
    yield from (sentence.pair((quote,)) for quote in quotes)
    yield from (sentence.pair(quotes[:i] + quotes[i + 1 :]) for i in range(len(quotes)))


def _useful(num: int, found: Iterator[bool]) -> list[bool]:
    whole, alone = next(found), [next(found) for _ in range(num)]
    without = [next(found) for _ in range(num)]
    return [whole and (one or not rest) for one, rest in zip(alone, without, strict=True)]


class Unjudged(Exception):
    """The judge could not say; the message says why."""


def _supported(pairs: Sequence[Pair], judge: Judge) -> list[bool]:
    """Whether each pair is supported in full: a sentence that cites nothing never is, and is not put to the judge."""
    asked = [pair for pair in pairs if pair.quotes]
    grades = iter(judge.grades(asked)) if asked else iter(())
    return [bool(pair.quotes) and _is_supported(next(grades)) for pair in pairs]


def _is_supported(grade: Grade) -> bool:
    if grade.value is None:
        raise Unjudged(grade.reason)
    return grade.value == SUPPORTED


def sentences_of(answer: Answer) -> list[Cited]:
    """The claims of an answer with what they cite."""
    quotes = {citation.number: citation.quote for citation in answer.citations}
    return [
        Cited(claim.text, tuple(quotes[number] for number in claim.citations), answer.standalone_question)
        for claim in answer.claims
    ]


def attribution_measures(judge: Judge) -> dict[str, Measure]:
    """Citation recall and precision by this judge, whose name stands behind theirs unless it is the built-in one.

    Each pair is put to the judge once. What it cannot say leaves the answer unscored.
    """
    remembering = RememberingJudge(judge)
    suffix = "" if judge.name == BUILT_IN else f" ({judge.name})"

    def recall(case: Case, answer: Answer) -> Score:
        return _share(sentences_of(answer), remembering, is_recall=True)

    def precision(case: Case, answer: Answer) -> Score:
        return _share(sentences_of(answer), remembering, is_recall=False)

    return {f"citation recall{suffix}": recall, f"citation precision{suffix}": precision}


def _share(sentences: Sequence[Cited], judge: Judge, *, is_recall: bool) -> Score:
    if not sentences:
        return Score(None, "nothing was said")
    if not any(sentence.quotes for sentence in sentences) and not is_recall:
        return Score(None, "nothing was cited")
    try:
        found = (citation_recall if is_recall else citation_precision)(sentences, judge)
    except Unjudged as error:
        return Score(None, f"the judge could not say: {error}")
    return Score(sum(found) / len(found))
