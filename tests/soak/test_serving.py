"""Kills and load at length: a server over a home whose documents come and go, and many clients.

COMMUNIQUE_LOAD_SECONDS says how long the load lasts; ten minutes by default.
"""

import json
import os
import random
import re
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest

from assistant.answering import answer
from assistant.home import open_home
from assistant.settings import Settings
from tests.assistant.cli.conftest import called, forked
from tests.assistant.serving.child import eventually
from tests.assistant.serving.killing import check_soundness, question, statement, survive
from tests.soak.clients import NUM_CLIENTS, NUM_KNOWN, NUM_PASSING, Load, asked, check_answer, together

SECONDS = float(os.environ.get("COMMUNIQUE_LOAD_SECONDS", "600"))
WARMING_SECONDS = min(60.0, SECONDS / 3)
FLAT_FROM_SECONDS = 180.0
"""In a shorter run the processes that answer are not all there from the first quarter on."""
BARE_SECONDS = 10.0
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


@pytest.mark.soak
def test_a_hundred_kills_under_load(tmp_path: Path) -> None:
    """Nothing is lost that was acknowledged, and after each kill the home is sound once it is opened."""
    kept = survive(tmp_path / "home", num_kills=100, seed=100, after_each=check_soundness)
    print(f"a hundred kills: {len(kept.documents)} documents and {kept.num_answers} turns were acknowledged and kept")
    assert kept.num >= 100


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The documents that stay, with the real model."""
    folder = tmp_path_factory.mktemp("load")
    files = folder / "files"
    files.mkdir()
    for number in range(NUM_KNOWN):
        (files / f"known-{number}.txt").write_text(statement(number))
    assert called("add", files, home=folder / "home").returncode == 0
    return folder / "home"


@pytest.fixture
def server(home: Path) -> Iterator[tuple[int, str]]:
    """The process and the address of the program that serves it, page and all."""
    process, (_, output, errors) = forked("chat", "--port", 0, home=home)
    assert eventually(lambda: "http://" in output.read_text() or not process.is_alive(), seconds=180), (
        errors.read_text()
    )
    assert process.pid
    (address,) = re.findall(r"http://([\d.:]+)", output.read_text())
    yield process.pid, address
    process.kill()
    process.join()


@pytest.mark.soak
def test_fifty_clients_while_documents_come_and_go(home: Path, server: tuple[int, str]) -> None:
    """Every answer is there, right and exact; the slowest of a hundred takes at most ten times the median; memory stays
    as it is after the first minute. What one core could do at best is told beside.
    """
    pid, address = server
    bare = _bare_answers_a_second(home)
    load, until = Load(), time.monotonic() + SECONDS
    work: list[Callable[[], None]] = [
        *(lambda seed=seed: _ask(address, load, until, seed) for seed in range(NUM_CLIENTS)),
        lambda: _change(address, load, until),
        lambda: _watch(pid, load, until),
    ]
    together(work, load)
    p50, p99 = (statistics.quantiles(load.seconds, n=100)[i] for i in (49, 98))
    early, late = _memory(load)
    num = len(load.seconds)
    print(
        f"{SECONDS:.0f} s, {NUM_CLIENTS} clients: {num} answers, {num / SECONDS:.1f} a second (a bare loop in one "
        f"process: {bare:.1f}), median {p50:.2f} s, 99th {p99:.2f} s, {load.num_changes} documents added or removed; "
        f"memory {early / 2**20:.0f} MiB after warming, {late / 2**20:.0f} MiB at the end"
    )
    assert p99 <= 10 * p50
    assert SECONDS < FLAT_FROM_SECONDS or late <= 1.1 * early
    assert load.num_changes >= 4
    check_soundness(home)


def _ask(address: str, load: Load, until: float, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  (questions, not secrets)
    with closing(HTTPConnection(address, timeout=120)) as connection:
        while time.monotonic() < until:
            number = chance.randrange(NUM_KNOWN)
            began = time.monotonic()
            status, found = asked(connection, "POST", "/api/ask", {"question": question(number)})
            load.seconds.append(time.monotonic() - began)
            check_answer(number, status, found)


def _change(address: str, load: Load, until: float) -> None:
    """Adds a document, asks for it, removes it, and so on."""
    number = NUM_KNOWN
    with closing(HTTPConnection(address, timeout=120)) as connection:
        while time.monotonic() < until:
            id_ = _add(connection, number)
            status, found = asked(connection, "POST", "/api/ask", {"question": question(number)})
            assert (status, f"{number} million" in found["answer"]) == (200, True), found
            status, found = asked(connection, "DELETE", f"/api/documents/{id_}")
            assert (status, found) == (200, {"removed": [id_]})
            load.num_changes += 2
            number = NUM_KNOWN + (number + 1 - NUM_KNOWN) % NUM_PASSING


def _add(connection: HTTPConnection, number: int) -> str:
    head = f'Content-Disposition: form-data; name="files"; filename="passing-{number}.txt"'
    body = f"--x\r\n{head}\r\n\r\n{statement(number)}\r\n--x--\r\n".encode()
    connection.request("POST", "/api/documents", body, {"Content-Type": "multipart/form-data; boundary=x"})
    got = connection.getresponse()
    content = json.loads(got.read())
    assert got.status == 200, content
    (row,) = content["files"]
    assert row["status"] == "added", row
    id_: str = row["document_ids"][0]
    return id_


def _watch(pid: int, load: Load, until: float) -> None:
    began = time.monotonic()
    while time.monotonic() < until:
        load.resident_bytes.append((time.monotonic() - began, _resident_bytes(pid)))
        time.sleep(1)


def _resident_bytes(pid: int) -> int:
    """Of a process and all that it started."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has ended
            continue
        parents[int(stat.parent.name)] = (int(fields[1]), int(fields[21]) * _PAGE_BYTES)
    family = {pid}
    while more := {one for one, (parent, _) in parents.items() if parent in family} - family:
        family |= more
    return sum(parents[one][1] for one in family if one in parents)


def _memory(load: Load) -> tuple[float, float]:
    """The mean in the first quarter after warming, and in the last quarter."""
    warm = [taken for at, taken in load.resident_bytes if at >= WARMING_SECONDS]
    quarter = max(len(warm) // 4, 1)
    return statistics.mean(warm[:quarter]), statistics.mean(warm[-quarter:])


def _bare_answers_a_second(path: Path) -> float:
    home = open_home(Settings(path))
    answer("Is everything loaded?", home.sources)
    began, num = time.monotonic(), 0
    while time.monotonic() - began < BARE_SECONDS:
        answer(question(num % NUM_KNOWN), home.sources)
        num += 1
    home.close()
    return num / (time.monotonic() - began)
