"""A folder added on a Ray cluster of two nodes whose workers are killed: the home that one process makes."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

COMMUNIQUE = str(Path(sys.executable).with_name("communique"))
NUM_DOCUMENTS = 10_000
NUM_KILLS = 10
FIXTURES = "parser_fixtures"


@pytest.fixture
def address() -> Iterator[str]:
    cluster_utils = pytest.importorskip("ray.cluster_utils", reason="the extra `ray` is not installed")
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    nodes = cluster_utils.Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    nodes.add_node(num_cpus=1)
    yield nodes.address
    nodes.shutdown()


def add(home: Path, *arguments: str) -> float:
    """How many seconds it took."""
    start = time.monotonic()
    ran = subprocess.run([COMMUNIQUE, "--home", str(home), "add", *arguments], capture_output=True, check=False)
    assert ran.returncode in (0, 1), ran.stderr  # 1: some files are refused
    return time.monotonic() - start


def state(home: Path) -> list[object]:
    """Documents, versions and passages, whatever number a version has."""
    with sqlite3.connect(home / "communique.sqlite3") as database:
        return database.execute(
            'SELECT document_id, sha256, versions.status, start, "end", passages.text, context FROM versions'
            " LEFT JOIN passages ON passages.version = versions.number ORDER BY 1, 2, 3, 4, 5"
        ).fetchall()


def kill_workers(is_over: threading.Event, killed: list[str]) -> None:
    """Kills one worker of the cluster now and then, ten in all."""
    chance = random.Random(9)  # noqa: S311  (moments, not secrets)
    while len(killed) < NUM_KILLS and not is_over.wait(chance.uniform(2, 15)):
        found = [path for path in Path("/proc").glob("[0-9]*") if (path / "cmdline").is_file()]
        workers = [path for path in found if (path / "cmdline").read_bytes().startswith((b"ray::_read", b"ray::_Emb"))]
        if workers:
            worker = chance.choice(workers)
            killed.append((worker / "cmdline").read_bytes().decode(errors="replace"))
            os.kill(int(worker.name), signal.SIGKILL)


@pytest.mark.soak
def test_workers_killed_while_adding_cost_retries(address: str, tmp_path: Path) -> None:
    """Ten of them, at random moments: nothing is lost, and nothing is there twice."""
    data = os.environ.get("COMMUNIQUE_DATA")
    if not data:
        pytest.skip("COMMUNIQUE_DATA names no folder with the fixtures")
    folder = tmp_path / "synthetic"
    folder.mkdir()
    for number in range(NUM_DOCUMENTS):
        words = f"Country {number} and country {number * 7 % 9973} agreed on programme {number * 31}."
        (folder / f"{number:05}.txt").write_text(
            f"Statement {number}\n\n{words} They review it in {number % 40} years."
        )
    paths = [str(Path(data) / FIXTURES), str(folder)]
    alone = add(tmp_path / "alone", *paths)
    is_over, killed = threading.Event(), list[str]()
    killer = threading.Thread(target=kill_workers, args=(is_over, killed))
    killer.start()
    try:
        together = add(tmp_path / "together", "--ray", address, *paths)
    finally:
        is_over.set()
        killer.join()
    print(
        f"alone {alone:.0f} s, on two nodes with {len(killed)} kills {together:.0f} s: {alone / together:.2f} as fast"
    )
    assert len(killed) == NUM_KILLS
    assert state(tmp_path / "together") == state(tmp_path / "alone")
    checked = subprocess.run(
        [COMMUNIQUE, "--home", str(tmp_path / "together"), "doctor"], capture_output=True, check=False
    )
    assert checked.returncode == 0, checked.stdout
