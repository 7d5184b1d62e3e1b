"""Days and times of a spreadsheet as its reader sees them, under the number formats of Office Open XML [1].

Where a format leaves it to the reader's region, and where it asks for names in another language than English or for
another calendar, they are written in ISO: 2021-01-31 14:05.

[1] ECMA-376, part 1, 18.8.30 and 18.8.31.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|\[(?P<elapsed>h+|m+|s+)\]|\[\$(?P<sign>[^\]-]*)(?:-(?P<language>[^\]]*))?\]'
    r"|\[[^\]]*\]|(?P<blank>_.)|\*.|(?P<half>am/pm|a/p)|(?P<part>y+|m+|d+|h+|s+(?:\.0+)?)|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_OTHER_CALENDAR = frozenset("aegb")
_LAST_DAY = 2_958_466  # 10000-01-01
_DAY_SECONDS = 86_400
_ENGLISH = 0x09
_LANGUAGE = 0x3FF
_BY_REGION = 0xF000
_MONTHS = tuple("January February March April May June July August September October November December".split())
_WEEKDAYS = tuple("Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split())


@dataclass(frozen=True, slots=True)
class DateFormat:
    """A number format that tells a day or a time: its pieces as (kind, text), and whether it is shown in ISO."""

    pieces: tuple[tuple[str, str], ...]
    is_iso: bool

    def shown(self, number: float, *, since_1904: bool) -> str | None:
        """The day or time that is so many days after the calendar's beginning; None where there is no such day."""
        if not 0 <= number < _LAST_DAY:
            return None
        first = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 31 if number < 60 else 30)
        seconds = round(number * _DAY_SECONDS)
        try:
            moment = first + timedelta(seconds=seconds)
        except OverflowError:
            return None
        if self.is_iso:
            return self._iso(moment)
        has_halves = any(kind == "half" for kind, _ in self.pieces)
        said = (_piece(kind, text, moment, seconds, has_halves=has_halves) for kind, text in self.pieces)
        return "".join(said).strip()

    def _iso(self, moment: datetime) -> str:
        kinds = {text[0] for kind, text in self.pieces if kind in {"part", "minutes"}}
        has_clock, has_seconds = bool(kinds & {"h", "s"}), "s" in kinds
        clock = moment.strftime("%H:%M:%S" if has_seconds else "%H:%M") if has_clock else ""
        has_day = bool(kinds & {"y", "d"}) or not has_clock
        return f"{moment.date().isoformat() if has_day else ''} {clock}".strip()


@lru_cache(maxsize=1024)
def date_format(section: str) -> DateFormat | None:
    """A section of a number format as that of a day or a time; None where it is that of a figure or a text."""
    pieces: list[tuple[str, str]] = []
    is_iso = False
    for match in _TOKEN.finditer(section):
        kind = match.lastgroup or ""
        if match["sign"] is not None or match["language"] is not None:
            is_iso = is_iso or _leaves_it_to_region(match["language"])
            pieces.append(("literal", match["sign"] or ""))
        elif kind in {"quoted", "escaped", "blank"}:
            pieces.append(("literal", " " if kind == "blank" else match[kind]))
        elif kind == "other":
            is_iso = is_iso or match["other"].lower() in _OTHER_CALENDAR
            pieces.append(("other", match["other"]))
        elif kind:
            pieces.append((kind, match[kind].lower()))
    if not any(kind in {"part", "elapsed", "half"} for kind, _ in pieces) or _is_figure(pieces):
        return None
    return DateFormat(tuple(_minutes_told(pieces)), is_iso or _names_in_another_language(section, pieces))


def _is_figure(pieces: Sequence[tuple[str, str]]) -> bool:
    """Whether there are places for digits or a text beside the letters, which are then no day."""
    return any(kind == "other" and text in "0#?@" for kind, text in pieces)


def _leaves_it_to_region(language: str | None) -> bool:
    code = _code(language)
    return code is not None and code >= _BY_REGION


def _names_in_another_language(section: str, pieces: Sequence[tuple[str, str]]) -> bool:
    if not any(kind == "part" and text[0] in "md" and len(text) > 2 for kind, text in pieces):
        return False
    codes = [_code(match["language"]) for match in _TOKEN.finditer(section) if match["language"]]
    return any(code is not None and code & _LANGUAGE != _ENGLISH for code in codes)


def _code(language: str | None) -> int | None:
    """The number of a language, without those of a calendar and of digits before it; None where it has a name."""
    if not language or not re.fullmatch(r"[0-9A-Fa-f]{1,8}", language):
        return None
    return int(language, 16) & 0xFFFF


def _minutes_told(pieces: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The pieces with those "m" that stand after hours or before seconds as minutes."""
    told = list(pieces)
    places = [at for at, (kind, _) in enumerate(pieces) if kind in {"part", "elapsed"}]
    for order, at in enumerate(places):
        kind, text = pieces[at]
        before = pieces[places[order - 1]][1][0] if order else ""
        after = pieces[places[order + 1]][1][0] if order + 1 < len(places) else ""
        if kind == "part" and text in {"m", "mm"} and (before == "h" or after == "s"):
            told[at] = ("minutes", text)
    return told


def _piece(kind: str, text: str, moment: datetime, seconds: int, *, has_halves: bool) -> str:
    if kind in {"literal", "other"}:
        return text
    if kind == "half":
        half = "AM" if moment.hour < 12 else "PM"
        return half if len(text) > 3 else half[0]
    if kind == "minutes":
        return f"{moment.minute:0{len(text)}}"
    if kind == "elapsed":
        return f"{seconds // {'h': 3600, 'm': 60, 's': 1}[text[0]]:0{len(text)}}"
    return _part(text, moment, has_halves=has_halves)


def _part(text: str, moment: datetime, *, has_halves: bool) -> str:
    hour = (moment.hour % 12 or 12) if has_halves else moment.hour
    whole, _, decimals = text.partition(".")
    numbers: Mapping[str, int] = {"m": moment.month, "d": moment.day, "h": hour, "s": moment.second}
    match whole[0], len(whole):
        case "y", length:
            return f"{moment.year % 100:02}" if length < 3 else str(moment.year)
        case ("m" | "d") as letter, length if length > 2:
            name = _MONTHS[moment.month - 1] if letter == "m" else _WEEKDAYS[moment.weekday()]
            return name[:3] if length == 3 else name[:1] if letter == "m" and length == 5 else name
        case letter, length:
            return f"{numbers[letter]:0{min(length, 2)}}" + (f".{'0' * len(decimals)}" if decimals else "")
