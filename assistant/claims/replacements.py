"""What stands between the same words in a claim and in a quote, and differs: names, numbers, other words."""

from collections.abc import Sequence
from itertools import pairwise

from assistant.claims.alignment import NEAR_WORDS, Alignment
from assistant.claims.text import Sentence


def replacement_features(a: Alignment) -> dict[str, float]:
    """What stands between the same words and differs; names and numbers in rows as one."""
    keys, tokens = a.claim.keys, a.claim.tokens
    quoted = {pair for sentence in a.sentences for pair in pairwise(sentence.keys)}
    neighbours = there = names = others = 0
    i = 0
    while i < len(tokens):
        solid = tokens[i].is_name or tokens[i].is_number
        end = i + 1
        while solid and end < len(tokens) and (tokens[end].is_name or tokens[end].is_number):
            end += 1
        if tokens[i].weight:
            pairs = [(keys[k - 1], keys[k]) for k in (i, end) if 0 < k < len(keys)]
            if solid:
                neighbours += len(pairs)
                there += sum(pair in quoted for pair in pairs)
            is_stated = solid and i in a.figures and a.anywhere[a.content.index(i)]
            if not is_stated and any(_holds_another(sentence, a.claim, i, end) for sentence in a.focused):
                names, others = names + solid, others + (not solid)
        i = end
    return {
        "name_pairs": there / neighbours if neighbours else 1.0,
        "names_replaced": float(min(3, names)),
        "words_replaced": float(min(3, others)),
    }


def _holds_another(sentence: Sentence, claim: Sentence, start: int, end: int) -> bool:
    """Whether a sentence has, between the words on both sides of `claim.tokens[start:end]`, something else.

    At the claim's own ends two words on the one side stand for both.
    """
    keys, own = claim.keys, set(claim.keys[start:end])
    wanted = any(claim.tokens[k].is_name or claim.tokens[k].is_number for k in range(start, end))
    before, after = keys[max(0, start - 2) : start], keys[end : end + 2]
    if len(before) + len(after) < 2 or (not before and len(after) < 2) or (not after and len(before) < 2):
        return False
    for first in _ends(sentence, before) if before else [None]:
        for last in _starts(sentence, after) if after else [None]:
            low = first + 1 if first is not None else max(0, (last or 0) - (end - start))
            high = last if last is not None else min(len(sentence.keys), low + end - start)
            around = set(sentence.keys[max(0, low - NEAR_WORDS) : high + NEAR_WORDS])  # what is near was left out
            if 0 < high - low <= end - start + 2 and not around & own:
                found = sentence.tokens[low:high]
                if any((t.is_name or t.is_number) if wanted else t.weight for t in found):
                    return True
    return False


def _ends(sentence: Sentence, keys: Sequence[str]) -> list[int]:
    """Where the last of these keys stands with the one before it, if there is one, in front."""
    places = sentence.places.get(keys[-1], [])
    return [p for p in places if len(keys) < 2 or (p > 0 and sentence.keys[p - 1] == keys[0])] or (
        [p for p in places if sentence.tokens[p].weight]
    )


def _starts(sentence: Sentence, keys: Sequence[str]) -> list[int]:
    """The same of the first of the keys with the one behind it."""
    places = sentence.places.get(keys[0], [])
    last = len(sentence.keys) - 1
    return [p for p in places if len(keys) < 2 or (p < last and sentence.keys[p + 1] == keys[1])] or (
        [p for p in places if sentence.tokens[p].weight]
    )
