"""Comparisons over HTTP."""

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from assistant.comparing import compare, matrix_json
from assistant.home import Home
from tests.assistant.serving.conftest import MONEY, WHALES


@pytest.mark.slow
@pytest.mark.parametrize(
    ("form", "media_type"),
    [
        ("json", "application/json"),
        ("md", "text/markdown; charset=utf-8"),
        ("csv", "text/csv; charset=utf-8"),
        ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ],
)
def test_a_matrix_comes_in_every_format(api: TestClient, api_home: Home, form: str, media_type: str) -> None:
    """All documents where none is named; the JSON is that of the command line."""
    got = api.post("/api/compare", json={"questions": [MONEY, WHALES], "format": form})
    assert (got.status_code, got.headers["content-type"]) == (200, media_type)
    if form == "json":
        ids = [summary.id for summary in api_home.catalogue.summaries()]
        wanted = matrix_json(compare(api_home.sources, ids, [MONEY, WHALES]))
        assert got.json() == json.loads(json.dumps(wanted))
    elif form != "docx":
        assert "12 million crowns" in got.text


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"questions": []}, 422),
        ({"questions": ["x"], "format": "pdf"}, 422),
        ({"questions": ["x"] * 51}, 422),
        ({"questions": [" "]}, 400),
        ({"questions": ["x"]}, 400),
        ({"questions": ["x"], "documents": ["no"]}, 404),
        ({"questions": [str(n) for n in range(50)], "documents": [str(n) for n in range(21)]}, 400),
    ],
)
def test_what_cannot_be_compared_is_refused(unchanged_api: TestClient, body: dict[str, Any], status: int) -> None:
    got = unchanged_api.post("/api/compare", json=body)
    assert (got.status_code, list(got.json())) == (status, ["error"])
