"""The headers that tell browsers what an answer is not to be used for; set on every answer, the page's included.

An answer that says of itself what a browser may do with it is left as it is, but for other sites: none may read it.
"""

from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.serving.edge import is_ours

EVERY: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # with none, a browser would not say whence a form is sent
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}
API_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
PAGE_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; media-src 'self' data: blob:; connect-src 'self'; "
    "worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
"""Gradio's page makes its scripts where it stands and from texts. Nothing is fetched from, or sent to, elsewhere."""
_STATIC = ("/assets/", "/static/", "/svelte/", "/theme.css", "/favicon.ico")
_CORS = "access-control-"


class SafeHeaders:
    """Sets them on whatever the application answers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers as the application does, with these headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                _set(MutableHeaders(scope=message), scope["path"])
            await send(message)

        await self._app(scope, receive, sent)


def _set(headers: MutableHeaders, path: str) -> None:
    for name, value in EVERY.items():
        headers[name] = value
    headers.setdefault("Content-Security-Policy", API_POLICY if is_ours(path) else PAGE_POLICY)
    if is_ours(path):
        headers["Cache-Control"] = "no-store"
    elif not path.startswith(_STATIC):
        headers.setdefault("Cache-Control", "no-store")
    for name in [name for name in headers if name.startswith(_CORS)]:
        del headers[name]
