"""A scripted server of the OpenAI protocol on a real socket, for everything that an LLM or its server may do wrong."""

import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Hangup(Exception):
    """The server closes the connection here."""


@dataclass
class Script:
    """What the server does with a chat request. `pieces` may be made from the request's body.

    `chunk_seconds` passes before each piece, `first_seconds` before the first; after `cut_after` pieces the connection
    is closed, with a reset where `resets`; `raw` is sent in place of a stream, with `status` and `content_type`.
    """

    pieces: list[str] | Callable[[dict[str, Any]], list[str]] = field(default_factory=list)
    first_seconds: float = 0.0
    chunk_seconds: float = 0.0
    cut_after: int | None = None
    resets: bool = False
    status: int = 200
    content_type: str = "text/event-stream"
    raw: bytes | None = None
    repeats: bool = False
    finish_reason: str | None = "stop"
    says_done: bool = True
    n_ctx: int | None = None
    redirect: str = ""


class ScriptedServer:
    """The server at `url`; `bodies` are the chat requests it got, `keys` their keys, `hung_up` is set when a client
    leaves in mid-stream.
    """

    def __init__(self, script: Script) -> None:
        self.script = script
        self.bodies: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.paths: list[str] = []
        self.hung_up = threading.Event()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}/v1"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join(timeout=5)


@contextmanager
def serving(script: Script) -> Iterator[ScriptedServer]:
    """A running server, stopped at the end."""
    server = ScriptedServer(script)
    try:
        yield server
    finally:
        server.close()


def free_address() -> str:
    """The address of an OpenAI protocol at which nothing answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}/v1"


def echo_keys(text: str) -> Callable[[dict[str, Any]], list[str]]:
    """Pieces that say `text` with `{0}`, `{1}` … replaced by the keys that the prompt gives out, three letters each."""

    def pieces(body: dict[str, Any]) -> list[str]:
        keys = [line[1:4] for line in body["messages"][1]["content"].splitlines() if line.startswith("[")]
        filled = text.format(*keys)
        return [filled[i : i + 3] for i in range(0, len(filled), 3)]

    return pieces


def _handler(server: ScriptedServer) -> type[BaseHTTPRequestHandler]:  # noqa: C901  (a class in a closure)
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: Any) -> None:
            pass

        def do_GET(self) -> None:
            server.paths.append(self.path)
            if self.path == "/props" and server.script.n_ctx:
                self._json({"default_generation_settings": {"n_ctx": server.script.n_ctx}})
            else:
                self._json({"data": []})

        def do_POST(self) -> None:
            server.paths.append(self.path)
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if self.path == "/apply-template":
                self._json({"prompt": " ".join(message["content"] for message in body["messages"])})
            elif self.path == "/tokenize":
                self._json({"tokens": list(range(len(body["content"].split())))})
            else:
                server.bodies.append(body)
                server.keys.append(self.headers.get("Authorization", ""))
                self._chat(server.script, body)

        def _chat(self, script: Script, body: dict[str, Any]) -> None:
            time.sleep(script.first_seconds)
            if script.redirect:
                self.send_response(307)
                self.send_header("Location", script.redirect)
                self.send_header("Content-Length", "0")
                self.end_headers()
            elif script.raw is not None:
                self.send_response(script.status)
                self.send_header("Content-Type", script.content_type)
                self.send_header("Content-Length", str(len(script.raw)))
                self.end_headers()
                self.wfile.write(script.raw)
            else:
                self._stream(script, body)

        def _stream(self, script: Script, body: dict[str, Any]) -> None:
            self.send_response(script.status)
            self.send_header("Content-Type", script.content_type)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            pieces = script.pieces(body) if callable(script.pieces) else script.pieces
            try:
                for number, piece in enumerate(_endless(pieces) if script.repeats else pieces):
                    if number == script.cut_after:
                        raise Hangup
                    time.sleep(script.chunk_seconds)
                    self._event({"choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": None}]})
                if script.cut_after is not None and script.cut_after >= len(pieces):
                    raise Hangup
                if script.finish_reason:
                    self._event({"choices": [{"index": 0, "delta": {}, "finish_reason": script.finish_reason}]})
                self._event({"choices": [], "usage": {"prompt_tokens": 11, "completion_tokens": 5, "total_tokens": 16}})
                if script.says_done:
                    self._chunk(b"data: [DONE]\n\n")
                self._chunk(b"")
            except (Hangup, OSError) as error:
                self._hang_up(is_client=not isinstance(error, Hangup), resets=script.resets)

        def _hang_up(self, *, is_client: bool, resets: bool) -> None:
            if is_client:
                server.hung_up.set()
            if resets:
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()
            with suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True

        def _event(self, content: dict[str, Any]) -> None:
            event = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "scripted"} | content
            self._chunk(f"data: {json.dumps(event)}\n\n".encode())

        def _chunk(self, content: bytes) -> None:
            self.wfile.write(f"{len(content):x}\r\n".encode() + content + b"\r\n")
            self.wfile.flush()

        def _json(self, content: object) -> None:
            body = json.dumps(content).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler


def _endless(pieces: list[str]) -> Iterator[str]:
    while True:
        yield from pieces
