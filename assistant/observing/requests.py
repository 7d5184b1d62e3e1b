"""The outermost layer of the server: every request gets an id, is timed and told of, whatever answers it.

An id that the client sends is kept where it can be one; it is in the answer's `X-Request-ID`, and in every log line
that is written meanwhile. Told are method, route (its template, never the path), status, milliseconds and who asked;
for OpenTelemetry a span, which goes on the caller's trace. It answers nothing itself and looks at no body.
"""

import logging
import re
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.observing.logs import REQUESTS, request_id
from assistant.observing.spans import fail, tracer

if TYPE_CHECKING:
    from opentelemetry.trace import Span

HEADER = "X-Request-ID"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_FAILED = 500

logger = logging.getLogger(REQUESTS)

RouteOf = Callable[[Scope], str]
"""The template of the route that a request took; one of a fixed list, whatever was asked for."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A request that was answered, as it may be told; `method` is one of `METHODS`, or "other"."""

    method: str
    route: str
    status: int
    seconds: float
    user: str | None


class Observed:
    """What stands around the whole application."""

    def __init__(self, app: ASGIApp, *, route_of: RouteOf, tell: Callable[[Answered], None]) -> None:
        """`route_of` is asked, and `tell` called, when a request has been answered."""
        self._app = app
        self._route_of = route_of
        self._tell = tell

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets the request through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        id_ = sane_id(Headers(scope=scope).get(HEADER, ""))
        token, began, status = request_id.set(id_), time.perf_counter(), _FAILED

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = id_
            await send(message)

        method = scope["method"] if scope["method"] in METHODS else "other"
        with _spanned(scope, method) as span:
            try:
                await self._app(scope, receive, sent)
            finally:
                seconds = time.perf_counter() - began
                answered = Answered(method, self._route_of(scope), status, seconds, _user(scope))
                _take_down(span, answered)
                _log(answered)
                self._tell(answered)
                request_id.reset(token)


def sane_id(given: str) -> str:
    """The id that a client gave, where it is 64 letters, digits, dots and dashes at most; else a new one.

    >>> sane_id("order-7.a"), sane_id("a b") == "a b", len(sane_id(""))
    ('order-7.a', False, 16)
    """
    return given if _ID.fullmatch(given) else secrets.token_hex(8)


def _user(scope: Scope) -> str | None:
    """The name of who asked, where whoever guards the server has found it out."""
    name = getattr(scope.get("user"), "name", None)
    return name if isinstance(name, str) else None


def _log(answered: Answered) -> None:
    if logger.isEnabledFor(logging.INFO):
        fields = {
            "method": answered.method,
            "route": answered.route,
            "status": answered.status,
            "milliseconds": round(1000 * answered.seconds, 1),
            "user": answered.user,
        }
        logger.info("request", extra={"fields": fields})


@contextmanager
def _spanned(scope: Scope, method: str) -> "Iterator[Span | None]":
    """The span of a request, the current one while this lasts, below the one that the client names."""
    found = tracer()
    if found is None:
        yield None
        return
    from opentelemetry import context, propagate, trace

    outer = propagate.extract(dict(Headers(scope=scope)))
    span = found.start_span(method, outer, kind=trace.SpanKind.SERVER, attributes={"http.request.method": method})
    token = context.attach(trace.set_span_in_context(span, outer))
    try:
        yield span
    except Exception as error:
        fail(span, error)
        raise
    finally:
        context.detach(token)
        span.end()


def _take_down(span: "Span | None", answered: Answered) -> None:
    if span is None:
        return
    from opentelemetry.trace import StatusCode

    span.update_name(f"{answered.method} {answered.route}")
    span.set_attributes({"http.route": answered.route, "http.response.status_code": answered.status})
    if answered.status >= _FAILED:
        span.set_status(StatusCode.ERROR)
