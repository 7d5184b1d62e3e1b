"""What Word's paragraph styles say that matters to a reader: headings, titles, list numbers, hidden words.

Styles inherit from one another; fonts and colours are of no interest here.
"""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.reading.office.word_lists import W, value, whole

if TYPE_CHECKING:
    from lxml.etree import _Element

_HEADING = re.compile(r"heading ([1-9])", re.IGNORECASE)
_MAX_LEVEL = 6
_BODY = 9
_MAX_ANCESTORS = 20


@dataclass(frozen=True, slots=True)
class Style:
    """`level` is that of a heading, 0 for a paragraph; `list_id` and `list_level` name the list that it numbers in."""

    level: int = 0
    is_title: bool = False
    list_id: str | None = None
    list_level: int | None = None
    list_style: str = ""


class Styles:
    """A document's paragraph styles by their ids."""

    def __init__(self, root: "_Element | None") -> None:
        """`root` is that of the part `styles.xml`, None where there is none."""
        self._elements: dict[str, _Element] = {}
        self._known: dict[str, Style] = {}
        self._default = ""
        for element in root.iter(f"{W}style") if root is not None else ():
            if element.get(f"{W}type", "paragraph") == "paragraph":
                self._elements[element.get(f"{W}styleId", "")] = element
                if element.get(f"{W}default") in {"1", "true", "on"}:
                    self._default = element.get(f"{W}styleId", "")

    def of(self, style_id: str | None) -> Style:
        """The style of that id, with what it inherits; the default style for None."""
        key = self._default if style_id is None else style_id
        if key not in self._known:
            self._known[key] = self._resolved(key)
        return self._known[key]

    def _resolved(self, key: str) -> Style:
        level: int | None = None
        is_title, list_id, list_level, list_style = False, None, None, ""
        for number, (name, element) in enumerate(self._ancestors(key)):
            heading = _HEADING.fullmatch(value(element, "name") or "")
            properties = element.find(f"{W}pPr")
            outline = value(properties, "outlineLvl")
            if level is None and heading:
                level = int(heading[1])
            elif level is None and outline is not None:
                level = whole(outline, default=_BODY) + 1
            is_title = is_title or (number <= 1 and (value(element, "name") or "").lower() == "title")
            numbers = properties.find(f"{W}numPr") if properties is not None else None
            if list_id is None and numbers is not None:
                list_id, list_style = value(numbers, "numId"), name
                if (at := value(numbers, "ilvl")) is not None:
                    list_level = whole(at)
        return Style(heading_level(level), is_title, list_id, list_level, list_style)

    def _ancestors(self, key: str) -> list[tuple[str, "_Element"]]:
        found: list[tuple[str, _Element]] = []
        current: str | None = key
        while current in self._elements and len(found) < _MAX_ANCESTORS:
            found.append((current, self._elements[current]))
            current = value(self._elements[current], "basedOn")
        return found


def heading_level(outline: int | None) -> int:
    """The level of a heading from its outline level, counted from 1; 0 for the level of body text."""
    return 0 if outline is None or not 0 < outline <= _BODY else min(outline, _MAX_LEVEL)
