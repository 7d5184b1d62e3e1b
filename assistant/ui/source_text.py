"""The text of a snapshot as HTML with structure: what it shows, read back as text, is the snapshot's, character for
character.

Headings, paragraphs, list items and table rows become elements; the white space and the bars between them stay, unseen.
Only a window of a long document is rendered. Nothing here knows which words are cited, or why.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from assistant.ui.rendering import escape
from assistant.ui.source_pages import page_rules
from corpus.document import NUMBERED_PARAGRAPH, Document
from corpus.structure import paragraphs

WINDOW_CHARS = 100_000
"""How much of a long document is shown on each side of the cited words."""
MAX_LINES = 3_000
"""The same in lines: a browser takes longer over elements than over characters."""
_SNAP_CHARS = 2_000
_BAR = re.compile(r"[ \t]*\|[ \t]*")
_PLAIN, _HEADING, _NUMBERED, _ITEM, _ROW = "plain", "heading", "numbered", "item", "row"


@dataclass(frozen=True, slots=True)
class Mark:
    """A span of a document to be marked: the words that were asked for, or others of the same answer.

    `marker` is the citation's, `cite-TURN-NUMBER`; `phrase` is a span within, marked more strongly.
    """

    start: int
    end: int
    marker: str
    number: int
    is_cited: bool = False
    phrase: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a text that is shown, `text[first:last]`."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class _Block:
    """A paragraph with its marker, `[start, end)`; its wording begins at `wording`."""

    kind: str
    start: int
    wording: int
    end: int
    group: int
    level: int = 0


@dataclass(frozen=True, slots=True)
class _Content:
    """A text with what stands in it: marks, and at the offsets where a page begins within a paragraph, its rule."""

    text: str
    marks: Sequence[Mark]
    breaks: Sequence[tuple[int, str]]

    def breaks_in(self, start: int, end: int) -> Sequence[tuple[int, str]]:
        """Those from `start` to before `end`."""
        return self.breaks[bisect_left(self.breaks, (start, "")) : bisect_left(self.breaks, (end, ""))]


def window_around(text: str, start: int, end: int) -> Window:
    """The surroundings of a span, bounded in characters and lines; its edges are those of paragraphs where they can be
    without losing much.
    """
    first = _back(text, start)
    last = _forward(text, end)
    return Window(min(_snapped(text, first), start), max(_cut(text, first, last), end))


def window_from(text: str, first: int) -> Window:
    """The window that begins at or just before `first`, as long as one around a citation."""
    first = max(min(first, len(text) - 1), 0)
    last = _forward(text, _forward(text, first))
    return Window(first, max(_cut(text, first, last), min(first + 1, len(text))))


def before(text: str, window: Window) -> int:
    """Where the window that ends where this one begins starts."""
    return _snapped(text, _back(text, _back(text, window.first)))


def text_html(document: Document, window: Window, marks: Sequence[Mark], *, page_label: str = "{number}") -> str:
    """The window's text as elements, with the marks, which are disjoint and in order; a rule where the page changes,
    within a paragraph too.
    """
    runs = list(_runs(_blocks(document, window)))
    rules, breaks = page_rules(document, [(run[0].start, run[-1].end) for run in runs], page_label)
    content = _Content(document.text, marks, breaks)
    parts = []
    position = window.first
    for run in runs:
        parts += [rules.get(run[0].start, ""), _gap(content, position, run[0].start), _run_html(content, run)]
        position = run[-1].end
    parts.append(_gap(content, position, window.last))
    return "".join(parts)


def disjoint(cited: Mark, others: Sequence[Mark]) -> list[Mark]:
    """The marks in order; where one of `others` shares characters with the cited one, only the rest of it."""
    cut = []
    for mark in others:
        if mark.start < cited.start:
            cut.append(Mark(mark.start, min(mark.end, cited.start), mark.marker, mark.number))
        if mark.end > cited.end:
            cut.append(Mark(max(mark.start, cited.end), mark.end, mark.marker, mark.number))
    return sorted([cited, *cut], key=lambda mark: (mark.start, mark.end))


def _back(text: str, position: int) -> int:
    first = max(position - WINDOW_CHARS, 0)
    at = position
    for _ in range(MAX_LINES):
        at = text.rfind("\n", first, at)
        if at < 0:
            return first
    return at + 1


def _forward(text: str, position: int) -> int:
    last = min(position + WINDOW_CHARS, len(text))
    at = position
    for _ in range(MAX_LINES):
        at = text.find("\n", at, last) + 1
        if not at:
            return last
    return at


def _snapped(text: str, first: int) -> int:
    """The start of the next paragraph, where one starts soon; the start of the text is one."""
    if not first:
        return 0
    blank = text.find("\n\n", first, first + _SNAP_CHARS)
    return blank + 2 if blank >= 0 else first


def _cut(text: str, first: int, last: int) -> int:
    """The end of the paragraph before `last`, where one ends just before; the end of the text is one."""
    if last >= len(text):
        return len(text)
    blank = text.rfind("\n\n", max(first, last - _SNAP_CHARS), last)
    return blank + 2 if blank > first else last


def _blocks(document: Document, window: Window) -> list[_Block]:
    text, first = document.text, window.first
    headings = {
        section.start: section
        for section in document.sections
        if section.level < NUMBERED_PARAGRAPH and text.startswith(section.heading, section.start)
    }
    blocks = []
    for paragraph in paragraphs(text[first : window.last]):
        wording, end = first + paragraph.start, first + paragraph.end
        start = text.rindex(paragraph.marker, first, wording) if paragraph.marker else wording
        heading = headings.get(start)
        if heading and start + len(heading.heading) == end:
            blocks.append(_Block(_HEADING, start, start, end, paragraph.block, heading.level))
        elif paragraph.marker:
            kind = _NUMBERED if paragraph.is_numbered else _ITEM
            blocks.append(_Block(kind, start, wording, end, paragraph.block))
        else:
            kind = _ROW if " | " in text[wording:end] and "\n" not in text[wording:end] else _PLAIN
            blocks.append(_Block(kind, wording, wording, end, paragraph.block))
    return blocks


def _runs(blocks: Sequence[_Block]) -> Iterator[list[_Block]]:
    """Items and rows that stand together, and every other block alone."""
    for (kind, _), found in groupby(blocks, key=lambda block: (block.kind, block.group)):
        run = list(found)
        if kind == _ITEM or (kind == _ROW and len(run) > 1):
            yield run
        else:
            yield from ([block] for block in run)


def _run_html(content: _Content, run: Sequence[_Block]) -> str:
    first = run[0]
    if first.kind == _HEADING:
        tag = f"h{min(first.level + 2, 6)}"
        return f'<{tag} class="heading level-{first.level}">{_inline(content, first.start, first.end)}</{tag}>'
    ends = [block.start for block in run[1:]] + [run[-1].end]
    if first.kind == _ROW and len(run) > 1:
        head, *rows = [
            _row(content, block, end, tag="td" if i else "th")
            for i, (block, end) in enumerate(zip(run, ends, strict=True))
        ]
        return f"<table><thead>{head}</thead><tbody>{''.join(rows)}</tbody></table>"
    inner = [_marked_block(content, b) + _gap(content, b.end, end) for b, end in zip(run, ends, strict=True)]
    if first.kind == _ITEM:
        return f"<ul>{''.join(f'<li>{item}</li>' for item in inner)}</ul>"
    return f'<p class="{first.kind}">{inner[0]}</p>'


def _marked_block(content: _Content, block: _Block) -> str:
    """A block's wording, its marker before it in an element of its own."""
    marker = _inline(content, block.start, block.wording)
    shown = f'<span class="marker">{marker}</span>' if marker else ""
    return shown + _inline(content, block.wording, block.end)


def _row(content: _Content, block: _Block, end: int, *, tag: str) -> str:
    """A row of a table: its cells, with the bars between them and what follows the row unseen."""
    bars = [match.span() for match in _BAR.finditer(content.text, block.start, block.end)]
    edges = [(block.start, block.start), *bars, (block.end, end)]
    cells = [
        f"<{tag}>{_inline(content, start, stop)}{_gap(content, stop, after)}</{tag}>"
        for (_, start), (stop, after) in pairwise(edges)
    ]
    return f"<tr>{''.join(cells)}</tr>"


def _gap(content: _Content, start: int, end: int) -> str:
    """What stands between blocks, unseen; a marker without any wording is seen."""
    if start >= end:
        return ""
    name = "stray" if re.search(r"[^\s|]", content.text[start:end]) else "gap"
    return f'<span class="{name}">{_inline(content, start, end)}</span>'


def _inline(content: _Content, start: int, end: int) -> str:
    """The words from `start` to `end` with an element around what of them is marked."""
    parts = []
    position = start
    for mark in content.marks:
        first, last = max(mark.start, position), min(mark.end, end)
        if first < last:
            rules = [rule for _, rule in content.breaks_in(first, first + 1)]
            parts += [_words(content, position, first), *rules, _mark_html(content, first, last, mark)]
            position = last
    return "".join([*parts, _words(content, position, end)])


def _mark_html(content: _Content, start: int, end: int, mark: Mark) -> str:
    """The words from `start` to `end` as marked; a page that begins with them begins before the mark."""
    bare = replace(content, breaks=content.breaks_in(start + 1, end))
    if not mark.is_cited:
        name = f'class="also" data-cite="{mark.marker}" data-number="{mark.number}"'
        return f"<mark {name}>{_words(bare, start, end)}</mark>"
    a, b = mark.phrase or (end, end)
    a, b = min(max(a, start), end), min(max(b, start), end)
    phrase = f'<strong class="phrase">{_words(bare, a, b)}</strong>' if a < b else ""
    shown = f"{_words(bare, start, a)}{phrase}{_words(bare, max(a, b), end)}"
    return f'<mark class="cited" tabindex="-1">{shown}</mark>'


def _words(content: _Content, start: int, end: int) -> str:
    """The words from `start` to `end` escaped, with the rules of the pages that begin among them."""
    parts = []
    position = start
    for offset, rule in content.breaks_in(start, end):
        parts += [escape(content.text[position:offset]), rule]
        position = offset
    return "".join([*parts, escape(content.text[position:end])])
