"""Which elements of a page its style sheets keep from being seen.

Only what is plain is understood: rules for classes and ids that take an element out of the page (`display: none`) on a
screen of any size. Where another rule might show the element it stays, and so does what is hidden by its place.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_BRACE = re.compile(r"[{}]")
_ON_SCREEN = re.compile(r"(?:only\s+)?(?:all|screen)", re.IGNORECASE)
_DISPLAY = re.compile(r"(?:^|;)\s*display\s*:\s*([\w-]+)", re.IGNORECASE)
_SELECTOR = re.compile(r"([\w-]*)((?:[.#][\w-]+)+)")
_NAME = re.compile(r"[.#][\w-]+")
_MAX_RULES = 1_000
"""Sheets that show and hide more than this are those of programs; what they hide, a click may show."""


_Names = frozenset[str]
"""The names that an element must have: ".class", "#id"."""


@dataclass(frozen=True, slots=True)
class _Rule:
    """What is said of elements with these names and this tag, if one is given; the rule with the most weight holds."""

    tag: str
    names: _Names
    weight: tuple[int, int, int]
    hides: bool


def hide(root: "_Element", sheets: Iterable[str]) -> None:
    """Marks the elements as hidden that the sheets, of which the last weighs most, keep from being seen."""
    rules = _by_name(tuple(dict.fromkeys(sheets)))
    for element in root.iter("*") if rules else ():
        own = {f".{name}" for name in element.get("class", "").split()}
        own |= {f"#{element.get('id')}"} if element.get("id") else set()
        tag = str(element.tag).rpartition("}")[2].lower()
        matching = [
            (rule.weight, order, rule.hides)
            for name in own
            for order, rule in rules.get(name, ())
            if rule.names <= own and rule.tag in (tag, "")
        ]
        if matching and max(matching)[2]:
            element.set("hidden", "hidden")


@lru_cache(maxsize=4)
def _by_name(sheets: tuple[str, ...]) -> Mapping[str, list[tuple[int, _Rule]]]:
    """The rules of the sheets, in order, by one of the names that they ask for; empty where none hides anything."""
    latest: dict[tuple[str, _Names, tuple[int, int, int]], _Rule] = {}
    for rule in _rules("\n".join(sheets)):
        key = rule.tag, rule.names, rule.weight
        latest.pop(key, None)
        latest[key] = rule
    if len(latest) > _MAX_RULES or not any(rule.hides for rule in latest.values()):
        return {}
    found = defaultdict[str, list[tuple[int, _Rule]]](list)
    for order, rule in enumerate(latest.values()):
        found[min(rule.names)].append((order, rule))
    return found


def _rules(css: str) -> Iterator[_Rule]:
    """The rules that show or hide; those of selectors that are not understood only where they show."""
    for selectors, declarations in _applied(_COMMENT.sub(" ", css)):
        display = _DISPLAY.findall(declarations)
        for selector in selectors.split(",") if display else ():
            parts = selector.split()
            found = _SELECTOR.fullmatch(parts[-1]) if parts else None
            hides = display[-1].lower() == "none"
            if found is None or (hides and len(parts) > 1):
                continue
            names = frozenset(_NAME.findall(found[2]))
            num_ids = sum(name.startswith("#") for name in names)
            weight = num_ids + (len(parts) > 1), len(names) - num_ids, int(bool(found[1]))
            yield _Rule(found[1].lower(), names, weight, hides)


def _applied(css: str) -> Iterator[tuple[str, str]]:
    """The selectors and declarations of the rules that hold on a screen of any size."""
    opened: list[tuple[str, bool]] = []
    end = 0
    for brace in _BRACE.finditer(css):
        text, end = css[end : brace.start()], brace.end()
        if brace.group() == "{":
            prelude = text.rpartition(";")[2].strip()
            holds = all(holds for _, holds in opened[-1:])
            opened.append((prelude, holds and (not prelude.startswith("@") or _is_on_screen(prelude))))
        elif opened:
            prelude, holds = opened.pop()
            if holds and not prelude.startswith("@"):
                yield prelude, text


def _is_on_screen(prelude: str) -> bool:
    name, _, media = prelude.partition(" ")
    return name.lower() == "@media" and any(_ON_SCREEN.fullmatch(part.strip()) for part in media.split(","))
