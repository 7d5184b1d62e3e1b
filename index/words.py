"""Words as full text sees them: the same folding and stemming as the FTS5 index, for queries and features.

English stop words only. Text without spaces between words is not split.
"""

import re
import unicodedata
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+")

STOP_WORDS = frozenset(
    (
        "a about above after again against all am an and any are aren as at be because been before being below "
        "between both but by can cannot could couldn d did didn do does doesn doing don down during each few for from "
        "further had hadn has hasn have haven having he her here hers herself him himself his how i if in into is isn "
        "it its itself just let ll me might more most mustn my myself no nor not now of off on once only or other our "
        "ours ourselves out over own please re s same shan she should shouldn so some such t tell than that the their "
        "theirs them themselves then there these they this those through to too under until up us ve very was wasn we "
        "were weren what when where which while who whom whose why will with won would wouldn you your yours yourself "
        "yourselves"
    ).split()
)


def words(text: str) -> list[str]:
    """The words of a text in order, lower-case and without diacritics.

    >>> words("The São-Paulo call, 2024")
    ['the', 'sao', 'paulo', 'call', '2024']
    """
    folded = unicodedata.normalize("NFKD", text.casefold())
    return _WORD.findall("".join(c for c in folded if not unicodedata.combining(c)))


def stems(text: str) -> list[str]:
    """The stemmed words of a text in order, stop words left out.

    >>> stems("Who is funding the agreed programmes?")
    ['fund', 'agre', 'programm']
    """
    return [stem(word) for word in words(text) if word not in STOP_WORDS]


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Porter's stem of one lower-case word, the one that FTS5's `porter` tokenizer stores."""
    import snowballstemmer

    return str(snowballstemmer.stemmer("porter").stemWord(word))
