"""Log lines: the plain ones of Python's own, or one JSON object a line on stderr, for programs that gather them.

JSON lines hold no text of questions, answers or documents, no keys and no tokens: of an error its kind and where it
came from, not what it says; of other people's modules the constant part of a message. Which request a line belongs to
is in it. Plain lines are for the person who started the program, and may quote what went wrong.
"""

import json
import logging
import os
import re
import sys
import traceback
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, TextIO

from assistant.errors import InvalidCall

FORMAT = "COMMUNIQUE_LOG_FORMAT"
PLAIN, JSON = "plain", "json"
REQUESTS = "assistant.observing.requests"
"""Whose lines are written from INFO on; all others' from WARNING on."""
_OURS = ("assistant", "corpus", "evals", "index", "uvicorn")
_STATEMENT = re.compile(r"\s*\[(?:SQL|parameters): .*", re.DOTALL)
_NUM_FRAMES = 20

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
"""The id of the request that is being answered."""


def log_as_asked(environment: Mapping[str, str] = os.environ, *, stream: TextIO | None = None) -> None:
    """Sets up the lines that the environment asks for. Raises `InvalidCall` for a form that there is not."""
    wanted = environment.get(FORMAT, "").strip().casefold() or PLAIN
    if wanted not in (PLAIN, JSON):
        raise InvalidCall(f"{FORMAT} is {wanted[:40]!r}: set it to {PLAIN} or {JSON}")
    if wanted == JSON and not is_json():
        handler = logging.StreamHandler(stream or sys.stderr)
        handler.setFormatter(JsonLines())
        logging.getLogger().addHandler(handler)
        logging.getLogger(REQUESTS).setLevel(logging.INFO)
        logging.captureWarnings(capture=True)


def is_json() -> bool:
    """Whether lines are JSON in this process."""
    return any(isinstance(handler.formatter, JsonLines) for handler in logging.getLogger().handlers)


def uvicorn_log_config() -> dict[str, Any] | None:
    """What uvicorn is to be told of logging: its own, or nothing, so that its lines are as all others."""
    from uvicorn.config import LOGGING_CONFIG

    return None if is_json() else LOGGING_CONFIG


class JsonLines(logging.Formatter):
    """Makes a record one line of JSON; `fields` of the record are added as they are."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end; it is ASCII, so that nothing steers a terminal."""
        content: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.casefold(),
            "logger": record.name,
            "message": _message(record),
            "request_id": request_id.get(),
            "trace_id": _trace_id(),
            "error": _error(record.exc_info[1]) if record.exc_info and record.exc_info[1] else None,
            **getattr(record, "fields", {}),
        }
        return json.dumps({name: value for name, value in content.items() if value is not None})


def _message(record: logging.LogRecord) -> str:
    """What the record says; of a statement to the database nothing, and of others' modules no arguments."""
    if record.name == "py.warnings":  # file, line and kind, of "file:line: kind: what it says"
        return ":".join(record.getMessage().split(":")[:3])
    is_ours = record.name.split(".")[0] in _OURS
    return _STATEMENT.sub(" [statement left out]", record.getMessage() if is_ours else str(record.msg))


def _error(error: BaseException) -> dict[str, Any]:
    """The kinds of an error and of those that led to it, and where the first came from, innermost last."""
    kinds, seen = list[str](), set[int]()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        kinds.append(type(cause).__qualname__)
        cause = cause.__cause__ or cause.__context__
    frames = traceback.extract_tb(error.__traceback__)[-_NUM_FRAMES:]
    return {"kinds": kinds, "frames": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]}


def _trace_id() -> str | None:
    """The id of the current trace, where there is one."""
    api = sys.modules.get("opentelemetry.trace")
    found = api.get_current_span().get_span_context() if api else None
    return f"{found.trace_id:032x}" if found and found.is_valid else None
