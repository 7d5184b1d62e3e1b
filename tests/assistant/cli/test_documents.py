import json
import re
import shutil
import signal
import sqlite3
from pathlib import Path

import pytest

from tests.assistant.cli.conftest import Call, started


def ids(ask_coast: Call) -> dict[str, str]:
    """The ids of the two documents by their names."""
    listed = json.loads(ask_coast("documents", "--json").stdout)["documents"]
    return {row["id"].rpartition("-")[0]: row["id"] for row in listed}


@pytest.mark.slow
def test_the_documents_are_listed_for_readers_and_for_programs(ask_coast: Call, coast_files: Path) -> None:
    got = ask_coast("documents")
    harbour, lighthouse = ids(ask_coast)["harbour"], ids(ask_coast)["lighthouse"]
    assert sorted(got.stdout.splitlines()) == [
        f"-           {harbour}  The Harbour Compact",
        f"-           {lighthouse}  lighthouse",
    ]
    assert (got.returncode, got.stderr) == (0, "2 documents\n")
    rows = {row["id"]: row for row in json.loads(ask_coast("documents", "--json").stdout)["documents"]}
    keys = {"id", "title", "source", "published", "language", "num_chars", "num_passages", "sha256"}
    assert all(set(row) == keys for row in rows.values())
    assert rows[harbour]["source"] == str(coast_files / "harbour.md")
    assert rows[lighthouse]["num_chars"] == len(ask_coast("show", lighthouse).stdout)


@pytest.mark.slow
def test_show_writes_exactly_the_characters_and_nothing_else(ask_coast: Call) -> None:
    """A program can compare what is shown with a citation byte for byte."""
    id_ = ids(ask_coast)["lighthouse"]
    whole = ask_coast("show", id_)
    assert (whole.returncode, whole.stderr) == (0, "")
    assert whole.stdout.startswith("The Lighthouse Accord joins")
    assert whole.stdout.endswith("in 2021.")
    assert ask_coast("show", id_, "--start", 4, "--end", 21).stdout == "Lighthouse Accord"
    assert ask_coast("show", id_, "--start", 4, "--end", 4).stdout == ""
    row = next(r for r in json.loads(ask_coast("documents", "--json").stdout)["documents"] if r["id"] == id_)
    assert ask_coast("show", id_, "--version", row["sha256"][:12]).stdout == whole.stdout
    beyond = ask_coast("show", id_, "--end", 9_999)
    assert (beyond.returncode, beyond.stdout) == (2, "")
    assert beyond.stderr == f"communique: no span 0 to 9999 in '{id_}': it has {len(whole.stdout)} characters\n"


@pytest.mark.slow
def test_search_shows_each_hit_with_its_scores(ask_coast: Call) -> None:
    id_ = ids(ask_coast)["lighthouse"]
    got = ask_coast("search", "lighthouse of Cape Orre", "-k", 1)
    first, second = got.stdout.splitlines()
    assert re.fullmatch(rf" 1\. +\d\.\d\d  dense 0\.\d\d  full text \d\.\d\d  {id_} 0-\d+", first)
    assert second.startswith("    The Lighthouse Accord joins seven coastal towns")
    assert re.fullmatch(r"1 hits, \d candidates dropped\n", got.stderr)
    content = json.loads(ask_coast("search", "lighthouse of Cape Orre", "-k", 1, "--json").stdout)
    assert (content["query"], content["notes"]) == ("lighthouse of Cape Orre", [])
    assert [hit["dropped"] is None for hit in content["hits"]][:2] == [True, False]
    assert content["hits"][0]["document_id"] == id_
    assert set(content["hits"][0]) == {
        *("passage_id", "document_id", "title", "start", "end", "text", "heading", "page"),
        *("score", "dense", "lexical", "rerank", "dropped"),
    }


@pytest.mark.slow
def test_doctor_finds_a_sound_home_well(ask_coast: Call, coast_home: Path) -> None:
    got = ask_coast("doctor", "--json")
    report = json.loads(got.stdout)
    assert (got.returncode, got.stderr, report["problems"]) == (0, "", [])
    assert (report["home"], report["num_documents"]) == (str(coast_home), 2)
    assert report["num_vectors"] == report["num_passages"]


@pytest.mark.embedded
@pytest.mark.slow
def test_vectors_that_are_damaged_are_made_anew(call: Call, coast_home: Path, tmp_path: Path) -> None:
    """From what the database holds alone: the same passages are found, with the scores that they had."""
    home = shutil.copytree(coast_home, tmp_path / "home")
    before = json.loads(call("search", "Who keeps the light?", "--json").stdout)["hits"]
    (home / "vectors" / "chroma.sqlite3").write_bytes(b"no database" * 1000)
    found = call("doctor", "--json")
    assert found.returncode == 1
    assert json.loads(found.stdout)["problems"][0].startswith("the vectors cannot be read: ")
    asked = call("ask", "Who keeps the light?")
    assert asked.returncode == 0
    assert "note: the vectors cannot be read" in asked.stderr
    repaired = call("doctor", "--repair")
    assert (repaired.returncode, repaired.stdout.splitlines()[-1]) == (0, "all is well")
    assert repaired.stderr.startswith("communique: the vectors cannot be read and are made anew (")
    after = json.loads(call("search", "Who keeps the light?", "--json").stdout)["hits"]
    assert [hit["passage_id"] for hit in after] == [hit["passage_id"] for hit in before]
    assert [hit["score"] for hit in after] == pytest.approx([hit["score"] for hit in before], abs=1e-5)


@pytest.mark.slow
def test_one_bad_file_of_fifty_does_not_stop_the_others(call: Call, tmp_path: Path) -> None:
    """Each file met has its row, in order; the bad one says why; the status is 1, and what was removed is gone."""
    folder = tmp_path / "notes"
    folder.mkdir()
    for number in range(50):
        (folder / f"{number:02}.txt").write_text(f"Note {number} says that the tide was {number} feet high that day.")
    (folder / "25.txt").write_bytes(b"GIF89a\0\0\1\2\3")
    got = call("add", folder, "--json")
    rows = json.loads(got.stdout)["files"]
    assert [row["path"] for row in rows] == [f"{number:02}.txt" for number in range(50)]
    assert [row["path"] for row in rows if row["status"] != "added"] == ["25.txt"]
    assert set(rows[25]) == {"path", "status", "document_ids", "warnings", "reason"}
    assert rows[25]["status"] == "refused"
    assert rows[25]["reason"] == "a picture: what stands in it is not read; save its text as a file of its own"
    assert (got.returncode, got.stderr) == (1, "")
    again = call("add", folder)
    assert again.stdout.splitlines()[-1] == "49 unchanged  1 refused"
    assert again.returncode == 1
    removed = call("remove", rows[0]["document_ids"][0], "nope")
    assert (removed.returncode, removed.stdout) == (1, "1 removed\n")
    assert removed.stderr == "communique: not in this home: 'nope'\n"
    assert call("show", rows[0]["document_ids"][0]).returncode == 2
    assert len(json.loads(call("documents", "--json").stdout)["documents"]) == 48


@pytest.mark.slow
def test_files_that_are_no_documents_are_refused_each_with_its_reason(call: Call, tmp_path: Path) -> None:
    """Empty, binary, unknown: one row each. A guessed encoding and a broken line are warnings that name them."""
    (tmp_path / "empty.txt").write_text(" \n")
    (tmp_path / "picture.md").write_bytes(b"\x89PNG\0\0")
    (tmp_path / "sheet.xyz").write_text("a")
    (tmp_path / "latin.txt").write_bytes("Der Hafen von Mölln erhält zwölf Kräne für die große Flut.".encode("cp1252"))
    row = {"id": "r1", "title": "T", "text": "The tide is high today."}
    (tmp_path / "rows.jsonl").write_text(f"{json.dumps(row)}\n{{broken\n{json.dumps(row)}\n")
    names = ["empty.txt", "picture.md", "sheet.xyz", "latin.txt", "rows.jsonl"]
    got = call("add", *(tmp_path / name for name in names), "--json")
    rows = {row["path"]: row for row in json.loads(got.stdout)["files"]}
    assert (got.returncode, got.stderr) == (1, "")
    assert {name: row["status"] for name, row in rows.items()} == dict(
        zip(names, ["refused", "refused", "refused", "added", "added"], strict=True)
    )
    assert rows["empty.txt"]["reason"] == "the file is empty"
    assert rows["picture.md"]["reason"] == "the file is binary, not text: its name does not say what it is"
    assert rows["sheet.xyz"]["reason"].startswith("no reader for '.xyz': convert it to one of .txt")
    assert rows["latin.txt"]["warnings"][0].startswith("not UTF-8: read as cp125")
    assert [warning.partition(":")[0] for warning in rows["rows.jsonl"]["warnings"]] == [
        "line 2 was left out",
        "line 3 was left out",
    ]
    assert call("show", "r1").stdout == row["text"]


@pytest.mark.embedded
@pytest.mark.slow
def test_ctrl_c_while_adding_leaves_a_sound_home(tmp_path: Path, call: Call) -> None:
    """What was reported is kept, nothing is half done, and adding again completes."""
    folder = tmp_path / "notes"
    folder.mkdir()
    for number in range(600):
        (folder / f"{number:03}.txt").write_text(f"Note {number} says that the tide rose {number} feet that day.")
    process = started("add", folder, "--json", home=tmp_path / "home")
    database = tmp_path / "home" / "communique.sqlite3"
    while process.poll() is None and not _num_kept(database):
        pass
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=60)
    reported = [row for row in json.loads(stdout)["files"] if row["status"] == "added"]
    assert process.returncode == 130
    assert stderr.splitlines()[-1] == "communique: interrupted; everything reported so far is kept"
    assert len(reported) < 600
    kept = {row["id"] for row in json.loads(call("documents", "--json").stdout)["documents"]}
    assert {id_ for row in reported for id_ in row["document_ids"]} <= kept
    assert json.loads(call("doctor", "--json").stdout)["problems"] == []
    assert call("add", folder).returncode == 0
    assert len(json.loads(call("documents", "--json").stdout)["documents"]) == 600


@pytest.mark.slow
def test_two_processes_may_add_at_once(tmp_path: Path, call: Call, coast_files: Path) -> None:
    """Both report success, each document is there once, and the home is sound."""
    processes = [started("add", coast_files, "--json", home=tmp_path / "home") for _ in range(2)]
    outputs = [process.communicate(timeout=120) for process in processes]
    assert [process.returncode for process in processes] == [0, 0], outputs
    assert [err for _, err in outputs] == ["", ""]
    assert len(json.loads(call("documents", "--json").stdout)["documents"]) == 2
    doctor = call("doctor")
    assert (doctor.returncode, doctor.stdout.splitlines()[-1]) == (0, "all is well")


def _num_kept(database: Path) -> int:
    """How many documents another process has finished adding; 0 before there is a database."""
    if not database.exists():
        return 0
    connection = sqlite3.connect(database)
    try:
        return connection.execute("SELECT count(*) FROM versions WHERE status = 'current'").fetchone()[0]
    except sqlite3.OperationalError:  # its tables are being made just now
        return 0
    finally:
        connection.close()
