"""The shape of a text: its paragraphs, what is a marker and what is wording, its numbered paragraphs and headings.

Works on any text, cleaned or verbatim, and never changes a character. It does not split sentences (`sentences.py`).
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.document import NUMBERED_PARAGRAPH, PAGE, Document, Section
from corpus.sentences import sentence_spans

_BLOCK = re.compile(r"\S(?:[^\n]++|\n(?![ \t\r\f\v]*(?:\n|$)))*+")
_BULLETS = "•◦▪‣*–-"
_MARKER = re.compile(rf"[ \t]*(?:(?P<bullet>[{_BULLETS}])|(?P<number>\d{{1,3}}[.)]|\([a-z0-9]{{1,3}}\)))[ \t]+(?=\S)")
_ROW = re.compile(r"[^\n]* \| |[^\n:;]{1,80}: [^\n:;]*; [^\n:;]{1,80}: ")
"""A row of a table: "a | b", or "Country: Japan; Budget: 12"."""
_COLUMNS = re.compile(r"\S[ \t]{3,}\S")
_NARROWEST, _WIDEST = 60, 140
_FULL = 0.9
"""A line that is nearly as long as the longest is full: letters are not all equally wide."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph, list item or table row: `[start, end)` is its wording, without the marker before it.

    `block` counts the stretches between blank lines: the items of a list and the rows of a table share one.
    """

    start: int
    end: int
    marker: str = ""
    block: int = 0

    @property
    def is_numbered(self) -> bool:
        """Whether the marker is a plain number: "4." or "4)"."""
        return self.marker[:-1].isdigit()


def paragraphs(text: str) -> list[Paragraph]:
    """The paragraphs of a text in order; lines that a narrow page broke belong to one paragraph."""
    found = []
    for number, block in enumerate(_BLOCK.finditer(text)):
        for start, end in _logical_lines(text, block.start(), block.end()):
            marker = _MARKER.match(text, start, end)
            wording = marker.end() if marker else start
            if text[wording:end].strip():
                found.append(Paragraph(wording, end, marker.group().strip() if marker else "", number))
    return found


def numbered_sections(text: str, headings: Sequence[Section] = ()) -> tuple[Section, ...]:
    """`headings` and the text's numbered paragraphs ("4.") as sections, ordered by where they start.

    A numbered paragraph reaches to the next number or heading, so that its list items are inside it. Numbers count only
    where at least two follow one another, which leaves a line that happens to start with "2024." alone.
    """
    numbered = [p for p in paragraphs(text) if p.is_numbered]
    values = [int(p.marker[:-1]) for p in numbered]
    in_sequence = {i for i, (a, b) in enumerate(pairwise(values)) if b == a + 1}
    kept = [p for i, p in enumerate(numbered) if i in in_sequence or i - 1 in in_sequence]
    stops = sorted([p.start - len(p.marker) - 1 for p in kept] + [s.start for s in headings] + [len(text)])
    sections = list(headings)
    for paragraph in kept:
        start = text.rindex(paragraph.marker, 0, paragraph.start)
        end = stops[bisect_right(stops, paragraph.start)]
        end = start + len(text[start:end].rstrip())
        sections.append(Section(paragraph.marker, NUMBERED_PARAGRAPH, start, end))
    return tuple(sorted(sections, key=lambda section: (section.start, section.level)))


class Places:
    """Where in a document a position is: the heading over it, and its page. For many questions about one document."""

    def __init__(self, document: Document) -> None:
        sections = sorted(document.sections, key=lambda section: (section.start, section.level))
        stops = {stop for section in sections for stop in (section.start, section.end)}
        self._starts = [0, *sorted(stops - {0})]
        self._headings: list[str | None] = []
        self._pages: list[int | None] = []
        self._labels: list[str | None] = []
        holding: list[Section] = []
        position, page, label = 0, None, None
        printed = printed_numbers(document)
        for start in self._starts:
            holding = [section for section in holding if section.end > start]
            while position < len(sections) and sections[position].start <= start:
                page = sections[position].page or page
                label = printed.get(page) if page else None
                holding += [sections[position]] if sections[position].end > start else []
                position += 1
            self._headings.append(_said(holding, document.title))
            self._pages.append(page)
            self._labels.append(label)

    def heading(self, position: int) -> str | None:
        """How a reader would say where `position` is: "Money and numbers, 4.", or None where nothing is headed.

        The document's own title is not repeated, nor the lines that ": " joins in it.
        """
        return self._headings[bisect_right(self._starts, position) - 1]

    def page(self, position: int) -> int | None:
        """The page that `position` is on, counted from 1; None in a document without pages."""
        return self._pages[bisect_right(self._starts, position) - 1]

    def page_label(self, position: int) -> str | None:
        """The number that is printed on that page; None where it is the same, or nothing is known of it."""
        return self._labels[bisect_right(self._starts, position) - 1]


def printed_numbers(document: Document) -> dict[int, str]:
    """What is printed on pages whose numbers are others, by the page counted from 1."""
    pages = ((section.page, section.heading) for section in document.sections if section.level == PAGE)
    return {page: printed for page, printed in pages if page and printed != str(page) and 0 < len(printed) <= 20}


def _said(holding: Sequence[Section], title: str) -> str | None:
    """The innermost heading and number of the sections that hold a position, outermost first."""
    whole = f": {title}: "
    titles = [s.heading for s in holding if s.level < NUMBERED_PARAGRAPH and f": {s.heading}: " not in whole]
    numbers = [s.heading for s in holding if s.level == NUMBERED_PARAGRAPH]
    return ", ".join(titles[-1:] + numbers[-1:]) or None


def document_sentences(document: Document) -> list[tuple[int, int]]:
    """The citable sentences of a document, in order; headings are none, unless there is nothing else."""
    headings = {section.start for section in document.sections if section.level < NUMBERED_PARAGRAPH}
    found = paragraphs(document.text)
    body = [paragraph for paragraph in found if paragraph.start not in headings] or found
    return _sentences(document.text, body, document.language)


def text_sentences(text: str, language: str) -> list[tuple[int, int]]:
    """The sentences of a text without headings, such as a passage, as spans of it."""
    return _sentences(text, paragraphs(text), language)


def _sentences(text: str, body: Sequence[Paragraph], language: str) -> list[tuple[int, int]]:
    """A list item and a table row are sentences of their own; no sentence is longer than `MAX_SENTENCE_CHARS`."""
    return [span for p in body for span in sentence_spans(text, p.start, p.end, language=language)]


def _logical_lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The lines of a block, with those of hard-wrapped prose taken together; a marker always starts a new one."""
    lines = [(m.start(), m.end()) for m in re.compile(r"[^\n]+").finditer(text, start, end) if m.group().strip()]
    is_table = 2 * sum(bool(_ROW.match(text, a, b) or _COLUMNS.search(text, a, b)) for a, b in lines) > len(lines)
    wrapped = not is_table and _is_hard_wrapped([b - a for a, b in lines])
    measure = 0 if is_table else _measure(text, lines)
    first, last = lines[0]
    for (before, _), (a, b) in pairwise(lines):
        goes_on = wrapped or (measure and _is_full(text[before:last].rstrip(), text[a:b], measure))
        if goes_on and not _MARKER.match(text, a, b):
            last = b
        else:
            yield first, last
            first, last = a, b
    yield first, last


def _is_hard_wrapped(lengths: list[int]) -> bool:
    """Whether lines of these lengths look like one paragraph set to a measure: all but the last about equally long."""
    body = lengths[:-1]
    return len(lengths) > 1 and min(body) >= 45 and max(body) <= 110 and min(body) >= 0.7 * max(body)


def _measure(text: str, lines: Sequence[tuple[int, int]]) -> int:
    """How long the longest line is, where the lines look like prose of several paragraphs and headings; else 0."""
    lengths = [len(text[a:b].rstrip()) for a, b in lines]
    measure = max(lengths)
    num_full = sum(length >= _FULL * measure for length in lengths)
    return measure if num_full > 2 and _NARROWEST <= measure <= _WIDEST else 0


def _is_full(line: str, following: str, measure: int) -> bool:
    """Whether the next line's first word would not have had room on the line, so that it goes on there."""
    word = following.split(maxsplit=1)[0]
    is_apart = line.endswith((":", "：")) or word[0] in _BULLETS
    return not is_apart and len(line) + 1 + len(word) >= _FULL * measure
