"""A process killed with -9 while adding loses nothing that was reported, and leaves a home that goes on."""

import json
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

COMMUNIQUE = str(Path(sys.executable).with_name("communique"))
NUM_DOCUMENTS = 200
NUM_KILLS = 20
NUM_KILLS_OF_FORMATS = 50


def _run(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([COMMUNIQUE, "--home", str(home), *arguments], capture_output=True, text=True, check=False)


def _write_documents(folder: Path) -> None:
    folder.mkdir()
    for number in range(NUM_DOCUMENTS):
        paragraphs = [
            f"{n}. Country {number} and country {number + n} agreed on programme {number * 31 + n} with {n} partners "
            f"and expect its results in {2000 + (number + n) % 40}. They will review it every {n + 1} years."
            for n in range(1, 9)
        ]
        (folder / f"statement-{number:03}.txt").write_text(f"Statement {number}\n\n" + "\n\n".join(paragraphs))


def _killed_while_adding(home: Path, folder: Path, after_seconds: float) -> bool:
    """Whether the process was still at work when it was killed."""
    process = subprocess.Popen(
        [COMMUNIQUE, "--home", str(home), "add", str(folder)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        process.wait(timeout=after_seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
        return True
    return False


@pytest.mark.soak
def test_kill_while_adding(tmp_path: Path) -> None:
    """Twenty kills at random moments: the home holds together after each, keeps all it had, and fills up in the end."""
    folder, home = tmp_path / "statements", tmp_path / "home"
    _write_documents(folder)
    start = time.monotonic()
    assert _run(tmp_path / "undisturbed", "add", str(folder)).returncode == 0
    whole_seconds = time.monotonic() - start
    chance = random.Random(20)  # noqa: S311  (moments, not secrets)
    num_killed = num_before = 0
    for _ in range(NUM_KILLS):
        if num_before == NUM_DOCUMENTS:
            _run(
                home,
                "remove",
                *[row["id"] for row in json.loads(_run(home, "documents", "--json").stdout)["documents"]],
            )
            num_before = 0
        num_killed += _killed_while_adding(home, folder, chance.uniform(0.05, whole_seconds))
        doctor = _run(home, "doctor", "--json")
        state = json.loads(doctor.stdout)
        assert (doctor.returncode, state["problems"]) == (0, [])
        assert state["num_documents"] >= num_before
        num_before = state["num_documents"]
    assert num_killed >= NUM_KILLS // 2
    assert _run(home, "add", str(folder)).returncode == 0
    disturbed, undisturbed = (
        json.loads(_run(each, "documents", "--json").stdout)["documents"] for each in (home, tmp_path / "undisturbed")
    )
    assert disturbed == undisturbed
    assert len(disturbed) == NUM_DOCUMENTS


@pytest.mark.soak
def test_kill_while_adding_every_format(data: Path, tmp_path: Path) -> None:
    """Fifty kills while hundreds of files of all formats, good and broken, are added: none costs what was reported, the
    last run finishes, and what is there in the end is what an undisturbed run gives.

    The moments are spread over what follows the start of the process, which on a busy machine would take most of them.
    A run after one that stored nothing lives longer, or every kill would strike the first document that takes long;
    once all is there, the next begins with an empty home.
    """
    folder, home = tmp_path / "files", tmp_path / "home"
    shutil.copytree(data / "parser_fixtures", folder, ignore=shutil.ignore_patterns("index.jsonl"))
    start = time.monotonic()
    undisturbed = json.loads(_run(tmp_path / "undisturbed", "add", "--json", str(folder)).stdout)["files"]
    whole_seconds = time.monotonic() - start
    (tmp_path / "short.txt").write_text("The council meets on Monday.")
    start = time.monotonic()
    _run(tmp_path / "short", "add", str(tmp_path / "short.txt"))
    start_seconds = time.monotonic() - start
    chance = random.Random(50)  # noqa: S311  (moments, not secrets)
    num_killed = num_before = num_struck = 0
    patience = usual = whole_seconds / NUM_KILLS_OF_FORMATS * 2
    for number in range(NUM_KILLS_OF_FORMATS):
        was_at_work = _killed_while_adding(home, folder, start_seconds + chance.uniform(-1, patience))
        doctor = _run(home, "doctor", "--json")
        state = json.loads(doctor.stdout)
        assert (doctor.returncode, state["problems"]) == (0, [])
        assert state["num_documents"] >= num_before
        print(f"kill {number}: {'at work' if was_at_work else 'over'}, {state['num_documents']} documents", flush=True)
        num_killed += was_at_work
        num_struck += was_at_work and state["num_documents"] > num_before
        patience = usual if state["num_documents"] > num_before else patience * 1.5
        num_before = state["num_documents"]
        if not was_at_work:
            shutil.rmtree(home)
            num_before, patience = 0, usual
    assert num_killed >= NUM_KILLS_OF_FORMATS * 3 // 4
    assert num_struck >= NUM_KILLS_OF_FORMATS // 4
    last = json.loads(_run(home, "add", "--json", str(folder)).stdout)["files"]
    ignored = {"status", "reason"}  # added now, unchanged then
    assert [{k: v for k, v in row.items() if k not in ignored} for row in last] == [
        {k: v for k, v in row.items() if k not in ignored} for row in undisturbed
    ]
    assert [row["reason"] for row in last if row["status"] == "refused"] == [
        row["reason"] for row in undisturbed if row["status"] == "refused"
    ]
    assert _documents(home) == _documents(tmp_path / "undisturbed")


def _documents(home: Path) -> list[dict[str, object]]:
    return json.loads(_run(home, "documents", "--json").stdout)["documents"]
