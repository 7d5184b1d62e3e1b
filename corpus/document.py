"""The types of a document. Nothing here reads, cleans or stores."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

NUMBERED_PARAGRAPH = 7
"""The `level` of a numbered paragraph, one below the six levels of headings."""
PAGE = 8
"""The `level` of a page, whose `heading` is its number as it is printed, and whose `page` counts from 1."""


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of a document under one heading, or one numbered paragraph.

    `start` and `end` are half-open character offsets into the document's text; a section ends where the next of the
    same or a higher rank begins. `level` is 1 to 6 for headings and `NUMBERED_PARAGRAPH` for numbered paragraphs,
    whose `heading` is the number as it is printed ("4." or "4)"). Pages are sections too, of the level `PAGE`: they
    follow one another and lie across all others. `page` is the one that the section begins on.
    """

    heading: str
    level: int
    start: int
    end: int
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One version of one document: its text never changes once it is cleaned.

    `id` is stable per source; `sha256` is that of `text` in UTF-8, so anyone can check a snapshot with a standard
    tool. `published` is an ISO date, or a year or month where the source gives no more. `source` is where it came from.
    """

    id: str
    title: str
    text: str
    source: str
    sha256: str
    language: str
    published: str | None = None
    sections: tuple[Section, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Draft:
    """What a reader makes of a file, before it has an id and a place in the catalogue.

    `key` is the id and `source` the origin that the file itself gives (a JSONL row); `warnings` are for the report,
    a line each, whatever names of a file's parts they hold.
    """

    title: str
    text: str
    published: str | None = None
    sections: tuple[Section, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)
    key: str | None = None
    source: str | None = None
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "warnings", tuple(" ".join(warning.split()) for warning in self.warnings))
