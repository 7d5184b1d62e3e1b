"""A folder as people have them, and as nobody should have them: added by the program as it is installed."""

import io
import json
import os
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.assistant.cli.conftest import Call, started
from tests.bad_files import GIB, zip_bomb
from tests.corpus.reading.office_files import word_file, zipped

_SENTENCE = "It rained in Bergen. "
_LATIN, _JAPANESE = b"caf\xe9.txt", "雨".encode("cp932") + b".txt"


def _make(folder: Path) -> None:
    """One of each kind in a folder."""
    folder.mkdir()
    (folder / "good.txt").write_text(_SENTENCE)
    (folder / "bomb.zip").write_bytes(zip_bomb())
    with (folder / "line.txt").open("wb") as line:
        line.write(_SENTENCE.encode())
        line.truncate(GIB)  # a hole: takes no room on the disk
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    (folder / "self.md").symlink_to(folder / "self.md")
    (folder / "one.md").symlink_to(folder / "two.md")
    (folder / "two.md").symlink_to(folder / "one.md")
    (folder / "gone.md").symlink_to(folder / "nowhere.md")
    os.mkfifo(folder / "pipe.txt")
    for number, name in enumerate((_LATIN, _JAPANESE, b"two\nlines.txt")):
        (Path(os.fsdecode(os.fsencode(folder) + b"/" + name))).write_text(f"{_SENTENCE}{number}")
    macro = io.BytesIO(word_file("<w:p><w:r><w:t>It rained in Oslo.</w:t></w:r></w:p>"))
    with zipfile.ZipFile(macro, "a") as package:
        package.writestr("word/vbaProject.bin", b"Sub AutoOpen()")
    (folder / "macro.docm").write_bytes(macro.getvalue())
    (folder / "slip.zip").write_bytes(
        zipped({"../../slipped.txt": "It rained in Voss.", "/slipped.txt": "And in Flam."})
    )


def _outside(home: Path) -> set[Path]:
    """All that lies beside a home, which is left out."""
    return {path for path in home.parent.rglob("*") if not path.is_relative_to(home)}


def _session_of(pid: int) -> set[int]:
    """The processes that a program started in a session of its own has left."""
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            fields = (process / "stat").read_text(errors="replace").rpartition(")")[2].split()
        except OSError:
            continue  # it ended meanwhile
        if int(fields[3]) == pid:
            found.add(int(process.name))
    return found


@pytest.mark.slow
def test_bad_files_cost_nothing_but_themselves(tmp_path: Path) -> None:
    """Bombs, loops, pipes, a line of a gigabyte, names in other encodings, macros, archives that climb out of their
    folder: a row each, and neither a file outside the home nor a process is left.
    """
    _make(tmp_path / "bad")
    before = _outside(tmp_path / "home")
    program = started("add", tmp_path / "bad", "--json", home=tmp_path / "home", start_new_session=True, cwd=tmp_path)
    stdout, stderr = program.communicate(timeout=240)
    rows = {row["path"]: row for row in json.loads(stdout)["files"]}
    assert (program.returncode, stderr) == (1, "")
    assert {name: row["reason"].partition(":")[0] for name, row in rows.items() if row["status"] == "refused"} == {
        "bomb.zip": "nothing in it could be read",
        "bomb.zip!b.txt": "it unpacks to more than it may",
        "gone.md": "cannot be opened",
        "line.txt": "1024 MiB is over the limit of 256 MiB",
        "one.md": "cannot be opened",
        "pipe.txt": "not a regular file",
        "self.md": "cannot be opened",
        "two.md": "cannot be opened",
    }
    assert {name for name, row in rows.items() if row["document_ids"]} == {
        "good.txt",
        "macro.docm",
        "slip.zip!../../slipped.txt",
        "slip.zip!/slipped.txt",
        "caf\\udce9.txt",
        "\\udc89J.txt",
        "two\nlines.txt",
    }
    assert rows["macro.docm"]["warnings"] == ["it holds macros, which are not read"]
    assert _outside(tmp_path / "home") == before
    assert _session_of(program.pid) == set()


@pytest.fixture
def growing(tmp_path: Path) -> Iterator[tuple[list[Path], Callable[[], None]]]:
    """Files to which sentences are added all the time, and the function that ends this."""
    files = [tmp_path / "logs" / f"{number}.txt" for number in range(2)]
    files[0].parent.mkdir()
    for file in files:
        file.write_text("It rained.")
    is_over = threading.Event()

    def grow() -> None:
        while not is_over.wait(0.05):
            for file in files:
                with file.open("a") as stream:
                    stream.write(f" It rained in {file.stem}.")

    def end() -> None:
        is_over.set()
        thread.join()

    thread = threading.Thread(target=grow)
    thread.start()
    yield files, end
    end()


@pytest.mark.slow
def test_files_that_grow_while_they_are_read(
    call: Call, tmp_path: Path, growing: tuple[list[Path], Callable[[], None]]
) -> None:
    """Such a file is added as it was at one moment, or refused with the remedy; when it stands still it is taken up."""
    files, end = growing
    first = json.loads(call("add", tmp_path / "logs", "--json").stdout)["files"]
    end()
    assert all(
        row["status"] == "added" or row["reason"] == "it grew while it was read: add it again when it is written whole"
        for row in first
    )
    again = json.loads(call("add", tmp_path / "logs", "--json").stdout)["files"]
    assert {row["status"] for row in again} <= {"added", "updated"}
    assert call("show", again[0]["document_ids"][0]).stdout == files[0].read_text()
