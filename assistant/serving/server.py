"""One server for page and API: an address taken, the application served in a thread, and all of it ended by Ctrl-C."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address

from fastapi import FastAPI

from assistant.answering import answer
from assistant.errors import InvalidCall
from assistant.home import Home
from assistant.observing.logs import uvicorn_log_config
from assistant.serving.accounts import Accounts
from assistant.serving.app import build
from assistant.serving.limits import LIMITS, Limits
from assistant.serving.mcp_http import LOOPBACK
from assistant.serving.patience import patient_protocol

_POLL_SECONDS = 0.02
_BACKLOG = 2048
_GRACE_SECONDS = 3
"""So long an answer that is under way may take when the server is to end."""
_NOBODY = (
    "at {host} other machines could read everything, since there are no users: add one first with "
    "`communique users add NAME --role admin`, or leave out --host"
)
_EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104  (to say where it answers, not to listen)


def serve(home: Home, *, host: str, port: int) -> None:
    """Serves page and API until the process is interrupted.

    Raises `InvalidCall` when the address cannot be had, and for one that other machines reach where there are no users.
    """
    home.tries_vectors = True  # once: what cannot be read would end this process
    with listening(host, port) as listener:
        is_loopback = _is_loopback(listener)
        if not is_loopback and not Accounts(home.database).any():
            raise InvalidCall(_NOBODY.format(host=host))
        answer("Is everything loaded?", home.sources)  # so that the first question need not wait for the models
        app = build(home, hosts=LOOPBACK if is_loopback else None, is_open=is_loopback)
        with running(app, listener) as ended:
            print(f"Communiqué answers at {address_of(host, listener)}  (Ctrl-C ends it)", flush=True)
            ended.wait()


@contextmanager
def running(app: FastAPI, listener: socket.socket, *, limits: Limits = LIMITS) -> Iterator[threading.Event]:
    """The application, served in a thread while this lasts; the event is set when the server has ended by itself."""
    import uvicorn

    ended = threading.Event()
    config = uvicorn.Config(
        app,
        http=patient_protocol(limits),
        ws="none",
        lifespan="on",
        log_level="warning",
        log_config=uvicorn_log_config(),
        server_header=False,
        limit_concurrency=limits.connections,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    server = uvicorn.Server(config)

    def work() -> None:
        try:
            server.run([listener])
        finally:
            ended.set()

    threading.Thread(target=work, name="server", daemon=True).start()
    try:
        while not server.started:
            if ended.wait(_POLL_SECONDS):
                raise RuntimeError("the server did not start: its log says why")
        yield ended
    finally:
        if app.state.page:
            app.state.page.close()
        server.should_exit = True
        ended.wait(_GRACE_SECONDS + 2)


def _is_loopback(listener: socket.socket) -> bool:
    """Whether only this machine can ask."""
    return ip_address(listener.getsockname()[0]).is_loopback


def listening(host: str, port: int) -> socket.socket:
    """A socket that holds the address; who asks there waits until it is served.

    Raises `InvalidCall` when it cannot be had.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host.strip("[]"), port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(address)
            listener.listen(_BACKLOG)  # from now on nobody else can have it
        except OSError:
            listener.close()
            raise
    except (OSError, UnicodeError) as error:
        raise InvalidCall(f"port {port} cannot be used ({error}): choose another with --port, or --host") from error
    return listener


def address_of(host: str, listener: socket.socket) -> str:
    """Where a browser on this machine finds what listens there."""
    port = listener.getsockname()[1]
    name = "localhost" if host in _EVERYWHERE else host
    return f"http://[{name}]:{port}/" if ":" in name and not name.startswith("[") else f"http://{name}:{port}/"
