"""Rich Text (.rtf): paragraphs, headings, list items with their numbers, table rows; notes at the end.

An own reader of the format [1], in one pass and without recursion: the library for it gives neither the numbers of
lists nor notes. Headers, footers, pictures, comments, hidden and deleted words are left out. There are no pages.

[1] Microsoft, "Rich Text Format (RTF) Specification", version 1.9.1.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from corpus.blocks import Block
from corpus.document import Draft
from corpus.errors import UnreadableFile
from corpus.reading.office.list_numbers import BULLET
from corpus.reading.office.properties import drafted, properties
from corpus.reading.rtf_words import CHARSETS, PLAIN, READ_IN_SPITE, SKIPPED, SPECIAL

_TOKEN = re.compile(
    r"\\(?P<word>[A-Za-z]{1,32})(?P<number>-?[0-9]{1,10})? ?|\\'(?P<hex>[0-9A-Fa-f]{2})|\\(?P<symbol>.)|"
    r"(?P<brace>[{}])|(?P<text>[^\\{}\r\n]+)|[\r\n]+|\\",
    re.DOTALL,
)
_HEADING = re.compile(r"heading ([1-9])", re.IGNORECASE)
_BULLETS = frozenset("·•o§¨-–▪◦")
_TITLE_BLOCKS = 10
_MAX_DEPTH = 10_000
_MAX_LEVEL = 6


def read_rtf(content: bytes, name: str) -> list[Draft]:
    """One draft, titled by its properties, else by its first heading or the lines at its head.

    Raises `UnreadableFile` for what is no RTF.
    """
    if not content.lstrip().startswith(b"{\\rtf"):
        raise UnreadableFile("it is no RTF file: open it and save it again, or as .docx")
    reader = _Reader()
    reader.read(content.lstrip().decode("latin-1"))
    stated = properties(_combined(reader.texts["title"]), _combined(reader.texts["author"]), None).titled(reader.title)
    return [drafted([*reader.blocks, *reader.notes()], name, stated=stated)]


@dataclass(slots=True)
class _Group:
    """What holds between two braces: where words go (a destination, "" for nowhere), and how they are written."""

    goes_to: str = "body"
    is_hidden: bool = False
    num_replaced: int = 1
    font: int = -1


@dataclass(slots=True)
class _Paragraph:
    """What is said of the paragraph that is being read."""

    style: int = 0
    outline: int | None = None
    in_table: bool = False
    label: str = ""
    cells: list[str] = field(default_factory=list)


class _Reader:
    """Goes through the tokens of a file once; its `blocks`, and the `texts` of other destinations, are the outcome."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.title: str | None = None
        self.texts = dict.fromkeys(("title", "author", "label", "note", "style"), "")
        self._pieces: list[str] = []
        self._bytes = bytearray()
        self._group = _Group()
        self._groups: list[_Group] = []
        self._paragraph = _Paragraph()
        self._codec = "cp1252"
        self._codecs: dict[int, str] = {}
        self._font, self._default_font = -1, -1
        self._styles: dict[int, str] = {}
        self._style = 0
        self._notes: list[str] = []
        self._num_to_skip = 0
        self._opened = self._is_starred = False

    def read(self, raw: str) -> None:
        """Reads a file whole. Raises `UnreadableFile` where its groups lie too deep in one another."""
        position = 0
        while match := _TOKEN.match(raw, position):
            position = match.end()
            if match["word"] == "bin":
                position += max(int(match["number"] or 0), 0)
            elif match["brace"]:
                self._brace(match["brace"])
                if not self._groups:
                    break
            else:
                self._take(match)
                self._opened = bool(match["symbol"]) and self._is_starred
        self._flush()
        if self._paragraph.cells:
            self._layout("row", None)
        self._end_paragraph()

    def notes(self) -> list[Block]:
        """The notes in order, with their numbers, under a heading."""
        notes = [" ".join(text.split()) for text in self._notes]
        blocks = [Block(text).marked(f"{at}.") for at, text in enumerate(notes, start=1) if text]
        return [Block("Notes", level=1), *blocks] if blocks else []

    def _brace(self, brace: str) -> None:
        self._flush()
        self._num_to_skip = 0
        if brace == "{":
            if len(self._groups) == _MAX_DEPTH:
                raise UnreadableFile("its groups lie too deep in one another: open it and save it again, or as .docx")
            self._groups.append(self._group)
            self._group = replace(self._group)
            self._opened, self._is_starred = True, False
        elif self._groups:
            closed, self._group = self._group.goes_to, self._groups.pop()
            if closed != self._group.goes_to:
                self._close(closed)

    def _close(self, destination: str) -> None:
        """Keeps what a destination has collected."""
        if destination == "label":
            label = "".join(_combined(self.texts["label"]).split())
            self._paragraph.label = BULLET if label and (set(label) <= _BULLETS or "\uf0b7" in label) else label
            self.texts["label"] = ""
        elif destination == "note":
            self._notes.append(_combined(self.texts["note"]))
            self.texts["note"] = ""
        elif destination == "style":
            self._styles.setdefault(self._style, self.texts["style"].strip(" ;"))
            self.texts["style"], self._style = "", 0

    def _take(self, match: re.Match[str]) -> None:
        if match["text"] is not None or match["hex"] is not None:
            if not self._group.goes_to:
                return
            raw = bytes.fromhex(match["hex"]) if match["hex"] else match["text"].encode("latin-1")
            skipped = min(self._num_to_skip, len(raw))
            self._num_to_skip -= skipped
            self._bytes += raw[skipped:]
        elif match["word"]:
            self._flush()
            self._word(match["word"], None if match["number"] is None else int(match["number"]))
        elif match["symbol"] == "*":
            self._is_starred = self._opened
        elif match["symbol"] in {"\n", "\r"}:
            self._flush()
            self._word("par", None)
        elif match["symbol"]:
            self._flush()
            self._write({"~": "\u00a0", "_": "-", "-": ""}.get(match["symbol"], match["symbol"]))

    def _flush(self) -> None:
        """Writes the bytes that were collected, in the encoding of their font."""
        if self._bytes:
            codec = self._codecs.get(self._group.font, self._codec)
            self._write(bytes(self._bytes).decode(codec, "replace"))
            self._bytes.clear()

    def _write(self, text: str) -> None:
        goes_to = self._group.goes_to
        if self._group.is_hidden or not goes_to:
            return
        if goes_to == "body":
            self._pieces.append(text)
        elif goes_to in self.texts and len(self.texts[goes_to]) < 100_000:
            self.texts[goes_to] += text

    def _word(self, word: str, number: int | None) -> None:
        opened, self._opened = self._opened, False
        if opened and self._destination(word):
            return
        if word in SPECIAL:
            self._write(SPECIAL[word])
        elif word == "u":
            self._write(chr((number or 0) % 0x10000))
            self._num_to_skip = self._group.num_replaced
        elif word in {"v", "deleted", "htmlrtf"}:
            self._group.is_hidden = number != 0
        elif word in {"f", "plain", "uc", "deff", "ansicpg", "fcharset", *PLAIN}:
            self._encoding(word, number)
        elif self._group.goes_to == "body":
            self._layout(word, number)
        elif word == "s" and self._group.goes_to == "style":
            self._style = number or 0
        elif word == "par":
            self._write(" ")

    def _destination(self, word: str) -> bool:
        """Whether a word, the first in its group, says that what follows is not of the body."""
        starred, self._is_starred = self._is_starred, False
        destination = {"listtext": "label", "pntext": "label", "footnote": "note"}.get(word)
        if destination and self._group.goes_to == "body":
            self._group.goes_to = destination
        elif word in {"stylesheet", "info", "fonttbl"}:
            self._group.goes_to = {"stylesheet": "style", "info": "info", "fonttbl": "fonts"}[word]
        elif word in {"title", "author"} and self._group.goes_to == "info":
            self._group.goes_to = word
        elif word in SKIPPED or (starred and word not in READ_IN_SPITE):
            self._group.goes_to = ""
        else:
            if self._group.goes_to == "style" and self._groups and self._groups[-1].goes_to == "style":
                self._close("style")
            return False
        return True

    def _encoding(self, word: str, number: int | None) -> None:
        if word == "f":
            self._group.font = self._font = -1 if number is None else number
        elif word == "plain":
            self._group.font, self._group.is_hidden = self._default_font, False
        elif word == "uc":
            self._group.num_replaced = min(max(number or 0, 0), 16)
        elif word == "deff":
            self._default_font = self._group.font = number or 0
        elif word == "fcharset" and number in CHARSETS and self._group.goes_to == "fonts":
            self._codecs[self._font] = CHARSETS[number or 0]
        elif word in PLAIN:
            self._codec = PLAIN[word]
        elif word == "ansicpg":
            self._codec = _codec(number, self._codec)

    def _layout(self, word: str, number: int | None) -> None:
        if word in {"par", "sect", "page"}:
            if self._paragraph.in_table:
                self._pieces.append(" ")
            else:
                self._end_paragraph()
        elif word in {"cell", "nestcell"}:
            self._paragraph.cells.append(self._cell())
        elif word in {"row", "nestrow"}:
            cells, self._paragraph = self._paragraph.cells, _Paragraph(in_table=word == "nestrow")
            self.blocks.append(Block(_combined(" | ".join(cells)).rstrip(" |"), tight=True))
        elif word == "pard":
            self._paragraph = _Paragraph(cells=self._paragraph.cells, label=self._paragraph.label)
        elif word == "intbl":
            self._paragraph.in_table = True
        elif word == "s":
            self._paragraph.style = number or 0
        elif word == "outlinelevel":
            self._paragraph.outline = number

    def _cell(self) -> str:
        text = " ".join("".join([self._paragraph.label, " ", *self._pieces]).split())
        self._pieces, self._paragraph.label = [], ""
        return text

    def _end_paragraph(self) -> None:
        text, self._pieces = "".join(self._pieces), []
        label, self._paragraph.label = self._paragraph.label, ""
        if not text.strip():
            return
        name = self._styles.get(self._paragraph.style, "")
        heading = _HEADING.match(name)
        outline = self._paragraph.outline
        level = int(heading[1]) if heading else 0 if outline is None else max(outline + 1, 0)
        is_title = name.lower() == "title"
        block = Block(_combined(text), level=1 if is_title else min(level, _MAX_LEVEL) if level <= 9 else 0)
        block = block.marked(label) if label else block
        self.blocks.append(block)
        if is_title and not self.title and len(self.blocks) <= _TITLE_BLOCKS:
            self.title = " ".join(_combined(text).split())


def _combined(text: str) -> str:
    """The text with the halves of characters joined that RTF writes one by one."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _codec(page: int | None, otherwise: str) -> str:
    import codecs

    names: Mapping[int | None, str] = {65001: "utf-8", 10000: "mac_roman", 0: otherwise}
    try:
        return codecs.lookup(names.get(page, f"cp{page}")).name
    except LookupError:
        return otherwise
