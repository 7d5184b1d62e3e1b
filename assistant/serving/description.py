"""`/api/openapi.json`: what there is, and how somebody says who they are.

The document is what FastAPI makes of the routes; what stands before all of them is added here. Where a home has no
users, nobody has to say who they are, and the document says that too.
"""

from typing import Any

from fastapi import FastAPI, Request
from starlette.responses import Response

from assistant.serving.access import user_of
from assistant.serving.callers import Callers
from assistant.serving.origins import is_secure
from assistant.serving.responses import Json

PATH = "/api/openapi.json"


def describe(app: FastAPI, callers: Callers) -> None:
    """Has the application describe itself."""

    async def description(request: Request) -> Response:
        user = user_of(request.scope)
        document = {
            **app.openapi(),
            **secured(
                app.openapi(),
                cookie=callers.cookie_name(is_secure=is_secure(request.scope)),
                has_users=user is not None and not user.is_local,
            ),
        }
        if root := request.scope.get("root_path", "").rstrip("/"):
            document["servers"] = [{"url": root}]
        return Json(document)

    app.add_route(PATH, description, include_in_schema=False)


def secured(document: dict[str, Any], *, cookie: str, has_users: bool) -> dict[str, Any]:
    """The parts of the document that say who may ask; without users nobody is one of the possibilities."""
    schemes = {
        "token": {
            "type": "http",
            "scheme": "bearer",
            "description": "A user's token, as `communique users token NAME` shows it. It is asked for as soon as the "
            "home has users.",
        },
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": cookie,
            "description": "What a browser has once somebody has logged in at /login. What it may change is taken from "
            "this server's own pages alone.",
        },
    }
    ways: list[dict[str, list[str]]] = [{name: []} for name in schemes]
    components = {**document.get("components", {}), "securitySchemes": schemes}
    return {"components": components, "security": ways if has_users else [{}, *ways]}
