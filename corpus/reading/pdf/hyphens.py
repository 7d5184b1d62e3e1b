"""The lines of a PDF as one line, and the hyphens between them kept where they belong to a word.

Whether one does is told from its neighbours, and where these do not tell, from how the rest of the document writes the
word. It knows no language: a word that the document has only once may keep or lose a hyphen wrongly.
"""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from corpus.blocks import PAGE_BREAK
from corpus.reading.pdf.pieces import is_unspaced

DOUBTFUL = "\u00ad"
"""Stands where a line ended in a hyphen, until `mended` knows whether it belongs to the word."""
_MIN_WORD = 4
_MAX_WORD = 40
_DOUBT = re.compile(rf"(\w{{1,{_MAX_WORD}}}){DOUBTFUL}({PAGE_BREAK}?)(\w{{1,{_MAX_WORD}}})")
_WORD = re.compile(r"\w+(?:-\w+)+|\w+")
_SUSPENDED = frozenset("and or und oder et ou y e o en of bzw".split())


def mended(texts: Sequence[str]) -> list[str]:
    """The texts with each doubtful hyphen kept or dropped, as the document writes the word elsewhere.

    Where it does not, the hyphen is kept between two words that it has, "privacy" and "preserving", else dropped.
    """
    doubtful = {
        pair for text in texts if DOUBTFUL in text for found in _DOUBT.finditer(text) for pair in [_parts(found)]
    }
    wanted = {word for a, b in doubtful for word in (a, b, f"{a}-{b}", f"{a}{b}")}
    seen = Counter[str]()
    for text in texts if wanted else ():
        whole = _DOUBT.sub(" ", text) if DOUBTFUL in text else text
        seen.update(word for found in _WORD.finditer(whole) if (word := found[0].lower()) in wanted)

    def decided(found: re.Match[str]) -> str:
        before, after = _parts(found)
        compound, word = seen[f"{before}-{after}"], seen[before + after]
        are_words = min(len(before), len(after)) >= _MIN_WORD and seen[before] and seen[after]
        is_kept = compound > word or (not word and are_words)
        return f"{found[1]}{'-' if is_kept else ''}{found[2]}{found[3]}"

    return [_DOUBT.sub(decided, text).replace(DOUBTFUL, "") if DOUBTFUL in text else text for text in texts]


def _parts(found: re.Match[str]) -> tuple[str, str]:
    return found[1].lower(), found[3].lower()


def joined_words(lines: Sequence[str]) -> str:
    """The lines as one text, in time that grows with its length."""
    parts = [lines[0]]
    for before, after in pairwise(lines):
        num_dropped, between = joint(before, after)
        parts[-1] = parts[-1][: len(parts[-1]) - num_dropped] + between
        parts.append(after)
    return "".join(parts)


def joint(before: str, after: str) -> tuple[int, str]:
    """How many characters at the end of a line go, and what stands between it and the next.

    That is a space, nothing in Japanese, and a hyphen that belongs to the word, is not part of it, or is in doubt.
    """
    if not before or not after:
        return 0, ""
    token = before.rsplit(None, 1)[-1]
    if token[-1] == "-" and token[-2:-1].isalnum():
        if after.split(None, 1)[0].lower() in _SUSPENDED:
            return 0, " "  # science- and technology-based
        if "-" in token[:-1] or not (token[-2].isalpha() and after[0].islower()):
            return 0, ""  # state-of-the-art, Franco-German, 2020-2025
        return 1, DOUBTFUL
    is_cjk = is_unspaced(before[-1]) and is_unspaced(after[0])
    is_address = token[-1] == "/" and "://" in token
    return 0, "" if is_cjk or is_address or token[-1] == "—" else " "
