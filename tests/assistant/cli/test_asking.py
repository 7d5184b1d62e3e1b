import json
import re
from pathlib import Path

import pytest

from tests.assistant.cli.conftest import Call

pytestmark = pytest.mark.slow

MONEY = "How much money does the Harbour Compact have?"
ROWS = (
    json.dumps({"id": "one", "question": MONEY, "reference": "ignored"}),
    "{broken",
    json.dumps({"id": "two", "question": "Who runs it?", "history": [{"role": "user", "content": MONEY}]}),
)


def text_of(ask_coast: Call, citation: dict[str, object]) -> str:
    span = ("--start", citation["start"], "--end", citation["end"])
    return ask_coast("show", citation["document_id"], "--version", citation["sha256"], *span).stdout


def test_an_answer_for_a_reader(ask_coast: Call) -> None:
    """The sentences with their markers, then where each one stands."""
    got = ask_coast("ask", MONEY)
    lines = got.stdout.splitlines()
    assert (got.returncode, got.stderr) == (0, "")
    assert lines[0].startswith("The Harbour Compact has a budget of 12 million crowns for three years. [1]")
    assert lines[1] == ""
    assert lines[2].startswith("[1] The Harbour Compact, Money  (harbour-")


def test_an_answer_for_a_program(ask_coast: Call) -> None:
    """The keys of the contract, and quotes that `show` confirms byte for byte."""
    got = ask_coast("ask", MONEY, "--json", "--trace")
    content = json.loads(got.stdout)
    assert set(content) == {
        *("id", "conversation_id", "turn", "question", "standalone_question", "answer", "writer", "notes"),
        *("claims", "citations", "refusal", "timings_ms", "trace"),
    }
    assert set(content["citations"][0]) == {
        *("number", "document_id", "sha256", "title", "source", "start", "end", "quote", "heading", "page", "phrase"),
    }
    assert set(content["timings_ms"]) == {"rewrite", "retrieve", "evidence", "write", "verify", "total"}
    assert content["citations"][0]["quote"] == "The Harbour Compact has a budget of 12 million crowns for three years."
    for citation in content["citations"]:
        assert text_of(ask_coast, citation) == citation["quote"]
    assert set(content["trace"]) == {
        *("kind", "hits", "dropped", "evidence", "llm"),
        *("num_claims_dropped", "num_claims_recited", "dropped_claims"),
    }
    assert (content["trace"]["kind"], content["trace"]["llm"]) == ("look-up", [])


def test_a_refusal_is_a_result(ask_coast: Call) -> None:
    """It says why and shows what comes closest; the status is 0."""
    got = ask_coast("ask", "What does Zorblax eat?")
    assert (got.returncode, got.stderr) == (0, "")
    assert got.stdout.startswith("The 2 documents searched do not mention “Zorblax”.\n\nNearest passages:\n[1] ")


def test_a_stream_is_one_event_a_line(ask_coast: Call) -> None:
    lines = [json.loads(line) for line in ask_coast("ask", MONEY, "--stream").stdout.splitlines()]
    kinds = [line["event"] for line in lines]
    claims = [line["claim"] for line in lines if line["event"] == "claim"]
    assert kinds == ["searching", "found", *["claim"] * len(claims), "done"]
    assert lines[-1]["answer"]["claims"] == claims


def test_a_conversation_goes_on_where_it_was_left(ask_coast: Call) -> None:
    """The second question leans on the first; both are kept, and the list shows them."""
    first = json.loads(ask_coast("ask", MONEY, "--conversation", "new", "--json").stdout)
    second = ask_coast("ask", "Who runs it?", "--conversation", "last")
    assert second.stderr == "understood as: Who runs Harbour Compact?  (--standalone changes it)\n"
    assert "The Tide Office in Port Elin runs the Harbour Compact." in second.stdout
    assert first["turn"] == 1
    listed = ask_coast("conversations")
    assert listed.stdout.splitlines()[0].startswith(f"{first['conversation_id']}  20")
    assert listed.stdout.splitlines()[0].endswith(f"    2 turns  {MONEY}")
    row = json.loads(ask_coast("conversations", "--json").stdout)["conversations"][0]
    assert (row["id"], row["title"], row["num_turns"]) == (first["conversation_id"], MONEY, 2)


def test_only_the_named_document_is_asked(ask_coast: Call) -> None:
    listed = json.loads(ask_coast("documents", "--json").stdout)["documents"]
    lighthouse = next(row["id"] for row in listed if row["title"] == "lighthouse")
    content = json.loads(ask_coast("ask", "Who is the director?", "--document", lighthouse, "--json").stdout)
    shown = [*content["citations"], *(content["refusal"] or {"nearest": []})["nearest"]]
    assert {citation["document_id"] for citation in shown} == {lighthouse}


def test_what_lies_outside_the_scope_is_not_asked(ask_coast: Call) -> None:
    """No answer from a document in another language, and no advice to add documents to a home that has some."""
    got = ask_coast("ask", MONEY, "--language", "ja")
    assert got.stdout == "No document is within what the question was kept to: widen it, or leave it out.\n"
    assert (got.returncode, got.stderr) == (0, "")


def test_what_is_searched_for_can_be_said(ask_coast: Call) -> None:
    """The answer is to what the user meant, and what was searched for is shown."""
    got = ask_coast("ask", "Who runs it?", "--standalone", MONEY)
    assert got.stderr == f"understood as: {MONEY}  (--standalone changes it)\n"
    assert "The Harbour Compact has a budget of 12 million crowns for three years." in got.stdout
    assert got.returncode == 0


def test_a_note_about_the_search_is_on_stderr(ask_coast: Call) -> None:
    """The answer to a long question is on stdout alone."""
    got = ask_coast("ask", f"{MONEY} " * 100)
    assert re.fullmatch(
        r"note: the query is long: its first [\d,]+ characters and 64 words were searched for\n", got.stderr
    )
    assert got.returncode == 0


def test_a_batch_writes_one_answer_a_line_and_nothing_else(ask_coast: Call, tmp_path: Path) -> None:
    """A bad row, even with half of a character in it, is named on its own line and makes the status 1; the others are
    answered, history used.
    """
    halves = ['{"id": "\\ud800", "question": "Who?"}', '{"id": "b", "question": "Who \\udfff?"}']
    (tmp_path / "rows.jsonl").write_text("\n".join([*ROWS, *halves]))
    got = ask_coast("ask", "--batch", tmp_path / "rows.jsonl")
    one, bad, two, *broken = (json.loads(line) for line in got.stdout.splitlines())
    assert (got.returncode, got.stderr) == (1, "")
    assert (one["id"], two["id"], two["standalone_question"]) == ("one", "two", "Who runs Harbour Compact?")
    assert one["citations"][0]["quote"] == "The Harbour Compact has a budget of 12 million crowns for three years."
    assert set(bad) == {"id", "error"}
    assert bad["error"].startswith("line 2: not JSON: ")
    assert [(row["id"], "error" in row) for row in broken] == [(None, True), ("b", True)]


def test_a_batch_of_searches_writes_hits_a_line(ask_coast: Call) -> None:
    got = ask_coast("search", "--batch", "-", "-k", 2, stdin="\n".join(ROWS[::2]))
    one, two = (json.loads(line) for line in got.stdout.splitlines())
    assert (got.returncode, got.stderr) == (0, "")
    assert [set(row) for row in (one, two)] == [{"id", "hits"}] * 2
    assert [len(row["hits"]) for row in (one, two)] == [2, 2]
    assert set(one["hits"][0]) == {"document_id", "start", "end", "score"}
    assert one["hits"][0]["document_id"].startswith("harbour-")


def test_a_missing_batch_file_is_told_in_one_line(ask_coast: Call) -> None:
    got = ask_coast("ask", "--batch", "/no/such/rows.jsonl")
    assert (got.returncode, got.stdout) == (2, "")
    assert got.stderr == "communique: cannot read '/no/such/rows.jsonl': No such file or directory\n"
