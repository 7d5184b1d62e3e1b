import json
import time
from pathlib import Path

import pytest
from sqlalchemy import update

from assistant.home import Home
from corpus.reading.files import FoundFile
from corpus.schema import passages
from index import fulltext
from index.adding import add_files
from index.fulltext import num_passages, passage_counts, search_text
from index.indexing import remove_documents
from tests.index.conftest import AddFiles


@pytest.fixture
def found(library: Home):
    """A search that names the documents in which it found something."""
    names = {summary.id: summary.id.split("-")[0] for summary in library.catalogue.summaries()}

    def search(query: str, k: int = 10, *, document_ids: list[str] | None = None) -> list[str]:
        if document_ids is not None:
            document_ids = [id_ for id_, name in names.items() if name in document_ids]
        with library.database.reading() as connection:
            hits = search_text(connection, query, k, document_ids=document_ids)
        assert [score for _, score in hits] == sorted((score for _, score in hits), reverse=True)
        return [names[id_.rpartition("#")[0]] for id_, _ in hits]

    return search


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("rain", ["oslo", "bergen"]),
        ("RAIN in ÓSLO", ["oslo", "bergen"]),
        ("funding", ["bergen", "money"]),
        ("brass", ["money"]),
        ("the brass of and", ["money"]),
        ("to be or not to be", ["what", "bergen"]),
        ('"brass gauges" AND NOT rain', ["money", "bergen", "oslo"]),
        ("brass* NEAR(rain, 2) text:oslo ^x -y", ["oslo", "money", "bergen"]),
        ("'; DROP TABLE passages; --", []),
        ('"', []),
        ("😀", []),
        ("\ud800 \0", []),
        ("", []),
    ],
    ids=lambda value: value if isinstance(value, str) and value.isprintable() and value.isascii() else None,
)
def test_a_query_is_a_bag_of_words(found, query: str, expected: list[str]) -> None:
    """Whatever a user types is looked for as words: no sign in it is an operator, and none is an error."""
    assert sorted(found(query)) == sorted(expected)
    assert found(query)[:1] == expected[:1]


def test_words_that_a_hyphen_joins_count_as_one_too(home: Home, tmp_path: Path) -> None:
    """Of "out-of-network" more is left than the network: who says just that stands before who says its words apart."""
    texts = {
        "apart": "Out of ten boats none has a network. The network of the harbour carries letters.",
        "in": "An in-network doctor is paid by the fund, and an in-network nurse is too.",
        "out": "An out-of-network doctor is paid by the patient, and the bill is sent by the network.",
    }
    rows = "".join(json.dumps({"id": id_, "title": "Rules", "text": text}) + "\n" for id_, text in texts.items())
    (tmp_path / "rows.jsonl").write_text(rows)
    list(add_files([FoundFile(tmp_path / "rows.jsonl", "rows.jsonl")], home.catalogue, lambda: home.indexer))
    for query, first in {
        "an in-network provider": "in",
        "the out‑of‑network rules": "out",
        "OUT-OF-NETWORK": "out",
    }.items():
        with home.database.reading() as connection:
            assert search_text(connection, query, 3)[0][0].startswith(f"{first}#"), query
            assert len(search_text(connection, query, 3)) == 3


def test_a_query_of_50_kilobytes_takes_no_time(found) -> None:
    """A page pasted into the search is searched for by its first words."""
    begun = time.process_time()
    assert found("brass " + " ".join(f"word{i}" for i in range(5_000))) == ["money"]
    assert found(" ".join(f"word{i}" for i in range(5_000)) + " brass") == []
    assert time.process_time() - begun < 2


@pytest.mark.parametrize(
    ("scope", "expected"),
    [(["bergen", "money"], ["bergen"]), (["money"], []), ([], [])],
    ids=["two", "without the word", "empty"],
)
def test_a_scope_is_kept(found, scope: list[str], expected: list[str]) -> None:
    """A search within some documents finds nothing in others."""
    assert found("rain", document_ids=scope) == expected


@pytest.mark.parametrize("k", [0, 1, 2, 100])
def test_k_is_the_most_that_is_listed(found, k: int) -> None:
    """A list is as long as it was asked to be, and shorter where there is less."""
    assert found("rain", k) == ["oslo", "bergen"][:k]


def test_how_many_passages_hold_a_word(library: Home) -> None:
    """Rare and common words are told apart by the same count that the ranking uses."""
    with library.database.reading() as connection:
        assert passage_counts(connection, ["rain", "fund", "brass", "nowher"]) == {
            "rain": 2,
            "fund": 2,
            "brass": 1,
            "nowher": 0,
        }
        assert passage_counts(connection, []) == {}


def test_passages_are_counted_without_reading_them(home: Home, add: AddFiles) -> None:
    """The number is that of the passages, however many come and go."""
    with home.database.reading() as connection:
        assert num_passages(connection) == 0
    add({f"{i}.txt": f"State {i} measured rain." for i in range(150)})
    with home.database.reading() as connection:
        assert num_passages(connection) == 150
    remove_documents(home.database, home.store, [row.id for row in home.catalogue.summaries()[:30]])
    with home.database.reading() as connection:
        assert num_passages(connection) == 120


@pytest.mark.embedded
@pytest.mark.parametrize("most_ranked", [1, 40, 120])
def test_of_very_many_passages_those_with_the_rarest_words_are_ranked(
    home: Home, add: AddFiles, monkeypatch: pytest.MonkeyPatch, most_ranked: int
) -> None:
    """What is listed then has the score, and stands in the order, that it has among all."""
    add({f"{i}.txt": f"State {i} measured rain{' and hail' * (i % 3)}. {'It snowed.' * (i == 77)}" for i in range(100)})
    question = "snowed hail in a state's rain-gauge"
    with home.database.reading() as connection:
        everything = search_text(connection, question, 100)
        monkeypatch.setattr(fulltext, "_MOST_RANKED", most_ranked)
        some = search_text(connection, question, 100)
        ten = search_text(connection, question, 10)
    assert len(everything) == 100
    assert len(some) == {1: 1, 40: 1, 120: 66}[most_ranked]
    assert [id_ for id_, _ in some] == [id_ for id_, _ in everything if id_ in dict(some)]
    assert dict(some) == pytest.approx({id_: score for id_, score in everything if id_ in dict(some)})
    assert ten == some[:10]


def test_what_is_not_searched_takes_no_place_from_what_is(home: Home, add: AddFiles) -> None:
    """Passages of an index that is made beside fill no list of the one in use."""
    add({f"{i}.txt": f"State {i} measured rain." for i in range(60)})
    with home.database.writing() as connection:
        connection.execute(update(passages).where(passages.c.rowid <= 40).values(status="staged"))
    with home.database.reading() as connection:
        assert len(search_text(connection, "rain", 10)) == 10
        assert len(search_text(connection, "rain", 30, status="staged")) == 30
        assert len(search_text(connection, "rain", 60)) == 20
