"""The application: the API's routes, those of plugins, and the page, for one home.

What is served here, a server serves: `server.py`, or any other that speaks ASGI. It listens nowhere itself.
"""

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from importlib.metadata import version

from fastapi import FastAPI
from fastapi.routing import APIRoute

from assistant.assistant import Assistant
from assistant.home import Home
from assistant.plugins import RoutePlugin, plugins
from assistant.serving import (
    asking,
    comparing,
    conversations,
    documents,
    health,
    metrics,
    openai_protocol,
    searching,
)
from assistant.serving.access import keep_local_conversations, owner_of, user_of
from assistant.serving.callers import Callers
from assistant.serving.claims import Claims
from assistant.serving.description import describe
from assistant.serving.edge import Edge, answer_for_the_rest
from assistant.serving.guard import Guard
from assistant.serving.headers import SafeHeaders
from assistant.serving.limits import LIMITS, Limits
from assistant.serving.login import Login
from assistant.serving.mcp_http import HttpDoor
from assistant.serving.mcp_tools import Service
from assistant.serving.metrics import OWN_SPANS, CountedAnswerers, Meters, watch
from assistant.serving.problems import declared_before_routes, handle_problems
from assistant.serving.served import Served
from assistant.ui import page
from assistant.ui.users import guard_page

API = "/api"
_ABOUT = """Answers questions about a collection of documents; every sentence of an answer carries the exact words it
rests on: `text[start:end] == quote`, checked before it is shown. A refusal to answer is a result, not an error.
Errors are one line, `{"error": "…"}`; under `/v1` they have the form of the OpenAI protocol."""


def build(
    home: Home,
    *,
    with_page: bool = True,
    hosts: Sequence[str] | None = None,
    is_open: bool = True,
    limits: Limits = LIMITS,
) -> FastAPI:
    """The application over one home, not yet served; with the page at "/" unless that is not wanted.

    `hosts` are the names that it may be asked under, at any port, while nobody has to log in; None is any. With users
    everybody has to; without, nobody, unless `is_open` is false: then nobody is let in.
    """
    keep_local_conversations(home)
    meters = Meters(home)
    answerers = CountedAnswerers(home, meters)
    callers = Callers(home, is_open=is_open, limits=limits)
    claims = Claims()
    door = HttpDoor(Service(Assistant(home), answerers), may_change=lambda _: False, hosts=None)  # the edge checks them

    @asynccontextmanager
    async def while_served(_: FastAPI) -> AsyncIterator[None]:
        async with door.running():
            yield
        answerers.close()
        callers.close()

    app = FastAPI(
        title="Communiqué",
        version=version("communique"),
        description=_ABOUT,
        openapi_url=None,  # `description.py` gives it
        docs_url=None,  # its page would be fetched from elsewhere
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=_operation_id,
        lifespan=while_served,
        telemetry=OWN_SPANS,
    )
    app.state.served = Served(home, answerers, int(time.time()))
    _add_routes(app, home)
    describe(app, callers)
    app.router.routes.append(door.route("/mcp"))
    answer_for_the_rest(app)
    _add_layers(app, callers, claims, hosts=hosts, limits=limits)
    watch(app, meters)  # outermost
    app.state.page = _with_page(app, home, answerers, claims) if with_page else None
    return app


def _with_page(app: FastAPI, home: Home, answerers: CountedAnswerers, claims: Claims) -> page.Mounted:
    """The page at "/", which knows who reads it."""
    mounted = page.mount(app, home, answerers)
    guard_page(mounted.app.get_blocks(), user_of=user_of, owner_of=partial(owner_of, home), claim=claims.claim)
    return mounted


def _add_layers(app: FastAPI, callers: Callers, claims: Claims, *, hosts: Sequence[str] | None, limits: Limits) -> None:
    """What stands around the routes, the innermost first."""
    handle_problems(app)
    app.add_middleware(Edge, hosts=hosts, limits=limits)
    app.add_middleware(Guard, callers=callers, claims=claims, login=Login(callers, limits))
    app.add_middleware(SafeHeaders)
    app.state.is_guarded = True


def _add_routes(app: FastAPI, home: Home) -> None:
    guarded = declared_before_routes()
    for module in (asking, searching, documents, conversations, comparing):
        app.include_router(module.router, prefix=API, responses=guarded)
    app.include_router(openai_protocol.router, prefix="/v1")
    app.include_router(health.router)
    app.include_router(metrics.router, responses=guarded)
    for plugin in plugins():
        if isinstance(plugin, RoutePlugin):
            router = plugin.routes(home)
            app.include_router(router, prefix=f"{API}/{plugin.name}", tags=[plugin.name], responses=guarded)


def _operation_id(route: APIRoute) -> str:
    """The name of the function, which clients made from the document are to have."""
    return route.name
