"""What kind of answer a question asks for, and whether a sentence holds one of that kind.

Told by words and shapes alone: "how much" wants an amount, "when" a date, "who" a person. It does not parse, and a
question that it cannot place asks for `ANYTHING`, which every sentence may answer.
"""

import re

from index.words import stems

ANYTHING, NUMBER, DATE, PERSON, PLACE, NAME, REASON = "anything", "number", "date", "person", "place", "name", "reason"
NAMES = (PERSON, PLACE, NAME)

_OPENS = (
    r"(?:^|[,;:.?!]\s*|\b(?:and|but|or|so|in|on|at|by|from|to|of|for|since|until|till|about|is|was|are|were|did)\s+)"
)
_ASKS = (
    (
        DATE,
        rf"{_OPENS}when\b|\b(?:what|which)\s+(?:year|date|day|month|century|decade)\b|\bhow\s+long\s+ago\b|いつ|何年|何月|何日",
    ),
    (
        NUMBER,
        r"\bhow\s+(?:much|many|long|far|old|big|large|tall|high|often|fast|deep|wide|heavy|hot|cold|strong)\b|"
        r"\b(?:what|which)\s+(?:percentage|percent|number|amount|share|proportion|size|cost|price|budget|sum|age|rate)\b|"
        r"\b(?:budget|cost|funding amount)\b|いくつ|いくら|何人|何個|何回|何パーセント|何歳",
    ),
    (REASON, r"\b(?:why|how\s+come)\b|\bwhat\s+(?:caused|led\s+to)\b|\bfor\s+what\s+reason\b|なぜ|何故|どうして"),
    (
        PERSON,
        rf"{_OPENS}(?:who|whom|whose)\b|\b(?:what|which)\s+(?:person|man|woman|president|minister|king)\b|誰|だれ",
    ),
    (
        PLACE,
        rf"{_OPENS}where\b|\b(?:what|which)\s+(?:country|countries|city|cities|state|place|town|river|region|location)\b|"
        r"どこ|何処",
    ),
    (
        NAME,
        r"\bwhich\b|\bwhat\s+(?:company|organi[sz]ation|agency|university|name|language|team|party|group|committee)\b|"
        r"\bwhat\s+(?:is|was)\s+the\s+name\b|どの",
    ),
)
_ASKS_FOR = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _ASKS)
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_DAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
_SIGNS = {
    NUMBER: re.compile(
        r"\d|\b(one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|hundred|thousand|million|billion|"
        r"half|third|quarter|several|few|many|most|percent)s?\b"
    ),
    DATE: re.compile(rf"\b(1\d{{3}}|20\d{{2}})s?\b|\b({_MONTHS}|{_DAYS}|century|decade)\b|年|月"),
    REASON: re.compile(
        r"\b(because|since|due to|as a result|so that|in order to|to (avoid|ensure|prevent|allow|help)|reason|causes?|"
        r"caused|led to|therefore|thus|owing)\b|ため|から"
    ),
}
_NAMED = re.compile(r"(?<!^)\b[A-Z][\w-]*|\b\w*\d\w*")
_CAPITALISED = re.compile(r"(?<![.!?]\s)(?<!^)\b[A-Z][\w’'-]+|\b[A-Z]{2,}\b|[\u30a0-\u30ff\u4e00-\u9fff]{2,}")


def asked_kind(question: str) -> str:
    """The kind of answer that a question asks for.

    >>> [asked_kind(question) for question in ("How much money is behind it?", "When was it signed?", "Explain it.")]
    ['number', 'date', 'anything']
    >>> asked_kind("What did the two sides say when they met?")
    'anything'
    """
    return next((kind for kind, asks in _ASKS_FOR if asks.search(question)), ANYTHING)


def named_stems(question: str) -> frozenset[str]:
    """The stems of the question's names and numbers: capitalised words but the first, and words with a digit.

    >>> sorted(named_stems("Who led the JAXA office in 2021?"))
    ['2021', 'jaxa']
    """
    return frozenset(stem for word in _NAMED.findall(question) for stem in stems(word.lower()))


def holds_kind(kind: str, sentence: str, question_words: frozenset[str]) -> float:
    """1.0 when the sentence holds something of that kind that the question does not say itself, else 0.0.

    `question_words` are the question's words in lower case. For `ANYTHING` it is 0.5: neither for nor against.
    """
    if kind == ANYTHING:
        return 0.5
    found = _CAPITALISED.finditer(sentence) if kind in NAMES else _SIGNS[kind].finditer(sentence.lower())
    return float(any(match.group().lower() not in question_words for match in found))
