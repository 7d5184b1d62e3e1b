"""The quote writer: an answer made of the documents' own sentences. It needs no LLM and can invent nothing.

It decides how many sentences are worth a reader's time, and says nothing of its own.
"""

from collections.abc import Sequence

from assistant.evidence import Evidence
from assistant.phrases import marked_phrase
from assistant.statement import Statement

WRITER = "quote"
MAX_QUOTES = 6

_ENOUGH = 0.97
"""Stop when the answer is among the sentences so far with this probability, taking each for independent."""
_CERTAIN = 0.5
"""A sentence at least this probable is always worth its place."""
_USUAL_QUOTES = 3
_WORTH_SHARE = 0.05
"""A sentence much less probable than the best one only distracts."""


def quotes(evidence: Sequence[Evidence]) -> list[Evidence]:
    """The sentences to show, most probable first, from evidence in that order: one to six of them."""
    chosen: list[Evidence] = []
    missing = 1.0
    for item in evidence[:MAX_QUOTES]:
        usual = len(chosen) < _USUAL_QUOTES and missing > 1 - _ENOUGH
        worth = item.probability >= _WORTH_SHARE * evidence[0].probability
        if item.probability < _CERTAIN and not (usual and worth):
            break
        chosen.append(item)
        missing *= 1 - item.probability
    return chosen


def quoted(evidence: Sequence[Evidence], question: str) -> list[Statement]:
    """The sentences to show as statements; the phrase that answers, where the first has one, stands before it."""
    chosen = [Statement(item.text, (item,)) for item in quotes(evidence)]
    if not chosen:
        return []
    first = chosen[0].text
    phrase = marked_phrase(first, question)
    leads = phrase is not None and first[slice(*phrase)] != first
    return [Statement(first[slice(*phrase)], chosen[0].evidence), *chosen] if phrase and leads else chosen
