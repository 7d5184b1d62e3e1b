"""What the routes of one application share: the home, and who answers from it."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from assistant.answerers import Answerers
from assistant.home import Home


@dataclass(frozen=True, slots=True)
class Served:
    """A home that is served; `started` is when, in seconds since 1970."""

    home: Home
    answerers: Answerers
    started: int


def served_of(request: Request) -> Served:
    """What the application of this request serves."""
    served: Served = request.app.state.served
    return served


def home_of(request: Request) -> Home:
    """The home of this request."""
    return served_of(request).home


FromServed = Annotated[Served, Depends(served_of)]
FromHome = Annotated[Home, Depends(home_of)]
