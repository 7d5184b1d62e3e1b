"""The date that a text states near its head: found by form, not understood.

Reads ISO dates, "20 October 2021", "October 20, 2021" and 2021年10月20日. It reads no dates in other languages and does
not tell which of several dates is the document's own: the first one counts, and callers mark it as a guess.
"""

import re
from datetime import date

_MONTHS = "january february march april may june july august september october november december".split()
_MONTH = "(?P<month>" + "|".join(_MONTHS) + ")"
_FORMS = (
    re.compile(r"\b(?P<year>\d{4})-(?P<number>\d{2})-(?P<day>\d{2})\b"),
    re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH},?\s+(?P<year>\d{{4}})\b", re.IGNORECASE),
    re.compile(rf"\b{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})\b", re.IGNORECASE),
    re.compile(r"(?P<year>\d{4})年\s*(?P<number>\d{1,2})月\s*(?P<day>\d{1,2})日"),
)
_ISO = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ][0-9:.]+(?: ?Z| ?[+-][0-9:]+)?)?|[0-9]{4}(?:-[0-9]{2})?", re.IGNORECASE
)
_HEAD_CHARS = 1_000


def date_near_head(text: str) -> str | None:
    """The first full date in the first thousand characters: a guess at when a document was published."""
    return first_date(text[:_HEAD_CHARS])


def iso_date(value: str) -> str | None:
    """The ISO date, month or year that the value is, less a time of day; None where it is none of them.

    >>> iso_date("2024-04-22 10:00:00"), iso_date("2024-04"), iso_date("April")
    ('2024-04-22', '2024-04', None)
    """
    found = _ISO.fullmatch(value)
    if not found:
        return None
    stated = found["day"] or value
    try:
        date.fromisoformat(f"{stated}-01-01"[:10])
    except ValueError:
        return None  # there is no 31 June
    return stated


def first_date(text: str) -> str | None:
    """The first full date in the text as an ISO date, None when it has none.

    >>> first_date("Date and Time: 9:00-13:30, April 22, 2024")
    '2024-04-22'
    """
    found = []
    for form in _FORMS:
        for match in form.finditer(text):
            parts = match.groupdict()
            month = int(parts["number"]) if "number" in parts else _MONTHS.index(parts["month"].lower()) + 1
            try:
                found.append((match.start(), date(int(parts["year"]), month, int(parts["day"])).isoformat()))
            except ValueError:
                continue  # 31 June is no date: look further
            break
    return min(found)[1] if found else None
