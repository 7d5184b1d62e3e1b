import hashlib
import os
from pathlib import Path

import pytest

from corpus.document import Draft
from corpus.errors import CorpusError, UnreadableFile
from corpus.reading.files import MAX_FILE_BYTES, FoundFile, find_files
from corpus.reading.formats import Format
from corpus.reading.parsing import Refused, parse
from tests.reading import read_file


def _found(argument: Path) -> list[str]:
    return [found.relative for found in find_files(str(argument))]


def _refusal(path: Path) -> str:
    with pytest.raises(UnreadableFile) as refusal:
        read_file(FoundFile(path, path.name))
    return str(refusal.value)


def test_a_folder_is_read_in_the_order_of_names(tmp_path: Path) -> None:
    """Adding a folder meets every file in it, in one order on every machine, and no hidden one."""
    for name in ("b.md", "a.txt", "z/c.md", "k/d.md", ".hidden.md", ".git/config.txt", "k/.secret/e.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    assert _found(tmp_path) == ["a.txt", "b.md", "k/d.md", "z/c.md"]


def test_a_file_that_is_named_is_met_even_when_hidden(tmp_path: Path) -> None:
    """A user who names a hidden file means it."""
    (tmp_path / ".hidden.md").write_text("x")
    assert _found(tmp_path / ".hidden.md") == [".hidden.md"]


def test_loops_of_links_end(tmp_path: Path) -> None:
    """A folder that links to itself is read once, and a link to itself is refused."""
    (tmp_path / "a.md").write_text("x")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "self.md").symlink_to(tmp_path / "self.md")
    assert _found(tmp_path) == ["a.md", "self.md"]
    assert _refusal(tmp_path / "self.md") == "cannot be opened: Too many levels of symbolic links"


def test_a_link_to_a_file_is_that_file(tmp_path: Path) -> None:
    """A linked file can be read."""
    (tmp_path / "real.txt").write_text("It rained.")
    (tmp_path / "link.txt").symlink_to(tmp_path / "real.txt")
    drafts, _ = read_file(*find_files(str(tmp_path / "link.txt")))
    assert [(draft.title, draft.text) for draft in drafts] == [("link", "It rained.")]


def test_nothing_at_the_path(tmp_path: Path) -> None:
    """A mistyped path is told apart from an empty folder."""
    with pytest.raises(CorpusError, match=r"^no file or folder '.*/missing': check the path"):
        find_files(str(tmp_path / "missing"))
    assert find_files(str(tmp_path)) == []


def test_a_pipe_is_refused(tmp_path: Path) -> None:
    """A named pipe does not make the program wait for ever."""
    os.mkfifo(tmp_path / "pipe.md")
    assert _refusal(tmp_path / "pipe.md") == "not a regular file: only files with content can be read"


def test_a_file_over_the_limit_is_refused(tmp_path: Path) -> None:
    """A file too large for the memory is refused before it is read."""
    with (tmp_path / "large.txt").open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)  # a hole: takes no room on the disk
    assert _refusal(tmp_path / "large.txt") == "256 MiB is over the limit of 256 MiB: split the file"


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="no file here has more than it says")
def test_a_file_that_grows_while_it_is_read_is_refused() -> None:
    """Half of a line is not quoted: a file with more in it than its size was is to be added again."""
    assert _refusal(Path("/proc/self/status")) == "it grew while it was read: add it again when it is written whole"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.txt", b"", "the file is empty"),
        ("a.md", b" \n\t\r\n", "the file is empty"),
        ("a.txt", b"\x89PNG\0\0", "the file is binary, not text: its name does not say what it is"),
        ("a.txt", b"Read more\n\nSource link\n", "nothing is left of the file once site furniture is taken away"),
        ("a.xyz", b"x", "no reader for '.xyz': convert it to one of .txt .md .html .jsonl"),
        ("README", b"\xff", "no reader for 'files without a suffix': convert it to one of"),
        ("a.jsonl", b"x", "no line is a row with id, title and text: line 1 was left out: not JSON (Expecting value)"),
        ("a.html", b"<p>", "no main text was found in the page"),
    ],
    ids=["empty", "blank", "binary", "furniture only", "unknown format", "no suffix", "no JSONL", "no HTML"],
)
def test_what_cannot_be_read_is_refused_with_the_reason(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    """A report on a refused file says why, and what to do where something can be done."""
    (tmp_path / name).write_bytes(content)
    assert _refusal(tmp_path / name).startswith(reason)


def test_a_file_that_is_gone_is_refused(tmp_path: Path) -> None:
    """A file that was deleted while its folder was read costs nothing but itself."""
    assert _refusal(tmp_path / "gone.md") == "cannot be opened: No such file or directory"


@pytest.mark.parametrize("suffix", [".md", ".MD", ".markdown", ".txt", ".text"])
def test_the_suffix_chooses_the_reader_and_the_bytes_are_hashed(tmp_path: Path, suffix: str) -> None:
    """A file is known again by its bytes, whatever its suffix is written like."""
    (tmp_path / f"rain{suffix}").write_bytes(b"It *rained*.")
    drafts, sha256 = read_file(FoundFile(tmp_path / f"rain{suffix}", f"sub/rain{suffix}"))
    is_markdown = suffix.lower() in (".md", ".markdown")
    assert [(d.title, d.text) for d in drafts] == [("rain", "It rained." if is_markdown else "It *rained*.")]
    assert sha256 == hashlib.sha256(b"It *rained*.").hexdigest()


def test_a_parser_that_stumbles_costs_one_file() -> None:
    """A file that breaks a parser is refused like any other bad file, so the others go in."""

    def stumbling(content: bytes, name: str) -> list[Draft]:
        raise IndexError(f"{len(content)} bytes of {name}")

    odd = Format("odd", (".odd",), stumbling)
    _, refused = parse(b"x", "a.odd", telling=lambda content, name: (odd, ()))
    assert refused == Refused("a.odd", "its reader failed (IndexError: 1 bytes of a): convert it to plain text")
