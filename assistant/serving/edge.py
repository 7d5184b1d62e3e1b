"""The layer within the guard: other sites' pages, bodies that are too large or too slow, errors that nobody expected,
addresses that are none.

It knows nothing of users but whether there are any. What the page answers, well or not, is the page's.
"""

from collections.abc import Sequence

from fastapi import FastAPI, Request
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.serving.access import user_of
from assistant.serving.bodies_read import announced_bytes, has_body, limited
from assistant.serving.limits import LIMITS, Limits
from assistant.serving.origins import SAFE_METHODS, foreign_host, foreign_origin
from assistant.serving.page_paths import UPLOAD
from assistant.serving.problems import failed
from assistant.serving.refusals import refusal

PREFIXES = ("/api", "/v1", "/mcp", "/health", "/ready", "/metrics")
MAX_BODY_BYTES = 1024 * 1024
MAX_UPLOAD_BYTES = 256 * 1024 * 1024
MAX_PAGE_BYTES = 4 * 1024 * 1024
MAX_PAGE_UPLOAD_BYTES = 1024 * 1024 * 1024
"""Of several files at once; of each the page has a limit of its own."""
UPLOADS = ("POST", "/api/documents")
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


def is_ours(path: str) -> bool:
    """Whether a path is the API's and not the page's.

    >>> [is_ours(path) for path in ("/api/ask", "/v1", "/ready", "/", "/apiary", "/gradio_api/info")]
    [True, True, True, False, False, False]
    """
    return any(path == prefix or path.startswith(f"{prefix}/") for prefix in PREFIXES)


class Edge:
    """What stands between the guard and the routes."""

    def __init__(self, app: ASGIApp, *, hosts: Sequence[str] | None = None, limits: Limits = LIMITS) -> None:
        """`hosts` are the names, without ports, that may be asked under where nobody logs in; None is any."""
        self._app = app
        self._hosts = hosts
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers 403 to other sites' pages, 413 and 408 to bodies too large or slow, 500 to what nobody expected."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if foreign := self._foreign(scope):
            await refusal(scope, 403, foreign)(scope, receive, send)
            return
        body = receive
        if has_body(scope):
            body = limited(receive, most_bytes(scope), self._limits, announced=announced_bytes(scope))
        page = None if is_ours(scope["path"]) else scope["app"].state.page
        if page:
            await _answered_by_page(page.app, scope, body, send)  # past all routes of the API
            return
        await self._answered(scope, body, send)

    async def _answered(self, scope: Scope, receive: Receive, send: Send) -> None:
        has_begun = False

        async def sent(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self._app(scope, receive, sent)
        except Exception as error:  # the edge: whoever asks gets a line, and the log the rest
            response = failed(Request(scope), error)
            if not has_begun:
                await response(scope, receive, send)

    def _foreign(self, scope: Scope) -> str | None:
        """Why a request may come from another site's page, in the browser of somebody who may ask here; else None.

        Where users log in, the name of the server is no sign: their cookie is not sent to another.
        """
        headers, user = Headers(scope=scope), user_of(scope)
        if (user is None or user.is_local) and (foreign := foreign_host(headers, self._hosts)):
            return foreign
        if is_ours(scope["path"]) or scope["method"] not in SAFE_METHODS:
            return foreign_origin(headers)
        return None


def most_bytes(scope: Scope) -> int:
    """How large a body may be."""
    if (scope["method"], scope["path"]) == UPLOADS:
        return MAX_UPLOAD_BYTES
    if is_ours(scope["path"]):
        return MAX_BODY_BYTES
    return MAX_PAGE_UPLOAD_BYTES if scope["path"] == UPLOAD else MAX_PAGE_BYTES


async def _answered_by_page(page: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Has the page answer; it knows nothing of bodies that are refused while they are read."""
    refused: list[HTTPException] = []
    has_begun = False

    async def received() -> Message:
        try:
            return await receive()
        except HTTPException as error:
            refused.append(error)
            return {"type": "http.disconnect"}

    async def sent(message: Message) -> None:
        nonlocal has_begun
        if refused and not has_begun:
            return  # what it says to a client that has left
        has_begun = True
        await send(message)

    try:
        await page(scope, received, sent)
    except ClientDisconnect:
        if not refused:
            raise
    if refused and not has_begun:
        error = refused[0]
        await refusal(scope, error.status_code, error.detail, headers=error.headers)(scope, receive, send)


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
