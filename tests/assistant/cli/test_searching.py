import json
import re
from pathlib import Path

import pytest

from tests.assistant.cli.conftest import Call
from tests.tiny_models import save_cross_encoder, save_embedder

pytestmark = pytest.mark.slow


@pytest.fixture
def names(ask_coast: Call) -> dict[str, str]:
    """The names of the two documents by their ids."""
    listed = json.loads(ask_coast("documents", "--json").stdout)["documents"]
    return {row["id"]: row["id"].rpartition("-")[0] for row in listed}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--kind", "md"], {"harbour"}),
        (["--kind", "md", "--kind", ".TXT", "--language", "en"], {"harbour", "lighthouse"}),
        (["--language", "ja"], set()),
        (["--since", "2000"], set()),
    ],
    ids=["kind", "kinds and language", "language", "date"],
)
def test_a_search_stays_within_its_scope(
    ask_coast: Call, names: dict[str, str], options: list[str], expected: set[str]
) -> None:
    got = ask_coast("search", "harbour", "--json", *options)
    hits = json.loads(got.stdout)["hits"]
    assert {names[hit["document_id"]] for hit in hits} == expected
    assert (got.returncode, got.stderr) == (0, "")


def test_what_became_of_a_document_is_told_in_a_line(ask_coast: Call, names: dict[str, str]) -> None:
    """Who misses a document reads why, in words or as JSON with the scores."""
    harbour, lighthouse = sorted(names)
    asked = ("search", "lighthouse of Cape Orre", "-k", 1)
    got = ask_coast(*asked, "--why", harbour)
    number = r"-?\d\.\d\d"
    assert re.fullmatch(
        rf"{harbour}: fusion dropped it \(below the first 1\): its best passage scores {number}; hit 1 has {number}\n",
        got.stdout,
    )
    assert (got.returncode, got.stderr) == (0, "")
    why = json.loads(ask_coast(*asked, "--why", lighthouse, "--json").stdout)["why"]
    assert set(why) == {"document_id", "outcome", "stage", "text", "best"}
    assert (why["document_id"], why["outcome"], why["stage"]) == (lighthouse, "used", None)
    assert why["best"]["document_id"] == lighthouse
    outside = ask_coast(*asked, "--why", lighthouse, "--document", harbour)
    assert outside.stdout == f"{lighthouse}: the search was kept within other documents\n"


def test_what_became_of_an_unknown_document_is_no_question(ask_coast: Call) -> None:
    got = ask_coast("search", "lighthouse", "--why", "lighthouse")
    assert (got.returncode, got.stdout) == (2, "")
    assert re.fullmatch(r"communique: there is no document 'lighthouse': did you mean lighthouse-\w+\?\n", got.stderr)


@pytest.mark.parametrize(
    ("query", "k", "num_hits"),
    [("", 3, 0), ("tide", 0, 0), ('"NEAR( AND * title:', 3, 3), ("日本 😀 ไทย", 999, 3), ("tide " * 10_000, 3, 3)],
    ids=["empty", "no hits wanted", "signs", "scripts", "50 kB"],
)
def test_whatever_is_typed_is_searched_for(ask_coast: Call, query: str, k: int, num_hits: int) -> None:
    """A result, and never a traceback; what was not read of a long query is said."""
    got = ask_coast("search", query, "-k", k)
    assert len(got.stdout.splitlines()) == 2 * num_hits
    assert got.stderr.startswith(f"{num_hits} hits, ")
    assert ("\nnote: the query is long: " in got.stderr) == (len(query) > 1_000)
    assert got.returncode == 0


def test_bytes_that_are_no_text_are_told_in_one_line(ask_coast: Call) -> None:
    got = ask_coast("search", "tide \udcff")
    assert (got.returncode, got.stdout, got.stderr) == (2, "", "communique: the query is not UTF-8: type it anew\n")


def test_a_reranker_that_is_not_there_is_told_in_one_line(call: Call, coast_home: Path) -> None:
    got = call("--reranker", "/no/such/model", "search", "tide", home=coast_home)
    assert (got.returncode, got.stdout, got.stderr.count("\n")) == (2, "", 1)
    assert got.stderr.startswith("communique: no cross-encoder can be loaded from '/no/such/model': there is no such")


def test_a_reranker_reads_the_hits_again(call: Call, coast_home: Path, tmp_path: Path) -> None:
    reranker = save_cross_encoder(tmp_path / "reranker")
    got = call("--reranker", reranker, "search", "tide", "-k", 2, "--json", home=coast_home)
    hits = json.loads(got.stdout)["hits"]
    assert (got.returncode, got.stderr) == (0, "")
    assert [hit["rerank"] for hit in hits] == [hit["score"] for hit in hits]
    assert [hit["dropped"] for hit in hits] == [None, None, "reranking: below the first 2"]


def test_another_embedder_takes_over_after_a_repair(call: Call, coast_files: Path, tmp_path: Path) -> None:
    """The line says what to type, and afterwards the home knows its embedder; the one before has to be named."""
    embedder = save_embedder(tmp_path / "my models" / "m")
    assert call("add", coast_files).returncode == 0
    other = ("--embedder", embedder)
    refused = call(*other, "search", "tide")
    assert (refused.returncode, refused.stdout, refused.stderr.count("\n")) == (2, "", 1)
    assert f"run `communique --embedder '{embedder}' doctor --repair` to make a new index" in refused.stderr
    assert call("search", "tide").returncode == 0
    repaired = call(*other, "doctor", "--repair")
    assert (repaired.returncode, repaired.stdout.splitlines()[-1]) == (0, "all is well")
    assert f"embedder   {embedder}" in repaired.stdout
    assert call("search", "tide").stderr == "3 hits, 0 candidates dropped\n"
    assert call("--embedder", "all-MiniLM-L6-v2", "search", "tide").returncode == 2
