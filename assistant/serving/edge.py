"""The outermost of our own layers: other sites' pages, bodies that are too large, errors that nobody expected,
addresses that are none.

It looks at the API's addresses alone. The page sees to its own.
"""

import re
from collections.abc import Sequence

from fastapi import FastAPI, Request
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.serving.problems import failed, problem

PREFIXES = ("/api", "/v1", "/mcp", "/health", "/ready", "/metrics")
MAX_BODY_BYTES = 1024 * 1024
MAX_UPLOAD_BYTES = 256 * 1024 * 1024
UPLOADS = ("POST", "/api/documents")
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


def is_ours(path: str) -> bool:
    """Whether a path is the API's and not the page's.

    >>> [is_ours(path) for path in ("/api/ask", "/v1", "/ready", "/", "/apiary", "/gradio_api/info")]
    [True, True, True, False, False, False]
    """
    return any(path == prefix or path.startswith(f"{prefix}/") for prefix in PREFIXES)


class Edge:
    """What stands between the server and the routes."""

    def __init__(self, app: ASGIApp, *, hosts: Sequence[str] | None = None) -> None:
        """`hosts` are the names that a browser may have asked for, without their ports; None is any."""
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers 413 to a body that is too large once somebody reads it, and 500 to what nobody expected."""
        if scope["type"] != "http" or not is_ours(scope["path"]):
            page = scope["app"].state.page if scope["type"] == "http" else None
            await (page.app if page else self._app)(scope, receive, send)  # past all routes of the API
            return
        if foreign := self._foreign(Headers(scope=scope)):
            await problem(Request(scope), 403, foreign)(scope, receive, send)
            return
        has_begun = False

        async def sent(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self._app(scope, _limited(scope, receive), sent)
        except Exception as error:  # the edge: whoever asks gets a line, and the log the rest
            response = failed(Request(scope), error)
            if not has_begun:
                await response(scope, receive, send)

    def _foreign(self, headers: Headers) -> str | None:
        """Why a request may come from another site's page, in the browser of somebody who may ask here; else None.

        Such a page is known by its origin, or, where its name was made to lead here [1], by that name.

        [1] Jackson et al., "Protecting Browsers from DNS Rebinding Attacks", CCS 2007.
        """
        host, origin = headers.get("host", ""), headers.get("origin")
        if self._hosts is not None and _name_of(host) not in self._hosts:
            return f"this is not the server of {host[:100]!r}: ask under {self._hosts[0]}"
        if origin is not None and origin.casefold() not in (f"http://{host}".casefold(), f"https://{host}".casefold()):
            return f"a page of {origin[:100]!r} may not ask here: only this server's own page may"
        return None


def _name_of(host: str) -> str:
    """The name in a Host header, without its port.

    >>> [_name_of(host) for host in ("127.0.0.1:7860", "LocalHost", "[::1]:80", "")]
    ['127.0.0.1', 'localhost', '[::1]', '']
    """
    return re.sub(r":\d*\Z", "", host).casefold()


def _limited(scope: Scope, receive: Receive) -> Receive:
    """The body, until it is longer than it may be."""
    most = MAX_UPLOAD_BYTES if (scope["method"], scope["path"]) == UPLOADS else MAX_BODY_BYTES
    length = dict(scope["headers"]).get(b"content-length", b"")
    announced = int(length) if length.isdigit() else 0
    num_bytes = 0

    async def received() -> Message:
        nonlocal num_bytes
        if announced > most:
            raise _too_large(most)
        message = await receive()
        num_bytes += len(message.get("body", b""))
        if num_bytes > most:
            raise _too_large(most)
        return message

    return received


def _too_large(most: int) -> HTTPException:
    size = f"{most // 1024**2} MiB"
    return HTTPException(413, f"the body is larger than {size}: send less at once", headers={"Connection": "close"})


def answer_for_the_rest(app: FastAPI) -> None:
    """Has the application say itself that there is nothing at an address of the API, or nothing for this method.

    Called when every route of the API is there, and before the page, which would answer otherwise.
    """
    known = list(app.router.routes)

    async def nothing_here(request: Request) -> Response:
        path = request.url.path
        allowed = [method for method in _METHODS if _takes(known, request, method)]
        if not allowed:
            raise HTTPException(404, f"there is nothing at {path}: /api/openapi.json describes what there is")
        line = f"{request.method} cannot be used at {path}: {', '.join(allowed)} can"
        raise HTTPException(405, line, headers={"Allow": ", ".join(allowed)})

    for prefix in PREFIXES:
        for path in (prefix, prefix + "/{path:path}"):
            app.add_route(path, nothing_here, methods=[*_METHODS], include_in_schema=False)


def _takes(routes: Sequence[BaseRoute], request: Request, method: str) -> bool:
    """Whether one of the routes takes the request's address with that method."""
    return any(route.matches(dict(request.scope) | {"method": method})[0] is Match.FULL for route in routes)
