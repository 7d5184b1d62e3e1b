"""The numbers and bullets of OpenDocument lists and headings, counted as its programs count them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.reading.office.list_numbers import BULLET, FORMS, written
from corpus.reading.office.packages import local

if TYPE_CHECKING:
    from lxml.etree import _Element

STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_FORMS = {
    **FORMS,
    "一, 二, 三, ...": "japaneseCounting",
    "①, ②, ③, ...": "decimalEnclosedCircle",
    "ア, イ, ウ, ...": "aiueo",
    "イ, ロ, ハ, ...": "iroha",
    "１, ２, ３, ...": "decimalFullWidth",
}
_MAX_LEVELS = 10
_MAX_LABEL_CHARS = 50


@dataclass(frozen=True, slots=True)
class _Level:
    form: str
    prefix: str
    suffix: str
    start: int
    num_shown: int


class ListStyle:
    """The levels of one list style, counted from 1."""

    def __init__(self, element: "_Element | None") -> None:
        self._levels: dict[int, _Level] = {}
        self._bullets: set[int] = set()
        for child in element if element is not None else ():
            level = whole(child.get(f"{TEXT}level"), 1)
            if local(child) in {"list-level-style-number", "outline-level-style"}:
                self._levels[level] = _Level(
                    form=child.get(f"{STYLE}num-format", ""),
                    prefix=child.get(f"{STYLE}num-prefix", "")[:_MAX_LABEL_CHARS],
                    suffix=child.get(f"{STYLE}num-suffix", "")[:_MAX_LABEL_CHARS],
                    start=whole(child.get(f"{TEXT}start-value"), 1),
                    num_shown=min(whole(child.get(f"{TEXT}display-levels"), 1), _MAX_LEVELS),
                )
            elif local(child) == "list-level-style-bullet" and child.get(f"{TEXT}bullet-char", "").strip():
                self._bullets.add(level)

    def label(self, counts: dict[int, int], level: int, *, start: int | None = None) -> str:
        """What stands before the next item of that level; `counts` are those of its list and go on."""
        for deeper in [at for at in counts if at > level]:
            del counts[deeper]
        own = self._levels.get(level)
        if own is None:
            return BULLET if level in self._bullets else ""
        counts[level] = counts.get(level, own.start - 1) + 1 if start is None else start
        if not own.form:
            return ""
        shown = [at for at in range(max(level - own.num_shown + 1, 1), level + 1) if at in self._levels]
        numbers = [self._written(counts, at) for at in shown if self._levels[at].form]
        return f"{own.prefix}{'.'.join(numbers)}{own.suffix}".strip()

    def _written(self, counts: dict[int, int], at: int) -> str:
        level = self._levels[at]
        return written(counts.get(at, level.start), _FORMS.get(level.form, "decimal"))


def whole(text: str | None, default: int) -> int:
    """The whole number that an attribute says; `default` where it says none."""
    return int(text) if text and text.isdecimal() and len(text) < 10 else default
