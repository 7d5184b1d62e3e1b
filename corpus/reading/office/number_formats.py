"""Numbers of a spreadsheet as its reader sees them: percents, thousands, decimals, fractions, currencies, days, times.

Follows the number formats of Office Open XML [1]; those of days and times in `date_formats.py`. Numbers under formats
with conditions are shown plainly.

[1] ECMA-376, part 1, 18.8.30 and 18.8.31.
"""

import re
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import lru_cache

from corpus.reading.office.date_formats import date_format

BUILT_IN: Mapping[int, str] = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: "#,##0", 6: "#,##0", 7: "#,##0.00", 8: "#,##0.00",
    9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??", 14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm",
    17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy-mm-dd h:mm",
    27: "yyyy-mm-dd", 28: "yyyy-mm-dd", 29: "yyyy-mm-dd", 30: "yyyy-mm-dd", 31: "yyyy-mm-dd", 32: "h:mm", 33: "h:mm:ss",
    36: "yyyy-mm-dd", 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss",
    47: "mm:ss", 48: "0.0E+0", 50: "yyyy-mm-dd", 57: "yyyy-mm-dd", 58: "yyyy-mm-dd",
}  # fmt: skip
"""The formats that files name by a number only; where these leave it to the reader's region, in ISO."""
_LITERAL = re.compile(r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|\[\$(?P<currency>[^\]-]*)[^\]]*\]|\[[^\]]*\]|[_*].')
_DIGITS = re.compile(
    r"[0#?](?:[0#?,]*[0#?])?(?:\.(?P<decimals>[0#?]*))?(?P<scale>,*)(?P<exponent>E[+-][0#?]+)?|\.(?P<bare>[0#?]+)"
)
_FRACTION = re.compile(r"(?P<whole>[#0?]+ +)?[#0?]+ */ *(?:(?P<digits>[#0?]+)|(?P<parts>\d+))")
_CONDITION = re.compile(r"\[[<>=]")
_PLAIN_DIGITS = 15
_WHOLE_DIGITS = 18
_MAX_DECIMALS = 12
_MAX_DIGITS = 40
_MAX_PARTS = 9_999


def shown(number: float, code: str, *, since_1904: bool = False) -> str:
    """The number as a reader sees it under a number format.

    >>> [shown(0.125, "0.0%"), shown(1234.5, "#,##0.00"), shown(44197, "d/m/yy"), shown(-3, '0" kg"')]
    ['12.5%', '1,234.50', '1/1/21', '-3 kg']
    """
    form = _form(code)
    if form.date is not None:
        return form.date.shown(number, since_1904=since_1904) or plain(number)
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
        self.date = date_format(self._sections[0])

    def section(self, number: float) -> str | None:
        """The part of the format for a number of that sign; None where the number is shown plainly."""
        if any(_CONDITION.search(section) for section in self._sections):
            return None
        at = 1 if number < 0 else 2 if number == 0 else 0
        found = self._sections[at] if at < len(self._sections) else self._sections[0]
        bare = _LITERAL.sub(" ", found)
        is_plain = "general" in bare.lower() or "@" in bare or not found
        return None if is_plain else found

    def has_sign(self, number: float) -> bool:
        """Whether the format has a section of its own for negative numbers, which brings its own sign."""
        return number < 0 and len(self._sections) > 1


@lru_cache(maxsize=1024)
def _form(code: str) -> _Form:
    return _Form(code[:255])


def _figure(number: float, section: str) -> str:
    """The number with what a section writes around its digits, which may stand in two places: "19 francs and .50"."""
    blanked = _LITERAL.sub(lambda match: " " * len(match.group()), section)
    if fraction := _FRACTION.search(blanked):
        return _in_words(number, section, [fraction.span()], [_fraction(abs(number), fraction)])
    places = list(_DIGITS.finditer(blanked))
    if not places:
        return _words(section).strip()
    is_split = len(places) == 2 and places[1]["bare"] and not places[0]["decimals"] and "." not in places[0].group()
    if len(places) > 1 and not is_split:
        return plain(number)
    if "%" in blanked:
        number *= 100
    if is_split:
        decimals = min(len(places[1]["bare"]), _MAX_DECIMALS)
        whole, _, rest = _digits(number, places[0], decimals).partition(".")
        return _in_words(number, section, [match.span() for match in places], [whole, f".{rest}"])
    decimals = min(len(places[0]["decimals"] or places[0]["bare"] or ""), _MAX_DECIMALS)
    return _in_words(number, section, [places[0].span()], [_digits(number, places[0], decimals)])


def _in_words(number: float, section: str, places: Sequence[tuple[int, int]], written: Sequence[str]) -> str:
    """What is written at those places of a section, with its words around; a minus before all of it."""
    pieces, end = [], 0
    for (start, stop), digits in zip(places, written, strict=True):
        pieces += [_words(section[end:start]), digits]
        end = stop
    has_sign = number < 0 and any(digit in "123456789" for digit in "".join(written))
    return f"{'-' if has_sign else ''}{''.join(pieces)}{_words(section[end:])}".strip()


def _digits(number: float, place: re.Match[str], decimals: int) -> str:
    """The digits of a number without its sign."""
    number = abs(number) / 1000 ** len(place["scale"] or "")
    if place["exponent"]:
        return f"{number:.{decimals}E}"
    comma = "," if "," in place.group().rstrip(",").partition(".")[0] else ""
    written = f"{_rounded(number, decimals):{comma}.{decimals}f}"
    optional = len(re.search(r"[#?]*$", place["decimals"] or "").group())  # type: ignore[union-attr]
    return _shorter(written, optional) if decimals else written


def _fraction(number: float, place: re.Match[str]) -> str:
    """The number as a whole one and a fraction, such as 2 1/2, whose lower part is stated or has so many digits."""
    parts = int(place["parts"] or 0)
    exact = Fraction(number)
    if parts:
        near = Fraction(round(exact * parts), parts)
    else:
        near = exact.limit_denominator(min(10 ** len(place["digits"]) - 1, _MAX_PARTS))
    if not place["whole"]:
        return f"{round(near * parts)}/{parts}" if parts else f"{near.numerator}/{near.denominator}"
    whole, rest = divmod(near, 1)
    if not rest:
        return str(whole)
    said = f"{round(rest * parts)}/{parts}" if parts else f"{rest.numerator}/{rest.denominator}"
    return f"{whole} {said}" if whole else said


def _rounded(number: float, decimals: int) -> Decimal:
    """The number with so many decimals, halves away from zero, as spreadsheets round and Python does not."""
    return Decimal(repr(number)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, Context(_MAX_DIGITS))


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
