import sqlite3
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.assistant.cli.conftest import PROGRAM, Call


def test_the_version_is_one_line(call: Call) -> None:
    got = call("--version")
    assert (got.returncode, got.stdout, got.stderr) == (0, "communique 0.1.0\n", "")


def test_help_names_every_command_and_those_of_plugins(call: Call) -> None:
    """The evaluation joins through its entry point: nothing in the command line knows it."""
    got = call("--help")
    listed = [line.split()[0] for line in got.stdout.partition("Commands:\n")[2].splitlines()]
    assert got.returncode == 0
    assert set(listed) >= {"add", "documents", "show", "remove", "search", "ask", "conversations", "chat", "doctor"}
    assert "eval" in listed


def test_a_plugins_commands_have_the_options_of_their_functions(call: Call) -> None:
    assert call("eval", "list").stdout.split()[0] == "sample"
    shown = call("eval", "run", "--help").stdout
    assert "Usage: communique eval run [OPTIONS] {suite}" in shown
    assert "--json" in shown


@pytest.mark.slow
def test_help_is_there_at_once() -> None:
    """A user who only looks up an option does not wait for models: 0.3 s, the median of ten; where the machine is slow,
    two and a half times what the command-line library alone takes there, side by side.
    """

    def seconds(*command: str) -> float:
        start = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        return time.perf_counter() - start

    pairs = [(seconds(PROGRAM, "--help"), seconds(sys.executable, "-c", "import typer")) for _ in range(10)]
    ours, library = (statistics.median(some) for some in zip(*pairs, strict=True))
    assert ours < max(0.3, 2.5 * library)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ask", ""], "communique: the question is empty: ask something"),
        (["ask", "  "], "communique: the question is empty: ask something"),
        (["ask"], "communique: nothing to answer: give a question, or --batch FILE"),
        (
            ["ask", "x" * 100_000],
            "communique: the question has 100,000 characters, 20,000 are allowed: ask a shorter one, or add the text "
            "as a document",
        ),
        (
            ["ask", "Who?", "--document", "nope"],
            "communique: there is no document 'nope': `communique documents` lists ",
        ),
        (["ask", "Who?", "--conversation", "last"], "communique: there is no conversation 'last': `communique conv"),
        (
            ["ask", "Who?", "--llm", "oracle:1"],
            "communique: 'oracle:1' names no LLM: give ollama:MODEL, openai:MODEL, anthropic:MODEL, server:MODEL@http",
        ),
        (
            ["ask", "Who?", "--until", "soon"],
            "communique: until 'soon' is no date: write 2021, 2021-03 or 2021-03-16",
        ),
        (["ask", "--batch", "x.jsonl", "--kind", "md"], "communique: --batch stands alone: rows carry their own"),
        (["search", "--batch", "x.jsonl", "--why", "x"], "communique: --batch stands alone: rows carry their own"),
        (["search", "x", "-k", "-1"], "communique: Invalid value for '-k': "),
        (
            ["--embedder", "/no/such/model", "search", "x"],
            "communique: no embedding model can be loaded from '/no/such/model': there is no such folder; ",
        ),
        (["search"], "communique: nothing to search for: give a query, or --batch FILE"),
        (["search", "x", "-k", "many"], "communique: Invalid value for '-k': "),
        (["show", "nope"], "communique: there is no document 'nope': `communique documents` lists the ids"),
        (["remove", "nope"], "communique: not in this home: 'nope'"),
        (["add"], "communique: nothing to add: name files, folders or addresses, or say --sample"),
        (["add", "--sample", "--ray", "127.0.0.1:9"], "communique: no Ray cluster at '127.0.0.1:9' ("),
        (["add", "/no/such/file.txt"], "communique: no file or folder '/no/such/file.txt': check the path"),
        (["eval", "run", "nope"], "communique: there is no suite 'nope': the suites are sample"),
        (["frobnicate"], "communique: No such command 'frobnicate'"),
    ],
    ids=[
        "empty question",
        "white space for a question",
        "no question",
        "question of 100,000 characters",
        "unknown document",
        "no last conversation",
        "unknown LLM",
        "no date",
        "batch within a kind",
        "batch with a reason",
        "k below nothing",
        "no such embedder",
        "no query",
        "k no number",
        "show unknown",
        "remove unknown",
        "nothing to add",
        "no such cluster",
        "no such path",
        "no such suite",
        "no such command",
    ],
)
def test_a_call_that_cannot_be_used_gets_one_line_and_status_2(call: Call, arguments: list[str], message: str) -> None:
    """One line on stderr says what is wrong and what to do; nothing is on stdout, and no model was loaded for it."""
    got = call(*arguments)
    assert got.stderr.startswith(message)
    assert (got.returncode, got.stdout, got.stderr.count("\n")) == (2, "", 1)


def test_a_home_below_a_file_is_told_in_one_line(call: Call, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("I am no folder")
    got = call("documents", home=tmp_path / "file" / "home")
    assert got.stderr == (
        f"communique: the home '{tmp_path}/file/home' cannot be used (Not a directory): "
        "name a folder that you can write to with --home or COMMUNIQUE_HOME\n"
    )
    assert (got.returncode, got.stdout) == (2, "")


@pytest.mark.embedded
def test_a_home_of_a_newer_program_is_left_alone(call: Call, tmp_path: Path) -> None:
    """An older program does not touch what it cannot know; the line says how to go on."""
    assert call("documents").returncode == 0
    database = tmp_path / "home" / "communique.sqlite3"
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA user_version = 99")
    got = call("documents")
    assert got.stderr.startswith(f"communique: the home '{tmp_path}/home' was written by a newer Communiqué")
    assert got.stderr.endswith("upgrade Communiqué, or use another --home\n")
    assert (got.returncode, got.stdout, got.stderr.count("\n")) == (2, "", 1)
    assert sqlite3.connect(database).execute("PRAGMA user_version").fetchone() == (99,)


@pytest.mark.embedded
def test_a_file_that_is_no_database_is_told_in_one_line(call: Call, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "communique.sqlite3").write_text("not a database " * 100)
    got = call("documents")
    assert got.stderr.startswith(f"communique: the database of the home '{tmp_path}/home' cannot be opened")
    assert (got.returncode, got.stdout, got.stderr.count("\n")) == (2, "", 1)
