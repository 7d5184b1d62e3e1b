"""Logging in and out: a form, checked with delays for who fails, and the cookie that a session is known by.

The pages are `login_page.py`, what lasts of a login is `sessions.py`.
"""

import logging
from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.errors import InvalidCall
from assistant.serving.accounts import UNREADABLE, Account
from assistant.serving.bodies_read import limited
from assistant.serving.callers import Caller, Callers, whole_seconds
from assistant.serving.limits import LIMITS, Limits, network_of
from assistant.serving.login_page import login_html, logout_html
from assistant.serving.names import user_name
from assistant.serving.origins import foreign_with_cookie, is_plain_and_far, is_secure
from assistant.serving.problems import line_of, status_of
from assistant.serving.refusals import refusal
from assistant.ui.wording import Language, preferred, text

LOGIN, LOGOUT = "/login", "/logout"
MAX_FORM_BYTES = 16 * 1024
MAX_WAITING = 16
"""So many logins are checked or wait for it at once; the next is sent away."""
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)

logger = logging.getLogger(__name__)


class Login:
    """What answers at /login and /logout, where there are users."""

    def __init__(self, callers: Callers, limits: Limits = LIMITS) -> None:
        self._callers = callers
        self._limits = limits
        self._num_waiting = 0

    def app_for(self, caller: Caller) -> ASGIApp:
        """What answers this caller there."""

        async def answered(scope: Scope, receive: Receive, send: Send) -> None:
            try:
                response = await self._answer(Request(scope, limited(receive, MAX_FORM_BYTES, self._limits)), caller)
            except HTTPException as error:
                response = refusal(scope, error.status_code, error.detail, headers=error.headers)
            except UNREADABLE as error:
                logger.error("nobody can log in or out: %s", line_of(error))
                response = refusal(scope, status_of(error), line_of(error))
            await response(scope, receive, send)

        return answered

    async def _answer(self, request: Request, caller: Caller) -> Response:
        if request.method not in ("GET", "HEAD", "POST"):
            return refusal(request.scope, 405, "GET and POST can be used here", headers={"Allow": "GET, HEAD, POST"})
        language = preferred(request.headers.get("accept-language", ""))
        if request.method == "POST" and (line := foreign_with_cookie(request.headers)):
            logger.warning("a form was sent from elsewhere: %s", line)
            return _html(login_html(language, problem=text("login.foreign", language)), 403)
        if request.scope["path"] == LOGOUT:
            if request.method == "POST":
                return await self._logged_out(request, caller)
            return _html(logout_html(language)) if caller.user else _to(LOGIN)
        return await self._at_login(request, caller, language)

    async def _at_login(self, request: Request, caller: Caller, language: Language) -> Response:
        if is_plain_and_far(request.scope):
            return _html(login_html(language, problem=text("login.plain", language), with_form=False), 403)
        if request.method == "POST":
            return await self._logged_in(request, language)
        return _to("/") if caller.user else _html(login_html(language))

    async def _logged_in(self, request: Request, language: Language) -> Response:
        name, password = _form(await request.body())
        address = network_of(request.client.host if request.client else "")
        keys = ((self._callers.names, _key(name)), (self._callers.addresses, address))
        if wait := max(slowing.wait(key) for slowing, key in keys):
            return _slowed(wait, language)
        if self._num_waiting >= MAX_WAITING:
            return _slowed(1.0, language)
        for slowing, key in keys:
            slowing.failed(key)  # taken back below: those that are checked meanwhile must not all go free
        account = await self._checked(name, password)
        if account is None:
            logger.warning("a login from %s failed", address)
            return _html(login_html(language, problem=text("login.wrong", language)), 401)
        self._callers.names.succeeded(_key(name))
        self._callers.addresses.forgive(address)
        session = await self._callers.looking(lambda: self._callers.sessions.start(account))
        response = _to("/")
        self._set_cookie(response, request.scope, session)
        return response

    async def _checked(self, name: str, password: str) -> Account | None:
        self._num_waiting += 1
        try:
            return await self._callers.checking(lambda: self._callers.accounts.by_password(name, password))
        finally:
            self._num_waiting -= 1

    async def _logged_out(self, request: Request, caller: Caller) -> Response:
        session = caller.session
        if session is not None:
            await self._callers.looking(lambda: self._callers.sessions.end(session))
        response = _to(LOGIN)
        self._set_cookie(response, request.scope, None)
        response.headers["Clear-Site-Data"] = '"storage"'
        return response

    def _set_cookie(self, response: Response, scope: Scope, session: str | None) -> None:
        """Sets the cookie; without a session the browser is to forget it."""
        secure = is_secure(scope)
        name = self._callers.cookie_name(is_secure=secure)
        most = None if session else 0
        response.set_cookie(name, session or "", max_age=most, secure=secure, httponly=True, samesite="strict")


def _form(body: bytes) -> tuple[str, str]:
    """The name and the password in a form; empty where they are not. Raises `HTTPException` for what is no form."""
    try:
        fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=10)
    except ValueError as error:
        raise HTTPException(400, "this is no login form") from error
    return fields.get("name", [""])[0], fields.get("password", [""])[0]


def _key(name: str) -> str:
    """What the failures of a name are counted under, however it was typed."""
    try:
        return user_name(name)
    except InvalidCall:
        return ""


def _slowed(wait: float, language: Language) -> Response:
    seconds = whole_seconds(wait)
    response = _html(login_html(language, problem=text("login.wait", language, seconds=seconds)), 429)
    response.headers["Retry-After"] = seconds
    return response


def _html(content: str, status: int = 200) -> Response:
    headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-store", "Vary": "Accept-Language"}
    return HTMLResponse(content, status_code=status, headers=headers)


def _to(path: str) -> Response:
    return RedirectResponse(path, status_code=303, headers={"Cache-Control": "no-store"})
