"""The paragraphs of a shape on a slide, with the bullets and numbers that it states or inherits."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from corpus.blocks import Block
from corpus.reading.office.drawings import A
from corpus.reading.office.list_numbers import BULLET, written
from corpus.reading.office.packages import local
from corpus.reading.office.word_text import M, formula

if TYPE_CHECKING:
    from lxml.etree import _Element

P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_BULLETS = frozenset({"buNone", "buChar", "buAutoNum", "buBlip"})
_FORMS = {"arabic": "decimal", "alphaLc": "lowerLetter", "alphaUc": "upperLetter"} | {
    "romanLc": "lowerRoman",
    "romanUc": "upperRoman",
    "circleNum": "decimalEnclosedCircle",
    "ea1Jpn": "japaneseCounting",
    "ea1Chs": "chineseCounting",
    "ea1Cht": "chineseCounting",
}
_PUNCTUATION = {"ParenBoth": "({})", "ParenR": "{})", "Period": "{}."}
_BODIES = frozenset({"body", "obj", None})
_DEEPEST = 8


class _Layer:
    """The placeholders of a layout or a master, by their numbers and by what they are for."""

    def __init__(self, root: "_Element") -> None:
        self._by_index: dict[str, _Element] = {}
        self._by_type: dict[str, _Element] = {}
        for shape in root.iter(f"{P}sp"):
            holder = placeholder(shape)
            if holder is not None:
                self._by_type.setdefault(_type(holder), shape)
                if index := holder.get("idx"):
                    self._by_index.setdefault(index, shape)

    def match(self, holder: "_Element") -> "_Element | None":
        """The shape that stands for the same as that of a slide."""
        found = self._by_index.get(holder.get("idx", ""))
        return found if found is not None else self._by_type.get(_type(holder))


class Inherited:
    """What the shapes of a slide inherit: from the placeholder of the layout, then from that of the master."""

    def __init__(self, layout: "_Element | None", master: "_Element | None") -> None:
        self._layers = [_Layer(root) for root in (layout, master) if root is not None]
        self._styles = master.find(f"{P}txStyles/{P}bodyStyle") if master is not None else None

    def of(self, shape: "_Element") -> list["_Element"]:
        """The placeholders that stand for the same in the layout and the master, nearest first."""
        found = []
        own = placeholder(shape)
        for layer in self._layers:
            match = layer.match(own) if own is not None else None
            if match is not None:
                own = placeholder(match)
                found.append(match)
        return found

    def list_styles(self, shape: "_Element") -> list["_Element"]:
        """The list styles that hold for a shape, nearest first."""
        styles = [style for one in (shape, *self.of(shape)) if (style := _list_style(one)) is not None]
        own = placeholder(shape)
        is_body = own is not None and own.get("type") in _BODIES
        return [*styles, self._styles] if is_body and self._styles is not None else styles


def placeholder(shape: "_Element") -> "_Element | None":
    """What a shape says it stands for in its layout; None for a shape of the slide's own."""
    return next(shape.iterfind(f"*/{P}nvPr/{P}ph"), None)


def shape_blocks(shape: "_Element", inherited: Inherited) -> Iterator[Block]:
    """The paragraphs of a shape, with their bullets and numbers."""
    body = shape.find(f"{P}txBody")
    if body is None:
        return
    styles = inherited.list_styles(shape)
    counts: dict[int, int] = {}
    for paragraph in body.iterfind(f"{A}p"):
        words = _words(paragraph)
        properties = paragraph.find(f"{A}pPr")
        depth = _depth(properties)
        bullet = _bullet(properties, styles, depth)
        if not words.strip():
            continue
        for deeper in [level for level in counts if level > depth]:
            del counts[deeper]
        if bullet is None or local(bullet) == "buNone":
            counts.pop(depth, None)
            yield Block(words)
        elif local(bullet) == "buAutoNum":
            start = bullet.get("startAt", "1")
            counts[depth] = counts.get(depth, (int(start) if start.isdecimal() and len(start) < 10 else 1) - 1) + 1
            yield Block(words).marked(_label(bullet.get("type", ""), counts[depth]))
        else:
            yield Block(words).marked(BULLET)


def _words(paragraph: "_Element") -> str:
    found = []
    for child in paragraph:
        name = local(child)
        if name in {"r", "fld"}:
            found.append(child.findtext(f"{A}t") or "")
        elif name == "br":
            found.append("\n")
        else:
            found += [formula(math) for math in child.iter(f"{M}oMath")]
    return "".join(found).replace("\v", "\n")


def _depth(properties: "_Element | None") -> int:
    level = properties.get("lvl", "0") if properties is not None else "0"
    return min(int(level), _DEEPEST) if level.isdecimal() and len(level) < 4 else 0


def _bullet(properties: "_Element | None", styles: list["_Element"], depth: int) -> "_Element | None":
    """What is said nearest to a paragraph about its bullet."""
    for source in (properties, *(style.find(f"{A}lvl{depth + 1}pPr") for style in styles)):
        for child in source if source is not None else ():
            if local(child) in _BULLETS:
                return child
    return None


def _label(kind: str, number: int) -> str:
    form = next((form for name, form in _FORMS.items() if kind.startswith(name)), "decimal")
    shape = next((shape for name, shape in _PUNCTUATION.items() if kind.endswith(name)), "{}")
    return shape.format(written(number, form))


def _list_style(shape: "_Element") -> "_Element | None":
    return shape.find(f"{P}txBody/{A}lstStyle")


def _type(holder: "_Element") -> str:
    kind = str(holder.get("type", "body"))
    return {"ctrTitle": "title", "subTitle": "body", "obj": "body"}.get(kind, kind)
