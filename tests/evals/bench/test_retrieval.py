"""The bench over a home of two documents: what it prints is what the score card gets."""

import json
from pathlib import Path

import pytest

from assistant.home import Home
from corpus.reading.files import FoundFile
from evals.bench.retrieval import bench_answers, bench_pages, bench_sentences, bench_turns
from evals.bench.scores import BASELINE, OURS
from index.adding import add_files

TEXTS = {
    "sea": "The tide office in Port Elin runs the harbour. It has a budget of 12 million crowns.",
    "land": "The Lighthouse Accord joins seven coastal towns. Its secretary is Joren Vale.",
}


def case(document_id: str, question: str, start: int, end: int) -> dict[str, object]:
    """A case as the public sets have it."""
    evidence = [{"document_id": document_id, "start": start, "end": end}]
    meta = {"rewrite": question}
    return {"id": question, "question": question, "history": [], "evidence": evidence, "meta": meta}


CASES = [
    case("sea", "What is the budget of the harbour?", 66, 83),
    case("land", "How many coastal towns does the Lighthouse Accord join?", 28, 47),
]


@pytest.fixture
def coast(home: Home, tmp_path: Path) -> Home:
    """A home with both."""
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps({"id": id_, "title": id_, "text": text}) + "\n" for id_, text in TEXTS.items()))
    list(add_files([FoundFile(path, path.name)], home.catalogue, lambda: home.indexer))
    return home


def test_a_row_is_what_is_printed(coast: Home, capsys: pytest.CaptureFixture[str]) -> None:
    first, three = bench_sentences(coast, CASES, "tiny")
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == (
        f"  tiny, right sentence first: {first.value:.3f} ({first.low:.3f} to {first.high:.3f}) of {first.num}"
    )
    assert (first.data, first.whose, first.num) == ("tiny", OURS, 2)
    assert first.value <= three.value == 1.0


def test_answers_and_pages_have_rows(coast: Home) -> None:
    rows = [*bench_answers(coast, CASES, "tiny"), *bench_pages(coast, CASES, "tiny")]
    assert [row.measure for row in rows] == [
        "right sentence quoted first",
        "right sentence quoted among three",
        "right sentence quoted",
        "gold page among five",
    ]
    assert rows[-1].value == 1.0


def test_turns_are_ours_by_rules_and_baselines_otherwise(coast: Home) -> None:
    """Each system has both measures, from one search."""
    rows = bench_turns(coast, CASES, "tiny")
    assert {row.system for row in rows if row.whose == OURS} == {"rules"}
    assert {row.system for row in rows if row.whose == BASELINE} == {
        "last turn",
        "human rewrite",
        "rules, full text alone",
        "rules, dense alone",
    }
    assert all(
        [row.measure for row in rows if row.system == name] == ["R@5", "nDCG@5"] for name in ("rules", "last turn")
    )
