"""What every answer tells browsers."""

import pytest
from fastapi.testclient import TestClient

from assistant.serving.headers import EVERY


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/health", 200),
        ("GET", "/api/documents", 200),
        ("GET", "/api/nothing", 404),
        ("POST", "/api/ask", 422),
        ("GET", "/v1/models", 200),
        ("GET", "/mcp", 405),
    ],
)
def test_every_answer_of_the_api_says_it(unchanged_api: TestClient, method: str, path: str, status: int) -> None:
    """It is kept by nobody, framed by nobody, and no page at all."""
    got = unchanged_api.request(method, path)
    assert got.status_code == status
    assert {name: got.headers[name] for name in EVERY} == dict(EVERY)
    assert got.headers["cache-control"] == "no-store"
    assert got.headers["content-security-policy"].startswith("default-src 'none'; frame-ancestors 'none'")


@pytest.mark.slow
def test_the_page_says_it_too(whole: TestClient) -> None:
    """Nothing from elsewhere, framed by nobody; and another site's page reads nothing of it."""
    got = whole.get("/", headers={"origin": "http://testserver"})
    policy = dict(part.split(" ", maxsplit=1) for part in got.headers["content-security-policy"].split("; "))
    assert (policy["default-src"], policy["frame-ancestors"], policy["connect-src"]) == ("'self'", "'none'", "'self'")
    assert {name: got.headers[name] for name in EVERY} == dict(EVERY)
    assert got.headers["cache-control"] == "no-store"
    for path in ("/", "/config", "/gradio_api/info"):
        foreign = whole.get(path, headers={"origin": "http://localhost:3000", "host": "localhost:7860"})
        assert not [name for name in foreign.headers if name.startswith("access-control")]


@pytest.mark.slow
def test_another_sites_page_changes_nothing_in_the_page(whole: TestClient) -> None:
    """Without users, too: its requests name it."""
    got = whole.post("/gradio_api/queue/join", json={}, headers={"origin": "https://evil.example"})
    assert (got.status_code, list(got.json())) == (403, ["error"])


@pytest.mark.slow
@pytest.mark.parametrize("has_length", [True, False])
def test_bodies_for_the_page_have_their_limit(whole: TestClient, *, has_length: bool) -> None:
    """Whether they say how long they are, or not."""
    pieces = (b"x" * 65_536 for _ in range(80))
    got = whole.post("/gradio_api/queue/join", content=b"".join(pieces) if has_length else pieces)
    assert (got.status_code, got.json()) == (413, {"error": "the body is larger than 4 MiB: send less at once"})
