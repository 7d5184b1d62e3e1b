"""What stands before everything that is served, page and API alike: once a home has users, nobody comes in unknown.

Open are /health and the login page. Who a request comes from is found by `callers.py` and left in the ASGI scope as
"user", for routes (`access.py`) and page. Streams pass through as they are.
"""

import logging
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.serving.access import ADMINS_ONLY, User
from assistant.serving.accounts import UNREADABLE
from assistant.serving.callers import Caller, Callers, whole_seconds
from assistant.serving.claims import Claims
from assistant.serving.edge import is_ours
from assistant.serving.limits import network_of
from assistant.serving.login import LOGIN, LOGOUT, Login
from assistant.serving.origins import SAFE_METHODS, foreign_with_cookie, is_secure
from assistant.serving.page_paths import UPLOAD, is_of_page, session_named
from assistant.serving.problems import line_of, status_of
from assistant.serving.refusals import refusal

OPEN = ("/health",)
_WHO = "say who you are: send a token, as Authorization: Bearer TOKEN"

logger = logging.getLogger(__name__)


class Guard:
    """Lets in whoever may come in."""

    def __init__(self, app: ASGIApp, *, callers: Callers, claims: Claims, login: Login) -> None:
        self._app = app
        self._callers = callers
        self._claims = claims
        self._login = login

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers 401 to strangers, 403 to who may not, 429 to who asks too much, 503 where nobody can be known."""
        if scope["type"] == "lifespan" or (scope["type"] == "http" and scope["path"] in OPEN):
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})  # nothing here speaks it
            return
        try:
            caller = await self._caller(scope)
        except UNREADABLE as error:
            logger.error("nobody can be let in: %s", line_of(error))
            await refusal(scope, status_of(error), line_of(error))(scope, receive, send)
            return
        await self._app_for(caller, scope)(scope, receive, send)

    async def _caller(self, scope: Scope) -> Caller:
        headers, secure = Headers(scope=scope), is_secure(scope)
        at_once = self._callers.at_once(headers, is_secure=secure)
        if at_once is not None:
            return at_once
        return await self._callers.looking(lambda: self._callers.caller(headers, is_secure=secure))

    def _app_for(self, caller: Caller, scope: Scope) -> ASGIApp:
        """What answers the request: the application, the login, or a refusal."""
        user = caller.user
        if user is not None and user.is_local:
            scope["user"] = user
            return self._app
        if wait := self._callers.budgets.take(_payer(user, scope)):
            return _too_many(scope, wait)
        if scope["path"] in (LOGIN, LOGOUT):
            return self._login.app_for(caller)
        if user is None:
            return self._for_nobody(caller, scope)
        if refused := self._refused(caller, user, scope):
            return refused
        scope["user"] = user
        return self._app

    def _for_nobody(self, caller: Caller, scope: Scope) -> ASGIApp:
        """What somebody unknown is told; a browser is led to the login page."""
        headers = Headers(scope=scope)
        if not caller.has_failed:
            if (
                scope["method"] in SAFE_METHODS
                and not is_ours(scope["path"])
                and "text/html" in headers.get("accept", "")
            ):
                return RedirectResponse(LOGIN, status_code=303)
            return refusal(scope, 401, _WHO, headers={"WWW-Authenticate": "Bearer"})
        address = network_of((scope.get("client") or ("",))[0])
        if wait := self._callers.forgers.wait(address):
            return _too_many(scope, wait)
        self._callers.forgers.failed(address)
        logger.warning("a token that is nobody's came from %s", address)
        return refusal(scope, 401, "this token is nobody's: ask an admin for another", headers=_FORGED)

    def _refused(self, caller: Caller, user: User, scope: Scope) -> ASGIApp | None:
        """Why somebody known goes no further; None for who does."""
        headers, path = Headers(scope=scope), scope["path"]
        asks_for_page = caller.session is None or (scope["method"] in SAFE_METHODS and "origin" not in headers)
        if not asks_for_page and (line := foreign_with_cookie(headers)):
            return refusal(scope, 403, line)
        if is_ours(path):
            return None
        if not is_of_page(path):
            return refusal(scope, 404, "there is nothing here")
        if path == UPLOAD and not user.is_admin:
            return refusal(scope, 403, ADMINS_ONLY)
        named = session_named(path, parse_qs(scope["query_string"].decode("latin-1")))
        if not all(self._claims.claim(session, user) for session in named):
            return refusal(scope, 404, "there is nothing here")
        return None


_FORGED = {"WWW-Authenticate": 'Bearer error="invalid_token"'}


def _payer(user: User | None, scope: Scope) -> str:
    """Whose budget a request is taken from."""
    return f"user {user.name}" if user else f"address {network_of((scope.get('client') or ('',))[0])}"


def _too_many(scope: Scope, wait: float) -> ASGIApp:
    line = f"too many requests: come again in {whole_seconds(wait)} s"
    return refusal(scope, 429, line, headers={"Retry-After": whole_seconds(wait)})
