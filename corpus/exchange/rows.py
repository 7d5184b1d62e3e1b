"""The rows of an exported home, as they come from outside: each kind of line with its fields, and nothing else."""

import json
from collections.abc import Iterator
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from corpus.errors import UnusableExport
from corpus.exchange.package import Package, first_fault

MAX_LINE_BYTES = 256 * 1024**2

Number = Annotated[int, Field(ge=0, le=2**31)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
_RowType = TypeVar("_RowType", bound="Row")


class Row(BaseModel):
    """A line, or a part of one: no field is converted, none is left over."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class SectionRow(Row):
    """A `corpus.document.Section`."""

    heading: str
    level: int
    start: Number
    end: Number
    page: int | None


class VersionRow(Row):
    """A version of a document."""

    sha256: Sha256
    status: Literal["current", "superseded", "removed"]
    source: str
    input_sha256: str
    title: str
    published: str | None
    language: str
    added_at: str
    metadata: dict[str, Any]
    sections: list[SectionRow]


class DocumentRow(Row):
    """A document with its versions, the oldest first."""

    id: Annotated[str, Field(min_length=1)]
    versions: Annotated[list[VersionRow], Field(min_length=1)]

    @model_validator(mode="after")
    def _has_one_state(self) -> "DocumentRow":
        if sum(version.status != "superseded" for version in self.versions) > 1:
            raise ValueError("more than one version is current or removed")
        return self


class EditRow(Row):
    """What users say of a document."""

    document_id: str
    changes: dict[str, Any]


class InputRow(Row):
    """What was read from a source."""

    source: str
    sha256: str
    readers: str
    rows: list[Any]
    read_at: str


class TurnRow(Row):
    """A turn of a conversation."""

    number: Number
    asked_at: str
    answer: dict[str, Any]


class ConversationRow(Row):
    """A conversation with its turns."""

    id: str
    title: str
    started_at: str
    updated_at: str
    owner: str | None
    turns: list[TurnRow]


class FeedbackRow(Row):
    """What was said of a turn."""

    conversation_id: str
    turn: Number
    rating: str | None
    reason: str
    case: dict[str, Any]
    given_at: str


class RunRow(Row):
    """A run of a suite."""

    id: str
    suite: str
    started_at: str
    finished_at: str | None
    record: dict[str, Any]


class ResultRow(Row):
    """The result of a case."""

    run_id: str
    case_id: str
    position: Number
    case_sha256: str
    result: dict[str, Any]


def rows_of(package: Package, name: str, kind: type[_RowType], *key: str) -> Iterator[_RowType]:
    """The rows of a file, in order. Raises `UnusableExport` for a line that is none, and where the fields `key` are
    those of an earlier line.
    """
    seen: set[tuple[Any, ...]] = set()
    for number, line in enumerate(_lines(package, name), start=1):
        try:
            row = kind.model_validate(json.loads(line))
        except ValidationError as error:
            raise UnusableExport(f"{name}, line {number}: {first_fault(error)}") from error
        except (ValueError, RecursionError) as error:
            raise UnusableExport(f"{name}, line {number} is not JSON") from error
        id_ = tuple(getattr(row, field) for field in key)
        if id_ in seen:
            raise UnusableExport(f"{name}, line {number}: {'/'.join(map(str, id_))!r} is there twice")
        seen.add(id_)
        yield row


def _lines(package: Package, name: str) -> Iterator[bytes]:
    left = bytearray()
    for piece in package.pieces(name):
        *ended, rest = piece.split(b"\n")
        for end in ended:
            yield bytes(left + end)
            left.clear()
        left += rest
        if len(left) > MAX_LINE_BYTES:
            raise UnusableExport(f"{name} has a line of more than {MAX_LINE_BYTES:,} bytes")
    if left:
        yield bytes(left)


def line_of(row: dict[str, Any]) -> bytes:
    """A row as its line. Characters stand for themselves, but where one is half of a character."""
    try:
        return json.dumps(row, ensure_ascii=False).encode() + b"\n"
    except UnicodeEncodeError:
        return json.dumps(row).encode() + b"\n"
