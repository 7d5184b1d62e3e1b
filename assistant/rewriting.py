"""A follow-up question as one that stands alone, by rules.

A question that names what it is about is left alone, word for word. One that points back ("Who implements it?", "And in
Japan?") gets the names of the last turn that has any, or that turn's words. It resolves no grammar: where two names
compete, both are taken along, and the reader sees the standalone question and can ask it differently.
"""

import re
from collections.abc import Sequence

from assistant.conversation import Message
from index.words import STOP_WORDS, words

MAX_TOPIC_WORDS = 12

_OPENING = re.compile(r"\s*(and|but|or|so|also|what about|how about|what of|what else|anything else)\b", re.IGNORECASE)
_PRONOUN = re.compile(
    r"\b(?P<possessive>its|their|his|her(?=\s+[a-z])|hers|theirs)\b|"
    r"\b(?P<personal>it|they|them|he|she|him|her)\b|"
    r"\b(?P<pointing>this|these|those|there(?=\s*\?)|that(?=\s*\?)|"
    r"(?:about|after|at|before|by|did|do|does|during|for|from|in|is|of|on|to|was|with)\s+that(?=\s[a-z])|"
    r"the (?:same|former|latter|other|others|first one|second one))\b",
    re.IGNORECASE,
)
_EMPTY_IT = re.compile(
    r"\b(is it (true|possible|known|clear|correct)|it is (true|known|said|possible))\b", re.IGNORECASE
)
_NAME = re.compile(
    r"(?:[A-Z][\w’'&.-]*\w|[A-Z]|\d+(?:st|nd|rd|th)|\d{4})"
    r"(?:\s+(?:(?:of|for|on|in|and|the|de|between)\s+){0,2}(?:[A-Z][\w’'&.-]*\w|[A-Z]\b|\d{4}))*"
)
_NOT_NAMES = frozenset(
    (
        "tell show give list explain describe summarise summarize compare find name define please thanks thank ok "
        "okay yes hello hi according say let i"
    ).split()
)


def standalone_question(question: str, history: Sequence[Message]) -> str:
    """The question with what it leaves to its history put in; the question itself when it needs none.

    >>> standalone_question("Who implements it?", [Message("user", "Tell me about NEXUS.")])
    'Who implements NEXUS?'
    >>> standalone_question("And in Japan?", [Message("user", "Who led the British side of the 2021 meeting?")])
    'And in Japan? (Who led the British side of the 2021 meeting?)'
    """
    asked = [message.content for message in history if message.role == "user" and message.content.strip()]
    if not asked:
        return question
    pronoun = _open_pronoun(question)
    elliptic = bool(_OPENING.match(question)) or (pronoun is None and _is_fragment(question))
    if pronoun is None and not elliptic:
        return question
    names = next((found for turn in reversed(asked) if (found := names_in(turn))), [])
    if pronoun is not None and len(names) == 1 and pronoun.lastgroup != "pointing" and not elliptic:
        suffix = "’s" if pronoun.lastgroup == "possessive" else ""
        return question[: pronoun.start()] + names[0] + suffix + question[pronoun.end() :]
    return f"{question} ({_topic(asked, names, elliptic=elliptic)})"


def names_in(text: str) -> list[str]:
    """The names in a text: runs of capitalised words, acronyms and years, a first word that only opens it left out.

    >>> names_in("What did the Joint High Level Committee in Tokyo say on NEXUS?")
    ['Joint High Level Committee in Tokyo', 'NEXUS']
    """
    found = []
    for match in _NAME.finditer(text):
        name = match.group()
        if match.start() == 0 or text[: match.start()].rstrip().endswith((".", "!", "?")):
            first, _, rest = name.partition(" ")
            if first.lower() in STOP_WORDS or first.lower() in _NOT_NAMES:
                name = re.sub(r"^(?:of|for|on|in|and|the|between)\s+", "", rest)
        if name:
            found.append(name)
    return list(dict.fromkeys(found))


def _open_pronoun(question: str) -> re.Match[str] | None:
    """The first pronoun that nothing before it in the question can be the antecedent of."""
    if _EMPTY_IT.search(question):
        return None
    pronoun = _PRONOUN.search(question)
    return pronoun if pronoun and not names_in(question[: pronoun.start()]) else None


def _is_fragment(question: str) -> bool:
    """Whether the question says too little to be searched for: "Why?", "How much?", "Who signed?"."""
    return not names_in(question) and sum(word not in STOP_WORDS for word in words(question)) <= 1


def _topic(asked: Sequence[str], names: Sequence[str], *, elliptic: bool) -> str:
    """What the question leaves out: the whole last question for an ellipsis, else the names, else its words."""
    last = asked[-1].strip()
    if elliptic and len(last.split()) <= 2 * MAX_TOPIC_WORDS:
        missing = [name for name in names if name not in last]
        return "; ".join([last, *missing])
    if names:
        return ", ".join(names[:3])
    content = [word for word in re.findall(r"[\w’'-]+", last) if word.lower() not in STOP_WORDS]
    return " ".join(content[:MAX_TOPIC_WORDS])
