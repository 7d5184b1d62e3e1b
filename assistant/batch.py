"""Rows in, one JSON answer a row out, in order: `ask --batch` and `search --batch`.

A row that cannot be used, and one whose answering fails, becomes `{"id", "error"}` on its line, and the next one goes
on.
"""

import json
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.answer import answer_json
from assistant.answering import answer, is_text, understood, valid_question
from assistant.conversation import Message
from assistant.errors import AssistantError, InvalidCall
from assistant.sources import Sources

logger = logging.getLogger(__name__)

ROLES = ("user", "assistant", "system")


@dataclass(frozen=True, slots=True)
class Row:
    """A question with its history."""

    id: str
    question: str
    history: tuple[Message, ...] = ()


def ask_rows(lines: Iterable[str], sources: Sources, *, trace: bool = False) -> Iterator[dict[str, Any]]:
    """The answer to each row."""
    return _each(
        lines, lambda row: answer_json(answer(row.question, sources, history=row.history), id_=row.id, trace=trace)
    )


def search_rows(lines: Iterable[str], sources: Sources, *, k: int) -> Iterator[dict[str, Any]]:
    """The first `k` hits of each row, its history used as in asking."""

    def search(row: Row) -> dict[str, Any]:
        meant, *_ = understood(valid_question(row.question), sources, row.history)
        found = sources.retriever.search(meant, k)
        hits = [
            {
                "document_id": hit.passage.document_id,
                "start": hit.passage.start,
                "end": hit.passage.end,
                "score": hit.score,
            }
            for hit in found.hits
        ]
        return {"id": row.id, "hits": hits}

    return _each(lines, search)


def parse_row(line: str) -> Row:
    """A line as a row; keys beside id, question and history are ignored. Raises `InvalidCall` naming what is wrong."""
    try:
        content = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InvalidCall(f"not JSON: {error}") from error
    if not isinstance(content, dict):
        raise InvalidCall("not a JSON object")
    for key in ("id", "question"):
        if not isinstance(content.get(key), str):
            raise InvalidCall(f"{key!r} is missing or not a string")
        if not is_text(content[key]):
            raise InvalidCall(f"{key!r} has half of a character: {content[key]!a}")
    return Row(content["id"], content["question"], tuple(_history(content.get("history") or ())))


def _history(messages: Sequence[Any]) -> Iterator[Message]:
    if not isinstance(messages, list | tuple):
        raise InvalidCall("'history' is not a list of {role, content}")
    for message in messages:
        well_formed = isinstance(message, dict) and isinstance(message.get("content"), str)
        if not well_formed or message.get("role") not in ROLES or not is_text(message["content"]):
            raise InvalidCall(f"'history' has an entry that is not {{role, content}}: {ascii(message)[:80]!r}")
        yield Message(message["role"], message["content"])


def _each(lines: Iterable[str], use: Callable[[Row], dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        row = None
        try:
            row = parse_row(line)
            yield use(row)
        except AssistantError as error:
            yield {"id": row.id if row else _id_of(line), "error": f"line {number}: {error}"}
        except Exception as error:  # the edge of a batch: one row must not end the others
            logger.exception("row %d failed", number)
            yield {"id": row.id if row else None, "error": f"line {number}: {type(error).__name__}: {error}"}


def _id_of(line: str) -> str | None:
    """The id of a row that is wrong otherwise, so that its error can be told apart."""
    try:
        content = json.loads(line)
    except (ValueError, RecursionError):
        return None
    id_ = content.get("id") if isinstance(content, dict) else None
    return id_ if isinstance(id_, str) and is_text(id_) else None
