"""What stands between the server and the routes: sizes, errors that nobody expected, addresses that are none."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from assistant.home import Home
from assistant.serving.app import build
from assistant.serving.edge import MAX_BODY_BYTES, is_ours
from assistant.serving.mcp_http import LOOPBACK
from tests.fakes import HashEncoder


def pieces(num_bytes: int) -> Iterator[bytes]:
    """A body without a length."""
    yield b'{"question": "'
    for _ in range(num_bytes // 65_536):
        yield b"x" * 65_536


@pytest.mark.parametrize("path", ["/api/ask", "/v1/chat/completions", "/api/search"])
@pytest.mark.parametrize("has_length", [True, False])
def test_a_body_that_is_too_large_is_refused(unchanged_api: TestClient, path: str, *, has_length: bool) -> None:
    """Whether it says how long it is, or not."""
    large = b"".join(pieces(2 * MAX_BODY_BYTES)) if has_length else pieces(2 * MAX_BODY_BYTES)
    got = unchanged_api.post(path, content=large, headers={"content-type": "application/json"})
    assert got.status_code == 413
    line = got.json()["error"]
    assert (line if isinstance(line, str) else line["message"]) == "the body is larger than 1 MiB: send less at once"


def test_an_upload_may_be_larger_than_a_question(empty_api: TestClient) -> None:
    """A megabyte and a half of text goes in."""
    text = b"The harbour is open to all ships of the coast.\n\n" * 100 + b" " * (MAX_BODY_BYTES * 3 // 2)
    got = empty_api.post("/api/documents", files=[("files", ("a.txt", text))])
    assert (got.status_code, got.json()["files"][0]["status"]) == (200, "added")


def test_an_upload_has_its_limit(unchanged_api: TestClient) -> None:
    headers = {"content-type": "multipart/form-data; boundary=x", "content-length": str(256 * 1024**2 + 1)}
    got = unchanged_api.post("/api/documents", content=b"x", headers=headers)
    assert (got.status_code, got.json()["error"]) == (413, "the body is larger than 256 MiB: send less at once")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("method", "path", "status", "allowed"),
    [
        ("GET", "/api/nothing", 404, None),
        ("GET", "/api", 404, None),
        ("GET", "/api/ask", 405, "POST"),
        ("DELETE", "/api/conversations/x", 404, None),
        ("PUT", "/api/conversations/x", 405, "GET, PATCH, DELETE"),
        ("OPTIONS", "/api/search", 405, "POST"),
        ("POST", "/health", 405, "GET"),
        ("POST", "/api/ask/", 404, None),
    ],
)
def test_an_address_that_is_none_is_said_to_be_none(
    whole: TestClient, method: str, path: str, status: int, allowed: str | None
) -> None:
    """By the API, whose errors the page behind it does not answer."""
    got = whole.request(method, path)
    assert (got.status_code, list(got.json()), got.headers.get("allow")) == (status, ["error"], allowed)


def test_an_address_of_the_protocol_that_is_none_is_said_so_in_its_form(unchanged_api: TestClient) -> None:
    got = unchanged_api.post("/v1/embeddings", json={})
    assert (got.status_code, got.json()["error"]["type"]) == (404, "invalid_request_error")


def test_what_nobody_expected_is_one_line_and_logged(home: Home, caplog: pytest.LogCaptureFixture) -> None:
    """The client is told nothing of it; the log has it all."""
    app = build(home, with_page=False)

    def broken() -> None:
        raise ZeroDivisionError("a secret")

    app.router.routes.insert(0, app.router.routes.pop())
    app.get("/api/broken")(broken)
    app.router.routes.insert(0, app.router.routes.pop())
    with TestClient(app) as client:
        got = client.get("/api/broken")
    assert (got.status_code, got.json()) == (500, {"error": "something failed here: the log of the server says what"})
    assert "a secret" in caplog.text


def test_disk_faults_are_not_the_clients(home: Home) -> None:
    """A full disk is said to be one, with a status that says to come again."""
    app = build(home, with_page=False)

    def full() -> None:
        raise OSError(28, "No space left on device", "/var/secret/path")

    app.get("/api/full")(full)
    app.router.routes.insert(0, app.router.routes.pop())
    with TestClient(app) as client:
        got = client.get("/api/full")
    line = "a disk of the server is full: free some space on it, and try again"
    assert (got.status_code, got.json()) == (503, {"error": line})


def test_the_page_is_not_ours() -> None:
    assert not any(map(is_ours, ("/", "/config", "/gradio_api/queue/join", "/assets/x.js", "/apis", "/v10")))


@pytest.mark.parametrize(
    ("headers", "line"),
    [
        (
            {"origin": "https://evil.example"},
            "a page of 'https://evil.example' may not ask here: only this server's own page may",
        ),
        ({"origin": "null"}, "a page of 'null' may not ask here: only this server's own page may"),
        (
            {"origin": "http://127.0.0.1:7860@evil.example"},
            "a page of 'http://127.0.0.1:7860@evil.example' may not ask here",
        ),
        ({"origin": "http://["}, "a page of 'http://[' may not ask here"),
        ({"host": "evil.example:7860"}, "this is not the server of 'evil.example:7860': ask under 127.0.0.1"),
        ({"host": "evil.example", "origin": "http://evil.example"}, "this is not the server of 'evil.example'"),
    ],
    ids=["another site", "no site", "disguised", "no address", "another name", "rebound"],
)
@pytest.mark.parametrize("path", ["/api/documents", "/mcp", "/v1/chat/completions"])
def test_pages_of_other_sites_are_refused(guarded: TestClient, path: str, headers: dict[str, str], line: str) -> None:
    """Whatever they send, it is not even read."""
    got = guarded.post(path, content=b"{}", headers=headers)
    told = got.json()["error"]
    assert got.status_code == 403
    assert (told if isinstance(told, str) else told["message"]).startswith(line)


@pytest.mark.parametrize(
    "headers",
    [{}, {"host": "localhost:7860"}, {"host": "[::1]:80"}, {"host": "LOCALHOST:1", "origin": "http://localhost:1"}],
    ids=["a program", "by name", "IPv6", "the page"],
)
def test_who_is_here_is_answered(guarded: TestClient, headers: dict[str, str]) -> None:
    assert guarded.get("/health", headers=headers).status_code == 200


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The API as it is served on this machine alone."""
    home = Home(tmp_path_factory.mktemp("guarded"), load_encoder=HashEncoder)
    with TestClient(build(home, with_page=False, hosts=LOOPBACK), base_url="http://127.0.0.1:7860") as client:
        yield client
    home.close()
