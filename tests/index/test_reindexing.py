from collections.abc import Iterator, Mapping

import pytest
from sqlalchemy import text

from assistant.home import Home
from index.errors import IndexRoomError, ManifestMismatch
from index.health import examine, repair
from index.indexing import remove_documents
from index.manifest import read_generation, read_replaced
from index.reindexing import Index, begin, discard_replaced, go_back, make, put_in_place
from index.reports import FileReport
from index.retrieval import Retriever
from index.store import VectorStore
from tests.fakes import HashEncoder, InterruptedEncoder
from tests.index.conftest import AddFiles, add_paths

_TOWNS = {f"{i}.md": f"Town {i} measures hail." for i in range(5)}
_OTHER = ("other", 32)


def _reindexed(home: Home, encoder: HashEncoder) -> Index:
    """The home with a new index in use, the old one kept."""
    new = begin(home.database, home.open_store, encoder)
    make(new, "staged")
    put_in_place(new, keep=True)
    return new


def _towns(home: Home, store: VectorStore, encoder: HashEncoder, *, staged: int | None = None) -> list[str]:
    hits = Retriever(home.database, store, encoder, staged=staged).search("hail in town", 100).hits
    assert all(hit.dense is not None for hit in hits)
    return sorted(hit.passage.text for hit in hits)


def _counts(home: Home) -> dict[str, int]:
    """How many passages there are of each status."""
    with home.database.reading() as connection:
        return dict(
            tuple(row) for row in connection.execute(text("SELECT status, count(*) FROM passages GROUP BY status"))
        )


def _generations(home: Home) -> tuple[int, int | None]:
    """The index in use and the one kept."""
    with home.database.reading() as connection:
        replaced = read_replaced(connection)
        return read_generation(connection), replaced.generation if replaced else None


def _changed(home: Home, add: AddFiles) -> list[str]:
    """One document of five changed, one removed, one new; the texts that are then current."""
    add({"0.md": "Town 0 measures hail no more.", "5.md": "Town 5 is new."})
    gone = next(one.id for one in home.catalogue.summaries() if one.source.endswith("/1.md"))
    remove_documents(home.database, home.store, [gone])
    return ["Town 0 measures hail no more.", *(f"Town {i} measures hail." for i in (2, 3, 4)), "Town 5 is new."]


def test_the_new_index_is_used_and_the_old_one_kept(home: Home, add: AddFiles) -> None:
    add(_TOWNS)
    new = _reindexed(home, HashEncoder(*_OTHER))
    assert _generations(home) == (2, 1)
    assert _counts(home) == {"indexed": 5}
    assert _towns(home, new.store, new.encoder) == sorted(_TOWNS.values())
    assert [one.num_passages for one in home.catalogue.summaries()] == [1] * 5
    health = examine(home.database, new.store, new.encoder)
    assert (health.problems, health.num_vectors, health.way_back) == ((), 5, "hash")


def test_a_new_index_of_the_same_embedder_is_a_new_one(home: Home, add: AddFiles) -> None:
    add(_TOWNS)
    new = _reindexed(home, HashEncoder())
    assert (_generations(home), len(new.encoder.read)) == ((2, 1), 5)
    assert _towns(home, new.store, new.encoder) == sorted(_TOWNS.values())


def test_the_way_back_leads_there_and_forth(home: Home, add: AddFiles) -> None:
    """Nothing is embedded on the way: both indexes are whole."""
    add(_TOWNS)
    other, old = HashEncoder(*_OTHER), HashEncoder()
    _reindexed(home, other)
    other.read.clear()
    assert go_back(home.database, home.open_store, old) == 1
    assert (_generations(home), old.read) == ((1, 2), [])
    assert _towns(home, home.open_store(1), old) == sorted(_TOWNS.values())
    assert go_back(home.database, home.open_store, other) == 2
    assert (_generations(home), other.read) == ((2, 1), [])
    assert _towns(home, home.open_store(2), other) == sorted(_TOWNS.values())
    assert examine(home.database, home.open_store(2), other).problems == ()


def test_the_index_before_learns_what_changed_since(home: Home, add: AddFiles) -> None:
    """Going back loses no document: what was added is made in the old index, what went is not there."""
    add(_TOWNS)
    _reindexed(home, HashEncoder(*_OTHER))
    home.close()
    again = Home(home.path, load_encoder=lambda: HashEncoder(*_OTHER))
    expected = _changed(again, lambda files: _write_and_add(again, files))
    old = HashEncoder()
    go_back(again.database, again.open_store, old)
    assert sorted(read.partition("\n")[2] for read in old.read) == [expected[0], expected[-1]]
    assert _towns(again, again.open_store(1), old) == expected
    assert examine(again.database, again.open_store(1), old).problems == ()
    again.close()


def _write_and_add(home: Home, files: Mapping[str, str]) -> list[FileReport]:
    """As the fixture `add`, for a home that was opened again."""
    folder = home.path.parent / "files"
    for name, content in files.items():
        (folder / name).write_text(content)
    return add_paths(home, folder)


def test_others_add_and_change_while_it_is_made(home: Home, add: AddFiles) -> None:
    """The lock is free between two documents, and what changes meanwhile is right in both indexes."""
    add(_TOWNS)
    other = HashEncoder(*_OTHER)
    new = begin(home.database, home.open_store, other)
    expected: list[str] = []

    def meddling(versions: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
        for number, version in enumerate(versions):
            if number == 2:
                expected.extend(_changed(home, add))
            yield version

    make(new, "staged", meddling)
    assert _towns(home, home.store, home.encoder) == expected
    put_in_place(new, keep=True)
    assert _towns(home, new.store, other) == expected
    assert examine(home.database, new.store, other).problems == ()
    go_back(home.database, home.open_store, home.encoder)
    assert _towns(home, home.open_store(1), home.encoder) == expected


def test_an_interrupted_one_is_gone_on_with(home: Home, add: AddFiles) -> None:
    """Ctrl-C at the fourth document: the old index answers, and the next try embeds the last two only."""
    add(_TOWNS)
    with pytest.raises(KeyboardInterrupt):
        _reindexed(home, InterruptedEncoder(*_OTHER, interrupt_at=4))
    assert _towns(home, home.store, home.encoder) == sorted(_TOWNS.values())
    other = HashEncoder(*_OTHER)
    new = _reindexed(home, other)
    assert len(other.read) == 2
    assert _towns(home, new.store, other) == sorted(_TOWNS.values())


def test_the_staged_index_can_be_searched_beside_the_other(home: Home, add: AddFiles) -> None:
    add(_TOWNS)
    new = begin(home.database, home.open_store, HashEncoder(*_OTHER))
    make(new, "staged")
    assert _towns(home, new.store, new.encoder, staged=2) == sorted(_TOWNS.values())
    assert _towns(home, home.store, home.encoder) == sorted(_TOWNS.values())
    staged = Retriever(home.database, new.store, new.encoder, staged=2).search("hail", 100).hits
    assert {hit.passage.id.rpartition("#")[2][0] for hit in staged} == {"2"}


def test_the_one_before_last_goes(home: Home, add: AddFiles) -> None:
    """One way back is kept, and no generation that was in use comes again."""
    add(_TOWNS)
    _reindexed(home, HashEncoder(*_OTHER))
    go_back(home.database, home.open_store, HashEncoder())
    _reindexed(home, HashEncoder("third", 16))
    assert (_generations(home), _counts(home)) == ((3, 1), {"indexed": 5})
    assert home.open_store(2).ids() == set()
    assert len(home.open_store(1).ids()) == 5
    assert [path.name for path in home.path.glob("index-*")] == ["index-1.sqlite3"]


def test_a_repair_keeps_the_way_back(home: Home, add: AddFiles) -> None:
    add(_TOWNS)
    other = HashEncoder(*_OTHER)
    _reindexed(home, other)
    home.open_store(2).delete(sorted(home.open_store(2).ids())[:2])
    repair(home.database, home.open_store, other)
    assert examine(home.database, home.open_store(2), other).problems == ()
    go_back(home.database, home.open_store, HashEncoder())
    assert _towns(home, home.open_store(1), HashEncoder()) == sorted(_TOWNS.values())


def test_a_repair_with_another_embedder_keeps_none(home: Home, add: AddFiles) -> None:
    add(_TOWNS)
    _reindexed(home, HashEncoder(*_OTHER))
    third = HashEncoder("third", 16)
    repair(home.database, home.open_store, third)
    assert (_generations(home), _counts(home)) == ((3, None), {"indexed": 5})
    assert examine(home.database, home.open_store(3), third).way_back is None


def test_what_was_kept_can_be_discarded(home: Home, add: AddFiles) -> None:
    add(_TOWNS)
    new = _reindexed(home, HashEncoder(*_OTHER))
    assert discard_replaced(home.database, home.open_store)
    assert (_generations(home), _counts(home)) == ((2, None), {"indexed": 5})
    assert home.open_store(1).ids() == set()
    assert not list(home.path.glob("index-*"))
    assert _towns(home, new.store, new.encoder) == sorted(_TOWNS.values())
    assert not discard_replaced(home.database, home.open_store)
    with pytest.raises(IndexRoomError, match=r"^there is no index to go back to: only `communique reindex` keeps"):
        go_back(home.database, home.open_store, HashEncoder())


def test_what_was_put_aside_and_lost_is_said(home: Home, add: AddFiles) -> None:
    add(_TOWNS)
    new = _reindexed(home, HashEncoder(*_OTHER))
    (home.path / "index-1.sqlite3").unlink()
    with pytest.raises(IndexRoomError, match=r"^the index before is gone \(index-1\.sqlite3 is not in the home\)"):
        go_back(home.database, home.open_store, HashEncoder())
    assert _towns(home, new.store, new.encoder) == sorted(_TOWNS.values())


def test_an_interrupted_way_back_can_be_gone_again(home: Home, add: AddFiles) -> None:
    """What was brought back is no index that waits: it is deleted, and brought back once more."""
    add(_TOWNS)
    _reindexed(home, HashEncoder(*_OTHER))
    home.close()
    again = Home(home.path, load_encoder=lambda: HashEncoder(*_OTHER))
    expected = _changed(again, lambda files: _write_and_add(again, files))
    with pytest.raises(KeyboardInterrupt):
        go_back(again.database, again.open_store, InterruptedEncoder(interrupt_at=2))
    assert _towns(again, again.store, again.encoder) == expected
    go_back(again.database, again.open_store, HashEncoder())
    assert _towns(again, again.open_store(1), HashEncoder()) == expected
    assert examine(again.database, again.open_store(1), HashEncoder()).problems == ()
    again.close()


def test_words_are_counted_once(home: Home, add: AddFiles) -> None:
    """What is kept aside changes no statistics, and with that no answer."""
    add(_TOWNS)
    before = Retriever(home.database, home.store, home.encoder)
    counted, found = before.word_statistics("hail 3"), before.search("hail 3").hits
    new = _reindexed(home, HashEncoder())
    after = Retriever(home.database, new.store, new.encoder)
    assert after.word_statistics("hail 3") == counted
    assert [(hit.score, hit.lexical) for hit in after.search("hail 3").hits] == [(h.score, h.lexical) for h in found]


def test_an_empty_home_has_nothing_to_index(home: Home) -> None:
    with pytest.raises(IndexRoomError, match=r"^there is nothing to index yet: `communique add` takes documents in$"):
        begin(home.database, home.open_store, HashEncoder())


def test_the_way_back_needs_the_embedder_it_was_made_with(home: Home, add: AddFiles) -> None:
    add(_TOWNS)
    _reindexed(home, HashEncoder(*_OTHER))
    with pytest.raises(ManifestMismatch, match=r"^the index before was made by another version of this program"):
        go_back(home.database, home.open_store, HashEncoder("third", 16))
    assert _generations(home) == (2, 1)


def test_two_cannot_put_different_ones_in_place(home: Home, add: AddFiles) -> None:
    """Who began first, and was overtaken by another, is told, and nothing is put in place."""
    add(_TOWNS)
    first = begin(home.database, home.open_store, HashEncoder(*_OTHER))
    make(first, "staged")
    _reindexed(home, HashEncoder("third", 16))
    with pytest.raises(ManifestMismatch, match=r"^another index was begun or put in place meanwhile"):
        put_in_place(first, keep=True)
    assert _generations(home) == (2, 1)


def test_who_holds_the_old_index_is_told_until_it_is_back(home: Home, add: AddFiles) -> None:
    add(_TOWNS)
    retriever = Retriever(home.database, home.store, home.encoder)
    _reindexed(home, HashEncoder(*_OTHER))
    with pytest.raises(ManifestMismatch, match=r"^a new index has taken the place of this one"):
        retriever.search("hail")
    go_back(home.database, home.open_store, home.encoder)
    assert len(retriever.search("hail").hits) == 5
