import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from assistant.settings import Settings
from evals.runs.evaluation import kept_runs
from tests.assistant.cli.conftest import started

NUM = 16

OWN = (
    {
        "id": "compact.md",
        "text": "# Compact\n\nThe Harbour Compact has a budget of 12 million crowns for three years.\n",
    },
    {"id": "accord.txt", "text": "The Lighthouse Accord joins seven coastal towns, among them Cape Orre.\n"},
    {
        "id": "office.md",
        "text": "# Office\n\nThe Tide Office in Port Elin runs the compact. Its director is Mara Quist.\n",
    },
)
QUESTIONS = (
    ("budget", "What is the budget of the Harbour Compact?", "compact", "a budget of 12 million crowns"),
    ("towns", "How many towns does the Lighthouse Accord join?", "accord", "joins seven coastal towns"),
    ("director", "Who is the director of the Tide Office?", "office", "Its director is Mara Quist."),
    ("runs", "Which office runs the compact?", "office", "The Tide Office in Port Elin runs the compact."),
    ("fish", "How many fish does Yuggoth export?", None, None),
)


def communique(*arguments: object) -> subprocess.CompletedProcess[str]:
    """The program as a user starts it."""
    program = Path(sys.executable).with_name("communique")
    return subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_the_sample_suite_is_killed_and_goes_on_from_the_command_line(tmp_path: Path) -> None:
    """Run, killed half-way, run again: the same run with the same figures; the user's home holds no document."""
    process = started("eval", "run", "sample", "--limit", NUM, home=tmp_path)
    with kept_runs(Settings(tmp_path)) as runs:
        while process.poll() is None and (not runs.list() or runs.list()[0].num_done < 3):
            time.sleep(0.05)
        process.kill()
        process.communicate()
        (killed,) = runs.list()
    assert 3 <= killed.num_done < NUM
    assert killed.finished_at is None
    got = communique("--home", tmp_path, "eval", "run", "sample", "--limit", NUM, "--json")
    report = json.loads(got.stdout)
    assert (got.returncode, report["num_errors"], report["run"]) == (0, 0, killed.id), got.stderr
    assert got.stderr == f"going on with the run {killed.id}: {killed.num_done} cases are done\n"
    assert report["num_cases"] == len(report["cases"]) == NUM
    whole = json.loads(
        communique("--home", tmp_path, "eval", "run", "sample", "--limit", NUM, "--json", "--anew").stdout
    )
    assert whole["run"] != killed.id
    for name in set(report["measures"]) - {"latency (ms)"}:
        row = report["measures"][name]
        assert row["low"] <= row["mean"] <= row["high"]
        assert row == whole["measures"][name]
    assert communique("--home", tmp_path, "documents").stdout == ""


@pytest.mark.slow
def test_a_users_own_folder_is_measured_gated_and_reported(tmp_path: Path) -> None:
    """Three documents and five cases, as the README tells it; asked again they are taken from the first run."""
    home, folder = tmp_path / "home", tmp_path / "papers"
    folder.mkdir()
    for row in OWN:
        (folder / row["id"]).write_text(row["text"])
    assert communique("--home", home, "add", folder).returncode == 0
    documents = json.loads(communique("--home", home, "documents", "--json").stdout)["documents"]
    ids = {document["source"].rpartition("/")[2].partition(".")[0]: document["id"] for document in documents}
    suite = tmp_path / "my-suite.jsonl"
    rows = [
        {"id": id_, "question": question, "evidence": [{"document_id": ids[name], "quote": quote}] if name else []}
        for id_, question, name, quote in QUESTIONS
    ]
    suite.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert communique("--home", home, "eval", "lint", suite).returncode == 0
    report = tmp_path / "report.html"
    got = communique("--home", home, "eval", "run", suite, "--report", report)
    assert got.returncode == 0, got.stderr
    assert "my-suite: 5 cases" in got.stdout
    rows = {line[:26].strip(): line.split()[-5:] for line in got.stdout.splitlines()}
    assert (rows["right words cited"][0], rows["right words cited"][-1]) == ("1.000", "4")
    assert report.read_text().startswith("<!DOCTYPE html>")
    (first,) = json.loads(communique("--home", home, "eval", "runs", "--json").stdout)["runs"]
    again = json.loads(communique("--home", home, "eval", "run", suite, "--json").stdout)
    assert (again["num_cached"], again["measures"]["right words cited"]["mean"]) == (5, 1.0)
    gate = communique("--home", home, "eval", "gate", "last", "--baseline", first["id"])
    assert (gate.returncode, gate.stdout.partition(":")[0]) == (0, "passed")
    for wrong in (["last"], ["last", "--baseline", "last:my-suite"], ["nope", "--baseline", "last"]):
        got = communique("--home", home, "eval", "gate", *wrong)
        assert (got.returncode, got.stdout, got.stderr.count("\n")) == (2, "", 1)
