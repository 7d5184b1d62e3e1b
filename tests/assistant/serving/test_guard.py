"""Once a home has users nobody comes in unknown, by any address; nobody reaches what is another's, by any id."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from assistant.home import Home
from assistant.serving.access import User, conversations_of, owner_of
from assistant.serving.accounts import Role
from assistant.serving.app import build
from assistant.serving.limits import Limits
from tests.assistant.conftest import HARBOUR, add_rows
from tests.assistant.serving.guarded import PASSWORDS, TITLE, Guarded, guarded_home, log_in
from tests.assistant.serving.test_app import operations
from tests.fakes import HashEncoder

MCP = {"accept": "application/json, text/event-stream", "content-type": "application/json"}
QUESTION = "What budget does the Harbour Compact have?"
OPEN = {"GET /health"}
ADMINS = {"POST /api/documents", "DELETE /api/documents/{document_id}"}


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    """A home with users; tests add users of their own and no documents."""
    with guarded_home(tmp_path_factory.mktemp("guarded")) as found:
        yield found


@pytest.fixture(scope="module")
def document(guarded: Guarded) -> dict[str, Any]:
    """The OpenAPI document, as an admin reads it."""
    return guarded.client.get("/api/openapi.json", headers=guarded.bearer("ann")).json()


@pytest.fixture(scope="module")
def conversation(guarded: Guarded) -> str:
    """The id of a conversation of Ann's, with one turn."""
    body = {"question": QUESTION, "conversation": "new"}
    return guarded.client.post("/api/ask", json=body, headers=guarded.bearer("ann")).json()["conversation_id"]


def filled(path: str, conversation: str) -> str:
    """The path with ids that there are in its places."""
    places = {"document_id": TITLE, "conversation_id": conversation, "run": "last", "model": "communique"}
    return path.format(**places)


def body_of(operation: dict[str, Any], conversation: str) -> dict[str, Any]:
    """A body that the operation takes."""
    content = operation.get("requestBody", {}).get("content", {})
    if "multipart/form-data" in content:
        return {"files": [("files", ("a.txt", b"The harbour is open."))]}
    bodies = {
        "ask": {"question": QUESTION, "conversation": conversation},
        "ask_stream": {"question": QUESTION, "conversation": conversation},
        "search": {"query": "harbour"},
        "verify": {"claim": "It met.", "quotes": ["It met in 2021."]},
        "compare_documents": {"questions": ["Who pays?"]},
        "rename_conversation": {"title": "mine"},
        "give_feedback": {"conversation_id": conversation, "turn": 1, "rating": "up"},
        "start_run": {"suite": "nothing"},
        "complete_chat": {"model": "communique", "messages": [{"role": "user", "content": QUESTION}]},
    }
    return {"json": bodies[operation["operationId"]]} if content else {}


def test_without_a_token_no_operation_says_anything(
    guarded: Guarded, document: dict[str, Any], conversation: str
) -> None:
    """Every one of the document is tried, with ids that there are: 401, one line, no word of the home."""
    tried = operations(document)
    assert len(tried) > 25
    for name, operation in tried.items():
        method, path = name.split(" ", maxsplit=1)
        got = guarded.client.request(method, filled(path, conversation), **body_of(operation, conversation))
        if name in OPEN:
            assert (got.status_code, got.json()["status"]) == (200, "alive")
            continue
        assert (name, got.status_code, got.headers["www-authenticate"]) == (name, 401, "Bearer")
        line = got.json()["error"]
        assert (line if isinstance(line, str) else line["message"]).startswith("say who you are: send a token")
        assert not any(word in got.text.casefold() for word in ("harbour", "crown", conversation, "ann", "sample"))


def test_what_the_document_says_of_who_may_ask_is_so(guarded: Guarded, document: dict[str, Any]) -> None:
    """With users one of the two ways is needed everywhere but at the one open door, and both are as they are told."""
    assert document["security"] == [{"token": []}, {"session": []}]
    open_doors = {name for name, operation in operations(document).items() if operation.get("security") == []}
    assert open_doors == OPEN
    https = "https://testserver"
    browser = TestClient(guarded.client.app, base_url=https, follow_redirects=False)
    log_in(browser, "ann", PASSWORDS["ann"], origin=https)
    session = browser.get("/api/openapi.json").json()["components"]["securitySchemes"]["session"]
    assert list(browser.cookies) == [session["name"]]
    assert browser.get("/api/documents").status_code == 200
    browser.cookies.clear()
    assert browser.get("/api/documents").status_code == 401


@pytest.mark.parametrize(
    "path",
    [
        *("/api/openapi.json", "/mcp", "/metrics", "/", "/config", "/theme.css", "/static/x", "/docs", "/favicon.ico"),
        *("/gradio_api/info", "/gradio_api/queue/data", "/gradio_api/file=/etc/passwd", "/gradio_api/heartbeat/x"),
        *("/api", "/v1", "/health/", "/health/x", "//health", "/login/", "/login/../api/documents", "/%6cogin/x"),
        *("/API/documents", "/api/documents;x", "/api/documents/%00", "/api/documents/" + "x" * 5_000),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "HEAD", "OPTIONS", "TRACE"])
def test_no_other_address_is_open(guarded: Guarded, path: str, method: str) -> None:
    """Not the document of the API, not a file of the page, not an address that looks like an open one."""
    got = guarded.client.request(method, path)
    assert got.status_code == 401
    assert "harbour" not in got.text.casefold()


def test_bob_reaches_nothing_of_anns(guarded: Guarded, document: dict[str, Any], conversation: str) -> None:
    """By no operation that takes a conversation's id, wherever it takes it; and Ann's is as it was."""
    takes = {
        name: operation
        for name, operation in operations(document).items()
        if "{conversation_id}" in name or operation["operationId"] in {"ask", "ask_stream", "give_feedback"}
    }
    assert len(takes) == 7
    for name, operation in takes.items():
        method, path = name.split(" ", maxsplit=1)
        options = body_of(operation, conversation) | {"headers": guarded.bearer("bob")}
        got = guarded.client.request(method, filled(path, conversation), **options)
        assert (name, got.status_code) == (name, 404)
        assert got.json()["error"].startswith("there is no conversation")
    assert guarded.client.get("/api/conversations", headers=guarded.bearer("bob")).json() == {"conversations": []}
    last = guarded.client.get("/api/conversations/last", headers=guarded.bearer("bob"))
    assert last.status_code == 404
    kept = guarded.client.get(f"/api/conversations/{conversation}", headers=guarded.bearer("ann")).json()
    assert (kept["conversation"]["num_turns"], len(kept["turns"])) == (1, 1)


def test_a_reader_asks_and_reads_and_changes_nothing(
    guarded: Guarded, document: dict[str, Any], conversation: str
) -> None:
    """Every operation of an admin's, those of evaluation among them, is refused with one line; no other is."""
    for name, operation in operations(document).items():
        method, path = name.split(" ", maxsplit=1)
        options = body_of(operation, conversation) | {"headers": guarded.bearer("bob")}
        got = guarded.client.request(method, filled(path, conversation), **options)
        is_admins = name in ADMINS or "/api/eval/" in name
        assert (name, got.status_code == 403) == (name, is_admins)
        if is_admins:
            assert got.json() == {"error": "this is for admins: ask one of them"}
    assert [one.id for one in guarded.home.catalogue.summaries()] == [TITLE]


def test_an_admin_adds_and_removes(tmp_path: Path) -> None:
    with guarded_home(tmp_path) as own:
        added = own.client.post(
            "/api/documents", files=[("files", ("b.txt", b"A port."))], headers=own.bearer("ann")
        ).json()["files"]
        assert [one["status"] for one in added] == ["added"]
        got = own.client.delete(f"/api/documents/{added[0]['document_ids'][0]}", headers=own.bearer("ann"))
        assert got.status_code == 200


@pytest.mark.parametrize("door", ["mcp", "v1"])
def test_other_protocols_ask_for_the_token_too(guarded: Guarded, door: str) -> None:
    """In their own form, and take it."""
    if door == "v1":
        refused = guarded.client.get("/v1/models")
        assert refused.json()["error"]["type"] == "invalid_request_error"
        assert guarded.client.get("/v1/models", headers=guarded.bearer("bob")).status_code == 200
        return
    listing = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    assert guarded.client.post("/mcp", json=listing, headers=MCP).status_code == 401
    got = guarded.client.post("/mcp", json=listing, headers=MCP | guarded.bearer("ann"))
    names = [tool["name"] for tool in got.json()["result"]["tools"]]
    assert names == ["ask", "search", "read_span", "list_documents"]  # even an admin's program only reads


def test_forged_and_replaced_tokens_are_refused_and_slowed(tmp_path: Path) -> None:
    """Ten may be wrong; from then on who sends another waits. A right one is let in meanwhile."""
    with guarded_home(tmp_path) as own:
        old = own.bearer("bob")
        own.tokens["bob"] = own.accounts.make_token("bob", replace=True)
        said = [
            old["authorization"],
            "Bearer ",
            "Bearer x",
            "Basic YW5uOmFubg==",
            own.tokens["bob"],
            "Bearer " + "é" * 50,
        ]
        statuses = [own.client.get("/ready", headers={"authorization": one.encode()}).status_code for one in said * 2]
        assert statuses == [401] * 11 + [429]
        got = own.client.get("/ready", headers=old)
        assert got.status_code == 429 and 1 <= int(got.headers["retry-after"]) <= 2
        assert own.client.get("/ready", headers=own.bearer("bob")).status_code == 200


def test_who_is_removed_is_out_at_once(tmp_path: Path) -> None:
    """As soon as another program has removed them, and whoever comes after them by that name has nothing of theirs."""
    with guarded_home(tmp_path) as own:
        headers = own.bearer("bob")
        body = {"question": QUESTION, "conversation": "new"}
        id_ = own.client.post("/api/ask", json=body, headers=headers).json()["conversation_id"]
        own.accounts.remove("bob")
        assert own.client.get("/api/conversations", headers=headers).status_code == 401
        own.accounts.add("bob", Role.READER)
        again = {"authorization": f"Bearer {own.accounts.make_token('bob')}"}
        assert own.client.get("/api/conversations", headers=headers).status_code == 401
        assert own.client.get("/api/conversations", headers=again).json() == {"conversations": []}
        assert own.client.get(f"/api/conversations/{id_}", headers=again).status_code == 404


def test_users_are_asked_for_as_soon_as_there_are_any(tmp_path: Path) -> None:
    """A home is open on its own machine, closed from the first user on, without a restart, and open after the last."""
    home = Home(tmp_path / "home", load_encoder=HashEncoder)
    from assistant.serving.accounts import Accounts

    accounts = Accounts(home.database)
    with TestClient(build(home, with_page=False)) as client:
        statuses = []
        for change in (None, lambda: accounts.add("ann", Role.READER), lambda: accounts.remove("ann")):
            if change:
                change()
            statuses.append([client.get("/api/documents").status_code for _ in range(2)])
        assert statuses == [[200, 200], [401, 401], [200, 200]]
    with TestClient(build(home, with_page=False, is_open=False)) as client:
        assert client.get("/api/documents").status_code == 401
        assert client.get("/health").status_code == 200
    home.close()


def test_what_was_kept_without_users_is_nobodys_of_them(tmp_path: Path) -> None:
    """Nor can the key of a user be made from their name."""
    home = Home(tmp_path / "home", load_encoder=HashEncoder)
    local, ann, other = User("local", is_admin=True), User("ann", True, "a" * 64), User("ann", True, "b" * 64)
    keys = [owner_of(home, user) for user in (local, ann, other)]
    assert len(set(keys)) == 3 and all(len(key) == 64 for key in keys)
    id_ = conversations_of(home, local).start("mine")
    assert [one.id for one in conversations_of(home, local).list()] == [id_]
    assert not list(conversations_of(home, ann).list())
    home.close()


def test_a_budget_is_each_users_own(tmp_path: Path) -> None:
    """Who has used it up is told when to come again; others, and strangers, have their own. /health costs nothing."""
    with guarded_home(tmp_path, limits=Limits(requests_per_second=0.001, burst=5)) as own:
        anns = [own.client.get("/ready", headers=own.bearer("ann")) for _ in range(6)]
        assert [got.status_code for got in anns] == [200] * 5 + [429]
        assert anns[-1].json()["error"].startswith("too many requests: come again in ")
        assert 900 <= int(anns[-1].headers["retry-after"]) <= 1_000
        assert own.client.get("/ready", headers=own.bearer("bob")).status_code == 200
        assert [own.client.get("/ready").status_code for _ in range(6)] == [401] * 5 + [429]
        assert [own.client.get("/health").status_code for _ in range(20)] == [200] * 20


def test_where_nobody_can_be_known_nobody_is_let_in(tmp_path: Path) -> None:
    """A database that cannot be read is a 503 with a line, for strangers and for those who have a token."""
    with guarded_home(tmp_path) as own:
        assert own.client.get("/api/documents").status_code == 401
        with own.home.database.writing() as connection:
            connection.exec_driver_sql("ALTER TABLE user_tokens RENAME TO hidden")
            connection.exec_driver_sql("ALTER TABLE users RENAME TO hidden_users")
        got = own.client.get("/api/documents", headers=own.bearer("ann"))
        assert got.status_code == 503
        assert got.json()["error"].startswith("the database cannot be used")
        assert own.client.get("/api/documents").status_code == 503


def test_no_websocket_is_opened(guarded: Guarded) -> None:
    sent: list[Any] = []

    async def ask() -> None:
        async def receive() -> dict[str, str]:
            return {"type": "websocket.connect"}

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {
            "type": "websocket",
            "path": "/gradio_api/x",
            "headers": [],
            "query_string": b"",
            "app": guarded.client.app,
        }
        await guarded.client.app(scope, receive, send)

    asyncio.run(ask())
    assert sent == [{"type": "websocket.close", "code": 1008}]


def test_answers_are_streamed_through_the_guard(guarded: Guarded) -> None:
    """Event by event, as without it."""
    body = {"question": QUESTION}
    with guarded.client.stream("POST", "/api/ask/stream", json=body, headers=guarded.bearer("bob")) as got:
        events = [line.removeprefix("data: ") for line in got.iter_lines() if line.startswith("data: ")]
    assert [json.loads(one)["event"] for one in events][-1] == "done"


def test_a_tunnel_of_names_is_no_matter_once_there_are_users(tmp_path: Path) -> None:
    """On its own machine a home without users answers under its own names alone; with users, behind any proxy's."""
    home = Home(tmp_path / "home", load_encoder=HashEncoder)
    from assistant.serving.accounts import Accounts

    add_rows(home, tmp_path / "rows.jsonl", {TITLE: HARBOUR})
    with TestClient(build(home, with_page=False, hosts=("127.0.0.1",)), base_url="http://docs.example") as client:
        assert client.get("/api/documents").status_code == 403
        accounts = Accounts(home.database)
        accounts.add("ann", Role.READER)
        headers = {"authorization": f"Bearer {accounts.make_token('ann')}"}
        assert client.get("/api/documents", headers=headers).status_code == 200
        foreign = client.get("/api/documents", headers=headers | {"origin": "https://evil.example"})
        assert foreign.status_code == 403
    home.close()
