"""From blocks that a parser found to one text with sections; shared by the readers of marked-up formats."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from corpus.cleaning import normalise
from corpus.document import Section
from corpus.structure import numbered_sections


@dataclass(frozen=True, slots=True)
class Block:
    """A heading (`level` 1 to 6), or a paragraph, list item or table row (0). Two `tight` ones are not set apart."""

    text: str
    level: int = 0
    tight: bool = False

    def marked(self, marker: str) -> "Block":
        """The same block with a list marker before it."""
        return replace(self, text=f"{marker} {self.text}", tight=marker == "•")


def assemble(blocks: Iterable[Block]) -> tuple[str, tuple[Section, ...]]:
    """The text of the blocks, a blank line between them unless they are tight, and its sections in order."""
    text = ""
    previous_is_tight = False
    headings: list[tuple[str, int, int]] = []
    for block in blocks:
        words = normalise(block.text)
        if not words:
            continue
        if text:
            text += "\n" if block.tight and previous_is_tight else "\n\n"
        previous_is_tight = block.tight
        if block.level:
            words = words.replace("\n", " ")
            headings.append((words, block.level, len(text)))
        text += words
    return text, numbered_sections(text, _sections(headings, len(text)))


def _sections(headings: list[tuple[str, int, int]], end: int) -> list[Section]:
    """The headings as sections, each up to the next of its own or a higher rank, else to `end`."""
    sections = []
    next_starts: dict[int, int] = {}
    for heading, level, start in reversed(headings):
        ends = [next_start for other, next_start in next_starts.items() if other <= level]
        sections.append(Section(heading, level, start, min(ends, default=end)))
        next_starts[level] = start
    return sections[::-1]
