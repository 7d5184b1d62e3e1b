"""Changes to XML that leave it well-formed, so that a reader and not its parser meets them."""

from collections.abc import Sequence
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

NUMBERS = ("-1", "0", "1", "2", "255", "65536", "4294967296", "99999999999999999999", "1e999", "NaN", "0x10", "1.5", "",
           "--5", "２", "9" * 5_000)  # fmt: skip
_MAX_ELEMENTS = 4_000
_MAX_DEPTH = 300


@dataclass(frozen=True, slots=True)
class Edit:
    """One change to one part; places are counted round."""

    kind: str
    part: int
    at: int
    to: int
    times: int
    text: str


def rearranged(content: bytes, made: Sequence[Edit]) -> bytes:
    """The XML with those changes; as it is where it cannot be parsed."""
    from lxml import etree

    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False))
    except etree.XMLSyntaxError:
        return content
    for edit in made:
        with suppress(ValueError):  # a letter that no XML may have
            _change(root, edit)
    return etree.tostring(root, encoding="utf-8")


def _change(root: "_Element", edit: Edit) -> None:
    elements = [e for e in root.iter() if isinstance(e.tag, str)]
    one, other = elements[edit.at % len(elements)], elements[edit.to % len(elements)]
    if edit.kind in ("value", "values", "number"):
        _set_value(elements, edit)
    elif edit.kind == "rename":
        one.tag = other.tag
    elif edit.kind == "insert":
        one.text = (one.text or "") + edit.text * edit.times
    elif edit.kind == "copy":
        one.insert(edit.times % (len(one) + 1), deepcopy(other))
    elif edit.kind == "swap":
        one.text, other.text = other.text, one.text
        one.tail, other.tail = other.tail, one.tail
    elif (parent := one.getparent()) is not None:
        _change_among(parent, one, edit, _MAX_ELEMENTS // len(elements))


def _change_among(parent: "_Element", one: "_Element", edit: Edit, max_times: int) -> None:
    """A change that its neighbours see: the element is gone, there several times, or deep in others like it."""
    if edit.kind == "drop":
        parent.remove(one)
    elif edit.kind == "repeat":
        for _ in range(min(edit.times, max_times)):
            one.addnext(deepcopy(one))
    elif edit.kind == "nest":
        for _ in range(min(edit.times, _MAX_DEPTH)):
            wrapper = one.makeelement(one.tag, dict(one.attrib))
            parent.replace(one, wrapper)
            wrapper.append(one)
            parent = wrapper


def _set_value(elements: Sequence["_Element"], edit: Edit) -> None:
    """An attribute becomes another's value, a number or any text; so do the words of an element for a number."""
    places = [(element, key) for element in elements for key in element.attrib]
    if not places or (edit.kind == "number" and edit.times % 3 == 0):
        elements[edit.at % len(elements)].text = NUMBERS[edit.to % len(NUMBERS)]
        return
    element, key = places[edit.at % len(places)]
    other, other_key = places[edit.to % len(places)]
    values = {"value": edit.text, "values": other.get(other_key, ""), "number": NUMBERS[edit.to % len(NUMBERS)]}
    element.set(key, values[edit.kind])
    if edit.times % 5 == 0:
        element.set(other_key, other.get(other_key, ""))
