"""From blocks that a parser found to one text with sections; shared by the readers of formats with structure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from corpus.cleaning import normalise
from corpus.document import PAGE, Section
from corpus.structure import numbered_sections

PAGE_BREAK = "\f"


@dataclass(frozen=True, slots=True)
class Block:
    """A heading (`level` 1 to 6), or a paragraph, list item or table row (0).

    Two `tight` ones are not set apart, unless one is a heading. `page` is the one it begins on, counted from 1, in a
    format that has pages; a `PAGE_BREAK` in its text says that what follows is on the next.
    """

    text: str
    level: int = 0
    tight: bool = False
    page: int | None = None

    def marked(self, marker: str) -> "Block":
        """The same block with a list marker before it."""
        return replace(self, text=f"{marker} {self.text}", tight=marker == "•")


def assemble(
    blocks: Iterable[Block], *, page_labels: Mapping[int, str] = MappingProxyType({})
) -> tuple[str, tuple[Section, ...]]:
    """The text of the blocks, a blank line between them unless they are tight, and its sections in order.

    A heading is always set apart: lines beside it would be taken for more of it, or it for more of them.
    Where blocks have pages, so has the text; `page_labels` are the numbers printed on them where these differ.
    """
    text: list[str] = []
    length = 0
    previous_is_tight = False
    headings: list[Section] = []
    pages: dict[int, int] = {}
    for block in blocks:
        words, breaks = _joined(block.text)
        if not words:
            continue
        is_tight = block.tight and not block.level
        gap = "" if not text else "\n" if is_tight and previous_is_tight else "\n\n"
        length += len(gap)
        previous_is_tight = is_tight
        if block.level:
            words = words.replace("\n", " ")
            headings.append(Section(words, block.level, length, length, block.page))
        if block.page is not None:
            for number, offset in enumerate((0, *breaks), start=block.page):
                pages.setdefault(number, length + offset)
        text += [gap, words]
        length += len(words)
    sections = [*_ended(headings, length), *_page_sections(pages, length, page_labels)]
    whole = "".join(text)
    return whole, numbered_sections(whole, sections)


def _joined(text: str) -> tuple[str, list[int]]:
    """The words of a block, normalised, and where in them its pages end."""
    if PAGE_BREAK not in text:
        return normalise(text), []
    words, before, breaks = "", " ", list[int]()
    for number, piece in enumerate(text.split(PAGE_BREAK)):
        some = normalise(piece)
        is_apart = words and some and (piece[0].isspace() or before[-1].isspace())
        words += " " + some if is_apart else some
        if number:
            breaks.append(len(words) - len(some))
        before = piece if some else " "
    return words, breaks


def _page_sections(pages: Mapping[int, int], end: int, labels: Mapping[int, str]) -> list[Section]:
    """The pages, each up to where the next one with words begins."""
    ends = [*list(pages.values())[1:], end]
    return [
        Section(labels.get(number, str(number)), PAGE, start, stop, number)
        for (number, start), stop in zip(pages.items(), ends, strict=False)
    ]


def _ended(headings: Sequence[Section], end: int) -> list[Section]:
    """The headings as sections, each up to the next of its own or a higher rank, else to `end`."""
    sections = []
    next_starts: dict[int, int] = {}
    for heading in reversed(headings):
        ends = [next_start for other, next_start in next_starts.items() if other <= heading.level]
        sections.append(replace(heading, end=min(ends, default=end)))
        next_starts[heading.level] = heading.start
    return sections[::-1]
