"""A claim laid beside the sentences of its quotes: which of its words stand where, and which sentences bear it most.

Words are compared by their stems, figures by what they say. Nothing is weighed here.
"""

from collections.abc import Sequence

import numpy as np

from assistant.claims.facts import Date, Quantity
from assistant.claims.figures import distinct_dates, figures_of, is_stated, units_by_value
from assistant.claims.text import Sentence

NEAR_WORDS = 5
_FOCUS_SENTENCES = 3


class Alignment:
    """A claim laid beside the sentences of its quotes: which words are where, and which sentences bear it most.

    `content` are the claim's content tokens, `weights` what each counts (half when the question says it already),
    `present` `(content, sentences)` tells where each stands, `focus` the sentences that together hold most.
    """

    def __init__(self, claim: Sentence, sentences: Sequence[Sentence], question: Sentence | None = None) -> None:
        self.claim = claim
        self.sentences = sentences
        self.content = claim.content
        asked = set(question.keys) if question else set()
        counts = [claim.tokens[i].weight * (0.5 if claim.keys[i] in asked else 1.0) for i in self.content]
        self.weights = np.array(counts)
        self.total = float(self.weights.sum()) or 1.0
        self.spelled = claim.acronyms
        self.figures = {i: figure for figure in figures_of(claim) for i in _tokens_of(figure, claim)}
        self.present = np.zeros((len(self.content), len(sentences)), dtype=bool)
        for column, sentence in enumerate(sentences):
            self.present[:, column] = self._present(sentence)
        self.anywhere = np.asarray(self.present.any(axis=1))
        self.focus = self._focus()
        self.in_focus = np.asarray(self.present[:, self.focus].any(axis=1))
        self.focused = [sentences[j] for j in self.focus]

    def coverage(self, present: np.ndarray) -> float:
        """The weighted share of the claim's words that are present."""
        return float(self.weights @ present) / self.total

    def _present(self, sentence: Sentence) -> list[bool]:
        initials = sentence.acronyms
        units, dates = units_by_value([sentence]), distinct_dates([sentence])
        stated = {i for i, figure in self.figures.items() if is_stated(figure, units, dates)}
        prefixes = {key[:6] for key in sentence.places if len(key) >= 6}
        names_spelled = bool(self.spelled & set(sentence.places))
        return [
            (key := self.claim.keys[i]) in sentence.places
            or i in stated
            or key in initials
            or (len(key) >= 7 and key[:6] in prefixes and not self.claim.tokens[i].is_name)
            or (names_spelled and self.claim.tokens[i].is_name and self._spells(i, sentence))
            for i in self.content
        ]

    def _spells(self, i: int, sentence: Sentence) -> bool:
        initial = self.claim.text[self.claim.tokens[i].start].lower()
        return any(initial in spelled and spelled in sentence.places for spelled in self.spelled)

    def _focus(self) -> list[int]:
        held = np.zeros(len(self.content), dtype=bool)
        chosen: list[int] = []
        while len(chosen) < min(_FOCUS_SENTENCES, self.present.shape[1]):
            gains = self.weights @ (self.present & ~held[:, None])
            best = int(np.argmax(gains))
            if chosen and gains[best] <= 0.03 * self.total:
                break
            chosen.append(best)
            held |= self.present[:, best]
        return chosen


def near(sentence: Sentence, one: str, other: str, *, ordered: bool) -> bool:
    """Whether two keys stand within five words of each other, in this order where that is asked."""
    first, second = sentence.places.get(one), sentence.places.get(other)
    if not first or not second:
        return False
    return any(0 < j - i <= NEAR_WORDS or (not ordered and 0 < i - j <= NEAR_WORDS) for i in first for j in second)


def _tokens_of(figure: Quantity | Date, claim: Sentence) -> list[int]:
    return [i for i in claim.content if figure.start <= claim.tokens[i].start < figure.end]
