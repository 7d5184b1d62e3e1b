"""Every request has an id, and is told of, without a word of what was asked for."""

import asyncio
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from assistant.observing.logs import REQUESTS, JsonLines, request_id
from assistant.observing.requests import METHODS, Answered, Observed, sane_id
from assistant.serving.access import User
from tests.assistant.observing.conftest import Spans, attributes_of

logger = logging.getLogger("assistant.tests")


def build(told: list[Answered]) -> Starlette:
    """An application with a route that answers, one that streams, and one that fails."""

    async def show(request: Request) -> PlainTextResponse:
        request.scope["user"] = User("mara", is_admin=False)
        logger.warning("seen")
        return PlainTextResponse(str(request_id.get()))

    async def stream(_: Request) -> StreamingResponse:
        async def pieces() -> Any:
            yield "a"
            yield request_id.get()

        return StreamingResponse(pieces())

    async def fail(_: Request) -> None:
        raise RuntimeError("Zorblax")

    routes = [Route("/show/{id}", show, methods=list(METHODS)), Route("/stream", stream), Route("/fail", fail)]
    app = Starlette(routes=routes)

    def route_of(scope: Scope) -> str:
        return getattr(scope.get("route"), "path_format", "none")

    app.add_middleware(Observed, route_of=route_of, tell=told.append)
    return app


@pytest.fixture
def told() -> list[Answered]:
    return []


@pytest.fixture
def client(told: list[Answered]) -> Iterator[TestClient]:
    with TestClient(build(told), raise_server_exceptions=False) as opened:
        yield opened


def test_a_request_keeps_the_id_that_it_came_with(client: TestClient) -> None:
    """It is in the answer, and known to whoever works on it."""
    response = client.get("/show/1", headers={"X-Request-ID": "order-7.a"})
    assert (response.headers["X-Request-ID"], response.text) == ("order-7.a", "order-7.a")


def test_a_request_without_an_id_gets_one_of_its_own(client: TestClient) -> None:
    first, second = client.get("/show/1"), client.get("/stream")
    assert first.text == first.headers["X-Request-ID"]
    assert second.text == "a" + second.headers["X-Request-ID"]
    assert first.text != second.headers["X-Request-ID"]


def test_what_follows_a_request_is_not_part_of_it() -> None:
    """Its id is forgotten when it has been answered, also where one task answers several."""
    seen: list[str | None] = []

    async def answer(_scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(request_id.get())

    async def both() -> None:
        app: Any = Observed(answer, route_of=lambda _: "none", tell=lambda _: None)
        for id_ in (b"one", b"two"):
            await app({"type": "http", "method": "GET", "path": "/", "headers": [(b"x-request-id", id_)]}, None, None)
            seen.append(request_id.get())

    asyncio.run(both())
    assert seen == ["one", None, "two", None]


@pytest.mark.parametrize("given_id", ["a b", "x" * 65, "-a", "a\n", "é", '"}', ""])
def test_an_id_that_could_be_anything_is_not_kept(given_id: str) -> None:
    assert sane_id(given_id) != given_id


@given(st.text())
def test_an_id_is_always_sane(given_id: str) -> None:
    found = sane_id(given_id)
    assert 0 < len(found) <= 64
    assert found.isascii()
    assert found.replace(".", "").replace("-", "").replace("_", "").isalnum()


def test_a_request_is_told_by_its_template(client: TestClient, told: list[Answered]) -> None:
    """Method, route, status, time, user; never the path, and no method that somebody invented."""
    client.get("/show/Zorblax?q=Zorblax")
    client.request("BREW", "/show/Zorblax")
    client.get("/Zorblax")
    client.get("/fail")
    assert [(one.method, one.route, one.status, one.user) for one in told] == [
        ("GET", "/show/{id}", 200, "mara"),
        ("other", "/show/{id}", 405, None),
        ("GET", "none", 404, None),
        ("GET", "/fail", 500, None),
    ]
    assert all(0 < one.seconds < 60 for one in told)


def test_a_line_is_written_for_a_request(
    client: TestClient, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the fields that JSON has, below the request's id, as are others' lines."""
    with caplog.at_level(logging.INFO, REQUESTS):
        monkeypatch.setattr(caplog.handler, "formatter", JsonLines())
        client.post("/show/Zorblax", headers={"X-Request-ID": "one"}, content="Zorblax")
    seen, line = [json.loads(text) for text in caplog.text.splitlines() if '"assistant.' in text]
    assert (seen["message"], seen["request_id"]) == ("seen", "one")
    fields = ("message", "request_id", "method", "route", "status", "user")
    assert [line[name] for name in fields] == ["request", "one", "POST", "/show/{id}", 200, "mara"]
    assert line["milliseconds"] > 0
    assert "Zorblax" not in caplog.text


def test_a_request_is_a_span_on_its_callers_trace(client: TestClient, spans: Spans) -> None:
    trace, parent = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
    client.get("/show/Zorblax", headers={"traceparent": f"00-{trace}-{parent}-01"})
    (span,) = spans.all()
    assert span.parent
    assert (f"{span.context.trace_id:032x}", f"{span.parent.span_id:016x}") == (trace, parent)  # type: ignore[union-attr]
    assert (span.name, span.kind.name) == ("GET /show/{id}", "SERVER")
    names = ("http.request.method", "http.route", "http.response.status_code")
    assert attributes_of(span, *names) == ["GET", "/show/{id}", 200]
    assert "Zorblax" not in spans.text()


def test_a_request_that_fails_is_a_failed_span(client: TestClient, spans: Spans) -> None:
    client.get("/fail")
    (span,) = spans.all()
    assert span.status.status_code.name == "ERROR"
    assert attributes_of(span, "error.type", "http.response.status_code") == ["RuntimeError", 500]
    assert not span.events
