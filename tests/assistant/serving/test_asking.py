"""Questions over HTTP: the contract's answer, whole and as events."""

import json
import time
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient

from assistant.answer import answer_json
from assistant.answering import answer
from assistant.home import Home
from assistant.serving.access import User, conversations_of
from assistant.settings import Settings
from assistant.writing.loading import load_llm
from tests.assistant.serving.conftest import MONEY, QUOTE, WHALES, serving
from tests.fakes_llm import Script, echo_keys
from tests.fakes_llm import serving as llm_serving

pytestmark = pytest.mark.slow

LOCAL = User("local", is_admin=True)


def untimed(content: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in content.items() if key != "timings_ms"}


def events_of(text: str) -> list[tuple[str, dict[str, Any]]]:
    """The events of a stream by name, each with its data."""
    found = []
    for block in text.strip().split("\n\n"):
        name, data = block.split("\n")
        found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


def test_an_answer_is_the_contracts_json(api: TestClient, api_home: Home) -> None:
    """Key by key what the command line prints, and no more."""
    got = api.post("/api/ask", json={"question": MONEY})
    assert (got.status_code, got.headers["content-type"]) == (200, "application/json")
    wanted = json.loads(json.dumps(answer_json(answer(MONEY, api_home.sources))))
    assert untimed(got.json()) == untimed(wanted)
    assert list(got.json()) == list(wanted)


def test_every_citation_is_exact_in_the_text_that_the_api_gives(api: TestClient) -> None:
    """`text[start:end] == quote`, asked of the version that the citation names."""
    found = api.post("/api/ask", json={"question": MONEY}).json()
    assert QUOTE in [citation["quote"] for citation in found["citations"]]
    for citation in found["citations"]:
        span = {"start": citation["start"], "end": citation["end"], "version": citation["sha256"]}
        got = api.get(f"/api/documents/{citation['document_id']}/text", params=span)
        assert (got.status_code, got.content) == (200, citation["quote"].encode())


def test_a_refusal_is_a_result(api: TestClient) -> None:
    got = api.post("/api/ask", json={"question": WHALES})
    assert got.status_code == 200
    found = got.json()
    assert (found["refusal"]["kind"], found["claims"], found["citations"], found["answer"]) == ("absent", [], [], "")
    assert found["refusal"]["nearest"]


def test_the_trace_is_there_where_it_is_asked_for(api: TestClient) -> None:
    assert "hits" in api.post("/api/ask", json={"question": MONEY, "trace": True}).json()["trace"]
    assert "trace" not in api.post("/api/ask", json={"question": MONEY}).json()
    (*_, (_, done)) = events_of(api.post("/api/ask/stream", json={"question": MONEY, "trace": True}).text)
    assert "hits" in done["answer"]["trace"]


def test_a_stream_says_what_happens_and_ends_with_the_whole_answer(api: TestClient) -> None:
    """Each event is named as its data says; what is done is what was claimed."""
    got = api.post("/api/ask/stream", json={"question": MONEY})
    assert got.headers["content-type"].startswith("text/event-stream")
    events = events_of(got.text)
    assert [name for name, _ in events] == [data["event"] for _, data in events]
    names = [name for name, _ in events]
    assert (names[:2], names[-1], set(names[2:-1])) == (["searching", "found"], "done", {"claim"})
    whole = events[-1][1]["answer"]
    assert [data["claim"] for name, data in events if name == "claim"] == whole["claims"]
    assert untimed(whole) == untimed(api.post("/api/ask", json={"question": MONEY}).json())


def test_a_conversation_is_begun_gone_on_with_and_kept_for_its_user(api: TestClient, api_home: Home) -> None:
    """A follow-up is understood by it; another owner sees nothing of it."""
    first = api.post("/api/ask", json={"question": MONEY, "conversation": "new"}).json()
    body = {"question": "Who runs it?", "conversation": first["conversation_id"]}
    (*_, (_, done)) = events_of(api.post("/api/ask/stream", json=body).text)
    second = done["answer"]
    assert second["standalone_question"] == "Who runs Harbour Compact?"
    assert [(one["conversation_id"], one["turn"]) for one in (first, second)] == [
        (first["conversation_id"], 1),
        (first["conversation_id"], 2),
    ]
    assert [turn.number for turn in conversations_of(api_home, LOCAL).turns(first["conversation_id"])] == [1, 2]
    assert conversations_of(api_home, User("other", is_admin=False)).turns(first["conversation_id"]) == []


def test_a_history_makes_a_follow_up_whole(api: TestClient) -> None:
    history = [{"role": "user", "content": MONEY}, {"role": "assistant", "content": QUOTE}]
    found = api.post("/api/ask", json={"question": "Who runs it?", "history": history}).json()
    assert found["standalone_question"] == "Who runs Harbour Compact?"
    assert (found["conversation_id"], found["turn"]) == (None, None)


def test_a_scope_keeps_the_answer_within_its_documents(api: TestClient) -> None:
    ids = {one["title"]: one["id"] for one in api.get("/api/documents").json()["documents"]}
    lighthouse = next(id_ for id_ in ids.values() if id_.startswith("lighthouse"))
    found = api.post("/api/ask", json={"question": MONEY, "documents": [lighthouse]}).json()
    cited = found["citations"] or found["refusal"]["nearest"]
    assert {one["document_id"] for one in cited} <= {lighthouse}
    assert api.post("/api/ask", json={"question": MONEY, "kinds": ["pdf"]}).json()["refusal"]


def test_what_is_searched_for_can_be_said(api: TestClient) -> None:
    body = {"question": "And the director?", "standalone_question": "Who is the director of the Tide Office?"}
    found = api.post("/api/ask", json=body).json()
    assert found["standalone_question"] == body["standalone_question"]
    assert "Mara Quist" in found["answer"]


@pytest.mark.parametrize("path", ["/api/ask", "/api/ask/stream"])
@pytest.mark.parametrize(
    ("body", "status", "line"),
    [
        ({"question": "  "}, 400, "the question is empty: ask something"),
        ({"question": "x" * 20_001}, 400, "the question has 20,001 characters, 20,000 are allowed: "),
        ({"question": "x", "documents": ["nope"]}, 404, "there is no document 'nope': "),
        ({"question": "x", "conversation": "nope"}, 404, "there is no conversation 'nope': "),
        ({"question": "x", "conversation": "new", "history": [{"role": "user", "content": "y"}]}, 400, "a conversat"),
        ({}, 422, "question: Field required"),
        ({"question": 5}, 422, "question: Input should be a valid string"),
        ({"question": "x", "colour": "red"}, 422, "colour: Extra inputs are not permitted"),
        ({"question": "x", "since": "soon"}, 422, "since: String should match pattern"),
        ({"question": "x", "trace": "yes"}, 422, "trace: Input should be a valid boolean"),
        ({"question": "x", "documents": []}, 422, "documents: List should have at least 1 item"),
    ],
)
def test_what_cannot_be_asked_is_said_in_one_line(
    api: TestClient, path: str, body: dict[str, Any], status: int, line: str
) -> None:
    got = api.post(path, json=body)
    assert got.status_code == status, got.text
    assert list(got.json()) == ["error"]
    assert got.json()["error"].startswith(line)
    assert "\n" not in got.json()["error"]


@pytest.mark.parametrize(
    "raw",
    [b'{"question": "\\ud800"}', b'{"question": ', b"\xff\xfe", b"[" * 100_000, b'{"\\udcff": 1}', b"null", b"[]", b""],
    ids=["half a character", "broken off", "no text", "deep", "half a key", "null", "a list", "nothing"],
)
def test_hostile_bodies_are_refused_in_one_line(api: TestClient, raw: bytes) -> None:
    got = api.post("/api/ask", content=raw, headers={"content-type": "application/json"})
    assert got.status_code in {400, 422}
    assert "\n" not in got.json()["error"]


def test_a_form_of_another_site_is_no_question(api: TestClient) -> None:
    """A page elsewhere may post plain text without being asked first: it is not read as JSON."""
    got = api.post("/api/ask", content=json.dumps({"question": MONEY}), headers={"content-type": "text/plain"})
    assert got.status_code == 422


def test_whoever_leaves_stops_the_llm(api_home: Home) -> None:
    """The connection to the LLM is closed soon after the client's, in mid-sentence."""
    script = Script(echo_keys("The compact has money [{0}]. " + "It goes on and on " * 200), chunk_seconds=0.05)
    home = Home(api_home.path, load_encoder=api_home.load_encoder)
    home.settings = Settings(api_home.path)
    with llm_serving(script) as llm:
        home.llm = f"server:scripted@{llm.url}"
        home.writer = load_llm(home.llm)
        with serving(home) as address, httpx2.Client(timeout=60) as client:
            body = {"question": MONEY}
            with client.stream("POST", f"{address}/api/ask/stream", json=body) as stream:
                lines = stream.iter_lines()
                while "found" not in next(lines):
                    pass
                until = time.monotonic() + 30
                while not llm.bodies and time.monotonic() < until:
                    time.sleep(0.02)
            assert llm.hung_up.wait(5)
        home.close()
