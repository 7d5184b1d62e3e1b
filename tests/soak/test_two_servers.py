"""Two servers over one home, which PostgreSQL and a Chroma server keep, and clients who change between them.

COMMUNIQUE_LOAD_SECONDS says how long the load lasts; two minutes by default.
"""

import os
import random
import re
import statistics
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest

from assistant.home_secret import BROWSER, OWNER, home_secret
from tests.assistant.cli.conftest import forked
from tests.assistant.serving.child import eventually
from tests.assistant.serving.killing import question, statement
from tests.servers import ChromaServer, PostgresServer
from tests.soak.clients import NUM_CLIENTS, NUM_KNOWN, Load, asked, check_answer, together

SECONDS = float(os.environ.get("COMMUNIQUE_LOAD_SECONDS", "120"))
MOST_TURNS = 10


@pytest.fixture
def servers(postgres: PostgresServer, chroma: ChromaServer, schema: str, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The addresses of two, each with a folder of its own and the same secrets; the one has added the documents."""
    files = tmp_path / "files"
    files.mkdir()
    for number in range(NUM_KNOWN):
        (files / f"known-{number}.txt").write_text(statement(number))
    stores = {"DATABASE_URL": postgres.url(schema), "CHROMA_URL": chroma.url}
    adding, (_, _, errors) = forked("add", files, home=tmp_path / "first", environment=stores)
    adding.join()
    assert adding.exitcode == 0, errors.read_text()
    (tmp_path / "second").mkdir()
    for name in (BROWSER, OWNER):
        (tmp_path / "second" / name).write_text(home_secret(tmp_path / "first", name))
    started = [forked("chat", "--port", 0, home=tmp_path / name, environment=stores) for name in ("first", "second")]
    addresses = []
    for process, (_, output, errors) in started:
        assert eventually(
            lambda output=output, process=process: "http://" in output.read_text() or not process.is_alive(),
            seconds=180,
        ), errors.read_text()
        addresses += re.findall(r"http://([\d.:]+)", output.read_text())
    first, second = addresses
    yield first, second
    for process, _ in started:
        process.kill()
        process.join()


@pytest.mark.soak
def test_conversations_go_on_at_either_server(servers: tuple[str, str]) -> None:
    """Fifty clients ask the one and the other in turn: every answer is right and exact, and each server knows every
    turn that the other has kept.
    """
    load, until = Load(), time.monotonic() + SECONDS
    together([lambda seed=seed: _talk(servers, load, until, seed) for seed in range(NUM_CLIENTS)], load)
    p50, p99 = (statistics.quantiles(load.seconds, n=100)[i] for i in (49, 98))
    print(
        f"{SECONDS:.0f} s, {NUM_CLIENTS} clients of two servers: {len(load.seconds)} answers, "
        f"{len(load.seconds) / SECONDS:.1f} a second, median {p50:.2f} s, 99th {p99:.2f} s"
    )


def _talk(servers: tuple[str, str], load: Load, until: float, seed: int) -> None:
    """Conversations of ten turns, each turn at the other server than the one before, and read there."""
    chance = random.Random(seed)  # noqa: S311  (questions, not secrets)
    with (
        closing(HTTPConnection(servers[0], timeout=120)) as one,
        closing(HTTPConnection(servers[1], timeout=120)) as two,
    ):
        connections = [one, two]
        while time.monotonic() < until:
            conversation, questions = "new", list[str]()
            while len(questions) < MOST_TURNS and time.monotonic() < until:
                connections.reverse()
                connections[0].close()  # a server closes those that wait; they are opened anew when they are used
                number = chance.randrange(NUM_KNOWN)
                body = {"question": question(number), "conversation": conversation}
                began = time.monotonic()
                status, found = asked(connections[0], "POST", "/api/ask", body)
                load.seconds.append(time.monotonic() - began)
                check_answer(number, status, found)
                conversation = found["conversation_id"]
                questions.append(body["question"])
                assert found["turn"] == len(questions)
            connections[1].close()
            status, kept = asked(connections[1], "GET", f"/api/conversations/{conversation}")
            assert status == 200, kept
            assert [turn["question"] for turn in kept["turns"]] == questions
