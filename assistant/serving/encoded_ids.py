"""Routes whose ids may hold anything, a slash or a line end too: the address is read as it was sent.

An encoded slash belongs to an id, a plain one parts the address, or belongs to an id where no other route has it. What
a proxy decodes on the way is decoded.
"""

from typing import Annotated
from urllib.parse import quote, unquote

from fastapi import Path
from fastapi.routing import APIRoute
from starlette.routing import Match
from starlette.types import Scope

DocumentId = Annotated[
    str,
    Path(
        description="The document's id, every character of it that is no letter, digit, `-`, `.`, `_` or `~` "
        "percent-encoded: a slash as `%2F`, a line end as `%0A`.",
        examples=["jst-nexus-96d504d9"],
    ),
]


class EncodedRoute(APIRoute):
    """A route that is compared with the encoded address, and decodes its parameters after that."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether the route takes the request, and what it has to know of it."""
        match, found = super().matches({**scope, "path": _as_sent(scope)})
        if match is not Match.NONE:
            names = self.param_convertors
            values = found["path_params"].items()
            found["path_params"] = {name: unquote(value) if name in names else value for name, value in values}
        return match, found


def _as_sent(scope: Scope) -> str:
    """The path of the address with its percent-encoding, as far as the server has kept it."""
    raw: bytes | None = scope.get("raw_path")
    return quote(scope["path"]) if raw is None else raw.partition(b"?")[0].decode("latin-1")
