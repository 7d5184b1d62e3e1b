"""Who asks, and what is theirs: the one place that every route asks.

`reader` and `admin` are what routes depend on. Whoever reaches the server is let through, as the one user of this
machine; conversations are kept apart by user all the same.
"""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from assistant.conversation import Conversations
from assistant.home import Home
from assistant.ui.browser_secret import browser_secret

LOCAL = "local"
"""The name of the user of this machine, where nobody has to say who they are."""


@dataclass(frozen=True, slots=True)
class User:
    """Who a request comes from. An admin may change what documents there are, and start what costs much."""

    name: str
    is_admin: bool


def reader(request: Request) -> User:
    """The user behind a request."""
    return User(LOCAL, is_admin=True)


def admin(user: Annotated[User, Depends(reader)]) -> User:
    """The user behind a request, who is an admin."""
    return user


Reader = Annotated[User, Depends(reader)]
Admin = Annotated[User, Depends(admin)]


def conversations_of(home: Home, user: User) -> Conversations:
    """The user's own conversations.

    Their key is made with the home's secret: a name can be guessed, and whoever knows a key can read what is under it.
    """
    key = hmac.new(browser_secret(home.path).encode(), f"user {user.name}".encode(), hashlib.sha256).hexdigest()
    return home.conversations.of(key)
