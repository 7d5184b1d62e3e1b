"""The application: a complete OpenAPI document, plugins' routes, and the page beside the API."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

_METHODS = {"get", "post", "put", "patch", "delete"}


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        f"{method.upper()} {path}": operation
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method in _METHODS
    }


@pytest.fixture
def document(unchanged_api: TestClient) -> dict[str, Any]:
    return unchanged_api.get("/api/openapi.json").json()


def test_every_door_is_in_the_document(document: dict[str, Any]) -> None:
    """What the API is for, those of plugins among it."""
    wanted = {
        "POST /api/ask",
        "POST /api/ask/stream",
        "POST /api/search",
        "POST /api/verify",
        "POST /api/compare",
        "GET /api/documents",
        "POST /api/documents",
        "GET /api/documents/{document_id}",
        "GET /api/documents/{document_id}/text",
        "DELETE /api/documents/{document_id}",
        "GET /api/conversations",
        "GET /api/conversations/{conversation_id}",
        "PATCH /api/conversations/{conversation_id}",
        "DELETE /api/conversations/{conversation_id}",
        "GET /api/conversations/{conversation_id}/export",
        "POST /api/feedback",
        "GET /api/eval/suites",
        "POST /api/eval/runs",
        "GET /api/eval/runs",
        "GET /api/eval/runs/{run}",
        "GET /api/eval/active",
        "DELETE /api/eval/active",
        "POST /v1/chat/completions",
        "GET /v1/models",
        "GET /v1/models/{model}",
        "GET /health",
        "GET /metrics",
        "GET /ready",
    }
    assert set(operations(document)) == wanted


def test_who_may_ask_is_in_the_document(document: dict[str, Any]) -> None:
    """A token or a session says it; without users nobody has to, and of the state of the process anybody may know."""
    schemes = document["components"]["securitySchemes"]
    assert {name: (one["type"], one.get("scheme"), one.get("in")) for name, one in schemes.items()} == {
        "token": ("http", "bearer", None),
        "session": ("apiKey", None, "cookie"),
    }
    assert document["security"] == [{}, {"token": []}, {"session": []}]
    for name, operation in operations(document).items():
        assert operation.get("security") == ([] if name == "GET /health" else None)
        assert name == "GET /health" or {"401", "403"} <= set(operation["responses"]), name


def test_every_operation_is_described_and_named(document: dict[str, Any]) -> None:
    """One name each, a sentence on what it does, and errors of our own form only."""
    found = operations(document)
    names = [operation["operationId"] for operation in found.values()]
    assert len(names) == len(set(names))
    assert all(operation["description"].endswith(".") for operation in found.values())
    assert "HTTPValidationError" not in document["components"]["schemas"]


def test_every_body_has_an_example(document: dict[str, Any]) -> None:
    """Somewhere among its fields, at least one."""
    for name, operation in operations(document).items():
        schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
        if schema and name not in {"POST /api/feedback"}:
            body = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
            assert any("examples" in field for field in body["properties"].values()), name


def test_nothing_of_the_document_is_fetched_from_elsewhere(unchanged_api: TestClient) -> None:
    """There are no pages that show it, since those of FastAPI load their scripts from the web."""
    assert unchanged_api.get("/docs").status_code == unchanged_api.get("/redoc").status_code == 404


@pytest.mark.slow
def test_the_page_stands_beside_the_api(whole: TestClient) -> None:
    """One application: the page at its root, the API below, and neither answers for the other."""
    page = whole.get("/")
    assert (page.status_code, "gradio-app" in page.text) == (200, True)
    assert whole.get("/api/documents").json() == {"documents": []}
    assert whole.get("/config").json()["title"] == "Communiqué"
    assert whole.get("/gradio_api/info").status_code == 200


@pytest.mark.slow
def test_the_page_reads_no_file_that_was_not_uploaded(whole: TestClient) -> None:
    """A client may name any path as that of its upload: one that is not among the uploads is refused."""
    config = whole.get("/config").json()
    files = {part["id"] for part in config["components"] if part["type"] == "file"}
    calls = [one for one in config["dependencies"] if files & set(one["inputs"])]
    assert calls
    for number, call in enumerate(calls):
        named = [{"path": "/etc/passwd", "orig_name": "x.jsonl", "meta": {"_type": "gradio.FileData"}}]
        data = [named if part in files else None for part in call["inputs"]]
        body = {"fn_index": call["id"], "data": data, "session_hash": f"s{number}"}
        assert whole.post("/gradio_api/queue/join", json=body).status_code == 200
        said = whole.get("/gradio_api/queue/data", params={"session_hash": f"s{number}"}).text
        assert '"success":false' in said
    assert whole.get("/api/documents").json() == {"documents": []}
