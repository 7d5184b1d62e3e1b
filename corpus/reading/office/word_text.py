"""The words of one Word paragraph as a reader sees them, and what hangs on it: text boxes, notes, drawings.

Deleted and hidden words are left out, inserted ones kept; fields show their results, formulas their signs in a line,
and a line to write on is "____".
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from corpus.blocks import PAGE_BREAK
from corpus.reading.office.packages import RELATION, local
from corpus.reading.office.word_lists import W, value
from corpus.reading.raised import raised

if TYPE_CHECKING:
    from lxml.etree import _Element

M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
RENDERED_BREAK = "\v"
"""Where a page began when Word last showed the document; a `PAGE_BREAK` is one that the author set."""
_PASSED_THROUGH = frozenset(
    "bdo customXml dir fldSimple hyperlink ins moveTo p rubyBase ruby sdtContent smartTag".split()
)
_CHARACTERS = {"tab": " ", "ptab": " ", "cr": "\n", "noBreakHyphen": "-", "lastRenderedPageBreak": RENDERED_BREAK}
_TO_WRITE_ON = "____"
_MIN_SPACES = 4
_SCRIPTED = frozenset({"sSup", "sSub", "sSubSup", "nary"})
_PRIVATE = range(0xE000, 0xF900)


@dataclass(slots=True)
class Line:
    """What was found in a paragraph, in order: `words`, the `boxes` of text, the `notes` and the parts `drawn`.

    A note is its kind and id; a drawing the id of its relation.
    """

    words: list[str] = field(default_factory=list)
    boxes: list["_Element"] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    drawn: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The words with their breaks."""
        return "".join(self.words)


def line_of(paragraph: "_Element") -> Line:
    """What a reader sees of a paragraph; a line to write on alone is none."""
    line = Line()
    _walk(paragraph, line)
    if not line.text.replace(_TO_WRITE_ON, "").strip():
        line.words = [word for word in line.words if word != _TO_WRITE_ON]
    return line


def _walk(parent: "_Element", line: Line) -> None:
    for child in parent:
        name = local(child)
        if str(child.tag).startswith(M):
            line.words.append(f" {formula(child)} ")
        elif name == "r":
            if _is_line_to_write_on(child):
                line.words.append(_TO_WRITE_ON)
            elif not _is_hidden(child):
                _walk_run(child, line)
        elif name in _PASSED_THROUGH:
            _walk(child, line)
        elif name == "sdt":
            if not _is_placeholder(child):
                _walk(child, line)
        elif name == "AlternateContent":
            _choose(child, line, _walk)


def _walk_run(run: "_Element", line: Line) -> None:
    shown: Callable[[str], str] = raised if _is_raised(run) else str
    for child in run:
        name = local(child)
        if name == "t":
            line.words.append(shown(child.text or ""))
        elif name == "br":
            line.words.append(PAGE_BREAK if child.get(f"{W}type") == "page" else "\n")
        elif name in _CHARACTERS:
            line.words.append(_CHARACTERS[name])
        elif name == "sym":
            line.words.append(_symbol(child.get(f"{W}char", "")))
        elif name in {"footnoteReference", "endnoteReference"}:
            line.notes.append((name.removesuffix("Reference"), child.get(f"{W}id", "")))
        elif name in {"drawing", "pict", "object"}:
            _look_into(child, line)
        elif name == "ruby":
            _walk(child, line)
        elif name == "AlternateContent":
            _choose(child, line, _walk_run)


def _choose(alternatives: "_Element", line: Line, walk: Callable[["_Element", Line], None]) -> None:
    """Walks the first alternative that has anything to read: all say the same to programs of different age."""
    for alternative in alternatives:
        found = Line()
        walk(alternative, found)
        if found.text.strip() or found.boxes or found.drawn:
            line.words += found.words
            line.boxes += found.boxes
            line.notes += found.notes
            line.drawn += found.drawn
            return


def _look_into(drawing: "_Element", line: Line) -> None:
    """The boxes of text and the drawn parts in a drawing; a box's own drawings are met when the box is read."""
    for child in drawing:
        name = local(child)
        if name == "txbxContent":
            line.boxes.append(child)
        elif name == "AlternateContent":
            _choose(child, line, _look_into)
        elif name == "chart":
            line.drawn.append(child.get(f"{RELATION}id", ""))
        elif name == "relIds":
            line.drawn.append(child.get(f"{RELATION}dm", ""))
        else:
            _look_into(child, line)


def formula(element: "_Element") -> str:
    """A formula in a line: a/b for a fraction, x^2 and x_i for raised and lowered signs."""
    name = local(element)
    if name == "t":
        return element.text or ""
    if name.endswith("Pr"):
        return ""
    parts = [formula(child) for child in element]
    inner = "".join(parts)
    if name in {"e", "sup", "sub"} and local(element.getparent()) in _SCRIPTED:
        sign = {"e": "", "sup": "^", "sub": "_"}[name]
        return sign + _grouped(inner) if inner.strip() else ""
    if name == "f" and len(filled := [part for part in parts if part]) == 2:
        inner = f"{_grouped(filled[0])}/{_grouped(filled[1])}"
    elif name == "d":
        inner = f"({', '.join(part for part in parts if part)})"
    return f"√{_grouped(inner)}" if name == "rad" else inner


def _grouped(text: str) -> str:
    is_one = len(text) == 1 or text.isalnum() or (text[:1] == "(" and text.find(")") == len(text) - 1)
    return text if is_one else f"({text})"


def _is_hidden(run: "_Element") -> bool:
    hidden = run.find(f"{W}rPr/{W}vanish")
    return hidden is not None and hidden.get(f"{W}val", "1") not in {"0", "false", "off"}


def _is_line_to_write_on(run: "_Element") -> bool:
    """Whether a run is nothing but underlined space."""
    underlined = run.find(f"{W}rPr/{W}u")
    if underlined is None or underlined.get(f"{W}val") == "none":
        return False
    shown = [child for child in run if local(child) != "rPr"]
    white = "".join("\t" if local(child) == "tab" else child.text or "" for child in shown)
    return (
        all(local(child) in {"t", "tab"} for child in shown)
        and not white.strip()
        and ("\t" in white or len(white) >= _MIN_SPACES)
    )


def _is_raised(run: "_Element") -> bool:
    position = run.find(f"{W}rPr/{W}vertAlign")
    return position is not None and position.get(f"{W}val") == "superscript"


def _is_placeholder(control: "_Element") -> bool:
    """Whether a form's field still shows its invitation to click here."""
    shown = control.find(f"{W}sdtPr/{W}showingPlcHdr")
    return shown is not None and value(control.find(f"{W}sdtPr"), "showingPlcHdr") not in {"0", "false", "off"}


def _symbol(code: str) -> str:
    """The character of a symbol, where it is one outside its own font too."""
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    return "" if number in _PRIVATE or not 0 < number < 0x110000 or 0xD800 <= number < 0xE000 else chr(number)
