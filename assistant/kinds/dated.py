"""The dates that a sentence states: days, months and years, found by form, as ISO dates.

Bare years count only where the wording makes them dates ("in 2021"), so that "Horizon 2020" and "2016-2025" are none.
Relative dates ("last year") are not read.
"""

import re
from datetime import date

_MONTHS = "january february march april may june july august september october november december".split()
_MONTH = r"(?P<month>January|February|March|April|May|June|July|August|September|October|November|December)"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?(?!\d)"
_YEAR = r"(?P<year>(?:1[5-9]|20)\d\d)(?!\d)"
_MORE = r"(?:\s*(?:and|to|or|–|-|until)\s*\d{1,2}(?:st|nd|rd|th)?)?"
_ERAS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
_FORMS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<![\d-]){_YEAR}-(?P<number>\d\d)-(?P<day>\d\d)(?![\d-])",
        rf"(?<!\d){_DAY}{_MORE}\s+(?:of\s+)?{_MONTH},?\s+{_YEAR}",
        rf"\b{_MONTH}\s+{_DAY}{_MORE},?\s+{_YEAR}",
        rf"\b{_MONTH},?\s+(?:of\s+)?{_YEAR}",
        rf"{_YEAR}年\s*(?:(?P<number>\d{{1,2}})月\s*(?:(?P<day>\d{{1,2}})日)?)?",
        r"(?P<era>明治|大正|昭和|平成|令和)(?P<of>\d{1,2}|元)年\s*(?:(?P<number>\d{1,2})月\s*(?:(?P<day>\d{1,2})日)?)?",
        rf"\b(?:[Ii]n|[Ss]ince|[Ff]rom|[Bb]y|[Uu]ntil|[Dd]uring|[Aa]fter|[Bb]efore|[Tt]o|[Oo]f|[Ii]n early|[Ii]n late|"
        rf"[Ii]n mid-?|early|late|"
        rf"(?:fiscal|financial) year|fiscal|[Tt]he year|[Tt]hrough|around|"
        rf"{_YEAR.replace('P<year>', ':')} and)\s+{_YEAR}(?![-–/]\d)(?!\s*(?:and|to)\s+[a-z]*\s*(?:million|billion))",
    )
)


def dates_in(sentence: str) -> list[tuple[int, str]]:
    """Each date that is stated, with where it begins, in order: "2021-03-16", "2021-03" or "2021".

    >>> dates_in("The talks of May 2021 led to the accord, signed on 16 March 2022.")
    [(13, '2021-05'), (51, '2022-03-16')]
    >>> dates_in("Horizon 2020 and the plan for 2016-2025 may go on.")
    []
    """
    found: list[tuple[int, str]] = []
    taken: list[tuple[int, int]] = []
    for form in _FORMS:
        for match in form.finditer(sentence):
            start = match.start("era" if match.groupdict().get("era") else "year")
            if any(a <= start < b for a, b in taken):
                continue
            taken.append(match.span())
            if (stated := _iso(match.groupdict())) is not None:
                found.append((match.start(), stated))
    return sorted(found)


def _iso(parts: dict[str, str | None]) -> str | None:
    """The date as ISO, None for one that the calendar does not have."""
    year = parts.get("year")
    if year is None:
        of = parts.get("of") or ""
        year = str(_ERAS[parts["era"] or ""] + (1 if of == "元" else int(of)))
    name = parts.get("month")
    number = str(_MONTHS.index(name.lower()) + 1) if name else parts.get("number")
    if not number:
        return year
    try:
        day = parts.get("day")
        return date(int(year), int(number), int(day or 1)).isoformat()[: 10 if day else 7]
    except ValueError:
        return None
