"""Words as full text sees them: the same folding and stemming as the FTS5 index, for queries and features.

Stop words are those of English and Japanese. Where words are written without spaces, `segmentation.py` cuts them.
"""

import re
import unicodedata
from functools import lru_cache

from index.segmentation import is_unspaced, segmented

_WORD = re.compile(r"[^\W_]+")
_LATIN_MARK = re.compile(r"[\u0300-\u036f]")
_ACCENT = re.compile(r"(?<=[a-z])[\u0300-\u036f]+")

STOP_WORDS = frozenset(
    (
        "a about above after again against all am an and any are aren as at be because been before being below "
        "between both but by can cannot could couldn d did didn do does doesn doing don down during each few for from "
        "further had hadn has hasn have haven having he her here hers herself him himself his how i if in into is isn "
        "it its itself just let ll me might more most mustn my myself no nor not now of off on once only or other our "
        "ours ourselves out over own please re s same shan she should shouldn so some such t tell than that the their "
        "theirs them themselves then there these they this those through to too under until up us ve very was wasn we "
        "were weren what when where which while who whom whose why will with won would wouldn you your yours yourself "
        "yourselves "
        "何 いつ 何時 どこ 何処 誰 何れ どれ どの どう 何故 "
        "幾 幾ら 此の 其の 此れ 其れ 居る 有る 成る 言う 事 こと 物 為る 因る よる"
    ).split()
)


def words(text: str) -> list[str]:
    """The words of a text in order, lower-case and without diacritics.

    >>> words("The São-Paulo call, 2024")
    ['the', 'sao', 'paulo', 'call', '2024']
    """
    folded = _LATIN_MARK.sub("", unicodedata.normalize("NFKD", text.casefold()))
    found = _WORD.findall(unicodedata.normalize("NFC", folded))
    if not is_unspaced(folded):
        return found
    return [
        part for word in found for part in (_WORD.findall(" ".join(segmented(word))) if is_unspaced(word) else [word])
    ]


def full_text(text: str) -> str | None:
    """The text as the full-text index is to read it, where it cannot find the words itself; None where it can.

    >>> full_text("The 11th meeting"), full_text("日本と英国"), full_text("More CO₂")
    (None, '日本 英国', 'more co2')
    """
    found = words(text)
    return None if found == _words_of_fts5(text) else " ".join(found)


def stems(text: str) -> list[str]:
    """The stemmed words of a text in order, stop words left out.

    >>> stems("Who is funding the agreed programmes?")
    ['fund', 'agre', 'programm']
    """
    return [stem(word) for word in words(text) if word not in STOP_WORDS]


def _words_of_fts5(text: str) -> list[str]:
    """What FTS5 makes of a text: it knows no compatibility characters, and accents on Latin letters only."""
    folded = _ACCENT.sub("", unicodedata.normalize("NFD", text.lower()))
    return _WORD.findall(unicodedata.normalize("NFC", folded))


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Porter's stem of one lower-case word, the one that FTS5's `porter` tokenizer stores."""
    import snowballstemmer

    return str(snowballstemmer.stemmer("porter").stemWord(word))
