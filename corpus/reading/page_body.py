"""All that the body of a page says, as blocks: headings, paragraphs, list items, table rows, and where pages begin.

For books, mails and pages in which no main text stands out. Nothing is judged: only what is never read as text is left
out (scripts, navigation, forms, hidden parts, the reading aids above Japanese characters). It takes the events of a
parser and builds no tree, so that no depth of nesting costs more than its length.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from corpus.blocks import PAGE_BREAK, Block
from corpus.reading.office.list_numbers import BULLET, FORMS, written
from corpus.reading.raised import raised

if TYPE_CHECKING:
    from lxml.etree import _Element

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LEFT_OUT = frozenset(
    "audio button canvas datalist iframe map nav noscript object optgroup option rp rt script select style "
    "svg template textarea video".split()
)
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_PARAGRAPHS = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure "
    "footer form header hgroup hr legend main p pre section summary".split()
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\n\r\f]+")
_MAX_CELL_BLOCKS = 4
"""A cell with more, or with a heading, is a part of a page that is laid out by a table."""
_AROUND_NUMBERS = "{}[]() "


@dataclass(slots=True)
class _List:
    """An open list: how its next item is numbered, if at all."""

    number: int | None = None
    style: str = "1"

    def marker(self) -> str:
        """The next item's."""
        if self.number is None:
            return BULLET
        number, self.number = self.number, self.number + 1
        return f"{written(number, FORMS.get(self.style, 'decimal'))}."


class Body:
    """The target of a parser: takes its events, and has `blocks` and the page's `title` when it is closed.

    `page` is the last page that began, counted over all bodies of a book; `labels` are the numbers printed on pages.
    """

    def __init__(
        self, *, page: int | None = None, breaks: Mapping[str, str] = MappingProxyType({}), keeps_lines: bool = True
    ) -> None:
        """`page` is the one that a book's last body ended on; `breaks` are the elements, by their ids, with which a
        page begins, and its number. Without `keeps_lines` a single line break is a space, as it often is on the web.
        """
        self.page = page
        self.blocks: list[Block] = []
        self.labels: dict[int, str] = {}
        self.title = ""
        self._breaks = {id_: label for id_, label in breaks.items() if id_}
        self._line_break = "\n" if keeps_lines else " "
        self._words: list[str] = []
        self._page_of_words = page
        self._level = 0
        self._lists: list[_List] = []
        self._marker = ""
        self._rows: list[list[list[Block]]] = []
        self._left_out: list[str] = []
        self._title: list[str] | None = None
        self._label: list[str] | None = None
        self._num_pre = 0
        self._raised_from: int | None = None
        if "" in breaks:
            self._begin_page(breaks[""])

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        name = _local(tag)
        if self._left_out:
            if name == self._left_out[0] and name not in _VOID:
                self._left_out.append(name)
            return
        has = {_local(key): value for key, value in attributes.items()}
        if self._begins_page(name, has):
            return
        if name in _LEFT_OUT or "hidden" in has or _HIDDEN.search(has.get("style", "")):
            self._left_out = [] if name in _VOID else [name]
        elif name == "title" and not self.blocks:
            self._title = []
        else:
            self._open(name, has)

    def end(self, tag: str) -> None:
        """An element ends."""
        name = _local(tag)
        if self._left_out:
            if name == self._left_out[0]:
                self._left_out.pop()
                if not self._left_out and self._label is not None:
                    self._labelled("".join(self._label))
                    self._label = None
        elif name == "title" and self._title is not None:
            self.title, self._title = self.title or " ".join("".join(self._title).split()), None
        else:
            self._close(name)

    def data(self, text: str) -> None:
        """Words come."""
        if self._label is not None:
            self._label.append(text)
        elif self._title is not None:
            self._title.append(text)
        elif not self._left_out:
            if not self._words:
                self._page_of_words = self.page
            self._words.append(text.replace(PAGE_BREAK, " ") if self._num_pre else _SPACES.sub(" ", text))

    def comment(self, text: str) -> None:
        """Comments are not read."""

    def pi(self, target: str, data: str | None = None) -> None:
        """Nor are processing instructions."""

    def close(self) -> list[Block]:
        """The blocks of all the body."""
        self._flush()
        while self._rows:
            self._end_row()
        return self.blocks

    def _open(self, name: str, has: Mapping[str, str]) -> None:
        if name in _HEADINGS:
            self._flush()
            self._level = _HEADINGS[name]
        elif name == "br":
            self._words.append("\n")
        elif name == "sup":
            self._raised_from = len(self._words)
        elif name in ("ul", "ol", "menu"):
            self._flush()
            self._lists.append(_List(_integer(has.get("start"), 1) if name == "ol" else None, has.get("type", "1")))
        elif name == "li":
            self._begin_item(has)
        elif name in ("table", "tr", "td", "th"):
            self._open_table(name)
        elif name in _PARAGRAPHS:
            self._flush()
            self._num_pre += name == "pre"

    def _close(self, name: str) -> None:
        if name in _HEADINGS:
            self._flush()
            self._level = 0
        elif name == "sup" and self._raised_from is not None:
            self._words[self._raised_from :] = [raised("".join(self._words[self._raised_from :]))]
            self._raised_from = None
        elif name in ("ul", "ol", "menu"):
            self._flush()
            self._marker = ""
            if self._lists:
                self._lists.pop()
        elif name in ("td", "th", "li") or name in _PARAGRAPHS:
            self._flush()
            self._num_pre = max(self._num_pre - (name == "pre"), 0)
        elif name in ("tr", "table"):
            self._flush()
            if self._rows:
                self._end_row()

    def _begin_item(self, has: Mapping[str, str]) -> None:
        self._flush()
        current = self._lists[-1] if self._lists else _List()
        if current.number is not None:
            current.number = _integer(has.get("value"), current.number)
        self._marker = current.marker()

    def _open_table(self, name: str) -> None:
        """A table within a cell ends the row that the cell is in: that one only lays out the page."""
        self._flush()
        if name in ("table", "tr"):
            while self._rows:
                self._end_row()
        if name == "tr":
            self._rows.append([])
        elif name in ("td", "th") and self._rows:
            self._rows[-1].append([])

    def _flush(self) -> None:
        """What was said up to here is a block, or several where line breaks set it apart; a page break goes on."""
        text, self._words = "".join(self._words), []
        if not text.strip(" \n\r\t"):
            return
        pieces = (
            [text]
            if self._num_pre
            else [self._line_break.join(map(str.strip, piece.split("\n"))) for piece in re.split(r"\n[ \n]*\n", text)]
        )
        for piece in pieces:
            if piece.strip(" \n\r\t"):
                self._put(Block(piece.strip(" \n"), level=self._level, page=self._page_of_words))
            if self._page_of_words is not None:
                self._page_of_words += piece.count(PAGE_BREAK)

    def _put(self, block: Block) -> None:
        if self._marker and not block.level:
            block, self._marker = block.marked(self._marker), ""
        cells = self._rows[-1] if self._rows else []
        if cells:
            cells[-1].append(block)
        else:
            self.blocks.append(block)

    def _end_row(self) -> None:
        cells = self._rows.pop()
        filled = [cell for cell in cells if cell]
        if len(cells) < 2 or any(_is_layout(cell) for cell in cells):
            self.blocks += [block for cell in cells for block in cell]
        elif filled:
            text = " | ".join(" ".join(block.text.replace("\n", " ") for block in cell) for cell in cells)
            self.blocks.append(Block(text.strip(), tight=True, page=filled[0][0].page))

    def _begins_page(self, name: str, has: Mapping[str, str]) -> bool:
        """Whether an element is only the mark of a page that begins, whose own words are its number."""
        is_mark = "pagebreak" in has.get("type", "").split() or has.get("role") == "doc-pagebreak"
        stated = self._breaks.get(has.get("id", "")) or self._breaks.get(has.get("name", "") if name == "a" else "")
        if not is_mark and stated is None:
            return False
        self._begin_page(stated or has.get("title") or has.get("aria-label") or "")
        if is_mark and name not in _VOID:
            self._left_out, self._label = [name], []
        return is_mark

    def _begin_page(self, label: str) -> None:
        if self.page is None or not any(word.strip() for word in self._words):
            self._flush()
        else:
            self._words.append(PAGE_BREAK)
        self.page = 1 if self.page is None else self.page + 1
        if not self._words:
            self._page_of_words = self.page
        self._labelled(label)

    def _labelled(self, label: str) -> None:
        words = " ".join(label.split())
        if words and self.page is not None:
            number = re.sub(r"(?i)^page\s+(?=\S)", "", words.strip(_AROUND_NUMBERS)).rstrip(".")
            self.labels.setdefault(self.page, number or words)


def parse_page(page: str, *, body: Body | None = None) -> Body:
    """The body of an HTML page, or of a piece of one, however broken."""
    from lxml.etree import HTMLParser

    body = body or Body()
    parser = HTMLParser(target=body, encoding="utf-8", no_network=True, huge_tree=False)
    parser.feed(page.encode("utf-8", "replace"))
    parser.close()
    return body


def read_element(root: "_Element", body: Body) -> Body:
    """The same from an element of a tree and what is below it; entities and comments in it are taken out."""
    from lxml import etree

    etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction, etree.Entity)
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            body.start(element.tag, element.attrib)
            body.data(element.text or "")
        else:
            body.end(element.tag)
            body.data(element.tail or "" if element is not root else "")
    body.close()
    return body


def _is_layout(cell: list[Block]) -> bool:
    return len(cell) > _MAX_CELL_BLOCKS or any(block.level for block in cell)


@lru_cache(maxsize=1024)
def _local(name: str) -> str:
    """A name without its namespace, in small letters."""
    return str(name).rpartition("}")[2].rpartition(":")[2].lower()


def _integer(value: str | None, default: int) -> int:
    return int(value) if value and re.fullmatch(r"-?\d{1,6}", value.strip()) else default
