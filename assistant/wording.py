"""Whether a claim is, word for word, what a quote says: the one kind of support that needs no judgement.

A part of a sentence can say what the whole does not ("if", "denied that", "the brother of"), so a part counts only
where nothing in the sentence takes it back and it begins and ends where a clause does, or is too short to state
anything.
"""

import re
from collections.abc import Sequence

from assistant.claims.cue_words import HEDGE, NEGATION, WEAK_NEGATION
from corpus.language import JAPANESE, language_of
from corpus.sentences import sentence_spans

_EDGES = ".,;:!?。、．，；：！？\"'“”‘’「」『』()（）[]"
_STATES = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|do|does|did|will|would|can|could|may|might|must|should|\w{2,}ed|"
    r"made|built|led|held|won|lost|wrote|began|became|took|gave|went|sold|found|said|rose|fell|grew)\b|n['’]t\b",
    re.IGNORECASE,
)
_LIMITS = re.compile(
    r"\b(?:but|only|although|though|however|other than|according|said|says|told|wrote that|alleg\w+|argu\w+|"
    r"rumou?r\w*|myth|fiction\w*|if|when|until|till)\b",
    re.IGNORECASE,
)
_MAX_PHRASE_WORDS = 6


def is_said(claim: str, quotes: Sequence[str]) -> bool:
    """Whether the claim is a quote's words, those of a sentence or of a clause of it, or a short phrase in it.

    Case, white space and marks at the ends do not count.

    >>> quote = "The office in Port Elin runs it, and Mara Quist leads it. Its budget is 12 million crowns."
    >>> [is_said(claim, [quote]) for claim in ("Mara Quist leads it.", "12 million crowns", "It has a budget.")]
    [True, True, False]
    >>> is_said("It rained", ["They denied that it rained."])
    False
    """
    wanted = _words(claim)
    return bool(wanted) and any(wanted == _words(quote) or _is_part(wanted, quote) for quote in quotes)


def _words(text: str) -> list[str]:
    parts = "".join(text.split()) if language_of(text) == JAPANESE else text
    found = (part.strip(_EDGES).casefold() for part in parts.split())
    return [word for word in found if word]


def _is_part(wanted: list[str], quote: str) -> bool:
    language = language_of(quote)
    for a, b in sentence_spans(quote, 0, len(quote), language=language):
        sentence = quote[a:b]
        if _words(sentence) == wanted or (language != JAPANESE and _is_run(wanted, sentence)):
            return True
    return False


def _is_run(wanted: list[str], sentence: str) -> bool:
    parts = [part for part in sentence.split() if part.strip(_EDGES)]
    folded = [part.strip(_EDGES).casefold() for part in parts]
    for i in range(len(folded) - len(wanted) + 1):
        if folded[i] == wanted[0] and folded[i : i + len(wanted)] == wanted:
            before, inside, after = parts[:i], " ".join(parts[i : i + len(wanted)]), parts[i + len(wanted) :]
            if len(wanted) <= _MAX_PHRASE_WORDS and not _STATES.search(inside):
                return not _is_taken_back(" ".join(before[-4:]))
            opens = not before or before[-1][-1] in ",;:" or (before[-1].casefold() == "and" and len(before) > 1)
            closes = not after or inside[-1] in ",;:"
            return opens and closes and not _is_taken_back(" ".join((*before, "", *after)))
    return False


def _is_taken_back(text: str) -> bool:
    return any(pattern.search(text) for pattern in (NEGATION, WEAK_NEGATION, HEDGE, _LIMITS))
