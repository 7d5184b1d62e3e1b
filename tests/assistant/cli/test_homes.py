import json
import signal
import sqlite3
import time
from pathlib import Path

import pytest

from tests.assistant.cli.conftest import HARBOUR, LIGHTHOUSE, Call, started

pytestmark = pytest.mark.slow

QUESTION = "What is the budget of the Harbour Compact?"


@pytest.fixture
def coast(call: Call, tmp_path: Path) -> Path:
    """A home with the two documents of the coast and a conversation about an earlier version of one."""
    folder = tmp_path / "coast"
    folder.mkdir()
    (folder / "harbour.md").write_text(HARBOUR)
    (folder / "lighthouse.txt").write_text(LIGHTHOUSE)
    assert call("add", folder).returncode == 0
    assert call("ask", QUESTION, "--conversation", "new").returncode == 0
    (folder / "harbour.md").write_text(HARBOUR.replace("12 million", "15 million"))
    assert call("add", folder).returncode == 0
    assert call("ask", QUESTION, "--conversation", "last").returncode == 0
    return tmp_path / "home"


def answered(call: Call, home: Path) -> dict:
    got = json.loads(call("ask", QUESTION, "--json", home=home).stdout)
    return {key: got[key] for key in ("answer", "claims", "citations", "refusal")}


@pytest.mark.parametrize("name", ["out", "out.zip"])
def test_a_home_makes_the_journey(call: Call, coast: Path, tmp_path: Path, name: str) -> None:
    """Equal documents, equal answers of the real model, equal exports of its conversations; every citation is exact."""
    out, new = tmp_path / name, tmp_path / "new"
    got = call("export-home", out)
    counts = "2 documents, 3 versions, 1 conversations, 2 turns, 0 feedback, 0 runs"
    assert (got.returncode, got.stdout, got.stderr) == (0, f"exported {counts} to {out}\n", "")
    got = call("import-home", out, home=new)
    assert (got.returncode, got.stderr) == (0, "")
    first, second = got.stdout.splitlines()
    assert first == f"imported {counts}"
    assert second.endswith(" citations are exact")
    assert int(second.split()[0]) >= 2
    for command in (("documents", "--json"), ("export", "last", "--format", "json")):
        assert call(*command, home=new).stdout == call(*command).stdout
    assert answered(call, new) == answered(call, coast)
    assert json.loads(call("doctor", "--json", home=new).stdout)["problems"] == []
    again = call("import-home", out, home=new)
    assert (again.returncode, again.stdout) == (2, "")
    assert again.stderr.startswith("communique: this home is not empty: import into a new one, ")


def test_a_damaged_export_is_explained_and_makes_no_home(call: Call, coast: Path, tmp_path: Path) -> None:
    call("export-home", tmp_path / "out")
    text = next((tmp_path / "out" / "texts").iterdir())
    text.write_text("other words")
    got = call("import-home", tmp_path / "out", home=tmp_path / "new")
    assert (got.returncode, got.stdout) == (2, "")
    assert got.stderr == (
        f"communique: it is damaged: texts/{text.name} is not what it was when it was exported: export the home again\n"
    )
    assert not (tmp_path / "new").exists()


def test_a_new_index_and_the_way_back(call: Call, coast: Path) -> None:
    """Answers stay; doctor names the way back; the suite is asked of both indexes."""
    before = answered(call, coast)
    suite = coast.with_name("suite.jsonl")
    document = json.loads(call("documents", "--json").stdout)["documents"][0]["id"]
    quote = call("show", document, "--start", 0, "--end", 20).stdout
    evidence = [{"document_id": document, "quote": quote}]
    suite.write_text(json.dumps({"id": "c", "question": quote, "answerable": True, "evidence": evidence}) + "\n")
    got = call("reindex", "--check", suite)
    assert (got.returncode, got.stderr) == (0, "")
    assert [line.split()[0] for line in got.stdout.splitlines()] == ["R@10", "nDCG@10", "span", "span", "the"]
    assert got.stdout.splitlines()[-1].startswith("the new index is in use, made with ")
    assert answered(call, coast) == before
    doctor = call("doctor")
    assert "way back   an index made with " in doctor.stdout
    assert doctor.stdout.endswith("all is well\n")
    back = call("reindex", "--back")
    assert (back.returncode, back.stderr) == (0, "")
    assert back.stdout.startswith("the index before is in use again, made with ")
    assert answered(call, coast) == before
    assert call("doctor").returncode == 0


def test_what_cannot_be_done_is_said_first(call: Call, coast: Path) -> None:
    back = call("reindex", "--back")
    assert (back.returncode, back.stdout) == (2, "")
    assert back.stderr.startswith("communique: there is no index to go back to: ")
    other = call("reindex", "--check", "sample")
    assert other.returncode == 2
    assert other.stderr.startswith("communique: 'sample' cannot check the documents of this home: ")
    both = call("reindex", "--back", "--check", "kept")
    assert (both.returncode, both.stderr.splitlines()) == (
        2,
        ["communique: --back goes back to the index before as it is: leave --embedder and --check out"],
    )
    assert call("doctor").returncode == 0


@pytest.mark.embedded
def test_a_killed_reindex_goes_on(call: Call, tmp_path: Path) -> None:
    """The old index answers meanwhile; started again it makes only what is missing, and the home is sound."""
    folder = tmp_path / "notes"
    folder.mkdir()
    for number in range(80):
        (folder / f"{number:03}.txt").write_text(f"Note {number} says that the tide rose {number} feet that day.")
    assert call("add", folder).returncode == 0
    process = started("reindex", home=tmp_path / "home")
    while process.poll() is None and _num_staged(tmp_path / "home") < 20:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    num_staged = _num_staged(tmp_path / "home")
    assert 20 <= num_staged < 80
    assert json.loads(call("search", "tide", "--json").stdout)["hits"]
    assert _num_staged(tmp_path / "home") == num_staged
    assert call("reindex").returncode == 0
    doctor = json.loads(call("doctor", "--json").stdout)
    assert (doctor["problems"], doctor["num_passages"], doctor["num_vectors"]) == ([], 80, 80)


def _num_staged(home: Path) -> int:
    connection = sqlite3.connect(home / "communique.sqlite3")
    try:
        return connection.execute("SELECT count(*) FROM passages WHERE status = 'staged'").fetchone()[0]
    finally:
        connection.close()
