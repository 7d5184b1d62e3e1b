"""What a parsing process says, a line of JSON each: events, and how a file's own line ends.

JSON and not pickle: whatever a hostile file makes of the process that reads it, its words stay words.
"""

import json
from dataclasses import asdict
from typing import Any

from corpus.document import Draft, Section
from corpus.reading.parsing import Event, Met, Refused, Unpacked

_PLAIN: dict[str, type[Met] | type[Refused] | type[Unpacked]] = {
    "met": Met,
    "refused": Refused,
    "unpacked": Unpacked,
}
END = b'{"event": "end"}\n'
"""The last line about a file."""


def encoded(event: Event) -> bytes:
    """The line that says it."""
    name = next((name for name, type_ in _PLAIN.items() if isinstance(event, type_)), "draft")
    return json.dumps({"event": name, **asdict(event)}).encode() + b"\n"


def decoded(line: bytes) -> Event:
    """The event of a line. Raises `ValueError`, `TypeError` or `KeyError` for any other line."""
    fields: dict[str, Any] = json.loads(line)
    name = fields.pop("event")
    if name in _PLAIN:
        return _PLAIN[name](**fields)
    sections = tuple(Section(**section) for section in fields.pop("sections"))
    return Draft(**fields | {"sections": sections, "warnings": tuple(fields["warnings"])})
