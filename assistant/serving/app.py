"""The application: the API's routes, those of plugins, and the page, for one home.

What is served here, a server serves: `server.py`, or any other that speaks ASGI. It listens nowhere itself.
"""

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI
from fastapi.routing import APIRoute

from assistant.answerers import Answerers
from assistant.assistant import Assistant
from assistant.home import Home
from assistant.plugins import RoutePlugin, plugins
from assistant.serving import (
    asking,
    comparing,
    conversations,
    documents,
    health,
    openai_protocol,
    searching,
)
from assistant.serving.edge import Edge, answer_for_the_rest
from assistant.serving.mcp_http import HttpDoor
from assistant.serving.mcp_tools import Service
from assistant.serving.problems import handle_problems
from assistant.serving.served import Served
from assistant.ui import page

API = "/api"
_ABOUT = """Answers questions about a collection of documents; every sentence of an answer carries the exact words it
rests on: `text[start:end] == quote`, checked before it is shown. A refusal to answer is a result, not an error.
Errors are one line, `{"error": "…"}`; under `/v1` they have the form of the OpenAI protocol."""


def build(home: Home, *, with_page: bool = True, hosts: Sequence[str] | None = None) -> FastAPI:
    """The application over one home, not yet served; with the page at "/" unless that is not wanted.

    `hosts` are the names that the API may be asked under, at any port; None is any.
    """
    answerers = Answerers(home)
    door = HttpDoor(Service(Assistant(home), answerers), may_change=lambda _: False, hosts=None)  # the edge checks them

    @asynccontextmanager
    async def while_served(_: FastAPI) -> AsyncIterator[None]:
        async with door.running():
            yield
        answerers.close()

    app = FastAPI(
        title="Communiqué",
        version=version("communique"),
        description=_ABOUT,
        openapi_url=f"{API}/openapi.json",
        docs_url=None,  # its page would be fetched from elsewhere
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=_operation_id,
        lifespan=while_served,
    )
    app.state.served = Served(home, answerers, int(time.time()))
    app.add_middleware(Edge, hosts=hosts)
    handle_problems(app)
    _add_routes(app, home)
    app.router.routes.append(door.route("/mcp"))
    answer_for_the_rest(app)
    app.state.page = page.mount(app, home, answerers) if with_page else None
    return app


def _add_routes(app: FastAPI, home: Home) -> None:
    for module in (asking, searching, documents, conversations, comparing):
        app.include_router(module.router, prefix=API)
    app.include_router(openai_protocol.router, prefix="/v1")
    app.include_router(health.router)
    for plugin in plugins():
        if isinstance(plugin, RoutePlugin):
            app.include_router(plugin.routes(home), prefix=f"{API}/{plugin.name}", tags=[plugin.name])


def _operation_id(route: APIRoute) -> str:
    """The name of the function, which clients made from the document are to have."""
    return route.name
