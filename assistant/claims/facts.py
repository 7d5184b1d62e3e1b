"""The numbers and dates that a text states, normalised so that two ways of writing one are equal.

"1,000", "one thousand" and "1 thousand" are one number, "5 %" and "five percent" another; "12 March 2021",
"2021-03-12" and "2021年3月12日" are one date. Units are compared where they are money, shares, times or common
measures. Decades and centuries are dates that cover years, and "about", "more than" and the like are kept with their
number. Nothing is converted from one unit to another; dates written with slashes are read as numbers.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_ORDINALS = (
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth"
).split()
_SMALL = (
    {word: float(value) for value, word in enumerate(_UNITS)}
    | {word: float(value) for value, word in enumerate(_ORDINALS)}
    | {word: 10.0 * value for value, word in enumerate(_TENS, start=2)}
    | {f"{word[:-1]}ieth": 10.0 * value for value, word in enumerate(_TENS, start=2)}
    | {"dozen": 12.0}
)
_MAGNITUDES = {
    "hundred": 1e2, "hundreds": 1e2, "thousand": 1e3, "thousands": 1e3, "million": 1e6, "millions": 1e6, "mn": 1e6,
    "billion": 1e9, "billions": 1e9, "bn": 1e9, "trillion": 1e12, "trillions": 1e12, "万": 1e4, "億": 1e8, "兆": 1e12,
}  # fmt: skip
_UNIT_WORDS = {
    "%": ("%", "percent", "percentage", "パ"),
    "$": ("$", "dollar", "dollars", "usd", "ド"),
    "€": ("€", "euro", "euros", "eur", "ユ"),
    "£": ("£", "pound", "pounds", "gbp"),
    "¥": ("¥", "yen", "jpy", "円"),
    "year": ("year", "years", "年"),
    "month": ("month", "months"),
    "week": ("week", "weeks"),
    "day": ("day", "days", "日"),
    "hour": ("hour", "hours"),
    "minute": ("minute", "minutes", "分"),
    "second": ("seconds", "秒"),
    "km": ("km", "kilometre", "kilometres", "kilometer", "kilometers"),
    "mile": ("mile", "miles", "mi"),
    "m": ("metre", "metres", "meter", "meters"),
    "foot": ("foot", "feet", "ft"),
    "kg": ("kg", "kilogram", "kilograms"),
    "ton": ("ton", "tons", "tonne", "tonnes"),
    "mw": ("mw", "megawatt", "megawatts"),
    "gw": ("gw", "gigawatt", "gigawatts"),
    "people": ("people", "persons", "inhabitants", "人", "名"),
}
_UNIT_OF = {word: unit for unit, forms in _UNIT_WORDS.items() for word in forms}
_MONEY = frozenset("$€£¥")
_MONTH_NAMES = (
    "january february march april may june july august september october november december".split(),
    "jan feb mar apr may jun jul aug sep oct nov dec".split(),
)
_MONTH_OF = {name: number for names in _MONTH_NAMES for number, name in enumerate(names, start=1)} | {"sept": 9}
_CENTURIES = {word: number for number, word in enumerate(_ORDINALS) if number >= 10} | {"twentieth": 20}
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925}

_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTH_OF, key=len, reverse=True))})\b\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>[12]\d{3})(?!\d|[.,]\d)"
_DATES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?<![\d-])(?P<year>[12]\d{3})-(?P<month>0[1-9]|1[0-2])(?:-(?P<day>[0-3]\d))?(?![\d-])",
        r"(?:(?P<year>[12]\d{3})|(?P<era>令和|平成|昭和)(?P<of_era>\d{1,2}))年(?:度)?(?:(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})日)?)?",
        r"(?P<month>(?<!\d)\d{1,2})月(?:(?P<day>\d{1,2})日)?",
        rf"(?<![\d.,]){_DAY}\s(?:of\s)?{_MONTH}(?:,?\s{_YEAR})?",
        rf"\b{_MONTH}\s{_DAY}(?!\d|[.,]\d|\s?%)(?:\s?,?\s{_YEAR})?",
        rf"\b{_MONTH}\s?,?\s(?:of\s)?{_YEAR}",
        rf"\b(?:(?P<century>[1-9]|1\d|2[01])(?:st|nd|rd|th)|(?P<of_century>{'|'.join(_CENTURIES)}))[\s-]centur(?:y|ies)\b",
        r"(?<![\d.,$€£¥])(?P<year>1[0-9]\d\d|20\d\d)(?:s\b)?(?!\d|[.,]\d|\s?%|[人円万億]"
        r"|\s(?:people|persons|inhabitants|members|students|employees|men|women|troops|soldiers|km|miles|meters|metres|"
        r"feet|kg|tons|tonnes|dollars|euros|pounds|yen|years|days|hours|million|billion)\b)",
        r"\b(?:in|since|until|by|of|early|late|mid|from|to|last|next)[\s-](?P<month>january|february|march|april|june|"
        r"july|august|september|october|november|december)\b",
    )
)
_ROUGH = {
    word: rough
    for rough, some in {
        "about": "about around approximately roughly nearly almost circa some",
        "over": "over exceeding exceeds exceeded above",
        "under": "under below",
    }.items()
    for word in some.split()
}
_ROUGH_PAIRS = {
    ("more", "than"): "over",
    ("at", "least"): "over",
    ("less", "than"): "under",
    ("fewer", "than"): "under",
}
_ABOUT, _OVER, _UNDER = 0.1, 1.5, 0.6
_TOKEN = re.compile(r"\d[\d,]*(?:\.\d+)?|[\u3040-\u30ff\u3400-\u9fff]|[^\W\d_]+|[%$€£¥]")
_MAX_DIGITS = 30


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit, "" where none is known, and where it stands. `is_small`: spelled out and below 13;
    `rough`: "about", "over" or "under" where it is said to be that.
    """

    value: float
    unit: str
    start: int
    end: int
    is_small: bool = False
    rough: str = ""

    @property
    def limits(self) -> tuple[float, float]:
        """From where to where another number bears it out: itself, or what it is rounded from."""
        if self.rough == "about":
            return self.value * (1 - _ABOUT), self.value * (1 + _ABOUT)
        if self.rough:
            return (self.value, self.value * _OVER) if self.rough == "over" else (self.value * _UNDER, self.value)
        return self.value, self.value

    def equals(self, other: "Quantity") -> bool:
        """Whether both say the same, a number without a unit saying no other than one with."""
        return self.value == other.value and (not self.unit or not other.unit or self.unit == other.unit)


@dataclass(frozen=True, slots=True)
class Date:
    """A date as far as it is said: 0 where year, month or day is not, and where it stands; `years`: how many years it
    covers, 10 for a decade, 101 for a century, which some count from 1900 and some from 1901.
    """

    year: int
    month: int
    day: int
    start: int
    end: int
    years: int = 1

    def within(self, other: "Date") -> bool:
        """Whether the other date says everything that this one says."""
        is_year = not self.year or self.year <= other.year <= other.year + other.years <= self.year + self.years
        return is_year and self.month in (0, other.month) and self.day in (0, other.day)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a text states in figures, in order."""

    quantities: tuple[Quantity, ...]
    dates: tuple[Date, ...]


def facts_of(text: str) -> Facts:
    """The dates of a text, and the numbers outside them. Takes time linear in the text.

    >>> facts = facts_of("On 12 March 2021 they gave 1.5 million dollars to twenty-three of 1,000 labs (5 percent).")
    >>> [(q.value, q.unit) for q in facts.quantities]
    [(1500000.0, '$'), (23.0, ''), (1000.0, ''), (5.0, '%')]
    >>> [(d.year, d.month, d.day) for d in facts.dates], facts_of("2021年3月12日").dates[0].month
    ([(2021, 3, 12)], 3)
    """
    plain = _plain(text)
    dates: list[Date] = []

    def take(match: re.Match[str]) -> str:
        date = _date(match)
        if date is None:
            return match.group()
        dates.append(date)
        return "\0" * len(match.group())

    for pattern in _DATES:
        plain = pattern.sub(take, plain)
    tokens = [(match.group(), match.start(), match.end()) for match in _TOKEN.finditer(plain)]
    return Facts(tuple(_quantities(tokens)), tuple(sorted(dates, key=lambda date: date.start)))


def _plain(text: str) -> str:
    """Lower case, digits and letters of full width as the usual ones, at the same offsets."""
    folded = (
        unicodedata.normalize("NFKC", character).lower() if not character.isascii() else character.lower()
        for character in text
    )
    return "".join(new if len(new) == 1 else old for new, old in zip(folded, text, strict=True))


def _date(match: re.Match[str]) -> Date | None:
    parts = match.groupdict()
    month = parts.get("month") or "0"
    year = int(parts.get("year") or 0)
    if parts.get("era"):
        year = _ERAS[parts["era"]] + int(parts["of_era"])
    if century := parts.get("century") or parts.get("of_century"):
        first = 100 * (int(century) - 1 if century.isdecimal() else _CENTURIES[century.lower()] - 1)
        return Date(first, 0, 0, *match.span(), 101) if first else None
    years = (101 if year % 100 == 0 else 10) if year % 10 == 0 and match.group().endswith("s") else 1
    number, day = int(month) if month.isdecimal() else _MONTH_OF[month.lower()], int(parts.get("day") or 0)
    return Date(year, number, day, *match.span(), years) if number <= 12 and day <= 31 else None


def _quantities(tokens: Sequence[tuple[str, int, int]]) -> Iterator[Quantity]:
    i = 0
    while i < len(tokens):
        first = i
        value, i = _value(tokens, i)
        if value is None:
            i += 1
            continue
        money = tokens[first - 1][0] if first and tokens[first - 1][0] in _MONEY else ""
        unit = _UNIT_OF.get(tokens[i][0], "") if i < len(tokens) else ""
        if unit == "" and [token for token, _, _ in tokens[i : i + 2]] == ["per", "cent"]:
            unit = "%"
        is_small = value < 13 and not tokens[first][0][0].isdecimal()
        yield Quantity(value, money or unit, tokens[first][1], tokens[i - 1][2], is_small, _rough(tokens, first))


def _rough(tokens: Sequence[tuple[str, int, int]], first: int) -> str:
    """What the words before the number at token `first`, and its sign of money, say of it."""
    before = [word for word, _, _ in tokens[max(0, first - 3) : first] if word not in _MONEY][-2:]
    pair = (before[0], before[-1]) if len(before) == 2 else ("", "")
    return _ROUGH_PAIRS.get(pair) or (_ROUGH.get(before[-1], "") if before else "")


def _value(tokens: Sequence[tuple[str, int, int]], i: int) -> tuple[float | None, int]:
    """The number that begins at token `i` and the token after it; None and `i` where none begins."""
    word = tokens[i][0]
    if word[0].isdecimal():
        value, i = _digits(word), i + 1
        if i < len(tokens) and tokens[i][0] in ("st", "nd", "rd", "th") and tokens[i][1] == tokens[i - 1][2]:
            i += 1
        while i < len(tokens) and tokens[i][0] in _MAGNITUDES:
            value, i = value * _MAGNITUDES[tokens[i][0]], i + 1
            if tokens[i - 1][0] in "億兆" and i + 1 < len(tokens) and tokens[i + 1][0] in ("万", "億"):
                smaller, after = _digits(tokens[i][0]), tokens[i + 1][0]
                value, i = value + smaller * _MAGNITUDES[after], i + 2
        return value, i
    return _spelled(tokens, i)


def _digits(token: str) -> float:
    """What the digits say; an endless row of them, or none, is no number that could be compared, and is 0."""
    digits = token.replace(",", "")
    return float(digits) if digits[:1].isdecimal() and len(digits) <= _MAX_DIGITS else 0.0


def _spelled(tokens: Sequence[tuple[str, int, int]], i: int) -> tuple[float | None, int]:
    if tokens[i][0] not in _SMALL:
        return None, i
    total, current = 0.0, 0.0
    while i < len(tokens):
        word = tokens[i][0]
        if word in _SMALL:
            if current and (current % 10 or _SMALL[word] >= 10) and current % 100:
                break  # "nineteen eighty", "one two": two numbers
            current += _SMALL[word]
        elif word in ("hundred", "hundreds"):
            current *= 100
        elif word in _MAGNITUDES:
            total, current = total + current * _MAGNITUDES[word], 0.0
        elif not (word == "and" and current >= 100 and i + 1 < len(tokens) and tokens[i + 1][0] in _SMALL):
            break
        i += 1
    return total + current, i
