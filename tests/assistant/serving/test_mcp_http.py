"""MCP over HTTP, as the official client meets it on loopback, and what keeps others out."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
import pytest
import uvicorn
from mcp import Client
from starlette.applications import Starlette
from starlette.testclient import TestClient

from assistant.answerers import Answerers
from assistant.assistant import Assistant
from assistant.home import Home
from assistant.serving.mcp_http import MAX_BODY_BYTES, HttpDoor
from assistant.serving.mcp_tools import Service
from tests.assistant.conftest import HARBOUR, add_rows
from tests.fakes import HashEncoder

BUDGET = "Which budget has the compact for three years?"
ASKING = b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "ask", "arguments": %s}}'
HEADERS = {"accept": "application/json, text/event-stream", "content-type": "application/json"}


@dataclass
class Served:
    url: str
    home: Home


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """An application with the door among its routes, on a free port of loopback."""
    folder = tmp_path_factory.mktemp("http")
    home = Home(folder / "home", load_encoder=HashEncoder)
    add_rows(home, folder / "rows.jsonl", {"harbour": HARBOUR})
    server = uvicorn.Server(uvicorn.Config(application(home), host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield Served(f"http://127.0.0.1:{port}/mcp", home)
    server.should_exit = True
    thread.join()
    home.close()


def application(home: Home) -> Starlette:
    service = Service(Assistant(home), Answerers(home))
    door = HttpDoor(service, may_change=lambda request: request.headers.get("x-admin") == "yes")

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with door.running():
            yield

    return Starlette(routes=[door.route("/mcp")], lifespan=lifespan)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_the_client_asks_and_reads_what_is_cited(served: Served, mode: str) -> None:
    """Clients of today's protocol and of the one before it get the same."""

    async def session() -> None:
        async with Client(served.url, mode=mode) as client:
            assert len((await client.list_tools()).tools) == 4
            answer = (await client.call_tool("ask", {"question": BUDGET})).structured_content
            assert "12 million crowns" in answer["answer"]
            for citation in answer["citations"]:
                place = {key: citation[key] for key in ("document_id", "start", "end")}
                assert (await client.call_tool("read_span", place)).structured_content["text"] == citation["quote"]
            assert (await client.call_tool("ask", {})).is_error

    asyncio.run(session())


def test_many_clients_are_answered_at_once(served: Served) -> None:
    """Each gets the answer to its own question."""

    async def ask(number: int) -> str:
        async with Client(served.url) as client:
            return str((await client.call_tool("search", {"query": f"budget {number}"})).structured_content["query"])

    async def all_of_them() -> list[str]:
        return await asyncio.gather(*(ask(number) for number in range(12)))

    assert asyncio.run(all_of_them()) == [f"budget {number}" for number in range(12)]


def test_only_those_who_may_change_the_documents_are_shown_how(served: Served) -> None:
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    shown = [
        httpx.post(served.url, json=body, headers=HEADERS | more).json()["result"]["tools"]
        for more in ({}, {"x-admin": "no"}, {"x-admin": "yes"})
    ]
    assert [len(tools) for tools in shown] == [4, 4, 6]


@pytest.mark.parametrize(
    ("more", "status"),
    [({"host": "evil.example"}, 421), ({"origin": "https://evil.example"}, 403), ({"origin": "http://localhost"}, 200)],
)
def test_a_page_of_another_site_cannot_ask(served: Served, more: dict[str, str], status: int) -> None:
    """A browser that was tricked into calling this machine names the other site, and is turned away."""
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    assert httpx.post(served.url, json=body, headers=HEADERS | more).status_code == status


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 10_000,
        ASKING % b'{"question": "\\ud800"}',
        ASKING % b"[1]",
        b'{"jsonrpc": "2.0", "id": 1, "method": "no/such", "params": {}}',
        b" " * (MAX_BODY_BYTES + 1),
    ],
    ids=["empty", "cut", "list", "null", "bytes", "deep", "half", "no-arguments", "no-method", "giant"],
)
def test_what_is_no_message_is_refused(served: Served, body: bytes) -> None:
    """Hostile bodies are answered with an error, and the server goes on."""
    got = httpx.post(served.url, content=body, headers=HEADERS)
    assert got.status_code in (400, 413) or "error" in got.json()
    assert got.status_code < 500


def test_messages_are_posted_and_nothing_else_holds_a_connection(served: Served) -> None:
    """There are no streams to listen to and no sessions to end, whoever asks for them."""
    for method in ("GET", "DELETE", "PUT", "HEAD"):
        got = httpx.request(method, served.url, headers=HEADERS)
        assert (got.status_code, got.headers["allow"]) == (405, "POST")


def test_a_door_is_closed_until_it_runs_and_can_be_opened_again(served: Served) -> None:
    """Outside the application's lifespan the answer is 503; a second lifespan serves again."""
    app = application(served.home)
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    for _ in range(2):
        with TestClient(app, base_url="http://localhost") as client:
            assert client.post("/mcp", json=body, headers=HEADERS).status_code == 200
    assert TestClient(app, base_url="http://localhost").post("/mcp", json=body).status_code == 503
