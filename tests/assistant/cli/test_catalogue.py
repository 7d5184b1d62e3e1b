import json
from pathlib import Path

import pytest

from tests.assistant.cli.conftest import Call

_OLD = "The compact has 12 million crowns.\n\nIt ends in 2027.\n"
_NEW = _OLD.replace("12", "14")


@pytest.fixture
def compact(call: Call, tmp_path: Path) -> str:
    """The id of a document that was added and then changed."""
    for text in (_OLD, _NEW):
        (tmp_path / "compact.txt").write_text(text)
        added = call("add", tmp_path / "compact.txt", "--json")
    return json.loads(added.stdout)["files"][0]["document_ids"][0]


@pytest.mark.slow
def test_versions_and_what_differs_between_them(call: Call, compact: str) -> None:
    """For readers and for programs; a document that has one version only says so."""
    versions = json.loads(call("documents", "--versions", compact, "--json").stdout)
    assert versions["id"] == compact
    new, old = versions["versions"]
    assert set(new) == {"sha256", "status", "added_at", "title", "published", "num_chars"}
    assert (new["status"], old["status"]) == ("current", "superseded")
    assert call("show", compact, "--version", old["sha256"]).stdout == _OLD.rstrip("\n")
    lines = call("documents", "--versions", compact).stdout.splitlines()
    assert [line.split()[:2] for line in lines] == [[new["sha256"][:16], "current"], [old["sha256"][:16], "superseded"]]
    for arguments in ((), (old["sha256"][:12],)):
        shown = call("show", compact, "--diff", *arguments)
        assert (shown.returncode, shown.stdout) == (
            0,
            "@@ 0-35 to 0-35 @@\nThe compact has [-12-]{+14+} million crowns.\n",
        )
    content = json.loads(call("show", compact, "--diff", "--json").stdout)
    assert (content["id"], content["old"], content["new"]) == (compact, old["sha256"], new["sha256"])
    assert [piece["kind"] for piece in content["differences"][0]["pieces"]] == ["same", "removed", "added", "same"]
    first = call("show", compact, "--version", old["sha256"], "--diff")
    assert (first.returncode, first.stdout) == (2, "")
    assert first.stderr.startswith(f"communique: no earlier version of '{compact}' is kept")
    assert call("show", compact, old["sha256"]).returncode == 2


@pytest.mark.slow
def test_a_removed_document_comes_back_until_it_is_deleted_for_good(call: Call, compact: str) -> None:
    assert call("remove", compact).stdout == "1 removed\n"
    assert json.loads(call("documents", "--json").stdout) == {"documents": []}
    [removed] = json.loads(call("documents", "--removed", "--json").stdout)["removed"]
    assert removed["id"] == compact
    shown = call("show", compact)
    assert (shown.returncode, "communique restore" in shown.stderr) == (2, True)
    assert call("show", compact, "--version", removed["sha256"]).stdout == _NEW.rstrip("\n")
    assert call("restore", compact).stdout == "1 restored\n"
    assert call("show", compact).stdout == _NEW.rstrip("\n")
    again = call("restore", compact)
    assert (again.returncode, again.stderr) == (
        2,
        f"communique: not among the removed documents: '{compact}'\n",
    )
    call("remove", compact)
    plan = json.loads(call("vacuum", "--dry-run", "--json").stdout)
    assert (plan["documents"], plan["num_versions"], plan["num_bytes"]) == ([compact], 3, len(_OLD + _NEW) - 2)
    assert call("restore", compact).returncode == 0
    call("remove", compact)
    done = json.loads(call("vacuum", "--json").stdout)
    assert (done["documents"], done["dry_run"]) == ([compact], False)
    assert call("restore", compact).returncode == 2
    assert json.loads(call("doctor", "--json").stdout)["problems"] == []


@pytest.mark.slow
def test_near_duplicates_are_listed(call: Call, tmp_path: Path) -> None:
    words = " ".join(f"word{i}" for i in range(100))
    (tmp_path / "a.txt").write_text(words)
    (tmp_path / "b.txt").write_text(f"{words} more")
    rows = json.loads(call("add", tmp_path / "a.txt", tmp_path / "b.txt", "--json").stdout)["files"]
    [a], [b] = (row["document_ids"] for row in rows)
    assert rows[1]["warnings"] == [f"almost the same words as {a} (99 %)"]
    [found] = json.loads(call("documents", "--duplicates", "--json").stdout)["duplicates"]
    assert (found["id"], found["of"], round(found["same_words"], 3)) == (b, a, 0.995)
    assert call("documents", "--duplicates").stdout == f"{b}  almost the same words as {a} (99 %)\n"
    assert call("documents", "--duplicates", "--removed").returncode == 2
