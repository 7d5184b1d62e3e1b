"""Near duplicates as `add` and `documents --duplicates` find them."""

import random

from sqlalchemy import delete, select

from assistant.home import Home
from corpus.duplicates import Duplicate, duplicates
from corpus.schema import fingerprint_bands, fingerprints
from index.indexing import remove_documents
from tests.index.conftest import AddFiles

_WORDS = [f"word{i}" for i in range(2_000)]


def _words(seed: int) -> list[str]:
    return random.Random(seed).choices(_WORDS, k=400)  # noqa: S311  (words, not secrets)


def _text(words: list[str]) -> str:
    return " ".join(words) + "."


def _ids(home: Home) -> dict[str, str]:
    return {summary.source.rpartition("/")[2]: summary.id for summary in home.catalogue.summaries()}


def test_a_near_duplicate_is_told_where_it_is_added(home: Home, add: AddFiles) -> None:
    """The one that came later, in this `add` or an earlier one; when nothing changed it is not said again."""
    near = _words(1)
    near[100:104] = ["quite", "other", "words", "here"]
    reports = add({"a.txt": _text(_words(1)), "b.txt": _text(near), "c.txt": _text(_words(2))})
    a, b = _ids(home)["a.txt"], _ids(home)["b.txt"]
    assert [report.warnings for report in reports] == [[], [f"almost the same words as {a} (99 %)"], []]
    reports = add({"d.txt": _text(_words(1))})
    assert [report.warnings for report in reports] == [[], [], [], [f"the same words as {a}"]]
    assert list(duplicates(home.database)) == [Duplicate(b, a, 0.99), Duplicate(_ids(home)["d.txt"], a, 1.0)]
    remove_documents(home.database, home.store, [a])
    [left] = duplicates(home.database)
    assert {left.id, left.of} == {_ids(home)["d.txt"], b}


def test_versions_of_one_document_and_short_ones_are_no_duplicates(home: Home, add: AddFiles) -> None:
    add({"a.txt": _text(_words(1)), "b.txt": "It rained.", "c.txt": "It rained."})
    reports = add({"a.txt": _text([*_words(1), "more"])})
    assert [report.warnings for report in reports] == [[], [], []]
    assert list(duplicates(home.database)) == []


def test_a_home_of_before_gets_its_fingerprints_when_asked(home: Home, add: AddFiles) -> None:
    add({"a.txt": _text(_words(1)), "b.txt": _text(_words(1)), "c.txt": "It rained."})
    before = list(duplicates(home.database))
    with home.database.writing() as connection:
        connection.execute(delete(fingerprint_bands))
        connection.execute(delete(fingerprints))
    assert list(duplicates(home.database)) == before != []
    with home.database.reading() as connection:
        assert len(connection.execute(select(fingerprints)).all()) == 2


def test_what_is_looked_at_is_bounded(home: Home, add: AddFiles) -> None:
    """Of forty alike documents, each finds one before it."""
    add({f"{number:03}.txt": _text([*_words(1)[:80], str(number)]) for number in range(40)})
    assert len(list(duplicates(home.database))) == 39
