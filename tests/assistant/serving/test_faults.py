"""Faults of disks, files, processes and memory, each injected into a served home: a line that says what, where and the
remedy; service again without a person once the fault is gone; nothing lost that was acknowledged.
"""

import hashlib
import os
import shutil
import signal
import sqlite3
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

from assistant.home import Home
from assistant.serving.app import build
from assistant.settings import Settings
from assistant.writing.loading import load_llm
from corpus.errors import HomeError
from index.dense import INCOMPLETE, UNREADABLE
from index.health import examine
from index.vectors_folder import has_graph
from tests.assistant.cli.conftest import called
from tests.assistant.serving.child import Child, repaired, served
from tests.assistant.serving.killing import check_soundness, survive
from tests.fakes import HashEncoder
from tests.fakes_llm import Script, echo_keys
from tests.fakes_llm import serving as llm_serving

pytestmark = [pytest.mark.slow, pytest.mark.embedded]

ANEW = UNREADABLE.format(remedy="`communique doctor --repair` makes them anew")
PAGE_BYTES = 4096
MIB = 1024 * 1024
BYTES_A_NODE = 4 + 64 * 4 + 64 * 4 + 8
"""In Chroma's graph: a count, 64 links, 64 dimensions, a label."""


def statement(number: int) -> str:
    """A document that answers one question, among sentences that are like those of all others."""
    filler = "\n\n".join(f"{i}. Country {number} met country {number + i} for the {i}th time." for i in range(2, 40))
    return f"Statement {number}\n\nThe Programme Quor{number} has a budget of {number} million crowns.\n\n{filler}"


TEXTS = {hashlib.sha256(statement(n).encode()).hexdigest(): statement(n) for n in range(130)}


def question(number: int) -> str:
    return f"What is the budget of the Programme Quor{number}?"


KEPT = {"question": question(1), "conversation": "new"}


def sent(client: Any, number: int, text: str | None = None) -> Any:
    content = (statement(number) if text is None else text).encode()
    return client.post("/api/documents", files=[("files", (f"statement-{number}.txt", content))])


def added(client: Any, number: int) -> str:
    """The id of the document, once that is acknowledged."""
    got = sent(client, number)
    assert got.status_code == 200, got.text
    (row,) = got.json()["files"]
    assert row["status"] in ("added", "unchanged"), row
    return row["document_ids"][0]


def asked(client: Any, number: int, **options: Any) -> dict[str, Any]:
    """The answer, which is the right one, and exact."""
    got = client.post("/api/ask", json={"question": question(number), **options})
    assert got.status_code == 200, got.text
    found = got.json()
    assert f"udget of {number} million" in found["answer"], found
    check_exact(found)
    return found


def check_exact(found: dict[str, Any]) -> None:
    """Every quote is what stands there in the version that the citation names, which is one of the statements."""
    for citation in found["citations"]:
        text = TEXTS[citation["sha256"]]
        assert text[citation["start"] : citation["end"]] == citation["quote"]


def hits(client: Any, number: int) -> dict[str, float]:
    """The passages that are found, with their scores."""
    found = client.post("/api/search", json={"query": question(number), "k": 5}).json()
    return {hit["passage_id"]: hit["score"] for hit in found["hits"] if hit["dropped"] is None}


def line(got: Any) -> str:
    """The line of an answer that says the home cannot be used just now."""
    assert (got.status_code, list(got.json())) == (503, ["error"]), got.text
    return got.json()["error"]


def titles(client: Any) -> list[str]:
    return sorted(row["title"] for row in client.get("/api/documents").json()["documents"])


@contextmanager
def application(path: Path) -> Iterator[tuple[TestClient, Home]]:
    """The API over a home with a hash encoder, in this process."""
    home = Home(path, load_encoder=HashEncoder)
    assert home.sources
    with TestClient(build(home, with_page=False), raise_server_exceptions=False) as client:
        yield client, home
    home.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 6 MiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(folder)]
    if not hasattr(os, "geteuid") or os.geteuid() or not shutil.which("mount"):
        pytest.skip("only root may mount a disk")
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no disk can be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], capture_output=True, check=True)


def fill(disk: Path, *, free_pages: int) -> Path:
    """A file that leaves only so much of the disk."""
    filler = disk / "filler"
    filler.write_bytes(b"x" * PAGE_BYTES * max(os.statvfs(disk).f_bavail - free_pages, 0))
    return filler


@pytest.mark.parametrize(
    "free_pages", [0, 40, pytest.param(12, marks=pytest.mark.soak), pytest.param(90, marks=pytest.mark.soak)]
)
def test_a_full_disk(small_disk: Path, free_pages: int) -> None:
    """Wherever it strikes, in the database or in Chroma: what is asked is answered, what cannot be kept is refused, and
    what was acknowledged is there; with room again, all goes on.
    """
    with application(small_disk / "home") as (client, home):
        for number in (1, 2):
            added(client, number)
        asked(client, 1, conversation="new")
        filler = fill(small_disk, free_pages=free_pages)
        while (got := sent(client, 3, statement(3) + "\n\nMore. " * os.urandom(1)[0])).status_code == 200:
            filler = fill(small_disk, free_pages=0)
        assert "free some space" in line(got)
        assert str(small_disk / "home") in line(got)
        asked(client, 1)
        kept = client.post("/api/ask", json={"question": question(2), "conversation": "last"})
        assert kept.status_code == 200 or "free some space" in line(kept)
        assert client.get("/ready").json() == {"ready": True, "reasons": []}
        filler.unlink()
        added(client, 4)
        turns = 1 + (kept.status_code == 200)
        assert asked(client, 4, conversation="last")["turn"] == turns + 1
        assert {"Statement 1", "Statement 2", "Statement 4"} <= set(titles(client))
        assert examine(home.database, home.store, home.encoder).problems == ()


def test_a_full_disk_at_the_start(small_disk: Path) -> None:
    """A home cannot be opened there, which is one line; nothing of it is harmed."""
    with application(small_disk / "home") as (client, _):
        added(client, 1)
    filler = fill(small_disk, free_pages=0)
    with pytest.raises(HomeError, match=r"free some space|its disk is full or fails|its disk can be written to"):
        Home(small_disk / "home").catalogue.summaries()
    filler.unlink()
    with application(small_disk / "home") as (client, home):
        asked(client, 1)
        assert examine(home.database, home.store, home.encoder).problems == ()


def remounted(disk: Path, how: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{how}", str(disk)], check=True)


def test_a_disk_that_cannot_be_written_to(small_disk: Path) -> None:
    """A server answers from it where its log was left, and says what it cannot keep; the next one keeps it then."""
    path = small_disk / "home"
    with served(path, hashes=True) as child:
        added(child.client, 1)
    remounted(small_disk, "ro")
    with served(path, hashes=True) as child:
        asked(child.client, 1)
        for got in (sent(child.client, 2), child.client.post("/api/ask", json=KEPT)):
            assert "written to" in line(got)
    remounted(small_disk, "rw")
    with served(path, hashes=True) as child:
        assert asked(child.client, 1, conversation="new")["notes"] == []
        added(child.client, 2)


def test_a_disk_that_can_be_written_to_again(small_disk: Path) -> None:
    """A server that opened its files while nothing could be written keeps and adds at once, and without a person, when
    something can: the first try already is taken.
    """
    path = small_disk / "home"
    with served(path, hashes=True) as child:
        added(child.client, 1)
    remounted(small_disk, "ro")
    with served(path, hashes=True) as child:
        for got in (sent(child.client, 2), child.client.post("/api/ask", json=KEPT)):
            assert "written to" in line(got)
        asked(child.client, 1)
        remounted(small_disk, "rw")
        assert asked(child.client, 1, conversation="new")["notes"] == []
        added(child.client, 2)
        assert asked(child.client, 2, conversation="last")["turn"] == 2
        assert child.client.get("/ready").json() == {"ready": True, "reasons": []}
    check_soundness(path, hashes=True)


def test_a_disk_that_cannot_be_written_to_at_the_start(small_disk: Path) -> None:
    """Where no log was left the home cannot be opened, which is one line; nothing of it is harmed."""
    repaired(small_disk / "home", hashes=True)
    remounted(small_disk, "ro")
    with pytest.raises(HomeError, match=r"^the database of the home '.*' cannot be opened \(.*\): see that its folder"):
        Home(small_disk / "home")
    remounted(small_disk, "rw")
    Home(small_disk / "home").close()


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with twelve statements, hash encoder, which tests copy."""
    path = tmp_path_factory.mktemp("faults") / "home"
    with application(path) as (client, _):
        files = [("files", (f"statement-{n}.txt", statement(n).encode())) for n in range(1, 13)]
        assert {row["status"] for row in client.post("/api/documents", files=files).json()["files"]} == {"added"}
    connection = sqlite3.connect(path / "communique.sqlite3")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return path


@pytest.fixture
def copied(filled: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return shutil.copytree(filled, tmp_path / "home")


def test_damaged_pages(copied: Path) -> None:
    """Wherever in the file: an answer is right and exact or there is none, and nothing fails without a line. With the
    bytes as they were the same server goes on.
    """
    file = copied / "communique.sqlite3"
    sound = file.read_bytes()
    num_pages = len(sound) // PAGE_BYTES
    noise = np.random.default_rng(8)
    num_refused = 0
    with application(copied) as (client, home):
        for first in range(0, num_pages, 11):
            damage = noise.bytes(300) + b"x" * 200
            damaged = bytearray(sound)
            damaged[first * PAGE_BYTES + 700 : first * PAGE_BYTES + 1200] = damage
            file.write_bytes(damaged)
            home.database.close()  # what was read before is not looked at again
            for number in (1, 6, 12):
                got = client.post("/api/ask", json={"question": question(number)})
                num_refused += got.status_code != 200
                if got.status_code == 200:
                    check_exact(got.json())
                else:
                    assert "is damaged" in line(got) or "cannot be opened" in line(got)
            listed = client.get("/api/documents")
            assert listed.status_code in (200, 503)
            file.write_bytes(sound)
            home.database.close()
            asked(client, 6)
    assert num_refused


def test_a_database_that_is_none_any_more(copied: Path) -> None:
    with application(copied) as (client, home):
        sound = (copied / "communique.sqlite3").read_bytes()
        (copied / "communique.sqlite3").write_bytes(b"no database" * 1000)
        home.database.close()
        for got in (sent(client, 1), client.get("/api/documents"), client.get("/ready")):
            assert got.status_code == 503
        assert "restore it from a copy" in line(client.get("/api/documents"))
        doctor = called("doctor", home=copied)
        assert (doctor.returncode, doctor.stdout, doctor.stderr.count("\n")) == (2, "", 1)
        assert "restore it from a copy" in doctor.stderr
        (copied / "communique.sqlite3").write_bytes(sound)
        asked(client, 3)  # without being told


def _delete(folder: Path) -> None:
    shutil.rmtree(folder)


def _garble(folder: Path) -> None:
    file = folder / "chroma.sqlite3"
    file.write_bytes(np.random.default_rng(9).bytes(file.stat().st_size))


def _cut(folder: Path) -> None:
    os.truncate(folder / "chroma.sqlite3", 50 * PAGE_BYTES // 3)


def _replaced(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("no folder")


@pytest.mark.parametrize(
    "damage",
    [_delete, _garble, pytest.param(_cut, marks=pytest.mark.soak), pytest.param(_replaced, marks=pytest.mark.soak)],
)
def test_vectors_lost_under_a_server(copied: Path, damage: Callable[[Path], None]) -> None:
    """Full text answers, and says so; documents can be removed, and not added; what `doctor --repair` makes in another
    process the server takes up by itself, and finds what it found before.
    """
    with served(copied, hashes=True) as child:
        before = hits(child.client, 5)
        assert child.client.get("/ready").json() == {"ready": True, "reasons": []}
        damage(copied / "vectors")
        for number in (5, 7):
            assert asked(child.client, number)["notes"] == [ANEW]
        assert child.client.get("/ready").json() == {"ready": True, "reasons": [ANEW]}
        refused = line(sent(child.client, 20))
        assert refused.startswith(f"the vectors in {str(copied / 'vectors')!r} cannot be used (")
        assert refused.endswith("`communique doctor --repair` makes them anew")
        (gone,) = (row for row in child.client.get("/api/documents").json()["documents"] if row["title"][-3:] == " 12")
        assert child.client.delete(f"/api/documents/{gone['id']}").status_code == 200
        repaired(copied, hashes=True)
        assert asked(child.client, 5)["notes"] == []
        assert child.client.get("/ready").json() == {"ready": True, "reasons": []}
        assert next(iter(hits(child.client, 5))) == next(iter(before))
        added(child.client, 20)
        asked(child.client, 20)
        assert "Statement 12" not in titles(child.client)


@pytest.mark.parametrize("damage", [_delete, pytest.param(_garble, marks=pytest.mark.soak)])
def test_vectors_lost_before_the_start(copied: Path, damage: Callable[[Path], None]) -> None:
    """The server starts all the same, and says what it lacks until that is mended; then all scores are as before."""
    with served(copied, hashes=True) as child:
        before = hits(child.client, 5)
    damage(copied / "vectors")
    with served(copied, hashes=True) as child:
        (note,) = asked(child.client, 5)["notes"]
        assert note == (INCOMPLETE if damage is _delete else ANEW)
        assert child.client.get("/ready").json() == {"ready": True, "reasons": [note]}
        repaired(copied, hashes=True)
        assert asked(child.client, 5)["notes"] == []
        assert hits(child.client, 5) == pytest.approx(before, abs=1e-5)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with so many vectors that Chroma keeps its graph of them in files."""
    path = tmp_path_factory.mktemp("large") / "home"
    with application(path) as (client, home):
        added(client, 1)
        vectors = np.random.default_rng(3).standard_normal((1_100, 64)).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        home.store.add([f"a#1.{i}" for i in range(1_100)], vectors, ["a"] * 1_100)
        home.store.query(vectors[0], 10)
        for file in (path / "vectors").glob("*/data_level0.bin"):
            assert file.stat().st_size > 100_000
        assert has_graph(path / "vectors")
    return path


@pytest.mark.parametrize("tries_vectors", [True, False])
def test_vectors_that_end_who_reads_them(large: Path, tmp_path: Path, tries_vectors: bool) -> None:
    """A server that tries them out first never dies of them; one that does not dies once, and not again."""
    home = shutil.copytree(large, tmp_path / "home")
    (graph,) = (home / "vectors").glob("*/data_level0.bin")
    content = np.frombuffer(graph.read_bytes(), dtype=np.uint8).reshape(-1, BYTES_A_NODE).copy()
    content[:, 4:260] = 0x7F  # the links from node to node, which lead into the void
    graph.write_bytes(content.tobytes())
    if not tries_vectors:
        with pytest.raises(AssertionError, match=f"ended with -{signal.SIGSEGV}"), served(home, hashes=True):
            pass
    with served(home, hashes=True, tries_vectors=tries_vectors) as child:
        assert asked(child.client, 1)["notes"] == [ANEW]
        assert child.client.get("/ready").json()["reasons"] == [ANEW]
        repaired(home, hashes=True)
        assert asked(child.client, 1)["notes"] == []


def test_a_clock_that_jumps(copied: Path) -> None:
    """Turns and versions follow one another by their numbers, whatever the clock says of them: nothing is put before
    what was there, neither from a past that lies ahead nor in a future that went by.
    """
    with application(copied) as (client, home):
        one = asked(client, 1, conversation="new")["conversation_id"]
        for year, turn in (("2100", 2), ("1971", 3), ("2050", 4)):
            with home.database.writing() as connection:  # as a clock that was wrong then would have left them
                connection.exec_driver_sql("UPDATE turns SET asked_at = ? || substr(asked_at, 5)", (year,))
                connection.exec_driver_sql("UPDATE versions SET added_at = ? || substr(added_at, 5)", (year,))
                connection.exec_driver_sql("UPDATE inputs SET read_at = ? || substr(read_at, 5)", (year,))
            assert asked(client, turn, conversation=one)["turn"] == turn
            text = statement(1).replace("1 million", f"{turn} million")
            TEXTS[hashlib.sha256(text.encode()).hexdigest()] = text
            assert sent(client, 1, text).json()["files"][0]["status"] == "updated"
            answer = client.post("/api/ask", json={"question": question(1)}).json()["answer"]
            assert f"budget of {turn} million" in answer
            assert sent(client, 1, text).json()["files"][0]["status"] == "unchanged"
        kept = client.get(f"/api/conversations/{one}").json()["turns"]
        assert [turn["question"] for turn in kept] == [question(number) for number in (1, 2, 3, 4)]


def test_two_servers_on_one_home(copied: Path) -> None:
    """Both add at once and answer from what either added; when one is killed in the middle, the other goes on."""
    with served(copied, hashes=True) as one, served(copied, hashes=True) as other:
        failures: list[str] = []

        def add(child: Child, numbers: range) -> None:
            failures.extend(got.text for number in numbers if (got := sent(child.client, number)).status_code != 200)

        threads = [
            threading.Thread(target=add, args=(one, range(20, 26))),
            threading.Thread(target=add, args=(other, range(30, 36))),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        for number in (20, 25, 30, 35):
            for child in (one, other):
                assert asked(child.client, number)["notes"] == []
        (gone,) = (row for row in other.client.get("/api/documents").json()["documents"] if row["title"][-3:] == " 20")
        assert other.client.delete(f"/api/documents/{gone['id']}").status_code == 200
        assert gone["id"] not in {id_.partition("#")[0] for id_ in hits(one.client, 20)}
        writing = threading.Thread(target=_until_gone, args=(one,))
        writing.start()
        one.process.kill()
        writing.join()
        added(other.client, 40)
        asked(other.client, 40)
    check_soundness(copied, hashes=True)


def _until_gone(child: Child) -> None:
    import httpx

    try:
        for number in range(100, 200):
            sent(child.client, number)
    except httpx.HTTPError:
        return


def test_an_llm_that_goes_away_and_comes_back(copied: Path) -> None:
    """Quotes take its place, with a note, and it writes again as soon as it is there."""
    script = Script(pieces=echo_keys("The Programme Quor4 has a budget of 4 million crowns [{0}]."))
    with application(copied) as (client, home), llm_serving(script) as llm:
        home.llm = f"server:scripted@{llm.url}"
        home.settings, home.writer = Settings(copied, llm=home.llm), load_llm(home.llm)
        home.forget_store()
        assert asked(client, 4)["writer"] == "llm:scripted"
        for outage in (Script(status=503, raw=b"no"), Script(pieces=script.pieces, cut_after=1, resets=True)):
            llm.script = outage
            found = asked(client, 4)
            assert (found["writer"], len(found["notes"])) == ("quote", 1)
            assert found["notes"][0].endswith(": answered by quoting")
            llm.script = script
            found = asked(client, 4)
            assert (found["writer"], found["notes"]) == ("llm:scripted", [])
        llm.close()
        found = asked(client, 4)
        assert (found["writer"], found["notes"][0].endswith(": answered by quoting")) == ("quote", True)


def test_a_server_with_little_memory(copied: Path) -> None:
    """What needs more than there is is refused with a line; what is asked after it is answered."""
    with served(copied, hashes=True, memory_bytes=64 * MIB) as child:
        got = sent(child.client, 50, "Countries met. " * (24 * MIB // 15))
        assert child.has_lived()
        if got.status_code == 200:
            (row,) = got.json()["files"]
            assert (row["status"], row["document_ids"]) == ("refused", [])
            assert "memory" in row["reason"]
        else:
            assert "not enough memory" in line(got)
        asked(child.client, 1)
        added(child.client, 51)
        assert "Statement 51" in titles(child.client)
    check_soundness(copied, hashes=True)


def test_kills_under_load(tmp_path: Path) -> None:
    """Ten kills while documents are added and questions asked: nothing is lost that was acknowledged."""
    kept = survive(tmp_path / "home", num_kills=10, seed=10, hashes=True)
    assert kept.num >= 10
    assert kept.documents
    assert kept.num_answers
