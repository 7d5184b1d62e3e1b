"""A claim said in other words, or with less: what its quotes still support, as far as rules can tell.

Rules over the surface of English, each of which gives None where it does not apply. Changed facts: `claim_changes.py`;
questions with their answers as statements, which people have worded: `statements.py`.
"""

import re
from collections.abc import Callable
from random import Random

from evals.claims.change_tables import AGENTS, PARTICIPLES, SYNONYMS
from evals.claims.changes import OPENERS

Rule = Callable[[str, Random], str | None]
_MONTHS = "January February March April May June July August September October November December".split()
_MONTH = "|".join(_MONTHS)
_DIGITS = "zero one two three four five six seven eight nine ten eleven twelve".split()
_TIME = r"(?:In|During|By|After|Since|On|At|From|Between|Before|Until|Under) [^,]{3,45}"
_VERB = (
    r"\b(?:is|are|was|were|has|have|had|can|will|may|[a-z]+ed|[a-z]+s|began|became|took|made|led|won|held|gave|grew|"
    r"rose|fell|met|left|lost)\b"
)
_FRAMES = (
    "According to the document, {0}",
    "The passage states that {0}",
    "Based on the text, {0}",
    "In fact, {0}",
    "The article says that {0}",
    "It is known that {0}",
    "It is worth noting that {0}",
    "The source notes that {0}",
)


def reworded(sentence: str, rng: Random, *, most: int = 3) -> str:
    """The sentence in other words, by up to `most` of the rules that apply."""
    rules = list(RULES)
    rng.shuffle(rules)
    wanted = rng.randint(1, most)
    for rule in rules:
        new = rule(sentence, rng)
        if new is not None and new != sentence and len(new.split()) > 3:
            sentence = " ".join(new.split())
            wanted -= 1
            if not wanted:
                break
    return sentence


def joined(one: str, other: str, rng: Random) -> str:
    """Two sentences as one."""
    first, joint = one.strip().rstrip("."), rng.choice((", and ", "; ", ", while ", ", and "))
    return f"{first}{joint}{_small(other.strip())}"


def _without_parentheses(sentence: str, rng: Random) -> str | None:
    return re.sub(r"\s*\([^()]*\)|\s*\[[^\[\]]*\]", "", sentence)


def _without_opening(sentence: str, rng: Random) -> str | None:
    match = re.match(
        r"(?:However|Moreover|Furthermore|In addition|Thus|Also|For example|As a result|Therefore|Additionally|"
        r"Similarly|Finally|Consequently|Nevertheless|Subsequently|Instead|Later|Indeed|Overall|Today), ",
        sentence,
    )
    return _capital(sentence[match.end() :]) if match else None


def _time_last(sentence: str, rng: Random) -> str | None:
    match = re.match(rf"({_TIME}), ([^,;:]+)\.$", sentence)
    return f"{_capital(match[2])} {_small(match[1])}." if match and re.search(_VERB, match[2]) else None


def _time_first(sentence: str, rng: Random) -> str | None:
    match = re.match(
        rf"([^,;:]{{15,}}) (in \d{{4}}|on \d+ (?:{_MONTH})(?: \d{{4}})?|in (?:{_MONTH}) \d{{4}}|"
        rf"during the [^,]{{4,30}})\.$",
        sentence,
    )
    if not match or re.search(r"\b(?:that|which|who|where|when|and|but)\b", match[1]):
        return None
    return f"{_capital(match[2])}, {_small(match[1])}."


def _with_synonyms(sentence: str, rng: Random) -> str | None:
    places = [m for m in re.finditer(r"(?<![-\w])(?!used to)[a-z]+\b(?!-)", sentence) if m.group() in SYNONYMS]
    for match in reversed(rng.sample(places, min(len(places), 3)) if places else []):
        if sentence[match.start() : match.end()] == match.group():
            sentence = _replaced(sentence, match, SYNONYMS[match.group()].replace("_", " "))
    return sentence


def _shortened(sentence: str, rng: Random) -> str | None:
    match = re.match(
        r"([^,]{25,}?)(?:,? (?:although|while|including|such as|and (?:was|is|it)|because|since|whereas)|, (?:which|"
        r"who|"
        r"where|but|with|making|leading|allowing)) .+\.$",
        sentence,
    )
    return (
        f"{match[1].rstrip(' ,')}."
        if match
        and re.search(_VERB, match[1])
        and not re.search(r"\b(?:if|not|both|either|between|that|claim\w*|when)\b", match[1])
        else None
    )


def _without_apposition(sentence: str, rng: Random) -> str | None:
    match = re.search(
        r"(?<=[A-Za-z]), (?:who|which|a|an|the|also|including|such as) [^,;]{4,60},(?= (?:is|was|were|are|has|had|"
        r"[a-z]+ed)\b)",
        sentence,
    )
    return _replaced(sentence, match, "") if match else None


def _without_adverb(sentence: str, rng: Random) -> str | None:
    new = re.sub(
        r" (?:very|extremely|quite|particularly|especially|also|then|thus|still|itself|themselves|relatively|"
        r"successfully|originally|eventually|subsequently)(?= [a-z])",
        "",
        sentence,
    )
    return new if new != sentence else None


def _active(sentence: str, rng: Random) -> str | None:
    match = re.match(
        rf"([^,;]{{3,60}}) (?:was|were) (?:\w+ly )?(\w+ed|{'|'.join(PARTICIPLES)}) by ([^,.;]{{3,45}}?)( (?:in|"
        rf"on) [^,.;]*\d{{4}})?\.?$",
        sentence,
    )
    if not match or re.search(r"\b(?:that|which|who|and)\b", match[1] + match[3]):
        return None
    return f"{_capital(match[3])} {PARTICIPLES.get(match[2], match[2])} {_small(match[1])}{match[4] or ''}."


def _passive(sentence: str, rng: Random) -> str | None:
    pasts = {past: participle for participle, past in PARTICIPLES.items()}
    match = re.match(
        rf"((?:[A-Z][\w’-]+ ){{1,3}})([a-z]+ed|{'|'.join(pasts)}) ((?:the|a|an|his|her|its) [a-z]+(?: [a-z]+)?|"
        rf"(?:[A-Z][\w’-]+ ?){{1,3}})( in \d{{4}})?\.$",
        sentence,
    )
    if not match or match[1].split()[0].lower() in OPENERS or match[3].split()[-1] in ("to", "of", "in", "that", "and"):
        return None
    return f"{_capital(match[3].strip())} was {pasts.get(match[2], match[2])} by {match[1].strip()}{match[4] or ''}."


def _agent(sentence: str, rng: Random) -> str | None:
    match = re.match(rf"((?:[A-Z][\w’-]+ ){{1,3}})({'|'.join(AGENTS)}) ([^,;]{{3,50}})\.$", sentence)
    if not match or match[1].split()[0].lower() in OPENERS or re.match(r"(?:that|to|by|in|with|for)\b", match[3]):
        return None
    return f"{match[1].strip()} was the {AGENTS[match[2]]} of {match[3]}."


def _numbers_otherwise(sentence: str, rng: Random) -> str | None:
    if match := re.search(r"(?<![\w.,$£€/-])(\d{1,2})(?= [a-z]{3,})(?!\d|[.,]\d)", sentence):
        return _replaced(sentence, match, _DIGITS[int(match[1])]) if int(match[1]) < 13 else None
    if match := re.search(r"\b(?:" + "|".join(_DIGITS[2:]) + r")\b(?= [a-z]{3,})", sentence):
        return _replaced(sentence, match, str(_DIGITS.index(match.group())))
    if match := re.search(r"(\d+),(\d)00,000\b", sentence):
        return _replaced(sentence, match, f"{match[1]}.{match[2]} million")
    if match := re.search(r"(\d+(?:\.\d+)?)(?: percent| per cent)\b", sentence):
        return _replaced(sentence, match, f"{match[1]}%")
    match = re.search(r"(\d+(?:\.\d+)?)\s?%", sentence)
    return _replaced(sentence, match, f"{match[1]} percent") if match else None


def _rounded(sentence: str, rng: Random) -> str | None:
    match = re.search(r"(?<![\w.,-])(\d{1,3}(?:,\d{3})+)(?![\w,.]\d|-)", sentence)
    if not match or re.search(
        r"(?:about|around|over|than|nearly|almost|some|approximately|roughly)\s$", sentence[: match.start()]
    ):
        return None
    value = int(match[1].replace(",", ""))
    unit = 10 ** (len(str(value)) - 2)
    low = value // unit * unit
    return _replaced(sentence, match, rng.choice((f"more than {low:,}", f"about {low:,}"))) if low != value else None


def _dates_otherwise(sentence: str, rng: Random) -> str | None:
    if match := re.search(rf"\b(\d{{1,2}}) ({_MONTH})(,? \d{{4}})?\b", sentence):
        return _replaced(sentence, match, f"{match[2]} {match[1]}{',' + match[3].lstrip(',') if match[3] else ''}")
    match = re.search(rf"\b({_MONTH}) (\d{{1,2}})(?:, (\d{{4}}))?\b(?!\d)", sentence)
    return _replaced(sentence, match, f"{match[2]} {match[1]}{' ' + match[3] if match[3] else ''}") if match else None


def _dates_less(sentence: str, rng: Random) -> str | None:
    if match := re.search(rf"\b[Oo]n (?:({_MONTH}) \d{{1,2}}|\d{{1,2}} ({_MONTH}))(,? \d{{4}})", sentence):
        opens = "I" if match.group()[0] == "O" else "i"
        year = match[3].lstrip(",")
        return _replaced(sentence, match, f"{opens}n{rng.choice((f' {match[1] or match[2]}' + year, year))}")
    match = re.search(r"\b([Ii])n (1[5-9]|20)([2-9])\d\b(?!,? (?:and|or|to|through)|[-–])", sentence)
    return _replaced(sentence, match, f"{match[1]}n the {match[2]}{match[3]}0s") if match else None


def _owned(sentence: str, rng: Random) -> str | None:
    match = re.search(r"\b[Tt]he ([a-z]+) of ((?:[A-Z][\w-]+)(?: [A-Z][\w-]+)?)\b(?! of|[’'])", sentence)
    if match and match[1] not in (
        "part",
        "city",
        "state",
        "rest",
        "end",
        "number",
        "majority",
        "university",
        "republic",
        "town",
    ):
        return _replaced(sentence, match, f"{match[2]}'s {match[1]}")
    match = re.search(
        r"\b([A-Z][\w-]+(?: [A-Z][\w-]+)?)['’]s ([a-z]+)(?=[.,;]| (?:was|were|is|are|in|of|to|had|has|by|and|"
        r"as)\b)(?<!most)(?<!first)",
        sentence,
    )
    if not match or match[1].split()[0].lower() in OPENERS:
        return None
    if re.search(r"\b[Tt]he $", sentence[: match.start()]):
        return _replaced(sentence, match, f"{match[2]} of the {match[1]}")
    return _replaced(sentence, match, f"{'T' if match.start() == 0 else 't'}he {match[2]} of {match[1]}")


def _clauses_turned(sentence: str, rng: Random) -> str | None:
    match = re.match(r"(Although|While|Because|Since|When|As|Though|If) ([^,;]{8,90}), ([^,;]{8,120})\.$", sentence)
    if match:
        return f"{_capital(match[3])} {match[1].lower()} {match[2]}."
    match = re.match(r"([^,;]{12,100}),? (because|although|when|if) ([^,;]{8,100})\.$", sentence)
    if not match or re.search(r"\b(?:that|which|who|and)\b", match[1]):
        return None
    return f"{_capital(match[2])} {match[3]}, {_small(match[1])}."


def _contracted(sentence: str, rng: Random) -> str | None:
    if match := re.search(r"\b(is|was|were|are|did|does|do|has|had|could|would) not\b", sentence):
        return _replaced(sentence, match, f"{match[1]}n't")
    match = re.search(r"\b(is|was|were|are|did|does|do|has|had|could|would)n['’]t\b", sentence)
    return _replaced(sentence, match, f"{match[1]} not") if match else None


def _framed(sentence: str, rng: Random) -> str | None:
    return rng.choice(_FRAMES).format(_small(sentence)) if rng.random() < 0.25 else None


def _first_half(sentence: str, rng: Random) -> str | None:
    match = re.match(r"([^,;]{20,}?),? and ((?:it|he|she|they|was|were|is|are|had|has) .+)\.$", sentence)
    if not match or not re.search(_VERB, match[1]) or re.search(r"\b(?:both|between|if|not)\b", match[1]):
        return None
    return f"{match[1]}."


RULES: tuple[Rule, ...] = (
    *(_without_parentheses, _without_opening, _time_last, _time_first, _with_synonyms, _shortened),
    *(_without_apposition, _without_adverb, _active, _passive, _agent, _numbers_otherwise, _rounded),
    *(_dates_otherwise, _dates_less, _owned, _clauses_turned, _contracted, _framed, _first_half),
)


def _replaced(text: str, match: re.Match[str], new: str) -> str:
    return text[: match.start()] + new + text[match.end() :]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _small(text: str) -> str:
    """The text as it goes on within a sentence: a first word that is known to be no name begins small."""
    first = text.split(" ", 1)[0].rstrip(",").removesuffix("'s")
    return text[0].lower() + text[1:] if text and first.lower() in OPENERS and first not in (*_MONTHS, "I") else text
