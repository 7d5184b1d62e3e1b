"""What an office file says about itself: its title and author, kept only where a person seems to have set them.

The day on which a file was made is kept as `created` and never taken for the day on which a document was published.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from corpus.blocks import Block, assemble
from corpus.cleaning import normalise, title_lines
from corpus.dates import date_near_head, iso_date
from corpus.document import NUMBERED_PARAGRAPH, Draft
from corpus.errors import UnreadableFile
from corpus.reading.office.packages import Package, local

if TYPE_CHECKING:
    from lxml.etree import _Element

_NO_TITLE = re.compile(
    r"(?:(?:microsoft )?(?:word|excel|powerpoint)\b.*|(?:untitled|new|blank)?\s*"
    r"(?:document|presentation|workbook|spreadsheet|template|slide|title|book|sheet|untitled|report)\s*(?:title)?\s*\d*"
    r"|.*\.(?:docx?|dotx?|pptx?|potx?|xlsx?|od[tsp]|rtf|tmp|pdf)|powerpoint-präsentation|présentation powerpoint"
    r"|(?:click|type) .*|[^A-Za-z\u00c0-\uffff]*|\[.*\]|<.*>)",
    re.IGNORECASE,
)
_NO_AUTHOR = re.compile(r"python-docx|openpyxl|(?:microsoft )?(?:office )?user|admin(?:istrator)?|\W*", re.IGNORECASE)
_MAX_TITLE_CHARS = 300
_HEAD_CHARS = 1_000


@dataclass(frozen=True, slots=True)
class Properties:
    """A file's title, where it has one worth the name, and what else is kept of it."""

    title: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)

    def titled(self, title: str | None) -> "Properties":
        """The same with another title, where there is one: a title that the text shows is surer than a property."""
        words = " ".join(normalise(title or "").split())
        return replace(self, title=words) if words else self


def properties(title: str | None, author: str | None, created: str | None) -> Properties:
    """The properties with what programs fill in by themselves left out.

    >>> properties("Microsoft Word - draft3", "python-docx", "2013-12-23T23:15:00Z")
    Properties(title=None, metadata={})
    """
    title, author = (" ".join(normalise(text or "").split()) for text in (title, author))
    is_title = 3 <= len(title) <= _MAX_TITLE_CHARS and not _NO_TITLE.fullmatch(title)
    metadata = {
        "author": "" if _NO_AUTHOR.fullmatch(author) else author[:_MAX_TITLE_CHARS],
        "created": iso_date((created or "").strip()),
    }
    if author == "python-docx":
        metadata["created"] = None  # the day of its template
    return Properties(title if is_title else None, {key: value for key, value in metadata.items() if value})


def core_properties(package: Package) -> Properties:
    """The properties of an Office Open XML package; none where they are missing or damaged."""
    part = package.related("", "core-properties") or "docProps/core.xml"
    try:
        root = package.xml(part)
    except UnreadableFile:
        return Properties()
    return from_elements(root) if root is not None else Properties()


def from_elements(parent: "_Element") -> Properties:
    """The properties from an element whose children are Dublin Core's title and creator, and a day of creation."""
    found: dict[str, str] = {}
    for element in parent:
        found.setdefault(local(element), element.text or "")
    created = found.get("created") or found.get("creation-date")
    return properties(found.get("title"), found.get("creator") or found.get("initial-creator"), created)


def drafted(
    blocks: Iterable[Block],
    name: str,
    *,
    stated: Properties,
    warnings: Sequence[str] = (),
    has_date: bool = True,
) -> Draft:
    """The draft of the blocks, with the first date near its head as a guess; none for a table, whose rows have theirs.

    Its title is the stated one, else the first heading or the lines at the head of the text, else the file's name.
    Raises `UnreadableFile` where the blocks have no words.
    """
    text, sections = assemble(blocks)
    if not text:
        known = f" ({'; '.join(warnings)})" if warnings else ""
        raise UnreadableFile(
            f"there is no text in the file{known}: if it holds pictures of text, save it as PDF and add that"
        )
    heading = next((s.heading for s in sections if s.level < NUMBERED_PARAGRAPH and s.start < _HEAD_CHARS), None)
    guessed = date_near_head(text) if has_date else None
    is_guessed = {"published_is_guessed": True} if guessed else {}
    titles = (stated.title, heading, ": ".join(title_lines(text)), name)
    return Draft(
        title=next(found for found in titles if found),
        text=text,
        published=guessed,
        sections=sections,
        metadata={**stated.metadata, **is_guessed},
        warnings=tuple(warnings),
    )
