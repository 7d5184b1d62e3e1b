"""The formats that are read: which reader takes a file, by what it holds where that can be told, else by its name.

A further format is a further line of `FORMATS`. Formats whose `advice` is set are known and not read.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from corpus.document import Draft
from corpus.errors import UnreadableFile
from corpus.reading.html import read_html
from corpus.reading.jsonl import read_jsonl
from corpus.reading.markdown import read_markdown
from corpus.reading.members import Budget, Member
from corpus.reading.plain_text import read_text

Reader = Callable[[bytes, str], list[Draft]]
"""From a file's bytes, and its name without folders and suffix, to drafts. Raises `UnreadableFile`."""
Unpacker = Callable[[bytes, Budget], Iterator[Member]]
"""From an archive's bytes to the files in it. Raises `UnreadableFile`."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format: what people call it, how its files' names end, and how it is read.

    `signs` are the bytes it may begin with, where these decide. A file may be a document and hold others: an e-mail.
    """

    name: str
    suffixes: tuple[str, ...]
    reader: Reader | None = None
    members: Unpacker | None = None
    signs: tuple[bytes, ...] = ()
    advice: str | None = None


FORMATS = (
    Format("plain text", (".txt", ".text"), read_text),
    Format("Markdown", (".md", ".markdown"), read_markdown),
    Format("HTML", (".html", ".htm", ".xhtml"), read_html),
    Format("JSONL", (".jsonl",), read_jsonl),
)


def format_of(content: bytes, name: str) -> tuple[Format, tuple[str, ...]]:
    """The format of a file, and a warning where its name says another one than its content.

    Raises `UnreadableFile` with the remedy when no reader takes it.
    """
    by_name = next((f for f in FORMATS if PurePosixPath(name).suffix.lower() in f.suffixes), None)
    by_content = next((f for f in FORMATS if content.startswith(f.signs)), None) if content else None
    if by_content and by_name is not by_content:
        found, warnings = by_content, [f"its name does not say what it is: read as {by_content.name}"]
    elif by_name:
        found, warnings = by_name, []
    else:
        suffix = PurePosixPath(name).suffix or "files without a suffix"
        known = " ".join(suffix for f in FORMATS if not f.advice for suffix in f.suffixes)
        raise UnreadableFile(f"no reader for {suffix!r}: convert it to one of {known}")
    if found.advice:
        raise UnreadableFile(found.advice)
    return found, tuple(warnings)
