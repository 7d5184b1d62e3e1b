"""What a reader of published data is: how to tell its files, and how to get documents and cases from them.

The documents are rows as `communique add` takes them, with `id`, `title` and `text`, so offsets into them stay right.
Nothing here reads a particular format.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.answering import is_text
from corpus.reading.jsonl import MAX_ID_CHARS
from evals.case import Case

DocumentRow = dict[str, Any]

_PEEK_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Format:
    """One published form of data. The functions raise `InvalidSuite` where a file is not what it should be.

    `about` names source and licence. Offsets in `cases` count characters of the `documents`' texts.
    """

    name: str
    about: str
    is_one: Callable[[Path], bool]
    documents: Callable[[Path], Iterator[DocumentRow]]
    cases: Callable[[Path], Iterator[Case]]


def document_row(id_: object, title: object, text: object) -> DocumentRow | None:
    """A row for `communique add`, or None for what it would leave out: no text, no id, U+0000, half a character."""
    if not isinstance(id_, str) or not isinstance(text, str) or not isinstance(title, str | None):
        return None
    row = {"id": id_, "title": title or id_, "text": text}
    if not id_.strip() or len(id_) > MAX_ID_CHARS or not text.strip():
        return None
    everything = f"{id_}{title}{text}"
    return row if "\0" not in everything and is_text(everything) else None


def beginning(path: Path) -> str:
    """The first characters of a file, to tell its format by; empty where it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(_PEEK_BYTES).decode("utf-8-sig", "replace")
    except (OSError, ValueError):
        return ""


def strings(value: object) -> list[str]:
    """The texts in a list that somebody else wrote; none where it is no list."""
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def rows_in(value: object) -> list[dict[str, Any]]:
    """The objects in a list that somebody else wrote; none where it is no list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
