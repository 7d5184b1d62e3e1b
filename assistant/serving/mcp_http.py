"""The MCP server over streamable HTTP, as a route for an ASGI application that serves other things too.

    door = HttpDoor(service, may_change=…)
    application.router.routes.append(door.route("/mcp"))     # before anything that is mounted at "/"
    async with door.running(): …                             # in the application's lifespan

Every request stands alone: there are no sessions that could be taken over or pile up. Who may come in is the
application's to say, but for the hosts and origins that a browser names, which are checked here.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from assistant.serving.mcp_server import MayChange, build
from assistant.serving.mcp_tools import Service

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
MAX_BODY_BYTES = 1 << 20


class HttpDoor:
    """An ASGI application that answers MCP requests while it is `running`, and 503 otherwise."""

    def __init__(self, service: Service, *, may_change: MayChange, hosts: Sequence[str] | None = LOOPBACK) -> None:
        """`hosts` are the names under which browsers reach this machine, at any port; None where others check that.

        `may_change` is given each HTTP request, a `starlette.requests.Request`.
        """
        self._server = build(service, may_change=may_change)
        self._security = _security(hosts)
        self._manager: StreamableHTTPSessionManager | None = None

    def route(self, path: str = "/mcp") -> Route:
        """The route to it, for every method, without a slash at its end."""
        return Route(path, endpoint=self, include_in_schema=False)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """While this lasts, requests are answered; it may be entered again later."""
        manager = StreamableHTTPSessionManager(
            self._server,
            json_response=True,
            stateless=True,
            security_settings=self._security,
            max_request_body_size=MAX_BODY_BYTES,
        )
        async with manager.run():
            self._manager = manager
            try:
                yield
            finally:
                self._manager = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one HTTP request."""
        if self._manager is None:
            await PlainTextResponse("the MCP server is not running", status_code=503)(scope, receive, send)
            return
        if scope["method"] != "POST":  # a GET would open a stream on which nothing ever comes
            allowed = PlainTextResponse("MCP messages are posted", status_code=405, headers={"allow": "POST"})
            await allowed(scope, receive, send)
            return
        await self._manager.handle_request(scope, receive, send)


def _security(hosts: Sequence[str] | None) -> TransportSecuritySettings:
    """What keeps a page of another site from reaching this machine through its visitor's browser."""
    if hosts is None:
        return TransportSecuritySettings(enable_dns_rebinding_protection=False)
    names = [name for host in hosts for name in (host, f"{host}:*")]
    origins = [f"{scheme}://{name}" for scheme in ("http", "https") for name in names]
    return TransportSecuritySettings(allowed_hosts=names, allowed_origins=origins)
