"""Who asks, and what is theirs: the one place that every route asks.

`reader` and `admin` are what routes depend on. Who is behind a request was found by `guard.py`, outside of all routes;
where a home has no users it is the one user of this machine.
"""

import hashlib
import hmac
import logging
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request
from starlette.exceptions import HTTPException
from starlette.types import Scope

from assistant.conversation import Conversations
from assistant.home import Home
from assistant.home_secret import BROWSER, OWNER, home_secret
from corpus.errors import HomeError

LOCAL = "local"
"""The name of the user of this machine, where nobody has to say who they are."""
ADMINS_ONLY = "this is for admins: ask one of them"

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class User:
    """Who a request comes from. An admin may change what documents there are, and start what costs much.

    `secret` is known to nobody else; it is empty for the user of this machine.
    """

    name: str
    is_admin: bool
    secret: str = field(default="", repr=False)

    @property
    def is_local(self) -> bool:
        """Whether it is the user of this machine, where nobody has to say who they are."""
        return not self.secret


def user_of(scope: Scope) -> User | None:
    """The user whom the guard has found behind a request; None where it has not."""
    user = scope.get("user")
    return user if isinstance(user, User) else None


def reader(request: Request) -> User:
    """The user behind a request. One that came past the guard of an application that has one is refused with 401."""
    user = user_of(request.scope)
    if user is not None:
        return user
    if getattr(request.app.state, "is_guarded", False):
        raise HTTPException(401, "nobody knows who asks here")
    return User(LOCAL, is_admin=True)


def admin(user: Annotated[User, Depends(reader)]) -> User:
    """The user behind a request, who is an admin. Others are refused with 403."""
    if not user.is_admin:
        raise HTTPException(403, ADMINS_ONLY)
    return user


Reader = Annotated[User, Depends(reader)]
Admin = Annotated[User, Depends(admin)]


def conversations_of(home: Home, user: User) -> Conversations:
    """The user's own conversations."""
    return home.conversations.of(owner_of(home, user))


def owner_of(home: Home, user: User) -> str:
    """The key of the user's conversations.

    It is made with a secret that nobody is told: a name can be guessed, and whoever knows a key can read what is under
    it. That of the user of this machine is the home's own, others have one each.
    """
    if user.is_local:
        return _key(home_secret(home.path, OWNER), f"user {user.name}")
    return _key(home_secret(home.path, BROWSER), f"user {user.name} {user.secret}")


def keep_local_conversations(home: Home) -> None:
    """Has the user of this machine find again what an earlier version kept under a key that browsers could make."""
    if (home.path / OWNER).exists():
        return
    before = _key(home_secret(home.path, BROWSER), f"user {LOCAL}")
    try:
        home.conversations.hand_over(before, owner_of(home, User(LOCAL, is_admin=True)))
    except (HomeError, OSError) as error:
        logger.warning("conversations of an earlier version cannot be taken up: %s", error)


def _key(secret: str, whose: str) -> str:
    return hmac.new(secret.encode(), whose.encode(), hashlib.sha256).hexdigest()
