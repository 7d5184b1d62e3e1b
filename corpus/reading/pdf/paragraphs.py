"""Lines of PDF pages as paragraphs, list items and table rows, joined where a column or a page ends in mid-sentence.

Which lines belong together is told in `line_groups.py`. What is larger or bold is not yet a heading (`headings.py`),
and hyphens at the ends of lines may be in doubt (`hyphens.py`).
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.blocks import PAGE_BREAK
from corpus.reading.pdf.hyphens import joined_words, joint
from corpus.reading.pdf.line_groups import (
    BULLET,
    INDENT,
    NUMBERED,
    SAME_SIZE,
    SENTENCE_END,
    body_size,
    line_groups,
    parted,
)
from corpus.reading.pdf.rows import Line

_NOTE = re.compile(r"(?:\d{1,3}|[*†‡§¶]|\[\d{1,3}\])\s?\S")
_MAX_NOTES = 6
_MAX_CHARS = 20_000
"""A paragraph longer than this is not one, and is continued no further."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What becomes a block: its words, and what tells headings and notes from running text.

    `is_open` says that its last line runs to the end of the column without ending a sentence.
    """

    text: str
    page: int
    size: float
    bold: bool
    num_lines: int = 1
    tight: bool = False
    is_row: bool = False
    is_item: bool = False
    is_open: bool = False
    is_indented: bool = False


def page_paragraphs(lines: Sequence[Line], page: int) -> list[Paragraph]:
    """The paragraphs of one page in order."""
    found: list[Paragraph] = []
    body = body_size(lines)
    for group in line_groups(lines):
        if group[0].is_row:
            found += [_paragraph([line], page, is_tight=True) for line in group]
            continue
        found += [_paragraph(some, page, is_tight=is_tight) for some, is_tight in parted(group, body)]
    return list(_joined(found))


def across_pages(pages: Iterable[list[Paragraph]]) -> Iterator[Paragraph]:
    """The paragraphs of all pages; one that goes on upon the next page is one, with a `PAGE_BREAK` in it.

    The notes below it come before it then, so that they stay on their page.
    """
    held: list[Paragraph] = []
    for paragraphs in pages:
        if not paragraphs:
            continue
        last = _last_of_text(held)
        if held and last is not None and _goes_on(held[last], paragraphs[0]):
            whole = _continued(held.pop(last), paragraphs[0], PAGE_BREAK)
            yield from held
            held = [whole, *paragraphs[1:]]
        else:
            yield from held
            held = paragraphs
    yield from held


def _paragraph(lines: Sequence[Line], page: int, *, is_tight: bool) -> Paragraph:
    text = joined_words([line.text for line in lines])
    bullet = BULLET.match(text)
    if bullet and bullet.end() < len(text):
        text = f"• {text[bullet.end() :]}"
    last = lines[-1]
    weights = Counter[float]()
    for line in lines:
        weights[line.size] += len(line.text)
    return Paragraph(
        text=text,
        page=page,
        size=weights.most_common(1)[0][0],
        bold=all(line.bold for line in lines),
        num_lines=len(lines),
        tight=is_tight or bool(bullet),
        is_row=last.is_row,
        is_item=bool(bullet) or bool(NUMBERED.match(text)),
        is_open=not last.is_row and not _is_ended(text) and last.x1 > last.right - 4 * last.size,
        is_indented=lines[0].x0 > lines[0].left + INDENT * lines[0].size,
    )


def _joined(paragraphs: Iterable[Paragraph]) -> Iterator[Paragraph]:
    """The paragraphs of a page, those joined that a new column cut; the notes between are moved before them."""
    held: list[Paragraph] = []
    for paragraph in paragraphs:
        if held and _goes_on(held[0], paragraph):
            held = [*held[1:], _continued(held[0], paragraph)]
            yield from held[:-1]
            held = held[-1:]
        elif held and _is_note(paragraph, held[0]) and len(held) <= _MAX_NOTES:
            held.append(paragraph)
        else:
            yield from held
            held = [paragraph]
    yield from held


def _is_note(paragraph: Paragraph, text: Paragraph) -> bool:
    return text.is_open and paragraph.size < 0.95 * text.size and bool(_NOTE.match(paragraph.text) or paragraph.tight)


def _goes_on(a: Paragraph, b: Paragraph) -> bool:
    """Whether `b` is the rest of the sentence that `a` leaves open."""
    if a.is_row or b.is_row or b.is_item or a.bold != b.bold or abs(a.size - b.size) > SAME_SIZE * a.size:
        return False
    if len(a.text) > _MAX_CHARS or _is_ended(a.text) or a.tight != b.tight:
        return False
    if b.text[0].islower():
        return a.is_open or a.num_lines > 1 or a.text.endswith((",", "-"))
    return a.is_open and a.num_lines > 1 and not b.is_indented and b.num_lines > 1


def _last_of_text(paragraphs: Sequence[Paragraph]) -> int | None:
    """Where the last paragraph of a page's text is: before the notes below it, if it leaves a sentence open."""
    if not paragraphs:
        return None
    weights = Counter[float]()
    for paragraph in paragraphs:
        weights[paragraph.size] += len(paragraph.text)
    size = 0.95 * weights.most_common(1)[0][0]
    last = len(paragraphs) - 1
    index = next((i for i in range(last, -1, -1) if paragraphs[i].size >= size), last)
    return index if index < last and _NOTE.match(paragraphs[index + 1].text) else last


def _is_ended(text: str) -> bool:
    return bool(SENTENCE_END.search(text[-20:]))


def _continued(a: Paragraph, b: Paragraph, page_break: str = "") -> Paragraph:
    num_dropped, between = joint(a.text[-100:], b.text)
    return replace(
        a,
        text=a.text[: len(a.text) - num_dropped] + between + page_break + b.text,
        num_lines=a.num_lines + b.num_lines,
        is_open=b.is_open,
        bold=a.bold and b.bold,
    )
