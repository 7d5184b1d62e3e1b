"""The numbers that Word writes before paragraphs by itself: they are rules in the file and are counted here.

Follows `numbering.xml` and the numbering of styles. Lists that tables or text boxes hold are counted in the order of
the file, as Word does.
"""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.reading.office.list_numbers import BULLET, written

if TYPE_CHECKING:
    from lxml.etree import _Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PLACE = re.compile(r"%([1-9])")
_MAX_LEVELS = 9
_MAX_LABEL_CHARS = 100


@dataclass(frozen=True, slots=True)
class _Level:
    form: str
    text: str
    start: int
    restarts_after: int | None
    is_legal: bool


class Numbering:
    """The counters of one document's lists. Ask for each paragraph once, in order."""

    def __init__(self, root: "_Element | None") -> None:
        """`root` is that of the part `numbering.xml`, None where there is none."""
        self._levels: dict[str, dict[int, _Level]] = {}
        self._abstract: dict[str, str] = {}
        self._overrides: dict[str, dict[int, _Level]] = {}
        self._restarts: dict[str, dict[int, int]] = {}
        self._by_style: dict[tuple[str, str], int] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[str] = set()
        if root is not None:
            self._read(root)

    def label(self, number_id: str, level: int) -> str | None:
        """What stands before the next paragraph of that list and level; None where the list is not known."""
        abstract = self._abstract.get(number_id)
        known = {**self._levels.get(abstract or "", {}), **self._overrides.get(number_id, {})}
        if abstract is None or level not in known:
            return None
        counts = self._counts.setdefault(abstract, {})
        if number_id not in self._begun:
            self._begun.add(number_id)
            counts.update({at: start - 1 for at, start in self._restarts.get(number_id, {}).items()})
        counts[level] = counts.get(level, known[level].start - 1) + 1
        for deeper in [at for at in counts if at > level and _restarts(known.get(at), level)]:
            del counts[deeper]
        return _label(known, counts, level)

    def style_level(self, number_id: str, style: str) -> int | None:
        """The level of a list that is tied to a paragraph style."""
        return self._by_style.get((self._abstract.get(number_id, ""), style))

    def _read(self, root: "_Element") -> None:
        for abstract in root.iter(f"{W}abstractNum"):
            name = abstract.get(f"{W}abstractNumId", "")
            self._levels[name] = dict(self._read_levels(abstract, name))
        for number in root.iter(f"{W}num"):
            name = number.get(f"{W}numId", "")
            self._abstract[name] = value(number, "abstractNumId") or ""
            for override in number.findall(f"{W}lvlOverride"):
                level = whole(override.get(f"{W}ilvl"))
                start = value(override, "startOverride")
                self._overrides.setdefault(name, {}).update(self._read_levels(override, ""))
                if start is not None:
                    self._restarts.setdefault(name, {})[level] = whole(start)

    def _read_levels(self, parent: "_Element", abstract: str) -> list[tuple[int, _Level]]:
        found = []
        for element in parent.findall(f"{W}lvl")[:_MAX_LEVELS]:
            level = whole(element.get(f"{W}ilvl"))
            if style := value(element, "pStyle"):
                self._by_style[(abstract, style)] = level
            restart = value(element, "lvlRestart")
            found.append(
                (
                    level,
                    _Level(
                        form=value(element, "numFmt") or _alternate_form(element) or "decimal",
                        text=(value(element, "lvlText") or "")[:_MAX_LABEL_CHARS],
                        start=whole(value(element, "start"), default=1),
                        restarts_after=None if restart is None else whole(restart),
                        is_legal=element.find(f"{W}isLgl") is not None,
                    ),
                )
            )
        return found


def value(parent: "_Element | None", name: str) -> str | None:
    """The value of a property: of the child of that name its attribute `val`."""
    child = parent.find(f"{W}{name}") if parent is not None else None
    return None if child is None else child.get(f"{W}val", "")


def whole(text: str | None, *, default: int = 0) -> int:
    """The whole number that an attribute says, at most nine digits of it; `default` where it says none."""
    return int(text) if text and re.fullmatch(r"-?[0-9]{1,9}", text) else default


def _alternate_form(element: "_Element") -> str | None:
    """The form of numbers that a newer version wraps for older ones."""
    return next((found.get(f"{W}val") for found in element.iter(f"{W}numFmt")), None)


def _restarts(level: _Level | None, above: int) -> bool:
    """Whether a level begins anew once a paragraph of a level above it has come."""
    if level is None or level.restarts_after is None:
        return True
    return level.restarts_after > above


def _label(known: dict[int, _Level], counts: dict[int, int], level: int) -> str:
    own = known[level]
    if own.form == "bullet":
        return BULLET if own.text.strip() else ""

    def number(match: re.Match[str]) -> str:
        at = int(match[1]) - 1
        above = known.get(at, own)
        form = "decimal" if own.is_legal and above.form != "decimalZero" else above.form
        return written(counts.get(at, above.start), form)

    return _PLACE.sub(number, own.text).strip()
