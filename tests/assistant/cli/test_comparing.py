import csv
import io
import json
from pathlib import Path

import pytest

from tests.assistant.cli.conftest import Call

pytestmark = pytest.mark.slow

MONEY = "How much money does the Harbour Compact have?"
ZORBLAX = "What does Zorblax eat?"


@pytest.fixture
def ids(ask_coast: Call) -> dict[str, str]:
    """The ids of the two documents by their titles."""
    listed = json.loads(ask_coast("documents", "--json").stdout)["documents"]
    return {row["title"]: row["id"] for row in listed}


def test_documents_are_compared(ask_coast: Call, ids: dict[str, str]) -> None:
    """The named ones, in the order given; quotes that `show` confirms, and silence."""
    harbour = ids["The Harbour Compact"]
    named = ("--document", ids["lighthouse"], "--document", harbour)
    got = ask_coast("compare", *named, "--question", ZORBLAX, "--question", MONEY, "--format", "json")
    content = json.loads(got.stdout)
    assert (got.returncode, got.stderr) == (0, "")
    assert [document["id"] for document in content["documents"]] == [ids["lighthouse"], harbour]
    assert content["questions"] == [ZORBLAX, MONEY]
    for row in content["cells"]:
        assert row[0] == {"citation": None, "searched": [ZORBLAX], "verdict": "silent"}
    citation = content["cells"][1][1]["citation"]
    assert citation["document_id"] == harbour
    span = ("--start", citation["start"], "--end", citation["end"])
    assert ask_coast("show", harbour, *span).stdout == citation["quote"]
    assert citation["quote"] == "The Harbour Compact has a budget of 12 million crowns for three years."


def test_questions_are_read_from_a_file_and_all_documents_asked(ask_coast: Call, tmp_path: Path) -> None:
    """Empty lines are none; the format is that of the file's ending."""
    (tmp_path / "asked.txt").write_text(f"\ufeff{MONEY}\n\n{ZORBLAX}\n")
    got = ask_coast("compare", "--questions", tmp_path / "asked.txt", "--output", tmp_path / "matrix.csv")
    assert (got.returncode, got.stdout, got.stderr) == (0, "", "")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "matrix.csv").read_text())))
    assert [row["question"] for row in rows] == [MONEY, ZORBLAX] * 2
    got = ask_coast("compare", "--questions", "-", stdin=f"{ZORBLAX}\n")
    assert got.stdout.count(f"*silent*; searched for “{ZORBLAX}”") == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--question", MONEY, "--document", "harbor"), "there is no document 'harbor': "),
        ((), "nothing to compare: give --question, or --questions FILE with a question on each line"),
        (("--questions", "/no/such/file"), "cannot read '/no/such/file': No such file or directory"),
        (("--question", " "), "the question is empty: ask something"),
    ],
)
def test_what_cannot_be_compared_is_told_in_one_line(ask_coast: Call, arguments: tuple[str, ...], message: str) -> None:
    got = ask_coast("compare", *arguments)
    assert (got.returncode, got.stdout, got.stderr.count("\n")) == (2, "", 1)
    assert got.stderr.startswith(f"communique: {message}")


def test_an_empty_home_has_nothing_to_compare(call: Call) -> None:
    got = call("compare", "--question", MONEY)
    assert (got.returncode, got.stdout) == (2, "")
    assert got.stderr == "communique: there are no documents to compare: add some with `communique add PATH`\n"
