"""A claim with one fact changed: what the verifier is fitted and measured with.

Rules over the surface of English. A change gives a claim that its quotes no longer support, as far as rules can tell;
some are wrong, and the figures made with them carry that noise. Said in other words: `claim_rewordings.py`.
"""

import re
from collections.abc import Callable, Sequence
from random import Random

from assistant.claims.cue_words import OPPOSITE_WORDS
from evals.claims.change_tables import CAUSES, OVERCLAIMS, PARTICIPLES, STRONGER, SURER, SYMMETRIC, UNITS

Change = Callable[[str, Random, Sequence[str]], str | None]
"""Claim, random source, names to take from → the changed claim; None where there is nothing to change."""

NAME = re.compile(
    r"(?<![.!?:]\s)(?<!^)(?<![\"“'`]\s)(?<![\"“'`])\b[A-Z][\w’-]*[a-z0-9](?:\s+(?:of\s+(?:the\s+)?)?[A-Z][\w’-]+)*"
    r"|(?<!^)\b[A-Z]{2,}\b"
)
OPENERS = frozenset(
    "the a an in on at by for from with this that these those it its he she they his her their as after before during "
    "while when although though however also some many most all one two both each there if since according under until "
    "not of or and but no nor so such thus then than through throughout to into upon about above across against among "
    "around behind below between beyond despite except inside near off over per toward towards via within without who "
    "what which where why how whose other another any every few several more less much only even still yet once unlike "
    "like later early because we you i my our your is are was were has have had do does did can could may might must "
    "will would shall should january february march april may june july august september october november december "
    "monday tuesday wednesday thursday friday saturday sunday mr mrs ms dr sir lord st".split()
)
"""Words that may be written large and are no names."""
_NUMBER = re.compile(r"(?<![\w.,-])\d[\d,]*(?:\.\d+)?(?!\w|-[a-z]|\.\d)")
_YEAR = re.compile(r"(?<![\d.,$£€-])\b(?:1[0-9]|20)\d\d\b(?!\s?%|,\d)")
_SPELLED = "two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty".split()
_MONTHS = "January February March April June July August September October November December".split()
_AUXILIARY = re.compile(
    r"\b(is|are|was|were|has|have|had|can|will|may|could|would|should|must|did|does|do)\b(?! not|n[’']t| never)"
)
_PAST = re.compile(
    r"^((?:[A-Z][\w’-]+ ){1,3}|(?:He|She|It|They) |The (?:[a-z]+ ){1,2})([a-z]{3,}ed) (?=(?:the|a|an|his|her|its|"
    r"their|to|in|[A-Z]))"
)
_PASSIVE = re.compile(
    r"^([^,;]{3,70}?) (?:was|were) (?:\w+ly )?(\w+ed|" + "|".join(PARTICIPLES) + r") by ([^,.;]{3,60})(.*)$"
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
        return _replaced(claim, match, text) if text.replace(",", "") != old.replace(",", "") and new > 0 else None
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
    step = 10 if claim[match.end() :].startswith("s") else 1
    return _replaced(claim, match, str(int(match.group()) + step * rng.choice((-20, -10, -3, -2, -1, 1, 2, 4, 10, 30))))


def change_name(claim: str, rng: Random, names: Sequence[str]) -> str | None:
    """One of the names given in place of a name, none that shares a word with it or could be its initials."""
    places = names_in(claim, names)
    if not places:
        return None
    start, end = rng.choice(places)
    old = claim[start:end]
    others = [name for name in names if name not in claim and _fits(name, old)]
    return claim[:start] + rng.choice(others) + claim[end:] if others else None


def change_negation(claim: str, rng: Random, names: Sequence[str]) -> str | None:
    """The word "not" taken out, or put behind an auxiliary verb or before a past one."""
    if match := re.search(r"\b(?:can)?not\b(?! only)|\bnever\b|n[’']t\b", claim):
        if re.search(r"whether|not only|or not", claim):
            return None
        kept = "can" if match.group() == "cannot" else ""
        before = claim[: match.start()] if kept else claim[: match.start()].rstrip()
        return before + kept + claim[match.end() :]
    if re.search(r"\b(?:no|none|nobody|nothing|neither|nor|hardly|would a)\b", claim, re.I):
        return None
    if had := re.search(r"\b(has|have|had) (?=(?:the|a|an|its|his|her|their|\d[\d,]*|two|three|many|several) )", claim):
        return _replaced(claim, had, f"{ {'has': 'does', 'have': 'do', 'had': 'did'}[had[1]] } not have ")
    match = _AUXILIARY.search(claim)
    if match and re.search(r"\b(?:if|whether|unless|when|who|that|which)\b", claim[: match.start()]) is None:
        word = "not" if rng.random() < 0.8 else "never"
        return claim[: match.end()] + f" {word}" + claim[match.end() :]
    past = _PAST.match(claim)
    return _replaced(claim, past, f"{past[1]}did not {_base(past[2])} ") if past else None


def change_quantifier(claim: str, rng: Random, names: Sequence[str]) -> str | None:
    """A stronger quantifier, or its opposite."""
    return _by_table(claim, rng, STRONGER)


def change_hedge(claim: str, rng: Random, names: Sequence[str]) -> str | None:
    """What may be said as what is."""
    return _by_table(claim, rng, SURER)


def change_overclaim(claim: str, rng: Random, names: Sequence[str]) -> str | None:
    """The first, the only, the largest, always: what the claim does not say."""
    found = [(match, rng.choice(new)) for pattern, new in OVERCLAIMS if (match := re.search(pattern, claim))]
    if not found:
        return None
    match, new = rng.choice(found)
    return _replaced(claim, match, match.expand(new))


def change_cause(claim: str, rng: Random, names: Sequence[str]) -> str | None:
    """Another reason, or one where none was given."""
    return _by_table(claim, rng, CAUSES)


def change_unit(claim: str, rng: Random, names: Sequence[str]) -> str | None:
    """Another unit or magnitude behind, or before, the same number."""
    table = [
        (rf"(?<=\d)\s?{re.escape(old)}(?!\w)|(?<=\d ){re.escape(old)}(?!\w)|{re.escape(old)}(?=\d)", new)
        for old, new in UNITS
    ]
    found = [(match, new) for pattern, new in table if (match := re.search(pattern, claim))]
    if not found:
        return None
    match, new = rng.choice(found)
    return _replaced(claim, match, (" " if match.group()[0] == " " else "") + new)


def change_opposite(claim: str, rng: Random, names: Sequence[str]) -> str | None:
    """A word's opposite in its place; words whose opposite depends on what they mean there are left alone."""
    places = [
        m
        for m in re.finditer(r"(?<![-\w])[a-z]+\b(?![-])", claim)
        if m.group() in OPPOSITE_WORDS and m.group() not in _AMBIGUOUS
    ]
    if not places:
        return None
    match = rng.choice(places)
    return _replaced(claim, match, rng.choice(sorted(OPPOSITE_WORDS[match.group()])))


_AMBIGUOUS = frozenset(
    "over under up down left right light short long new old open present lead fall fell leave poor good even like "
    "lower "
    "mean all never always none day best man men woman women king queen black white major minor past well".split()
)


def swap_names(claim: str, rng: Random, names: Sequence[str]) -> str | None:
    """Two names in each other's places, where something is said between them that is not said both ways round."""
    spans = names_in(claim, names)
    pairs = [
        (one, other)
        for k, one in enumerate(spans)
        for other in spans[k + 1 :]
        if _fits(claim[slice(*one)], claim[slice(*other)])
        and _is_directed(claim[one[1] : other[0]])
        and claim.count(claim[slice(*one)]) == claim.count(claim[slice(*other)]) == 1
    ]
    if not pairs:
        return None
    (a, b), (c, d) = rng.choice(pairs)
    return claim[:a] + claim[c:d] + claim[b:c] + claim[a:b] + claim[d:]


def _fits(one: str, other: str) -> bool:
    return not _alike(one, other) and _shape(one) == _shape(other)


def _is_directed(between: str) -> bool:
    """Whether the words between two names say that one does, is or has something to the other."""
    if re.search(SYMMETRIC, between) or len(between) > 90:
        return False
    return re.search(
        r"\b(?:[a-z]+ed|[a-z]{3,}s|by|to|[a-z]+ing|wrote|led|made|won|built|became|gave|took|held)\b", between
    ) is not None and not re.fullmatch(r"\W*(?:was|is|were|are)?(?: the| a| an)?\W*", between)


def change_roles(claim: str, rng: Random, names: Sequence[str]) -> str | None:
    """Who did it and to whom it was done, turned round: "A was seen by B" to "A saw B"."""
    match = _PASSIVE.match(claim.rstrip())
    if not match:
        return None
    past = PARTICIPLES.get(match[2], match[2])
    rest = match[4] if match[4] else "."
    return f"{match[1]} {past} {match[3]}{rest}"


CHANGES: dict[str, Change] = {
    "number": change_number,
    "date": change_date,
    "name": change_name,
    "negation": change_negation,
    "quantifier": change_quantifier,
    "opposite": change_opposite,
    "unit": change_unit,
    "swap": swap_names,
    "roles": change_roles,
    "hedge": change_hedge,
    "overclaim": change_overclaim,
    "cause": change_cause,
}


def names_in(claim: str, names: Sequence[str]) -> list[tuple[int, int]]:
    """Where the claim's names stand: words written large within a sentence, and at its beginning what is known as a
    name. Dates and words that only open a sentence are none.
    """
    opening = re.match(r"(?:The\s)?((?:[A-Z][\w’-]*[a-z0-9]|[A-Z]{2,})(?:\s[A-Z][\w’-]*[a-z0-9])*)\b", claim)
    spans = [match.span() for match in NAME.finditer(claim)]
    if opening and (opening[1] in names or len(opening[1].split()) > 1):
        spans.insert(0, opening.span(1))
    return [(a, b) for a, b in spans if claim[a:b].split(maxsplit=1)[0].lower() not in OPENERS]


def names_of(text: str) -> list[str]:
    """The names of a text, each once, sorted."""
    found = {match.group() for match in NAME.finditer(text)}
    return sorted(name for name in found if name.split()[0].lower() not in OPENERS and len(name) > 2)


def _alike(one: str, other: str) -> bool:
    """Whether two names may be one: they share a word's beginning, or one is the initials of the other."""
    heads = [{word[:4].lower() for word in name.split() if word[0].isupper()} for name in (one, other)]
    initials = ["".join(word[0] for word in name.split() if word[0].isupper()) for name in (one, other)]
    return bool(heads[0] & heads[1]) or one in initials or other in initials


def _shape(name: str) -> tuple[bool, bool]:
    """What must be the same of names that stand for each other: an ending as of peoples and adjectives, and length."""
    return bool(re.search(r"(?:ish|ese|ian|ean|ans|ch|ic|s)$", name)), name.isupper()


def _base(past: str) -> str:
    """The verb of a regular past, nearly always."""
    if past.endswith("ied"):
        return past[:-3] + "y"
    stem = past[:-2]
    if stem[-1:] == stem[-2:-1] and stem[-1] not in "sl":
        return stem[:-1]
    ends_silently = re.search(r"(?:[aiou][bcdgklmnprstvz]|[cgv]|ur|[^aeiou]l|[rn]s)$", stem) and not re.search(
        r"(?:[aeiou]{2}[a-z]|[aeo]n|[aeiou]r|ish|[aei]t)$", stem
    )
    return stem + ("e" if ends_silently or re.search(r"(?:at|ut|ir|ur|or)$", stem) else "")


def _replaced(text: str, match: re.Match[str], new: str) -> str:
    return text[: match.start()] + new + text[match.end() :]


def _by_table(claim: str, rng: Random, table: Sequence[tuple[str, str]]) -> str | None:
    found = [(match, new) for pattern, new in table if (match := re.search(pattern, claim))]
    return _replaced(claim, *rng.choice(found)) if found else None
