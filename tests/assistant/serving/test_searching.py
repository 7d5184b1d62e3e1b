"""Search and verification over HTTP."""

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.assistant.serving.conftest import MONEY, QUOTE


@pytest.mark.slow
def test_a_search_shows_every_candidate_with_its_scores(api: TestClient, api_home: Any) -> None:
    """Hits first, best first, then what was dropped and where: as many as the index was asked for."""
    found = api.post("/api/search", json={"query": MONEY, "k": 1}).json()
    kept = [hit for hit in found["hits"] if hit["dropped"] is None]
    assert (found["query"], len(kept), found["hits"][0]) == (MONEY, 1, kept[0])
    wanted = api_home.sources.retriever.search(MONEY, 1)
    assert [hit["passage_id"] for hit in found["hits"]] == [hit.passage.id for hit in (*wanted.hits, *wanted.dropped)]
    text = api.get(f"/api/documents/{kept[0]['document_id']}/text").text
    assert text[kept[0]["start"] : kept[0]["end"]] == kept[0]["text"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("claim", "verdict"),
    [("The compact has a budget of 12 million crowns.", "supported"), ("It pays 90 whales.", "unsupported")],
)
def test_a_claim_is_held_against_quotes(api: TestClient, claim: str, verdict: str) -> None:
    got = api.post("/api/verify", json={"claim": claim, "quotes": [QUOTE]}).json()
    assert (got["verdict"], set(got)) == (verdict, {"verdict", "support", "verifier"})


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/search", {"query": "x", "k": 101}),
        ("/api/search", {"query": "x", "k": -1}),
        ("/api/search", {"query": "x", "k": "5"}),
        ("/api/search", {}),
        ("/api/verify", {"claim": "x", "quotes": []}),
        ("/api/verify", {"claim": "", "quotes": ["x"]}),
        ("/api/verify", {"claim": "x", "quotes": ["x"] * 201}),
        ("/api/verify", {"claim": "x", "quotes": "x"}),
    ],
)
def test_wrong_bodies_are_refused(unchanged_api: TestClient, path: str, body: dict[str, Any]) -> None:
    got = unchanged_api.post(path, json=body)
    assert (got.status_code, list(got.json())) == (422, ["error"])


def test_odd_characters_are_searched_for_like_any(unchanged_api: TestClient) -> None:
    for query in ("\x00", "\u202e\ufeff", "' OR 1=1 --", '"NEAR("', "*" * 5_000, ""):
        got = unchanged_api.post("/api/search", json={"query": query})
        assert (got.status_code, got.json()["hits"]) == (200, []), json.dumps(query)
