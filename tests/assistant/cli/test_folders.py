import csv
import io
import json
from pathlib import Path

import pytest

from tests.assistant.cli.conftest import Call


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with three notes."""
    made = tmp_path / "notes"
    made.mkdir()
    for name in ("oslo", "bergen", "voss"):
        (made / f"{name}.txt").write_text(f"It rained in {name}.")
    return made


@pytest.mark.slow
def test_a_folder_is_kept_in_step(call: Call, folder: Path) -> None:
    """A dry run says what will be done; more than half is removed only by who says so."""
    call("add", folder)
    (folder / "oslo.txt").unlink()
    (folder / "bergen.txt").write_text("It hailed in Bergen.")
    for options in (("--dry-run",), ()):
        got = json.loads(call("sync", folder, "--json", *options).stdout)
        assert (got["folder"], got["dry_run"]) == (str(folder), bool(options))
        assert {row["path"]: row["status"] for row in got["files"]} == {
            "bergen.txt": "updated",
            "voss.txt": "unchanged",
        }
        assert [row["source"] for row in got["removed"]] == [str(folder / "oslo.txt")]
    assert call("sync", folder).stdout.splitlines()[-1] == "2 unchanged"
    for name in ("bergen", "voss"):
        (folder / f"{name}.txt").unlink()
    refused = call("sync", folder)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr == (
        "communique: 2 of the 2 documents from this folder are gone: if that is right, and no disk is missing, say "
        "--yes\n"
    )
    done = call("sync", folder, "--yes")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "2 removed")
    assert len(json.loads(call("documents", "--removed", "--json").stdout)["removed"]) == 3
    assert call("sync", folder / "none").returncode == 2


@pytest.mark.slow
def test_metadata_goes_out_and_comes_back(call: Call, folder: Path, tmp_path: Path) -> None:
    """As a spreadsheet writes it, with semicolons too; a bad row is named and the others are taken up."""
    call("add", folder)
    file = tmp_path / "table.csv"
    assert call("metadata", "export", file).returncode == 0
    assert call("metadata", "import", file).stdout == "3 unchanged\n"
    rows = list(csv.DictReader(io.StringIO(file.read_text("utf-8-sig"))))
    assert list(rows[0])[:5] == ["id", "title", "published", "language", "source"]
    ids = {row["title"]: row["id"] for row in rows}
    file.write_text(
        f"id;title;published;desk\n{ids['oslo']};=Rain;2024-05;'=1\n{ids['voss']};Voss;May;\nnone;N;;\n", "utf-8"
    )
    got = call("metadata", "import", file)
    assert got.returncode == 1
    assert got.stdout.splitlines() == [
        f"changed    line 2  {ids['oslo']}  title, published, metadata, desk",
        f"refused    line 3  {ids['voss']}  'May' is no date: write it as 2024-05-31, 2024-05 or 2024",
        "refused    line 4  none  there is no document 'none'",
        "1 changed  2 refused",
    ]
    exported = call("metadata", "export").stdout
    assert f"{ids['oslo']},'=Rain,2024-05,en,{folder / 'oslo.txt'},'=1" in exported
    assert call("add", folder).stdout.splitlines()[-1] == "3 unchanged"
    assert call("documents").stdout.splitlines()[0] == f"2024-05     {ids['oslo']}  =Rain"
    assert json.loads(call("doctor", "--json").stdout)["problems"] == []
    (tmp_path / "bad.csv").write_text("title\nx\n")
    assert call("metadata", "import", tmp_path / "bad.csv").returncode == 2
