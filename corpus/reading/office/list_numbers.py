"""The numbers before headings and list items as word processors write them: "4.", "(a)", "iv)", "第三条"."""

from collections.abc import Mapping

BULLET = "•"
FORMS: Mapping[str, str] = {
    "1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman",
}  # fmt: skip
"""The forms by the signs with which HTML and OpenDocument name them."""
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_KANJI = "〇一二三四五六七八九"
_AIUEO = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン"
_IROHA = "イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテアサキユメミシヱヒモセスン"
_ROWS: Mapping[str, str] = {
    "aiueo": _AIUEO,
    "aiueoFullWidth": _AIUEO,
    "iroha": _IROHA,
    "irohaFullWidth": _IROHA,
    "russianLower": "абвгдежзиклмнопрстуфхцчшщыэюя",
    "russianUpper": "АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЫЭЮЯ",
}


def written(number: int, form: str) -> str:
    """The number in a form named as Office Open XML names them; in decimals where the form is not known.

    >>> [written(4, form) for form in ("decimal", "lowerLetter", "upperRoman", "japaneseCounting", "decimalZero")]
    ['4', 'd', 'IV', '四', '04']
    """
    if form == "none":
        return ""
    if number < 1 or number > 99_999:
        return str(number)
    lower = form.startswith("lower")
    if form.endswith("Letter"):
        return _cased(chr(ord("a") + (number - 1) % 26) * min((number - 1) // 26 + 1, 10), lower=lower)
    if form.endswith("Roman"):
        return _cased(_roman(number), lower=lower) if number < 4_000 else str(number)
    if form in _ROWS:
        return _ROWS[form][(number - 1) % len(_ROWS[form])]
    return _other(number, form)


def _other(number: int, form: str) -> str:
    if form in {"decimalZero", "ordinal"}:
        return f"{number:02}" if form == "decimalZero" else f"{number}{_ordinal_ending(number)}"
    if form.startswith("decimalEnclosedCircle") and number <= 20:
        return chr(ord("①") + number - 1)
    if form == "decimalFullWidth":
        return str(number).translate({ord("0") + digit: ord("０") + digit for digit in range(10)})
    if form in {"japaneseCounting", "chineseCounting", "chineseCountingThousand", "japaneseLegal"} and number < 100:
        return _counted(number)
    if form in {"ideographDigital", "japaneseDigitalTenThousand"}:
        return "".join(_KANJI[int(digit)] for digit in str(number))
    return str(number)


def _cased(word: str, *, lower: bool) -> str:
    return word if lower else word.upper()


def _roman(number: int) -> str:
    word = ""
    for value, letters in _ROMAN:
        word += letters * (number // value)
        number %= value
    return word


def _ordinal_ending(number: int) -> str:
    return "th" if number % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def _counted(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else f"{_KANJI[tens]}十") + (_KANJI[ones] if ones else "")
