import json
import time
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.event import listen

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


@pytest.mark.embedded
def test_remembered_counts_are_those_of_the_index(home: Home, add: AddFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    """A frequent word is counted once, until something is added or removed; rare words are counted each time."""
    monkeypatch.setattr(fulltext, "_FREQUENT", 20)
    statements = list[str]()
    listen(home.database.engine, "before_cursor_execute", lambda *call: statements.append(call[2]))

    def counted() -> dict[str, int]:
        statements.clear()
        with home.database.reading() as connection:
            return passage_counts(connection, ["rain", "hail", "snow"])

    def is_asked(words: int) -> bool:
        return any("passages_vocabulary" in each and each.count("?") == words for each in statements)

    add({f"{i}.txt": f"State {i} measured rain{' and hail' * (i < 5)}." for i in range(30)})
    assert counted() == {"rain": 30, "hail": 5, "snow": 0}
    assert is_asked(3)
    assert counted() == {"rain": 30, "hail": 5, "snow": 0}
    assert is_asked(2)
    add({"snow.txt": "Snow fell, and rain."})
    assert counted() == {"rain": 31, "hail": 5, "snow": 1}
    remove_documents(home.database, home.store, [row.id for row in home.catalogue.summaries()[:8]])
    assert counted()["rain"] == 23


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
        fewer = {k: search_text(connection, question, k) for k in (1, 5, 10, 40, 70)}
    assert len(everything) == 100
    assert len(some) == {1: 1, 40: 1, 120: 66}[most_ranked]
    assert [id_ for id_, _ in some] == [id_ for id_, _ in everything if id_ in dict(some)]
    assert dict(some) == pytest.approx({id_: score for id_, score in everything if id_ in dict(some)})
    assert fewer == {k: some[:k] for k in fewer}


@pytest.mark.embedded
@pytest.mark.parametrize(("k", "listed"), [(5, range(10, 20)), (10, range(10, 20)), (15, range(20)), (100, range(20))])
def test_where_every_word_is_frequent_passages_with_several_are_enough(
    home: Home, add: AddFiles, monkeypatch: pytest.MonkeyPatch, k: int, listed: range
) -> None:
    """Those with the rarest alone are ranked too where there are too few with others."""
    texts = [("gauge " * (i < 20) + "rain " * (i >= 10) + f"of state {i}.").capitalize() for i in range(100)]
    add({f"{i}.txt": content for i, content in enumerate(texts)})
    monkeypatch.setattr(fulltext, "_MOST_RANKED", 1)
    with home.database.reading() as connection:
        found = [id_ for id_, _ in search_text(connection, "rain gauge", k)]
        passages_ = connection.execute(select(passages.c.id, passages.c.text)).all()
    numbers = {row.id: int(row.text.split()[-1].rstrip(".")) for row in passages_}
    assert len(found) == min(k, 20)
    assert {numbers[id_] for id_ in found} <= set(listed)


def test_what_is_not_searched_takes_no_place_from_what_is(home: Home, add: AddFiles) -> None:
    """Passages of an index that is made beside fill no list of the one in use."""
    add({f"{i}.txt": f"State {i} measured rain." for i in range(60)})
    with home.database.writing() as connection:
        connection.execute(update(passages).where(passages.c.rowid <= 40).values(status="staged"))
    with home.database.reading() as connection:
        assert len(search_text(connection, "rain", 10)) == 10
        assert len(search_text(connection, "rain", 30, status="staged")) == 30
        assert len(search_text(connection, "rain", 60)) == 20
