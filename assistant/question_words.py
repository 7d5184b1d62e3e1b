"""What kind of answer a question asks for, and whether a sentence holds one of that kind.

Told by words and shapes alone: "how much" wants an amount, "when" a date, "who" a name. It does not parse, and a
question that it cannot place asks for `ANYTHING`, which every sentence may answer.
"""

import re

ANYTHING, NUMBER, DATE, NAME, REASON = "anything", "number", "date", "name", "reason"

_ASKS = (
    (DATE, r"when|(what|which) (year|date|day|month|time|century|decade)|since when|how long ago"),
    (
        NUMBER,
        r"how (much|many|long|far|old|big|large|tall|high|often|fast|deep|wide|heavy)|"
        r"what (percentage|percent|number|amount|share|proportion|size|cost|price|budget|sum)|"
        r"budget|cost|funding amount",
    ),
    (REASON, r"why|what (caused|led to)|for what reason|how come"),
    (
        NAME,
        r"who|whom|whose|where|which|"
        r"what (country|city|state|place|company|person|organi[sz]ation|agency|university|name|language|river|team)",
    ),
)
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
        r"caused|led to|therefore|thus|owing)\b"
    ),
}
_CAPITALISED = re.compile(r"(?<![.!?]\s)(?<!^)\b[A-Z][\w’'-]+|\b[A-Z]{2,}\b")


def asked_kind(question: str) -> str:
    """The kind of answer that a question asks for.

    >>> [asked_kind(question) for question in ("How much money is behind it?", "When was it signed?", "Explain it.")]
    ['number', 'date', 'anything']
    """
    lowered = question.lower()
    return next((kind for kind, asks in _ASKS if re.search(rf"\b({asks})\b", lowered)), ANYTHING)


def holds_kind(kind: str, sentence: str, question_words: frozenset[str]) -> float:
    """1.0 when the sentence holds something of that kind that the question does not say itself, else 0.0.

    `question_words` are the question's words in lower case. For `ANYTHING` it is 0.5: neither for nor against.
    """
    if kind == ANYTHING:
        return 0.5
    found = _CAPITALISED.finditer(sentence) if kind == NAME else _SIGNS[kind].finditer(sentence.lower())
    return float(any(match.group().lower() not in question_words for match in found))
