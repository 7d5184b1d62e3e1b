"""Answers against a person's: exact match and token F1, as the official script of SQuAD 2.0 counts them.

Rajpurkar, Jia & Liang, "Know What You Don't Know", ACL 2018, and its `evaluate-v2.0.py`: lower case, without ASCII
punctuation and English articles; the best reference counts; a case without an answer is right when it is refused.
Meaning is not compared. Japanese, of which that script makes one token, is counted by the character, as JGLUE does
(Kurihara, Kawahara & Shibata, LREC 2022).
"""

import re
import string
from collections import Counter
from collections.abc import Callable, Sequence

from assistant.answer import Answer
from corpus.language import JAPANESE, language_of
from evals.case import Case, Score

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_NO_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalised(text: str) -> str:
    """The text as SQuAD's script compares it.

    >>> normalised("The  U.S.-Japan Agreement, a first!")
    'usjapan agreement first'
    """
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_NO_PUNCTUATION)).split())


def is_exact(one: str, other: str) -> bool:
    """Whether two texts are the same when normalised.

    >>> is_exact("the 22 April 2024.", "22 April 2024"), is_exact("April 2024", "22 April 2024")
    (True, False)
    """
    return normalised(one) == normalised(other)


def token_f1(one: str, other: str) -> float:
    """The harmonic mean of precision and recall over the tokens of two texts. Two empty texts are alike.

    "16 march 2021" and "march 2021" share two tokens of three and two: 2 · 2 / (3 + 2).

    >>> token_f1("the 16 March 2021", "March 2021")
    0.8
    """
    return _f1(normalised(one).split(), normalised(other).split())


def character_f1(one: str, other: str) -> float:
    """The same over the characters of two texts, white space aside, for Japanese.

    "科学技術" and "技術" share two characters of four and two: 2 · 2 / (4 + 2).

    >>> round(character_f1("科学技術", "技術"), 3)
    0.667
    """
    return _f1(list("".join(normalised(one).split())), list("".join(normalised(other).split())))


def best_over(score: Callable[[str, str], float], given: str, references: Sequence[str]) -> float:
    """The best score of what was given against any reference; against "" where none says anything.

    >>> best_over(token_f1, "March 2021", ["16 March", "March 2021"]), best_over(token_f1, "March 2021", ["the"])
    (1.0, 0.0)
    """
    usable = [reference for reference in references if normalised(reference)] or [""]
    return max(score(given, reference) for reference in usable)


def short_answer(answer: Answer) -> str:
    """What is compared: the first claim of an answer by quoting, which is the phrase that answers where one is told,
    or the sentence; else all that the LLM wrote. Empty for a refusal.
    """
    claims = answer.claims[:1] if answer.writer == "quote" else answer.claims
    return " ".join(claim.text for claim in claims)


def exact_match(case: Case, answer: Answer) -> Score:
    """1.0 when what was answered is a reference answer, normalised; or refused, where there is none."""
    return _read(case, answer, lambda given, reference: float(is_exact(given, reference)))


def answer_f1(case: Case, answer: Answer) -> Score:
    """Token F1 against the best reference answer, in Japanese by the character; 1.0 for a refusal where there is no
    answer.
    """
    return _read(case, answer, _f1_in_language)


def _read(case: Case, answer: Answer, score: Callable[[str, str], float]) -> Score:
    if not case.answerable:
        return Score(best_over(score, short_answer(answer), ()))
    if not case.references:
        return Score(None, "no reference answer is given")
    return Score(best_over(score, short_answer(answer), case.references))


def _f1_in_language(given: str, reference: str) -> float:
    return (character_f1 if language_of(reference) == JAPANESE else token_f1)(given, reference)


def _f1(first: Sequence[str], second: Sequence[str]) -> float:
    if not first or not second:
        return float(first == second)
    shared = (Counter(first) & Counter(second)).total()
    return 2 * shared / (len(first) + len(second))
