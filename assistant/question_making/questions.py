"""Questions that a statement answers, made by rules: of a date, an amount, a name, a place, a list, a reason.

English only. A rule gives nothing rather than a bad question, and still some questions come out odd: what is made here
is a draft for a person to look at. Whether the documents answer it is checked elsewhere.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from assistant.question_making.statement_parts import DATE, MONTH, Parts, parts_of, points_back
from assistant.question_words import named_stems

KINDS = ("date", "amount", "name", "place", "list", "reason", "definition")
_WORDS = range(4, 31)
_MAX_ANSWER_CHARS = 400

_NUMBER = (
    r"(?:\d{1,3}(?:,\d{3})+|\d{1,4}|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fifteen|twenty|"
    r"thirty|forty|fifty)"
)
_ABOUT = r"(?:(?:up to|about|over|more than|at least|nearly|almost|around|some|only|exactly|fewer than|less than) )?"
_MONEY = (
    r"(?:(?:US\$|[€£$¥]) ?\d[\d.,]*(?: (?:thousand|million|billion|trillion))?|"
    r"\d[\d.,]*(?: (?:thousand|million|billion|trillion))? (?:US dollars|dollars|euros|pounds|yen|baht|francs))"
)
_DATE_PHRASE = re.compile(rf"\b(?P<before>in|on|by|since|until) (?P<date>{DATE})")
_MORE_DATES = re.compile(rf" (?:to|and|or|until) (?:\d|{MONTH})")
_COUNTED = re.compile(
    rf"^(?P<about>{_ABOUT})(?P<number>{_NUMBER}) (?P<noun>(?:(?:[a-z-]+ ){{0,2}}?[a-z]{{3,}}s|people)(?: of [a-z]+)?)\b"
)
_PAID = re.compile(rf"^(?P<amount>{_ABOUT}{_MONEY})")
_PLACE = re.compile(
    r"^(?:(?:is|are|was|were|will|has|have|had|been|be|to|first|next|again) ){0,3}"
    r"(?:held|took place|takes place|take place|taken place|met|meet|meets|signed|opened|announced|adopted|launched|"
    r"founded|based|hosted|located|built|stands) "
    r"(?P<phrase>in (?P<place>(?:the )?[A-Z][\w’-]+(?:(?: (?:and )?|-)[A-Z][\w’-]+)*))"
    r"(?= (?:in|on|at|by|with|under|from|during|as|within)\b|$)"
)
_LISTED = re.compile(
    rf"^(?P<before>(?:on|of|in|to|for|with|by|under) )?(?:the )?(?P<number>{_NUMBER}) "
    r"(?P<noun>(?:[a-z-]+ ){0,3}?[a-z]{3,}s)(?P<after>(?: [\w’-]+){0,6}): ?(?P<items>.*)$"
)
_REASON = re.compile(r"^(?P<before>.{3,160}?),? (?P<reason>(?:because|in order to|so that|due to|owing to) .{8,200})$")
_AGENT = re.compile(
    r"^(?P<before>.{3,140}) by (?P<agent>(?:the )?[A-Z][\w’.&-]+(?: (?:of|and|the|for|[A-Z][\w’.&-]+))*)$"
)
_TITLES = (
    "President|Prime Minister|Minister|Ministers|Professor|Dr|Mr|Ms|Mrs|Sir|Dame|Commissioner|Ambassador|Secretary|"
    "King|Queen|Emperor|Pope|General|Chancellor"
)
_PERSON = re.compile(rf"^(?:the )?(?:[\w’-]+ )?(?:{_TITLES})\.? [A-Z][\w’-]+(?: (?:and|of|[A-Z][\w’-]+))*$")
_BODIES = (
    "Agency|Commission|Ministry|Council|Department|Office|Foundation|Institute|Committee|Association|Organisation|"
    "Organization|Academy|Bureau|Authority|Bank|Company|Corporation"
)
_ORGANISATION = re.compile(
    rf"^(?!.*(?:{_BODIES}) and |.* and the )(?:the )?(?:[\w’&-]+ ){{0,6}}?(?:{_BODIES})"
    r"(?: (?:of|for|on)(?: (?:of|for|and|the|on|in|[A-Z][\w’-]+))+)?$"
)
_DEFINED = re.compile(
    r"^an? (?!(?:part|member|sign|list|number|case|copy)\b)(?!.*\b(?:professor|minister|officer|scientist|researcher|"
    r"president|chair|commentator|director)\b).{12,300}$"
)
_CLAUSE_END = re.compile(r"[,;:](?!\d)| (?:which|who|that|where|while|although|because|as|but) ")
_WHEN = {"by": "By when", "since": "Since when", "until": "Until when"}
_TELLS = frozenset("say write report state describe note last date".split())
_STANDS_ALONE = frozenset("begin start end open close meet happen ratify join continue expire".split())
_HAPPENED = re.compile(
    r"(?:(?:\w+ly|first|again|to be|being|been) )*(?:\w+ed|held|set|built|made|taken|given|begun|led|won|known|written|"
    r"put|met|drawn|chosen|sent|spent|brought|open|due|born|sworn)\b"
)
_SECOND_VERB = re.compile(r" (?:and|but) (?:[\w’-]+ ){0,6}?(?:is|are|was|were|has|have|had|will)\b")
_CUT_OFF = re.compile(r"\b(?:the|a|an|of|in|on|by|and|or|to|with|for|at|from|that|as|than|between)\?$")
_NAME = re.compile(rf"(?<=\s)(?!{MONTH})[a-z]*-?[A-Z][\w’-]*")


@dataclass(frozen=True, slots=True)
class Question:
    """A question, the words of the statement that answer it, and its kind, one of `KINDS`."""

    text: str
    answer: str
    kind: str


def questions_of(sentence: str, names: Collection[str] = ()) -> list[Question]:
    """The questions that a sentence answers and that stand alone, in the order of `KINDS`; often none.

    `names` are words that keep their capital at the beginning of the sentence too.

    >>> questions_of("The SKAO convention was signed on 12 March 2019 in Rome.")[0].text
    'When was the SKAO convention signed in Rome?'
    """
    parts = parts_of(sentence, names)
    if parts is None:
        return []
    made = [*_dates(parts), *_amounts(parts), *_names(parts), *_places(parts), *_lists(parts), *_reasons(parts)]
    found = [*made, *_definitions(parts)]
    return [question for question in found if _stands_alone(question)]


def _dates(parts: Parts) -> Iterator[Question]:
    rest = _clause(parts.rest)
    is_state = parts.verb in ("is", "are", "was", "were") and not _HAPPENED.match(parts.rest)
    if parts.base in _TELLS or is_state or not _is_definite(parts) or _SECOND_VERB.search(rest):
        return
    if parts.leading_date:
        is_whole = rest or parts.base in _STANDS_ALONE
        if is_whole and len(rest) == len(parts.rest) and not _DATE_PHRASE.search(rest):
            yield _question(
                f"{_WHEN.get(parts.leading_word, 'When')} {parts.inverted(rest)}", parts.leading_date, "date"
            )
        return
    phrases = list(_DATE_PHRASE.finditer(rest))
    if len(phrases) != 1 or _MORE_DATES.match(rest, phrases[0].end()):
        return
    (phrase,) = phrases
    left = f"{rest[: phrase.start()]}{rest[phrase.end() :]}"
    if left.strip() or parts.base in _STANDS_ALONE:
        yield _question(f"{_WHEN.get(phrase['before'], 'When')} {parts.inverted(left)}", phrase["date"], "date")


def _amounts(parts: Parts) -> Iterator[Question]:
    subject = re.match(rf"^{_ABOUT}({_NUMBER}) ((?:[a-z-]+ ){{0,2}}?[a-z]{{3,}}s)$", parts.subject)
    if subject and not re.match(MONTH, subject[2]):
        yield _question(f"How many {subject[2]} {parts.verb} {_clause(parts.rest)}", subject[0], "amount")
    verb, rest = _verb_group(parts)
    clause = _clause(rest)
    paid = _PAID.match(clause)
    if len(re.findall(_MONEY, parts.rest)) > 1:
        return
    if paid and verb is not None:
        is_worth = parts.is_auxiliary and not verb
        asked = f"What {parts.verb} {parts.subject}" if is_worth else f"How much {_helped(parts, verb)}"
        yield _question(f"{asked} {clause[paid.end() :]}", paid["amount"], "amount")
        return
    counted = _COUNTED.match(clause)
    if counted and verb and not _LISTED.match(rest):
        after = clause[counted.end() :]
        if re.match(r" (?:and|or)\b", after):
            return
        answer = f"{counted['about']}{counted['number']}"
        yield _question(f"How many {counted['noun']} {_helped(parts, verb)} {after}", answer, "amount")


def _names(parts: Parts) -> Iterator[Question]:
    rest = _clause(parts.rest)
    if re.match(r", [A-Z]", parts.rest[len(rest) :]):  # a name goes on behind the comma
        return
    if _PERSON.match(parts.subject) and not parts.is_auxiliary:
        yield _question(f"Who {parts.verb} {rest}", parts.subject, "name")
    elif _ORGANISATION.match(parts.subject) and not parts.is_auxiliary and named_stems(f"x {rest}"):
        yield _question(f"Which organisation {parts.verb} {rest}", parts.subject, "name")
    elif re.fullmatch(r"[A-Z]{2,}\*?[A-Z]*", parts.subject) and not parts.is_auxiliary and named_stems(f"x {rest}"):
        yield _question(f"Who {parts.verb} {rest}", parts.subject, "name")
    agent = _AGENT.match(rest)
    if (
        agent
        and not agent["before"].startswith("dated")
        and parts.verb in ("is", "are", "was", "were")
        and re.match(r"\w+(?:ed|en|un|de|lt)\b", rest)
    ):
        yield _question(f"By whom {parts.inverted(agent['before'])}", agent["agent"], "name")


def _places(parts: Parts) -> Iterator[Question]:
    rest = _clause(parts.rest)
    whole = f"{parts.verb} {rest}"
    match = _PLACE.match(whole)
    is_one = _is_definite(parts) and not re.search(r"\bin \d{4},.*\bin \d{4}", parts.rest)
    if match and is_one and not re.match(MONTH, match["place"]):
        left = f"{whole[: match.start('phrase')]}{whole[match.end('phrase') :]}"[len(parts.verb) :]
        if not re.search(rf"\bin (?!{MONTH})[A-Z]", left):
            yield _question(f"Where {parts.inverted(left)}", match["place"], "place")


def _lists(parts: Parts) -> Iterator[Question]:
    verb, rest = _verb_group(parts)
    match = _LISTED.match(rest)
    if match and verb is not None and (verb or not parts.is_auxiliary) and " that" not in match["after"]:
        before = (match["before"] or "").strip()
        asked = f"Which {match['number']} {match['noun']}{match['after']} {_helped(parts, verb)} {before}"
        yield _question(asked, match["items"], "list")


def _reasons(parts: Parts) -> Iterator[Question]:
    match = _REASON.match(parts.rest)
    is_noun = re.match(r"(?:an?|the|one) ", parts.rest) and parts.is_auxiliary
    if match and not is_noun and not re.search(r"[;:]", match["before"]) and not _SECOND_VERB.search(match["before"]):
        yield _question(f"Why {parts.inverted(match['before'])}", match["reason"], "reason")


def _definitions(parts: Parts) -> Iterator[Question]:
    match = _DEFINED.match(parts.rest)
    is_named = bool(_NAME.search(f" {parts.subject}")) and not re.search(r"\b[a-z]{5,}\b", parts.subject)
    if match and parts.verb == "is" and is_named and " one" not in parts.rest:
        yield _question(f"What is {parts.subject}", parts.rest, "definition")


def _is_definite(parts: Parts) -> bool:
    """Whether the statement is about something that can be told by its name, and not about some meeting or other."""
    is_named = _NAME.search(f" {parts.subject}") or re.search(r"\b[A-Z]{3,}", parts.rest)
    return bool(is_named) and not re.match(r"an? ", parts.subject)


def _verb_group(parts: Parts) -> tuple[str | None, str]:
    """The verb that carries the meaning, "" where an auxiliary stands alone, and what follows it."""
    if not parts.is_auxiliary:
        return parts.base, parts.rest
    if parts.verb in ("is", "are", "was", "were"):
        return "", parts.rest
    match = re.match(r"(?!(?:be|been|have|the|an?|to)\b)[a-z]+(?= )", parts.rest)
    return (match.group(), parts.rest[match.end() + 1 :]) if match else (None, parts.rest)


def _helped(parts: Parts, verb: str) -> str:
    if parts.is_auxiliary:
        return f"{parts.verb} {parts.subject} {verb}"
    return parts.inverted("")


def _clause(rest: str) -> str:
    """The rest up to where another clause begins."""
    match = _CLAUSE_END.search(rest)
    return (rest[: match.start()] if match else rest).strip()


def _question(text: str, answer: str, kind: str) -> Question:
    return Question(f"{' '.join(text.split()).rstrip(' ,;:')}?", answer.strip(), kind)


def _stands_alone(question: Question) -> bool:
    """Whether it has a sensible length, names something, and points to nothing outside."""
    said = question.text.split()
    ends_well = question.kind == "list" or not _CUT_OFF.search(question.text)
    return (
        len(said) in _WORDS
        and bool(_NAME.search(question.text))
        and not points_back(question.text)
        and ends_well
        and question.text.count("(") == question.text.count(")")
        and 0 < len(question.answer) < _MAX_ANSWER_CHARS
    )
