"""A plain English statement taken apart: its subject, its first verb, and the rest, so that it can be asked about.

Told by word lists and order alone, and only where that is safe: a sentence with a subordinate clause before its verb, a
negation, or a word that points back to another sentence gives nothing. It does not parse.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from assistant.question_making.verb_forms import AUXILIARIES, base_of_past, base_of_present

MAX_SUBJECT_WORDS = 14

MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_WEEKDAY = "(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
DATE = (
    rf"(?:(?:early|late|mid|spring|summer|autumn|winter|fiscal year|fiscal|the end of) ?-?)?(?:{_WEEKDAY},? )?"
    rf"(?:\d{{1,2}}(?:(?: and | to |[-–])\d{{1,2}})? {MONTH}(?: \d{{4}})?|{MONTH} \d{{4}}|(?:19|20)\d\d(?![\w–-]|,\d))"
)
_POINTS = frozenset(
    (
        "it its they their them this that these those he she his her him such here there one ones both former latter "
        "another other others same some many most several few each neither either none all two three what who which "
        "we our you your i so then thus also however note see"
    ).split()
)
_OPENS_CLAUSE = frozenset(
    (
        "according after although among as at because before besides by despite during for from if in like on once "
        "since through to under unlike until when where whereas while with within without not no"
    ).split()
)
_CLAUSE = frozenset("that which who whose whom where when if because while although".split())
_POINTING = re.compile(
    r"\b(?:it|its|they|their|them|this|these|those|he|she|his|her|him|such|former|latter|same|other|others|another|"
    r"above|below|following|here|we|our|you|your|latest|previous|earlier|later|also|however|both|current|respective|"
    r"said|digest|the \d+(?:st|nd|rd|th) (?:[a-z]+ )?(?:meeting|session|round|summit|call|conference)(?! of)|"
    r"that (?:newspaper|report|page|year|date|call|meeting|text|document|release))\b",
    re.IGNORECASE,
)
_LEADING_DATE = re.compile(rf"^(?P<word>In|On|By|Since) (?P<date>{DATE}),? (?=\S)")
_PARENTHESES = re.compile(r"\s*\([^()]*\)")
_APPOSITION = re.compile(r"^([^,]{3,120}), [^,]{2,80}, (?=\w)")
_PARTICIPLE = re.compile(
    r" (?:(?:\w+ly|not|also|already|since|long|now) )?(?:\w+ed|been|had|held|set|built|made|taken|given|begun|led|"
    r"won|known|written|put|met|come|become|gone|grown|drawn|chosen|seen|found|sent|spent|brought|risen|fallen|run)\b"
)
_NOT = re.compile(r"\b(?:not|no|never|nothing|neither|nor|without|however|n't)\b|n’t\b")


@dataclass(frozen=True, slots=True)
class Parts:
    """A statement's subject, the verb as it stands and its base, whether that is an auxiliary, the rest without its
    full stop, and the date that the sentence began with, with its preposition.
    """

    subject: str
    verb: str
    base: str
    is_auxiliary: bool
    rest: str
    leading_date: str = ""
    leading_word: str = ""

    def inverted(self, rest: str) -> str:
        """The statement as a question without its question word, with another rest.

        >>> Parts("the committee", "met", "meet", False, "in Rome in 2019").inverted("in Rome")
        'did the committee meet in Rome'
        """
        if self.is_auxiliary:
            return " ".join(f"{self.verb} {self.subject} {rest}".split())
        if self.verb == "have":
            return " ".join(f"do {self.subject} have {rest}".split())
        helper = "does" if base_of_present(self.verb) else "did"
        return " ".join(f"{helper} {self.subject} {self.base} {rest}".split())


def parts_of(sentence: str, names: Collection[str] = ()) -> Parts | None:
    """The parts of a statement; None where they cannot be told safely. `names` are words that keep their capital.

    >>> parts = parts_of("The committee met in Rome in 2019.")
    >>> parts.subject, parts.verb, parts.rest
    ('the committee', 'met', 'in Rome in 2019')
    """
    text = " ".join(_PARENTHESES.sub("", sentence).split())
    if not re.fullmatch(r"[^\"“”|?!]{20,400}[.:]|[^\"“”|?!]{20,400}: .{3,400}\.", text) or _NOT.search(text):
        return None
    leading = _LEADING_DATE.match(text)
    text = text[leading.end() :] if leading else text
    apposition = _APPOSITION.match(text)
    if apposition and _first_verb(apposition[1]) is None:
        text = _APPOSITION.sub(r"\1 ", text, count=1)
    found = _first_verb(text)
    if found is None:
        return None
    start, end, base, is_auxiliary = found
    subject, rest = text[:start].strip(), text[end:].strip().removesuffix(".")
    if re.match(r"(?:\w+ )?that\b", rest) or " already " in f" {rest} ":
        return None
    if not _is_subject(subject) or (not is_auxiliary and _has_other_verb(rest)):
        return None
    parts = Parts(_moved(subject, names), text[start:end], base, is_auxiliary, rest)
    return replace(parts, leading_date=leading["date"], leading_word=leading["word"].lower()) if leading else parts


def points_back(text: str) -> bool:
    """Whether a word points to something outside the text, so that it cannot stand alone.

    >>> points_back("When was it signed?"), points_back("When was the treaty signed?")
    (True, False)
    """
    return bool(_POINTING.search(text))


def _first_verb(text: str) -> tuple[int, int, str, bool] | None:
    """Where the first verb is, its base, and whether it is an auxiliary."""
    for match in re.finditer(r"[A-Za-z’'-]+", text):
        word = match.group()
        if match.start() == 0 or not word.islower():
            continue
        if word in _CLAUSE:
            return None
        if word in ("has", "have", "had") and not _PARTICIPLE.match(text, match.end()):
            return match.start(), match.end(), "have", False
        if word in AUXILIARIES:
            return match.start(), match.end(), word, True
        base = base_of_past(word) or base_of_present(word)
        if base:
            return match.start(), match.end(), base, False
    return None


def _is_subject(subject: str) -> bool:
    said = re.findall(r"[\w’'-]+", subject)
    return (
        0 < len(said) <= MAX_SUBJECT_WORDS
        and said[0].lower() not in _POINTS | _OPENS_CLAUSE
        and not re.search(r"[,;:]", subject)
        and (subject[0].isupper() or subject[0].isdigit() or subject.startswith("the "))
    )


def _has_other_verb(rest: str) -> bool:
    """Whether a finite verb follows in the same clause: the first one was then a participle of the subject."""
    clause = re.split(r"[,;:]|\b(?:that|which|who|and|but|when|where|while|after|before|because)\b", rest)[0]
    return any(word in AUXILIARIES for word in re.findall(r"[a-z]+", clause))


def _moved(subject: str, names: Collection[str]) -> str:
    """The subject as it is written within a sentence."""
    first, _, more = subject.partition(" ")
    is_name = (
        re.sub(r"[’']s?$", "", first) in names
        or not first[1:].islower()
        or (more[:1].isupper() and first not in ("The", "A", "An"))
    )
    return subject if is_name and first not in ("The", "A", "An") else f"{first[:1].lower()}{first[1:]} {more}".strip()
