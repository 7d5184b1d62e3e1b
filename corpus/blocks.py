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
    sections = [
        Section(heading, level, start, next((s for _, other, s in headings[i + 1 :] if other <= level), len(text)))
        for i, (heading, level, start) in enumerate(headings)
    ]
    return text, numbered_sections(text, sections)
