"""JSONL: one document a line, its text taken verbatim: not cleaned, not normalised, not even trimmed.

A row has `id`, `title` and `text`, and may have `source`, `published` and `metadata`. A line that is no such row
becomes a warning with its number; the others go in.
"""

import json
from typing import Any

from corpus.cleaning import normalise
from corpus.document import Draft
from corpus.encodings import decode
from corpus.errors import UnreadableFile
from corpus.structure import numbered_sections

MAX_ID_CHARS = 512
LEFT_OUT = "was left out"
"""What the warning about a line says that is no row."""


def read_jsonl(content: bytes, name: str) -> list[Draft]:
    """A draft a row, in order. Raises `UnreadableFile` when not one line is a row."""
    text, warnings = decode(content)
    drafts: list[Draft] = []
    troubles = list(warnings)
    lines: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            draft = _draft(json.loads(line), name)
            if draft.key in lines:
                raise ValueError(f"the id {draft.key!r} is that of line {lines[draft.key]} too")
        except (ValueError, RecursionError) as error:
            troubles.append(f"line {number} {LEFT_OUT}: {_reason(error)}")
            continue
        lines[draft.key or ""] = number
        drafts.append(draft)
    if not drafts:
        raise UnreadableFile(f"no line is a row with id, title and text: {'; '.join(troubles[:3])}")
    return [*drafts[:-1], _with_warnings(drafts[-1], troubles)]


def _draft(row: Any, name: str) -> Draft:
    if not isinstance(row, dict):
        raise ValueError("not a JSON object")
    for key in ("id", "title", "text"):
        if not isinstance(row.get(key), str) or (key != "title" and not row[key].strip()):
            raise ValueError(f"{key!r} is missing, empty or not a string")
        row[key].encode()  # a lone surrogate cannot be stored: UnicodeEncodeError is a ValueError
    if len(row["id"]) > MAX_ID_CHARS:
        raise ValueError(f"'id' is longer than {MAX_ID_CHARS} characters")
    for key in ("source", "published"):
        if row.get(key) is not None and not isinstance(row[key], str):
            raise ValueError(f"{key!r} is not a string")
        (row.get(key) or "").encode()
    metadata = row.get("metadata") or {}
    if not isinstance(metadata, dict):
        raise ValueError("'metadata' is not an object")
    json.dumps(metadata, ensure_ascii=False, allow_nan=False).encode()  # what cannot be written cannot be kept
    if any("\0" in (row.get(key) or "") for key in ("id", "title", "text", "source", "published")):
        raise ValueError("it holds the character U+0000, which no text has")
    return Draft(
        title=next(filter(None, map(_one_line, (row["title"], row["id"]))), name),
        text=row["text"],
        published=row.get("published"),
        sections=numbered_sections(row["text"]),
        metadata=metadata,
        key=row["id"],
        source=row.get("source"),
    )


def _one_line(words: str) -> str:
    return " ".join(normalise(words).split())


def _reason(error: Exception) -> str:
    return f"not JSON ({error.msg})" if isinstance(error, json.JSONDecodeError) else str(error) or "nested too deeply"


def _with_warnings(draft: Draft, warnings: list[str]) -> Draft:
    from dataclasses import replace

    return replace(draft, warnings=tuple(warnings))
