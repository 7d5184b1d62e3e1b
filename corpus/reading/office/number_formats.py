"""Numbers of a spreadsheet as its reader sees them: percents, thousands, decimals, currencies; days and times in ISO.

Follows the number formats of Office Open XML [1]. Fractions, conditions and other calendars are shown as plain numbers.

[1] ECMA-376, part 1, 18.8.30 and 18.8.31.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

BUILT_IN: Mapping[int, str] = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: "#,##0", 6: "#,##0", 7: "#,##0.00", 8: "#,##0.00",
    9: "0%", 10: "0.00%", 11: "0.00E+00", 14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy",
    18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy-mm-dd h:mm",
    27: "yyyy-mm-dd", 28: "yyyy-mm-dd", 29: "yyyy-mm-dd", 30: "yyyy-mm-dd", 31: "yyyy-mm-dd", 32: "h:mm", 33: "h:mm:ss",
    36: "yyyy-mm-dd", 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss",
    47: "mm:ss", 48: "0.0E+0", 50: "yyyy-mm-dd", 57: "yyyy-mm-dd", 58: "yyyy-mm-dd",
}  # fmt: skip
"""The formats that files name by a number only."""
_LITERAL = re.compile(r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|\[\$(?P<currency>[^\]-]*)[^\]]*\]|\[[^\]]*\]|[_*].')
_DIGITS = re.compile(
    r"[0#?](?:[0#?,]*[0#?])?(?:\.(?P<decimals>[0#?]*))?(?P<scale>,*)(?P<exponent>E[+-][0#?]+)?|\.(?P<bare>[0#?]+)"
)
_ELAPSED = re.compile(r"\[[hms]+\]", re.IGNORECASE)
_CONDITION = re.compile(r"\[[<>=]")
_LAST_DAY = 2_958_466  # 10000-01-01
_PLAIN_DIGITS = 15
_WHOLE_DIGITS = 18
_MAX_DECIMALS = 12


def shown(number: float, code: str, *, since_1904: bool = False) -> str:
    """The number as a reader sees it under a number format.

    >>> [shown(0.125, "0.0%"), shown(1234.5, "#,##0.00"), shown(44197, "d/m/yy"), shown(-3, '0" kg"')]
    ['12.5%', '1,234.50', '2021-01-01', '-3 kg']
    """
    form = _form(code)
    if form.is_time and 0 <= number < _LAST_DAY:
        return _moment(number, form, since_1904=since_1904)
    section = form.section(number)
    if section is None or abs(number) >= 10**_PLAIN_DIGITS:
        return plain(number)
    return _figure(abs(number) if form.has_sign(number) else number, section)


def plain(number: float) -> str:
    """The number without a format: whole ones in full, others with at most ten digits that count.

    >>> [plain(3.0), plain(0.1 + 0.2), plain(1 / 3), plain(1e21)]
    ['3', '0.3', '0.3333333333', '1e+21']
    """
    if number == int(number) and abs(number) < 10**_WHOLE_DIGITS:
        return str(int(number))
    return f"{number:.10g}" if abs(number) < 10**9 else f"{number:.{_PLAIN_DIGITS}g}"


class _Form:
    """A number format taken apart: a section for each sign, and whether it tells a day or a time."""

    def __init__(self, code: str) -> None:
        self._sections = re.findall(r'((?:"[^"]*"|\\.|[^;"\\])*)(?:;|$)', code)[:-1] or [""]
        bare = _LITERAL.sub("", self._sections[0]).lower()
        self.is_elapsed = bool(_ELAPSED.search(self._sections[0]))
        is_general = "general" in bare or bare.strip() == "@"
        self.is_time = self.is_elapsed or (not is_general and bool(re.search(r"[ymdhsge]", bare.replace("e+", ""))))
        self.is_time = self.is_time and not re.search(r"[0#?]", bare.replace(".0", ""))
        self.has_day = bool(re.search(r"[yd]", bare)) or ("m" in bare and not re.search(r"[hs]", bare))
        self.has_clock = bool(re.search(r"[hs]", bare))
        self.has_seconds = "s" in bare

    def section(self, number: float) -> str | None:
        """The part of the format for a number of that sign; None where the number is shown plainly."""
        if any(_CONDITION.search(section) for section in self._sections):
            return None
        at = 1 if number < 0 else 2 if number == 0 else 0
        found = self._sections[at] if at < len(self._sections) else self._sections[0]
        bare = _LITERAL.sub(" ", found)
        is_plain = "general" in bare.lower() or "@" in bare or "/" in bare or not found
        return None if is_plain or len(_DIGITS.findall(bare)) > 1 else found

    def has_sign(self, number: float) -> bool:
        """Whether the format has a section of its own for negative numbers, which brings its own sign."""
        return number < 0 and len(self._sections) > 1


@lru_cache(maxsize=1024)
def _form(code: str) -> _Form:
    return _Form(code[:255])


def _figure(number: float, section: str) -> str:
    digits = _placeholders(section)
    if digits is None:
        return _words(section).strip()
    start, end, match = digits
    before, after = section[:start], section[end:]
    if "%" in _LITERAL.sub("", before + after):
        number *= 100
    number /= 1000 ** len(match["scale"] or "")
    decimals = min(len(match["decimals"] or match["bare"] or ""), _MAX_DECIMALS)
    if match["exponent"]:
        written = f"{number:.{decimals}E}"
    else:
        comma = "," if "," in match.group().rstrip(",").partition(".")[0] else ""
        written = f"{_rounded(number, decimals):{comma}.{decimals}f}"
        optional = len(re.search(r"[#?]*$", match["decimals"] or "").group())  # type: ignore[union-attr]
        written = _shorter(written, optional) if decimals else written
    sign = "-" if written.startswith("-") else ""
    return f"{sign}{_words(before)}{written.removeprefix('-')}{_words(after)}".strip()


def _rounded(number: float, decimals: int) -> Decimal:
    """The number with so many decimals, halves away from zero, as spreadsheets round and Python does not."""
    return Decimal(repr(number)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def _placeholders(section: str) -> tuple[int, int, re.Match[str]] | None:
    """Where in a section the digits go; those in literals are none."""
    blanked = _LITERAL.sub(lambda match: " " * len(match.group()), section)
    found = list(_DIGITS.finditer(blanked))
    return (found[0].start(), found[0].end(), found[0]) if found else None


def _shorter(written: str, optional: int) -> str:
    """The number without zeros at its end in places where the format asks for none."""
    for _ in range(optional):
        written = written.removesuffix("0")
    return written.removesuffix(".")


def _words(section: str) -> str:
    """What a section writes around the digits."""

    def literal(match: re.Match[str]) -> str:
        skipped = " " if match.group().startswith("_") else ""
        return match["quoted"] or match["escaped"] or match["currency"] or skipped

    return _LITERAL.sub(literal, section)


def _moment(number: float, form: _Form, *, since_1904: bool) -> str:
    """The day, the time of day, both, or the hours that have passed, from the days since the calendar began."""
    if form.is_elapsed:
        seconds = round(number * 86_400)
        return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    first = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 31 if number < 60 else 30)
    try:
        moment = first + timedelta(seconds=round(number * 86_400))
    except OverflowError:
        return plain(number)
    clock = moment.strftime("%H:%M:%S" if form.has_seconds else "%H:%M")
    if not form.has_day:
        return clock
    return f"{moment.date().isoformat()} {clock}" if form.has_clock else moment.date().isoformat()
