"""`/metrics` counts what a server does; its labels are names from fixed lists."""

import pickle
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from assistant.answering import answer_events
from assistant.events import Done
from assistant.home import Home
from assistant.observing.outcomes import Asking, Outcome
from assistant.observing.requests import Answered
from assistant.serving.metrics import Meters, counting
from assistant.sources import Sources
from tests.assistant.serving.watched import watched

QUESTION = "Who runs the Harbour Compact?"
ABSENT = "Does Zorblax trade with Yuggoth?"

Figures = dict[tuple[str, ...], float]


def figures(text: str) -> Figures:
    """Each sample's value by its name and its labels' values, in the order of the labels' names."""
    samples = (sample for family in text_string_to_metric_families(text) for sample in family.samples)
    return {
        (one.name.removeprefix("communique_"), *(one.labels[name] for name in sorted(one.labels))): one.value
        for one in samples
    }


def read(meters: Meters) -> Figures:
    from prometheus_client import generate_latest

    return figures(generate_latest(meters.registry).decode())


@pytest.fixture
def client(coast: Home) -> Iterator[TestClient]:
    with TestClient(watched(coast)) as opened:
        yield opened


def test_an_outcome_is_counted_by_hand(home: Home) -> None:
    """Every figure of an answer, where it belongs."""
    meters = Meters(home)
    asked = (Asking("write", False, 11, 5), Asking("write", True, 7, 0), Asking("rewrite", False, 2, 1))
    told = Outcome("list", "answered", 2, 1, 4, stage_seconds={"write": 0.3, "verify": 0.02}, asked=asked)
    for seconds in (0.2, 3.0):
        meters.tell_answer(told, seconds)
    meters.tell_nothing("left")
    found = read(meters)
    wanted = {
        ("questions_total", "list", "answered"): 2,
        ("questions_total", "other", "left"): 1,
        ("answer_seconds_count", "answered"): 2,
        ("answer_seconds_sum", "answered"): 3.2,
        ("answer_seconds_bucket", "0.25", "answered"): 1,
        ("stage_seconds_sum", "write"): 0.6,
        ("stage_seconds_bucket", "0.025", "verify"): 2,
        ("claims_total", "supported"): 4,
        ("claims_total", "partly"): 2,
        ("claims_total", "dropped"): 8,
        ("llm_requests_total", "written", "write"): 2,
        ("llm_requests_total", "failed", "write"): 2,
        ("llm_requests_total", "written", "rewrite"): 2,
        ("llm_tokens_total", "input"): 40,
        ("llm_tokens_total", "output"): 12,
    }
    assert {key: found[key] for key in wanted} == pytest.approx(wanted)


def test_questions_over_http_are_counted(client: TestClient) -> None:
    """Answered or refused, whole or as a stream, with their requests by route and status."""
    outcomes = [client.post("/api/ask", json={"question": one}).json()["refusal"] for one in (QUESTION, ABSENT)]
    client.post("/api/ask/stream", json={"question": QUESTION})
    client.post("/api/ask", json={"question": " "})
    response = client.get("/metrics")
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    found = figures(response.text)
    kinds = [refusal["kind"] if refusal else "answered" for refusal in outcomes]
    assert kinds[1] == "absent"
    for kind, count in {kinds[0]: 2, "absent": 1}.items():
        assert found["questions_total", "look-up", kind] == count + (kinds[0] == "absent")
    assert found["http_requests_total", "POST", "/api/ask", "200"] == 2
    assert found["http_requests_total", "POST", "/api/ask", "400"] == 1
    assert found["http_requests_total", "POST", "/api/ask/stream", "200"] == 1
    assert found["http_request_seconds_count", "POST", "/api/ask"] == 3
    assert found["stage_seconds_count", "retrieve"] == 3
    assert found["answers_in_progress",] == 0
    assert (found["documents",], found["passages",], found["home_readable",]) == (2, 2, 1)
    assert found["process_resident_memory_bytes",] > 1e6


def test_openmetrics_is_spoken_to_who_asks_for_it(client: TestClient) -> None:
    response = client.get("/metrics", headers={"Accept": "application/openmetrics-text; version=1.0.0"})
    assert response.headers["content-type"].startswith("application/openmetrics-text; version=1.0.0")
    assert response.text.endswith("# EOF\n")


def test_whatever_is_asked_for_makes_no_series(client: TestClient) -> None:
    """Paths, methods, words: there are as many series after a hundred strange requests as after one of each sort."""

    def strange(number: int) -> None:
        client.get(f"/api/Zorblax{number}")
        client.get(f"/Zorblax{number}")
        client.request(f"ZORBLAX{number}", "/api/ask")
        client.post("/api/ask", json={"question": f"Zorblax{number}?", "Zorblax": number})
        client.get(f"/metrics?Zorblax{number}", headers={"Zorblax": "1"})

    strange(0)
    client.get("/metrics")
    before = figures(client.get("/metrics").text).keys()
    for number in range(1, 20):
        strange(number)
    text = client.get("/metrics").text
    assert figures(text).keys() == before
    assert "zorblax" not in text.casefold()
    assert ("http_requests_total", "other", "/api/ask", "405") in before
    assert ("http_requests_total", "GET", "page", "404") in before


def test_an_answer_of_another_process_is_counted_here(coast: Home, certain: Callable[[Home], Sources]) -> None:
    """From the events that come back from it, with the time that its reader waited."""
    events = pickle.loads(pickle.dumps(list(answer_events(QUESTION, certain(coast)))))  # noqa: S301  (our own)
    meters = Meters(coast)
    passed = []
    for event in counting(events, meters):
        assert read(meters)["answers_in_progress",] == 1
        passed.append(event)
    assert passed == events
    found, answer = read(meters), events[-1].answer
    assert found["questions_total", "look-up", "answered"] == 1
    assert found["claims_total", "supported"] == len(answer.claims)
    for stage in ("rewrite", "retrieve", "evidence", "write", "verify"):
        assert found["stage_seconds_sum", stage] == pytest.approx(answer.timings_ms[stage] / 1000)
    assert found["answers_in_progress",] == 0


def test_a_question_that_gets_no_answer_is_counted_too(coast: Home) -> None:
    """Whose reader has left, and whose answering failed; whoever leaves with the answer has it."""
    meters = Meters(coast)
    left = counting(answer_events(QUESTION, coast.sources), meters)
    next(left)
    left.close()

    def failing() -> Iterator[Done]:
        raise OSError("the disk is full")
        yield

    with pytest.raises(OSError, match="full"):
        list(counting(failing(), meters))
    whole = counting(answer_events(ABSENT, coast.sources), meters)
    assert any(isinstance(event, Done) for event in whole)
    whole.close()
    found = read(meters)
    assert found["questions_total", "other", "left"] == 1
    assert found["questions_total", "other", "failed"] == 1
    assert found["questions_total", "look-up", "absent"] == 1
    assert found["answers_in_progress",] == 0


def test_what_the_page_keeps_open_is_counted_and_not_timed(home: Home) -> None:
    meters, answered = Meters(home), Answered("GET", "page", 200, 600.0, None)
    for one in (answered, replace(answered, route="/health", seconds=0.1)):
        meters.tell_request(one)
    found = read(meters)
    assert found["http_requests_total", "GET", "page", "200"] == 1
    assert [key for key in found if key[0] == "http_request_seconds_count"] == [
        ("http_request_seconds_count", "GET", "/health")
    ]


@pytest.mark.embedded
def test_a_home_that_cannot_be_read_leaves_the_other_figures(home: Home) -> None:
    meters = Meters(home)
    meters.tell_nothing("left")
    home.database.engine.dispose()
    (home.path / "communique.sqlite3").write_bytes(b"no database" * 1000)
    for leftover in home.path.glob("communique.sqlite3-*"):
        leftover.unlink()
    found = read(meters)
    assert found["home_readable",] == 0
    assert found["questions_total", "other", "left"] == 1
    assert ("documents",) not in found
