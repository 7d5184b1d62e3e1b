"""Periods that a question names: a year, a month, a stretch of years, before or after one.

Reads digits and English or Japanese wording; "last year" and other words that depend on today are not read.
"""

import re
from dataclasses import dataclass, replace

from index.scope import Scope

_MONTHS = "january february march april may june july august september october november december".split()
_POINT = (
    rf"(?:(?P<{{0}}month>{'|'.join(_MONTHS)})\s+(?:of\s+)?)?(?P<{{0}}year>(?:19|20)\d\d)(?:-(?P<{{0}}number>\d\d))?"
)
_RANGE = re.compile(
    rf"\b(?:from|between|in|of|dated)?\s*{_POINT.format('a')}\s*(?:to|until|till|and|through|–|-|〜|~|"
    rf"から)\s*{_POINT.format('b')}(?!\d)",
    re.IGNORECASE,
)
_ONE = re.compile(
    rf"\b(?P<how>since|after|before|until|till|up to|by|later than|earlier than|newer than|older than|in|from|of|"
    rf"dated|during|for)?"
    rf"\s*(?:the year\s+)?\b{_POINT.format('a')}(?!\d)",
    re.IGNORECASE,
)
_JAPANESE = re.compile(
    r"(?P<year>(?:19|20)\d\d)年(?:(?P<month>\d{1,2})月)?(?:に|の|から)?(?P<how>以降|以後|以前|より前|まで)?"
)


@dataclass(frozen=True, slots=True)
class Period:
    """From `since` to `until`, ISO months or years, both inclusive, None where open; `wording` names it to a reader."""

    since: str | None
    until: str | None
    wording: str


def period_in(asked: str) -> Period | None:
    """The first period that is named, None where none is.

    >>> period_in("documents from 2023"), period_in("since May 2021")
    (Period(since='2023', until='2023', wording='2023'), Period(since='2021-05', until=None, wording='since 2021-05'))
    """
    if found := _JAPANESE.search(asked):
        return _period(_iso(found["year"], found["month"]), found["how"] or "")
    if found := _RANGE.search(asked):
        first, last = _point(found, "a"), _point(found, "b")
        return Period(first, last, f"{first} to {last}") if first[:4] <= last[:4] else None
    found = _ONE.search(asked)
    return _period(_point(found, "a"), (found["how"] or "").lower()) if found else None


def narrowed(scope: Scope | None, period: Period | None) -> Scope:
    """The scope, kept to the period too."""
    kept = scope or Scope()
    if period is None:
        return kept
    since = max((p for p in (kept.since, period.since) if p), default=None)
    until = min((p for p in (kept.until, period.until) if p), default=None, key=lambda p: f"{p}~")
    return replace(kept, since=since, until=until)


def _period(point: str, how: str) -> Period:
    if how in ("since", "以降", "以後"):
        return Period(point, None, f"since {point}")
    if how in ("after", "later than", "newer than"):
        return Period(_next(point, 1), None, f"after {point}")
    if how in ("before", "earlier than", "older than", "以前", "より前"):
        return Period(None, _next(point, -1), f"before {point}")
    if how in ("until", "till", "up to", "by", "まで"):
        return Period(None, point, f"until {point}")
    return Period(point, point, point)


def _next(point: str, step: int) -> str:
    """The year or month after, or before, a year or month."""
    if len(point) == 4:
        return f"{int(point) + step:04}"
    months = 12 * int(point[:4]) + int(point[5:]) - 1 + step
    return f"{months // 12:04}-{months % 12 + 1:02}"


def _point(found: re.Match[str], name: str) -> str:
    month = found[f"{name}month"]
    number = str(_MONTHS.index(month.lower()) + 1) if month else found[f"{name}number"]
    return _iso(found[f"{name}year"], number)


def _iso(year: str, month: str | None) -> str:
    return f"{year}-{int(month):02}" if month and 1 <= int(month) <= 12 else year
