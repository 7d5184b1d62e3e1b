"""What goes wrong, as HTTP says it: one table from errors to statuses, and one line of JSON, `{"error": "…"}`.

A refusal to answer is no error and is not met here. `/v1` speaks of errors as the OpenAI protocol does.
"""

import errno
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from sqlalchemy.exc import DatabaseError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from assistant.errors import AssistantError, InvalidCall, UnknownConversation
from assistant.exporting.escaping import visible
from assistant.serving.responses import EVENTS, Json
from corpus.errors import CorpusError, HomeError, UnknownDocument, UnreadableFile
from index.errors import IndexRoomError

logger = logging.getLogger(__name__)

STATUSES: Mapping[type[Exception], int] = {
    InvalidCall: 400,
    UnknownConversation: 404,
    UnknownDocument: 404,
    UnreadableFile: 422,
    HomeError: 503,
    CorpusError: 400,
    IndexRoomError: 503,
    AssistantError: 400,
    DatabaseError: 503,
    OSError: 503,
    MemoryError: 503,
}
"""The status of an error, or of the nearest class that it descends from. Anything else is ours: 500."""
Declared = dict[int | str, dict[str, Any]]
"""What a route can answer, as FastAPI is told it."""
OPENAI_PREFIX = "/v1/"
_MEANINGS = {
    400: "The call cannot be used as it is.",
    401: "There are users, and nobody knows who asks: a token or a session says it.",
    403: "A page of another site asks, or under another name than this server's, or somebody who may not do this.",
    404: "There is no such thing.",
    405: "There is something, but not for this method.",
    408: "The body came too slowly.",
    409: "Something else is going on.",
    413: "The body is too large.",
    422: "The body or a parameter is not of the form that is asked for.",
    429: "Too many requests; Retry-After says when to come again.",
    500: "Something failed here; the server's log says what.",
    503: "The home cannot be used just now; the line says what mends it.",
}
_FULL = "a disk of the server is full: free some space on it, and try again"
_UNWRITABLE = "a disk of the server cannot be written to: see to that, and try again"
_OF_THE_DISK = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT), _FULL),
    **dict.fromkeys((errno.EROFS, errno.EACCES, errno.EPERM), _UNWRITABLE),
}
_MAX_LINE_CHARS = 500
_OURS = "something failed here: the log of the server says what"


class Problem(BaseModel):
    """What went wrong."""

    error: str = Field(description="One line: what is wrong, and the remedy.", examples=["the question is empty"])


class OpenAiError(BaseModel):
    """What went wrong, in the terms of the OpenAI protocol."""

    message: str
    type: str
    param: str | None = None
    code: str | None = None


class OpenAiProblem(BaseModel):
    """What went wrong, as the OpenAI protocol wraps it."""

    error: OpenAiError


def declared(*statuses: int) -> Declared:
    """These statuses, with those that every route can give, as FastAPI declares them."""
    every = sorted({*statuses, 403, 422, 500, 503})
    return {status: {"model": Problem, "description": _MEANINGS[status]} for status in every}


def declared_before_routes() -> Declared:
    """What is answered before any route is asked, as FastAPI declares it."""
    return {status: {"model": Problem, "description": _MEANINGS[status]} for status in (401, 408, 429)}


def declared_by_openai() -> Declared:
    """The errors of a route of the OpenAI protocol."""
    about: dict[int | str, str] = {status: _MEANINGS[status] for status in (401, 403, 500, 503)}
    about["4XX"] = "The call cannot be used as it is."
    return {status: {"model": OpenAiProblem, "description": meaning} for status, meaning in about.items()}


def declared_as(*media_types: str, description: str = "Done.") -> Declared:
    """The answer that is no JSON, in one of these media types."""
    content = {media_type: {"schema": {"type": "string"}} for media_type in media_types}
    return {200: {"description": description, "content": content}}


def declared_events(description: str, *, example: str) -> Declared:
    """The answer that is a stream of server-sent events, described as OpenAPI 3.2 does."""
    fields = {"event": {"type": "string"}, "data": {"type": "string"}}
    item = {"type": "object", "required": ["data"], "properties": fields}
    return {200: {"description": description, "content": {EVENTS: {"itemSchema": item, "example": example}}}}


def status_of(error: Exception) -> int:
    """The status of an error by the table; 500 for one that is not in it."""
    found = (STATUSES[one] for one in type(error).__mro__ if one in STATUSES)
    return next(found, 500)


def line_of(error: Exception) -> str:
    """What a client is told of an error: its own line where it has one for users."""
    if isinstance(error, AssistantError | CorpusError | IndexRoomError):
        return one_line(str(error))
    if isinstance(error, DatabaseError):
        return one_line(f"the database cannot be used ({error.orig}): `communique doctor` says what is wrong")
    if isinstance(error, OSError):
        failed = f"the disk or a connection failed: {error.strerror or type(error).__name__}"
        return one_line(_OF_THE_DISK.get(error.errno or 0, failed))
    if isinstance(error, MemoryError):
        return "there is not enough memory for this: send less at once"
    return _OURS


def one_line(text: str) -> str:
    """The text on one line, without what steers a terminal, and not endless."""
    line = " ".join(visible(text).split())
    return line if len(line) <= _MAX_LINE_CHARS else f"{line[:_MAX_LINE_CHARS]}…"


def problem(request: Request, status: int, line: str, *, code: str | None = None) -> Response:
    """The answer that says what went wrong, in the form of the protocol that was spoken."""
    if not request.url.path.startswith(OPENAI_PREFIX):
        return Json({"error": line}, status_code=status)
    return Json(openai_problem(status, line, code=code), status_code=status)


def openai_problem(status: int, line: str, *, code: str | None = None) -> dict[str, Any]:
    """What went wrong as OpenAI's clients expect it."""
    kind = "invalid_request_error" if status < 500 else "server_error"
    return {"error": {"message": line, "type": kind, "param": None, "code": code}}


def handle_problems(app: FastAPI) -> None:
    """Has the application answer every error by the table."""
    handlers: Mapping[type[Exception], Callable[..., Any]] = {
        **dict.fromkeys((AssistantError, CorpusError, IndexRoomError, DatabaseError, OSError, MemoryError), _known),
        RequestValidationError: _malformed,
        HTTPException: _http,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)


def failed(request: Request, error: Exception) -> Response:
    """The answer to an error that no route met: by the table, or, where nobody expected it, logged with where it came
    from.
    """
    status = status_of(error)
    if status == 500:
        logger.error("%s %s failed", request.method, request.url.path, exc_info=error)
        return problem(request, 500, _OURS)
    if status > 500:
        logger.error("%s %s: %s", request.method, request.url.path, one_line(str(error)))
    return problem(request, status, line_of(error))


async def _known(request: Request, error: Exception) -> Response:
    return failed(request, error)


async def _malformed(request: Request, error: RequestValidationError) -> Response:
    status = 400 if request.url.path.startswith(OPENAI_PREFIX) else 422
    return problem(request, status, malformed_line(error.errors()))


async def _http(request: Request, error: HTTPException) -> Response:
    response = problem(request, error.status_code, one_line(str(error.detail)))
    response.headers.update(error.headers or {})
    return response


def malformed_line(errors: Sequence[Any]) -> str:
    """The first thing that is wrong with a body or a parameter, and how many more there are.

    >>> malformed_line([{"loc": ("body", "question"), "msg": "Field required"}])
    'question: Field required'
    """
    first, more = errors[0], len(errors) - 1
    if first.get("type") == "json_invalid":
        return one_line(f"the body is not JSON: {first.get('ctx', {}).get('error', '')}")
    place = ".".join(str(part) for part in first["loc"][1:]) or str(first["loc"][0])
    rest = f" (and {more} more)" if more else ""
    return one_line(f"{place[:100]}: {first['msg']}{rest}")
