"""Who is behind a request, by its token or its session, and what is remembered of those who failed to say it.

It blocks: `guard.py` asks it in threads of its own, so that nobody is kept at the door by answers that are being made.
"""

import asyncio
import hashlib
import hmac
import math
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from starlette.datastructures import Headers
from starlette.requests import cookie_parser

from assistant.home import Home
from assistant.home_secret import BROWSER, home_secret
from assistant.serving.access import LOCAL, User
from assistant.serving.accounts import Account, Accounts, Role
from assistant.serving.changes import Changes
from assistant.serving.limits import LIMITS, Budgets, Limits
from assistant.serving.sessions import Sessions
from assistant.serving.slowing import Slowing

_LOOKERS, _CHECKERS = 4, 2
_BEARER = "bearer "
_SEEN_SECONDS = 60.0
"""So long a look into the database holds at most, where nothing is written to it."""
_MAX_SEEN = 1_000
_NAME_SECONDS = 60.0
"""The longest that a name waits: whoever fails on purpose in somebody's name must not lock them out."""

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who a request comes from: `user` is None for nobody that is known, `has_failed` where a token was nobody's.

    `session` is the key of the session that it belongs to, where it came by a cookie.
    """

    user: User | None
    session: str | None = None
    has_failed: bool = False


@dataclass(frozen=True, slots=True)
class _Seen:
    """A caller who was looked up, at that time and that version of the database."""

    caller: Caller
    version: int
    at: float


_LOCAL_CALLER = Caller(User(LOCAL, is_admin=True))


class Callers:
    """The users of a home as its server sees them, with their budgets and the delays of who failed.

    Without users whoever asks is this machine's own user, unless `is_open` is false: then nobody is let in.
    """

    def __init__(self, home: Home, *, is_open: bool = True, limits: Limits = LIMITS) -> None:
        self.accounts = Accounts(home.database)
        self.sessions = Sessions(home.database)
        self.budgets = Budgets(limits)
        self.names = Slowing(most_seconds=_NAME_SECONDS)
        self.addresses = Slowing(num_free=10)
        self.forgers = Slowing(num_free=10)
        self._is_open = is_open
        self._changes = Changes(home.database)
        self._cookie_mark = hmac.new(home_secret(home.path, BROWSER).encode(), b"cookie", hashlib.sha256).hexdigest()[
            :8
        ]
        self._seen: dict[str, _Seen] = {}
        self._without_users: int | None = None  # the version of the database that was seen to have none
        self._lookers = ThreadPoolExecutor(_LOOKERS, thread_name_prefix="callers")
        self._checkers = ThreadPoolExecutor(_CHECKERS, thread_name_prefix="passwords")

    def cookie_name(self, *, is_secure: bool) -> str:
        """The name of the cookie: of this home, since cookies are the same for all ports of a machine.

        Over https it has the prefix with which a browser takes it from this very host alone.
        """
        return f"{'__Host-' if is_secure else ''}communique-{self._cookie_mark}"

    def at_once(self, headers: Headers, *, is_secure: bool) -> Caller | None:
        """Who sends these headers, where they were seen lately and nothing was written since; None for all others."""
        version, now = self._changes.version(), time.monotonic()
        if version is None:
            return None
        if version == self._without_users:
            return _LOCAL_CALLER
        seen = self._seen.get(self._said(headers, is_secure=is_secure))
        return seen.caller if seen and seen.version == version and now - seen.at < _SEEN_SECONDS else None

    def caller(self, headers: Headers, *, is_secure: bool) -> Caller:
        """Who sends these headers. A token counts before a cookie. Raises what the database raises."""
        version, now = self._changes.version(), time.monotonic()  # before the look, since it may change meanwhile
        if not self.accounts.any():
            self._without_users = version if self._is_open else None
            return _LOCAL_CALLER if self._is_open else Caller(None)
        caller = self._looked_up(headers, is_secure=is_secure)
        if caller.user is not None and version is not None:
            if len(self._seen) >= _MAX_SEEN:
                self._seen.clear()
            self._seen[self._said(headers, is_secure=is_secure)] = _Seen(caller, version, now)
        return caller

    def _looked_up(self, headers: Headers, *, is_secure: bool) -> Caller:
        said = headers.get("authorization")
        if said is not None:
            is_bearer = said[: len(_BEARER)].lower() == _BEARER
            account = self.accounts.by_token(said[len(_BEARER) :].strip()) if is_bearer else None
            return Caller(user_of_account(account), has_failed=account is None)
        key = self._session_key(headers, is_secure=is_secure)
        account = self.sessions.account(key)
        return Caller(user_of_account(account), session=key) if account else Caller(None)

    def _session_key(self, headers: Headers, *, is_secure: bool) -> str:
        return cookie_parser(headers.get("cookie", "")).get(self.cookie_name(is_secure=is_secure), "")

    def _said(self, headers: Headers, *, is_secure: bool) -> str:
        """What a caller says to be known by, as a digest."""
        token = headers.get("authorization")
        said = f"cookie {self._session_key(headers, is_secure=is_secure)}" if token is None else f"token {token}"
        return hashlib.sha256(said.encode("utf-8", "surrogateescape")).hexdigest()

    async def looking(self, look: Callable[[], Result]) -> Result:
        """What a short look into the database gives, in a thread that nothing else takes."""
        return await asyncio.get_running_loop().run_in_executor(self._lookers, look)

    async def checking(self, check: Callable[[], Result]) -> Result:
        """What checking a password gives; two are checked at once, since each takes much memory."""
        return await asyncio.get_running_loop().run_in_executor(self._checkers, check)

    def close(self) -> None:
        """Ends its threads."""
        for pool in (self._lookers, self._checkers):
            pool.shutdown(wait=False, cancel_futures=True)
        self._changes.close()


def user_of_account(account: Account | None) -> User | None:
    """The user who is kept as that account."""
    return User(account.name, is_admin=account.role is Role.ADMIN, secret=account.secret) if account else None


def whole_seconds(seconds: float) -> str:
    """The seconds as a `Retry-After` header says them."""
    return str(max(1, math.ceil(seconds)))
