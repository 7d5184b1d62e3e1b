import json
from pathlib import Path

import pytest

from assistant.errors import InvalidCall
from assistant.home import Home
from assistant.plugins import IndexCheckPlugin
from corpus.reading.files import FoundFile
from evals.comparing.index_check import MEASURES, index_check
from evals.plugin import plugin
from index.adding import add_files
from index.embedding import Vectors
from index.reindexing import Index, begin, make
from index.retrieval import Retriever
from tests.fakes import HashEncoder

NUM = 24


class BlindEncoder(HashEncoder):
    """An encoder to which every text is the same."""

    def _vectors(self, texts: list[str]) -> Vectors:
        return super()._vectors(["x"] * len(texts))


def ships(home: Home, folder: Path, *, questions: str) -> Path:
    """A suite of a question for each of so many documents about ships; `questions` names the ship in its own words."""
    rows = [{"id": f"s{i}", "title": f"Ship {i}", "text": f"The ship {_name(i)} carries timber."} for i in range(NUM)]
    (folder / "ships.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    found = FoundFile(folder / "ships.jsonl", "ships.jsonl")
    assert [one.status for one in add_files([found], home.catalogue, lambda: home.indexer)] == ["added"]
    cases = [
        {
            "id": f"c{i}",
            "question": questions.format(_name(i)),
            "answerable": True,
            "evidence": [{"document_id": f"s{i}", "quote": rows[i]["text"]}],
        }
        for i in range(NUM)
    ]
    path = folder / "suite.jsonl"
    path.write_text("".join(json.dumps(case) + "\n" for case in cases))
    return path


def _name(i: int) -> str:
    return "".join(chr(ord("a") + (i * 7 + j * 5) % 26) for j in range(6)).capitalize()


def _staged(home: Home, encoder: HashEncoder) -> tuple[Index, Retriever]:
    new = begin(home.database, home.open_store, encoder)
    make(new, "staged")
    return new, Retriever(home.database, new.store, encoder, staged=new.generation)


def test_the_same_index_is_not_worse(home: Home, tmp_path: Path) -> None:
    """A line a measure, with both means and how many cases changed."""
    check = index_check(str(ships(home, tmp_path, questions="What does {} carry?")), home)
    _, after = _staged(home, HashEncoder())
    verdict = check(home.sources.retriever, after)
    assert not verdict.is_worse
    assert verdict.lines[0].startswith("R@10 ")
    assert len(verdict.lines) == len(MEASURES)
    assert verdict.lines[0].endswith("(+0.000, 95 % +0.000 to +0.000; 0 of 24 cases better, 0 worse)")


def test_an_index_that_finds_less_is_worse(home: Home, tmp_path: Path) -> None:
    """One that embeds every text alike, for a question whose words full text does not find, is told by its figures."""
    check = index_check(str(ships(home, tmp_path, questions="What does {} carry?")), home)
    new, after = _staged(home, BlindEncoder("blind", 64))
    with home.database.writing() as connection:
        connection.exec_driver_sql("UPDATE passages SET status = 'pending' WHERE status = 'staged' AND version < 18")
    verdict = check(home.sources.retriever, after)
    assert verdict.is_worse
    assert verdict.lines[0].endswith("17 worse)  a significant drop")
    assert new.generation == 2


def test_a_suite_about_other_documents_is_refused(home: Home) -> None:
    """The sample suite is about the sample documents: a home without them cannot be checked by it."""
    with pytest.raises(InvalidCall, match=r"^'sample' cannot check the documents of this home: "):
        index_check("sample", home)
    with pytest.raises(InvalidCall, match=r"^'kept' cannot check the documents of this home: "):
        index_check("kept", home)
    with pytest.raises(InvalidCall, match=r"there is no suite 'nope'"):
        index_check("nope", home)


def test_the_plugin_offers_the_check() -> None:
    """The command line finds it by what it can do, not by its name."""
    assert isinstance(plugin, IndexCheckPlugin)
