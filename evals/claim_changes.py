"""A claim with one fact changed, or said in other words: what the verifier is fitted and measured with.

Rules over the surface of English. A change gives a claim that its quotes no longer support; a rewording one that they
still do, as far as rules can tell: some of either are wrong, and the figures made with them carry that noise.
"""

import re
from collections.abc import Callable, Sequence
from random import Random

from assistant.cue_words import OPPOSITE_WORDS

Change = Callable[[str, Random, Sequence[str]], str | None]
"""Claim, random source, names to take from → the changed claim; None where there is nothing to change."""

NAME = re.compile(r"(?<![.!?]\s)(?<!^)\b[A-Z][\w’'-]*[a-z0-9](?:\s+(?:of\s+(?:the\s+)?)?[A-Z][\w’'-]+)*|\b[A-Z]{2,}\b")
_NUMBER = re.compile(r"(?<![\w.,-])\d[\d,]*(?:\.\d+)?(?![\w-])")
_YEAR = re.compile(r"\b(?:1[0-9]|20)\d\d\b")
_SPELLED = "two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty".split()
_MONTHS = "January February March April June July August September October November December".split()
_AUXILIARY = re.compile(r"\b(is|are|was|were|has|have|had|can|will|may|could|would|should|must|did|does|do)\b(?! not)")
_UNITS = (
    ("million", "billion"),
    ("billion", "million"),
    ("thousand", "million"),
    ("percent", "million"),
    ("kilometers", "miles"),
    ("km", "miles"),
    ("miles", "metres"),
    ("years", "months"),
    ("months", "weeks"),
    ("days", "weeks"),
    ("hours", "minutes"),
    ("century", "decade"),
    ("meters", "kilometres"),
    ("feet", "miles"),
    ("dollars", "euros"),
    ("$", "€"),
    ("£", "$"),
    ("°C", "°F"),
    ("per cent", "million"),
    ("weeks", "years"),
)
_STRONGER = (
    (r"\bsome\b", "all"),
    (r"\bmost\b", "all"),
    (r"\bmany\b", "all"),
    (r"\boften\b", "always"),
    (r"\busually\b", "always"),
    (r"\bseveral\b", "no"),
    (r"\ball\b", "none of the"),
    (r"\bevery\b", "no"),
    (r"\bsometimes\b", "always"),
    (r"\bgenerally\b", "always"),
    (r"\bone of the\b", "the only one of the"),
    (r"\bat least\b", "at most"),
    (r"\bmore than\b", "less than"),
    (r"\bboth\b", "neither"),
    (r"\bincluding\b", "except"),
    (r"\bup to\b", "at least"),
)
_SURER = (
    (r"\bmay have\b", "has definitely"),
    (r"\bmay\b", "must"),
    (r"\bmight\b", "will certainly"),
    (r"\bcould\b", "did"),
    (r"\b(?:is|was) believed to be\b", "is proved to be"),
    (r"\bprobably\b", "certainly"),
    (r"\blikely\b", "certain"),
    (r"\bsuggest(?:s|ed)?\b", "proved"),
    (r"\bpossibly\b", "definitely"),
    (r"\bplan(?:s|ned) to\b", "have already begun to"),
    (r"\bpropos(?:es|ed)\b", "completed"),
    (r"\bcan\b", "must always"),
    (r"\bconsidered\b", "proved"),
)
_INVENTED = (
    ", which was the first of its kind in Europe",
    ", and it won a national award the year after",
    " after years of debate in parliament",
    " with the support of the local government",
    ", mainly because of a lack of money",
    ", a decision that was later reversed by the courts",
    ", which made it the most popular in the country",
    " at a cost of several million dollars",
    ", following a report by an independent panel",
    ", and a second one was opened in Berlin",
    ", although many experts disagreed",
    ", which was later confirmed by a team from Harvard University",
    " in cooperation with the World Bank",
    ", and its director resigned soon afterwards",
    ", leading to protests in the capital",
)
_SYNONYMS = dict(
    entry.split(":")
    for entry in (
        "began:started started:began large:big used:employed located:situated built:constructed created:established "
        "established:founded founded:established however:nevertheless many:numerous important:significant "
        "significant:important obtained:acquired purchased:bought bought:purchased near:close_to because:since "
        "approximately:about about:around people:persons country:nation film:movie help:assist helped:assisted "
        "shows:demonstrates required:needed needed:required received:got ended:finished often:frequently "
        "frequently:often main:principal primarily:mainly mainly:primarily throughout:across several:multiple "
        "enormous:huge famous:well-known wrote:authored contains:includes includes:contains formerly:previously "
        "currently:presently city:town died:passed_away allowed:permitted prevented:stopped caused:led_to "
        "result:outcome children:kids doctors:physicians larger:bigger known:called called:named"
    ).split()
)


def change_number(claim: str, rng: Random, names: Sequence[str]) -> str | None:
    """Another number in place of one that is no year."""
    places = [m for m in _NUMBER.finditer(claim) if not _YEAR.fullmatch(m.group())]
    if places:
        match = rng.choice(places)
        old = match.group()
        value = float(old.replace(",", ""))
        new = value * rng.choice((2, 3, 0.5, 10)) if rng.random() < 0.5 else value + rng.choice((1, 2, 5, -1))
        text = f"{new:,.{len(old.split('.')[1]) if '.' in old else 0}f}"
        return _replaced(claim, match, text) if text != old and new > 0 else None
    spelled = [m for m in re.finditer(r"\b[a-z]+\b", claim) if m.group() in _SPELLED]
    if not spelled:
        return None
    match = rng.choice(spelled)
    return _replaced(claim, match, rng.choice([word for word in _SPELLED if word != match.group()]))


def change_date(claim: str, rng: Random, names: Sequence[str]) -> str | None:
    """Another year, or another month."""
    years = list(_YEAR.finditer(claim))
    months = [m for m in re.finditer(r"\b[A-Z][a-z]+\b", claim) if m.group() in _MONTHS]
    if months and (not years or rng.random() < 0.4):
        match = rng.choice(months)
        return _replaced(claim, match, rng.choice([month for month in _MONTHS if month != match.group()]))
    if not years:
        return None
    match = rng.choice(years)
    return _replaced(claim, match, str(int(match.group()) + rng.choice((-20, -10, -3, -2, -1, 1, 2, 4, 10, 30))))


def change_name(claim: str, rng: Random, names: Sequence[str]) -> str | None:
    """One of the names given in place of a name."""
    places = list(NAME.finditer(claim))
    others = [name for name in names if name not in claim and not any(m.group() in name for m in places)]
    return _replaced(claim, rng.choice(places), rng.choice(others)) if places and others else None


def change_negation(claim: str, rng: Random, names: Sequence[str]) -> str | None:
    """The word "not" taken out, or put behind an auxiliary verb."""
    if re.search(r"\b(?:not|never)\b|n't\b", claim):
        return re.sub(r"\s*\b(?:not|never)\b|n't\b", "", claim, count=1)
    match = _AUXILIARY.search(claim)
    word = "not" if rng.random() < 0.8 else "never"
    return claim[: match.end()] + f" {word}" + claim[match.end() :] if match else None


def change_quantifier(claim: str, rng: Random, names: Sequence[str]) -> str | None:
    """A stronger quantifier, or its opposite."""
    return _by_table(claim, rng, _STRONGER)


def change_hedge(claim: str, rng: Random, names: Sequence[str]) -> str | None:
    """What may be said as what is."""
    return _by_table(claim, rng, _SURER)


def change_unit(claim: str, rng: Random, names: Sequence[str]) -> str | None:
    """Another unit or magnitude behind the same number."""
    table = [(rf"(?<!\w){re.escape(old)}(?!\w)" if old.isalpha() else re.escape(old), new) for old, new in _UNITS]
    return _by_table(claim, rng, table) if re.search(r"\d", claim) else None


def change_opposite(claim: str, rng: Random, names: Sequence[str]) -> str | None:
    """A word's opposite in its place."""
    places = [m for m in re.finditer(r"\b[a-z]+\b", claim) if m.group() in OPPOSITE_WORDS]
    if not places:
        return None
    match = rng.choice(places)
    return _replaced(claim, match, rng.choice(sorted(OPPOSITE_WORDS[match.group()])))


def swap_names(claim: str, rng: Random, names: Sequence[str]) -> str | None:
    """Two names in each other's places."""
    opening = re.match(r"(?:[A-Z][\w’'-]+\s)*[A-Z][\w’'-]*[a-z]\b(?=\s[a-z])", claim)
    is_name = opening and opening.group().split()[0].lower() not in _OPENERS
    spans = ([opening.span()] if opening and is_name else []) + [m.span() for m in NAME.finditer(claim)]
    pairs = [
        (one, other)
        for k, one in enumerate(spans)
        for other in spans[k + 1 :]
        if one[1] < other[0]
        and claim[slice(*one)] != claim[slice(*other)]
        and not re.fullmatch(r"[\s,]*(?:and|or|&)?[\s,]*", claim[one[1] : other[0]])
    ]
    if not pairs:
        return None
    (a, b), (c, d) = rng.choice(pairs)
    return claim[:a] + claim[c:d] + claim[b:c] + claim[a:b] + claim[d:]


_OPENERS = frozenset(
    "the a an in on at by for from with this that these those it its he she they his her their as after before during "
    "while when although though however also some many most all one two both each there if since according".split()
)


def add_invention(claim: str, rng: Random, names: Sequence[str]) -> str | None:
    """The claim with a clause that nobody said."""
    body = claim.rstrip(" .")
    return f"{body}{rng.choice(_INVENTED)}."


CHANGES: dict[str, Change] = {
    "number": change_number,
    "date": change_date,
    "name": change_name,
    "negation": change_negation,
    "quantifier": change_quantifier,
    "opposite": change_opposite,
    "unit": change_unit,
    "swap": swap_names,
    "hedge": change_hedge,
}


def reworded(sentence: str, rng: Random, title: str) -> str:
    """The sentence in other words, by one to three of the rules that apply."""
    rules = [_without_parentheses, _without_opening, _reordered, _named, _with_synonyms, _shortened, _active]
    rng.shuffle(rules)
    wanted = rng.choice((1, 2, 2, 3))
    for rule in rules:
        new = rule(sentence, rng, title)
        if new is not None and new != sentence and len(new.split()) > 3:
            sentence = new
            wanted -= 1
            if not wanted:
                break
    return sentence


def _without_parentheses(sentence: str, rng: Random, title: str) -> str | None:
    return re.sub(r"\s*\([^()]*\)|\[[^\[\]]*\]", "", sentence)


def _without_opening(sentence: str, rng: Random, title: str) -> str | None:
    match = re.match(
        r"(?:However|Moreover|Furthermore|In addition|Thus|Also|For example|As a result|Therefore), ", sentence
    )
    return _capital(sentence[match.end() :]) if match else None


def _reordered(sentence: str, rng: Random, title: str) -> str | None:
    match = re.match(r"((?:In|During|By|After|Since|On|At|From|Between) [^,]{3,40}), ([^,]+)\.$", sentence)
    return f"{_capital(match[2])} {match[1][0].lower()}{match[1][1:]}." if match else None


def _named(sentence: str, rng: Random, title: str) -> str | None:
    match = re.match(r"(?:It|He|She|They)\b(?= (?:is|was|has|had|were|are|have|[a-z]+ed)\b)", sentence)
    return title.replace("_", " ") + sentence[match.end() :] if match else None


def _with_synonyms(sentence: str, rng: Random, title: str) -> str | None:
    places = [m for m in re.finditer(r"\b[a-z]+\b", sentence) if m.group() in _SYNONYMS]
    for match in reversed(places):
        sentence = _replaced(sentence, match, _SYNONYMS[match.group()].replace("_", " "))
    return sentence


def _shortened(sentence: str, rng: Random, title: str) -> str | None:
    match = re.match(
        r"([^,]{25,}?),? (?:which|although|while|including|such as|with the|and (?:was|is|it)|because) .+\.$",
        sentence,
    )
    return f"{match[1]}." if match else None


def _active(sentence: str, rng: Random, title: str) -> str | None:
    match = re.match(r"([^,]{3,60}) (?:was|were) (\w+ed) by ([^,.]{3,40})\.?$", sentence)
    if not match:
        return None
    done = match[1][0].lower() + match[1][1:] if match[1].split()[0] in ("The", "A", "It") else match[1]
    return f"{_capital(match[3])} {match[2]} {done}."


def _replaced(text: str, match: re.Match[str], new: str) -> str:
    return text[: match.start()] + new + text[match.end() :]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _by_table(claim: str, rng: Random, table: Sequence[tuple[str, str]]) -> str | None:
    found = [(match, new) for pattern, new in table if (match := re.search(pattern, claim))]
    return _replaced(claim, *rng.choice(found)) if found else None
