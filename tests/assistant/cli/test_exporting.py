import csv
import io
import json
import os
import pty
import subprocess
import zipfile
from pathlib import Path

import pytest

from assistant.cli.exporting import format_for, write_result
from assistant.errors import InvalidCall
from assistant.exporting.formats import Format
from tests.assistant.cli.conftest import PROGRAM, Call, called, started

MONEY = "How much money does the Harbour Compact have?"
QUOTE = "The Harbour Compact has a budget of 12 million crowns for three years."


@pytest.fixture(scope="module")
def conversation(coast_home: Path) -> str:
    """The id of a conversation with an answer and a refusal."""
    first = json.loads(called("ask", MONEY, "--conversation", "new", "--json", home=coast_home).stdout)
    id_ = first["conversation_id"]
    assert called("ask", "What does Zorblax eat?", "--conversation", id_, home=coast_home).returncode == 0
    return str(id_)


@pytest.mark.slow
def test_a_pack_is_written_as_markdown(ask_coast: Call, conversation: str) -> None:
    """On stdout, and nothing else there; the quotes stand in footnotes."""
    got = ask_coast("export", conversation)
    assert (got.returncode, got.stderr) == (0, "")
    assert got.stdout.startswith(f"# {MONEY}\n\nConversation {conversation}, 2 turns, ")
    assert f"\n[^1]: “{QUOTE}” The Harbour Compact, Money, no date. Source: " in got.stdout
    assert "\n## 2. What does Zorblax eat?\n" in got.stdout
    assert "\nNo answer (absent): " in got.stdout


@pytest.mark.slow
def test_a_pack_is_written_as_csv_and_json(ask_coast: Call, conversation: str) -> None:
    rows = list(csv.DictReader(io.StringIO(ask_coast("export", conversation, "--format", "csv").stdout)))
    assert {row["quote"] for row in rows if row["kind"] == "claim"} >= {QUOTE}
    assert {row["state"] for row in rows} == {"current", ""}
    content = json.loads(ask_coast("export", conversation, "--format", "json").stdout)
    assert [answer["question"] for answer in content["answers"]] == [MONEY, "What does Zorblax eat?"]


@pytest.mark.slow
def test_a_pack_is_written_to_a_file_of_the_format_that_it_ends_in(
    ask_coast: Call, conversation: str, tmp_path: Path
) -> None:
    """Whole, under its name, with nothing left beside it."""
    got = ask_coast("export", conversation, "--output", tmp_path / "pack.docx")
    assert (got.returncode, got.stdout, got.stderr) == (0, "", "")
    with zipfile.ZipFile(tmp_path / "pack.docx") as file:
        assert QUOTE in file.read("word/footnotes.xml").decode()
    assert [path.name for path in tmp_path.iterdir()] == ["pack.docx"]


@pytest.mark.slow
def test_a_docx_can_be_piped(coast_home: Path, conversation: str) -> None:
    process = started("export", conversation, "--format", "docx", home=coast_home)
    assert process.stdout
    content = process.stdout.buffer.read()
    assert (process.wait(), content[:4]) == (0, b"PK\x03\x04")
    process.communicate()


@pytest.mark.slow
def test_a_docx_is_kept_from_a_terminal(coast_home: Path, conversation: str) -> None:
    """Its bytes would garble it: one line says what to do."""
    ours, theirs = pty.openpty()
    arguments = [PROGRAM, "--home", coast_home, "export", conversation, "--format", "docx"]
    got = subprocess.run(arguments, check=False, stdout=theirs, stderr=subprocess.PIPE, text=True)
    os.close(theirs)
    with pytest.raises(OSError, match="Input/output"):  # the end of what a terminal was told, which is nothing
        os.read(ours, 1)
    os.close(ours)
    assert got.returncode == 2
    assert got.stderr == "communique: a terminal cannot show docx: name a file with --output\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("export", "c0ffee"), "there is no conversation 'c0ffee': `communique conversations` lists them"),
        (("export", "new"), "there is no conversation 'new': `communique conversations` lists them"),
        (("export", "last"), "there is no conversation 'last': `communique conversations` lists them"),
        (("conversations", "--delete", "c0ffee"), "there is no conversation 'c0ffee': `communique conversations`"),
        (("conversations", "--rename", "c0ffee", "T"), "there is no conversation 'c0ffee': `communique conversations`"),
        (("conversations", "--delete", "a", "--search", "b"), "one thing at a time: --search, --rename or --delete"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(call: Call, arguments: tuple[str, ...], message: str) -> None:
    got = call(*arguments)
    assert (got.returncode, got.stdout, got.stderr.count("\n")) == (2, "", 1)
    assert got.stderr.startswith(f"communique: {message}")


@pytest.mark.slow
def test_an_unknown_format_is_told_in_one_line(call: Call) -> None:
    got = call("export", "last", "--format", "pdf")
    assert (got.returncode, got.stdout, got.stderr.count("\n")) == (2, "", 1)
    assert "'pdf'" in got.stderr


@pytest.mark.slow
def test_conversations_are_found_renamed_and_deleted(ask_coast: Call) -> None:
    """And the list itself is as it was."""
    first = json.loads(ask_coast("ask", "Who is Mara Quist?", "--conversation", "new", "--json").stdout)
    id_ = first["conversation_id"]
    renamed = ask_coast("conversations", "--rename", id_, "The  HELMSWOMAN")
    assert (renamed.returncode, renamed.stdout, renamed.stderr) == (0, "renamed  The HELMSWOMAN\n", "")
    found = ask_coast("conversations", "--search", "helmswoman mara")
    assert found.stdout.startswith(f"{id_}  20")
    assert found.stdout.endswith("    1 turns  The HELMSWOMAN\n")
    assert found.stderr == "1 conversations\n"
    rows = json.loads(ask_coast("conversations", "--search", "helmswoman mara", "--json").stdout)["conversations"]
    assert [(row["id"], row["title"]) for row in rows] == [(id_, "The HELMSWOMAN")]
    deleted = ask_coast("conversations", "--delete", id_, "--json")
    assert (deleted.returncode, json.loads(deleted.stdout)) == (0, {"deleted": [id_]})
    assert ask_coast("conversations", "--search", "helmswoman mara").stdout == ""


@pytest.mark.parametrize(
    ("format_", "output", "expected"),
    [
        (None, None, Format.MD),
        (None, "a.docx", Format.DOCX),
        (None, "a.CSV", Format.CSV),
        (None, "a.b.json", Format.JSON),
        (None, "a.txt", Format.MD),
        (None, "docx", Format.MD),
        (Format.CSV, "a.docx", Format.CSV),
    ],
)
def test_the_format_is_what_was_said_or_what_the_file_ends_in(
    format_: Format | None, output: str | None, expected: Format
) -> None:
    assert format_for(format_, Path(output) if output else None) is expected


def test_a_file_is_replaced_and_a_link_to_it_stays(tmp_path: Path) -> None:
    (tmp_path / "real.md").write_text("old")
    (tmp_path / "link.md").symlink_to(tmp_path / "real.md")
    write_result(b"new", tmp_path / "link.md")
    assert (tmp_path / "link.md").is_symlink()
    assert (tmp_path / "real.md").read_bytes() == b"new"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.md", "real.md"]


def test_a_device_is_written_to_and_stays_what_it_is() -> None:
    write_result(b"new", Path(os.devnull))
    assert Path(os.devnull).is_char_device()


@pytest.mark.parametrize(
    ("name", "reason"),
    [("", "it is a folder"), ("no/such/a.md", "No such file or directory"), ("a\0b", "embedded null byte")],
)
def test_a_file_that_cannot_be_written_is_told(tmp_path: Path, name: str, reason: str) -> None:
    with pytest.raises(InvalidCall, match=f"cannot write .*: {reason}"):
        write_result(b"new", tmp_path / name)
    assert list(tmp_path.iterdir()) == []
