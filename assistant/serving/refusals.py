"""Answers of the guard and the edge, which stand before all routes: a line of JSON each, in the protocol's own form."""

from collections.abc import Mapping

from starlette.responses import Response
from starlette.types import Scope

from assistant.serving.problems import OPENAI_PREFIX, one_line, openai_problem
from assistant.serving.responses import Json

_HAS_NO_BODY = ("GET", "HEAD")


def refusal(scope: Scope, status: int, line: str, *, headers: Mapping[str, str] | None = None) -> Response:
    """The answer that says why a request goes no further. A body that nobody reads ends with its connection."""
    is_openai = scope["path"].startswith(OPENAI_PREFIX)
    content = openai_problem(status, one_line(line)) if is_openai else {"error": one_line(line)}
    ending = {} if scope["method"] in _HAS_NO_BODY else {"Connection": "close"}
    return Json(content, status_code=status, headers={**ending, **(headers or {})})
