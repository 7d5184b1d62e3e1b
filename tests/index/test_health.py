import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from assistant.home import Home
from index.errors import ManifestMismatch
from index.health import Health, examine, repair
from index.indexing import remove_documents
from index.manifest import current_manifest, read_building, read_manifest
from index.retrieval import Retriever
from index.store import VectorStore
from tests.fakes import FaultyStore, HashEncoder, InterruptedEncoder
from tests.index.conftest import AddFiles

_FILES = {"oslo.md": "# Oslo\n\nIt rained.\n\n## Later\n\nIt snowed.", "bergen.md": "It hailed in Bergen."}
_SOUND = Health(num_documents=2, num_passages=3, num_vectors=3, problems=())


def _execute(home: Home, statement: str) -> None:
    with home.database.writing() as connection:
        connection.execute(text(statement))


def _rows(home: Home, query: str) -> list[tuple]:
    with home.database.reading() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def _lose_vectors(home: Home) -> None:
    home.store.delete(sorted(home.store.ids())[:2])


def _leave_orphans(home: Home) -> None:
    home.store.add(["ghost#9.0"], HashEncoder().encode(["x"]), ["ghost"])


def _empty_full_text(home: Home) -> None:
    _execute(home, "INSERT INTO passages_fts(passages_fts) VALUES ('delete-all')")


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (_lose_vectors, "2 passages have no vector: they are found by their words only"),
        (_leave_orphans, "1 vectors belong to no passage"),
        pytest.param(_empty_full_text, "the full-text index does not match the passages", marks=pytest.mark.embedded),
        (
            lambda home: home.store.delete(sorted(home.store.ids())),
            "3 passages have no vector: they are found by their words only",
        ),
        (lambda home: _execute(home, "DELETE FROM passages"), "2 documents have no passages and cannot be found"),
        (
            lambda home: _execute(home, "UPDATE passages SET status = 'pending' WHERE start = 0"),
            "1 passages are unfinished: another process is writing, or one was killed",
        ),
    ],
    ids=["lost vectors", "orphans", "full text", "all vectors", "passages", "unfinished"],
)
def test_what_is_wrong_is_named_and_repaired(
    home: Home, add: AddFiles, damage: Callable[[Home], None], problem: str
) -> None:
    """`doctor` names what is wrong with a home, and `--repair` puts it right so that everything is found again."""
    add(_FILES)
    assert examine(home.database, home.store, home.encoder) == _SOUND
    damage(home)
    assert problem in examine(home.database, home.store, home.encoder).problems
    repair(home.database, home.open_store, home.encoder)
    assert examine(home.database, home.store, home.encoder) == _SOUND
    hits = Retriever(home.database, home.store, home.encoder).search("hailed in Bergen").hits
    assert hits[0].passage.text == "It hailed in Bergen."
    assert hits[0].dense is not None
    assert len(hits) == 3


@pytest.mark.embedded
def test_a_deleted_folder_of_vectors_is_made_anew(home: Home, add: AddFiles) -> None:
    """Vectors can be deleted by hand: they are computed again from the snapshots."""
    add(_FILES)
    home.close()
    shutil.rmtree(home.path / "vectors")
    again = Home(_moved(home.path), load_encoder=HashEncoder)  # Chroma keeps a path open while the process lives
    assert examine(again.database, again.store, again.encoder).num_vectors == 0
    repair(again.database, again.open_store, again.encoder)
    assert examine(again.database, again.store, again.encoder) == _SOUND
    again.close()


def _moved(home: Path) -> Path:
    return home.rename(home.with_name("moved"))


def test_an_index_of_another_embedder_is_made_anew(home: Home, add: AddFiles) -> None:
    """After a change of the embedder, `--repair` embeds all documents with the new one, whatever its dimension."""
    add(_FILES)
    other = HashEncoder("other", 32)
    (problem,) = examine(home.database, home.store, other).problems
    assert problem.startswith("this index was made with another embedder 'hash', now 'other'; dimension '64', now '32'")
    repair(home.database, home.open_store, other)
    assert examine(home.database, home.open_store(2), other) == _SOUND
    assert len(Retriever(home.database, home.open_store(2), other).search("rain", 10).hits) == 3


def _towns(home: Home, store: VectorStore, encoder: HashEncoder) -> list[str]:
    """The towns that a search finds."""
    hits = Retriever(home.database, store, encoder).search("hail in town", 100).hits
    return sorted(hit.passage.text for hit in hits)


def _interrupt(home: Home, name: str, *, dimension: int = 32) -> None:
    """Begins an index for another embedder, with Ctrl-C at the fourth document."""
    encoder = InterruptedEncoder(name, dimension, interrupt_at=4)
    with pytest.raises(KeyboardInterrupt):
        repair(home.database, home.open_store, encoder)
    assert len(encoder.read) == 3


_TOWNS = {f"{i}.md": f"Town {i} measures hail." for i in range(5)}


def test_the_old_index_answers_until_the_new_one_is_whole(home: Home, add: AddFiles) -> None:
    """Nobody waits for a new index: until it is whole, everything is found in the one there is."""
    add(_TOWNS)
    opened_before = Retriever(home.database, home.store, home.encoder)
    best = [hit.passage.id for hit in opened_before.search("hail in town 3").hits]
    _interrupt(home, "other")
    assert [hit.passage.id for hit in opened_before.search("hail in town 3").hits] == best
    assert _towns(home, home.store, home.encoder) == sorted(_TOWNS.values())
    assert [summary.num_passages for summary in home.catalogue.summaries()] == [1] * 5
    assert examine(home.database, home.store, home.encoder) == Health(
        5, 5, 5, ("3 passages wait in a new index that is not finished",)
    )


def test_an_interrupted_index_is_gone_on_with(home: Home, add: AddFiles) -> None:
    """An hour of embedding is not lost to Ctrl-C: the next repair embeds only what is missing."""
    add(_TOWNS)
    _interrupt(home, "other")
    other = HashEncoder("other", 32)
    repair(home.database, home.open_store, other)
    assert [text.partition("\n")[2] for text in other.read] == [_TOWNS["3.md"], _TOWNS["4.md"]]
    assert _towns(home, home.open_store(2), other) == sorted(_TOWNS.values())
    repair(home.database, home.open_store, other)
    assert len(other.read) == 2


def test_what_was_replaced_is_gone(home: Home, add: AddFiles) -> None:
    """The index before leaves neither rows nor vectors, and the settings are those of the new one."""
    add(_TOWNS)
    old = home.store.ids()
    other = HashEncoder("other", 32)
    repair(home.database, home.open_store, other)
    new = home.open_store(2)
    assert (len(new.ids()), new.ids() & old) == (5, set())
    assert home.open_store(1).ids() == set()
    assert _rows(home, "SELECT generation, count(*) FROM passages GROUP BY 1") == [(2, 5)]
    assert _rows(home, "SELECT generation, count(*) FROM segments GROUP BY 1") == [(2, 5)]
    assert {vector.shape for vector in new.vectors(sorted(new.ids())).values()} == {(32,)}
    with home.database.reading() as connection:
        assert (read_manifest(connection), read_building(connection)) == (current_manifest(other), {})


def test_who_holds_the_index_before_is_told_in_one_line(home: Home, add: AddFiles) -> None:
    """A program that was open meanwhile neither searches nor writes among unlike things; it is to start again."""
    add(_TOWNS)
    retriever, indexer = Retriever(home.database, home.store, home.encoder), home.indexer
    repair(home.database, home.open_store, HashEncoder("other", 32))
    message = "^a new index has taken the place of this one: start the program again$"
    with pytest.raises(ManifestMismatch, match=message):
        retriever.search("hail")
    with pytest.raises(ManifestMismatch, match=message):
        indexer.commit([indexer.prepare(home.catalogue.document(home.catalogue.summaries()[0].id), "changed")])
    repair(home.database, home.open_store, home.encoder)
    with pytest.raises(ManifestMismatch, match=message):
        retriever.search("hail")
    with pytest.raises(ManifestMismatch, match=message):
        indexer.commit([indexer.prepare(home.catalogue.document(home.catalogue.summaries()[0].id), "changed")])
    assert examine(home.database, home.open_store(3), home.encoder) == Health(5, 5, 5, ())


@pytest.mark.parametrize(
    ("last", "generation"),
    [(HashEncoder("third", 16), 2), (HashEncoder(), 1), (HashEncoder("other", 48), 2)],
    ids=["a third one", "back to the first", "of another dimension"],
)
def test_one_may_think_otherwise_in_the_middle(home: Home, add: AddFiles, last: HashEncoder, generation: int) -> None:
    """After an interrupted change of the embedder any embedder can be chosen, and nothing is left of what was begun."""
    add(_TOWNS)
    _interrupt(home, "other")
    repair(home.database, home.open_store, last)
    store = home.open_store(generation)
    assert examine(home.database, store, last) == Health(5, 5, 5, ())
    assert _towns(home, store, last) == sorted(_TOWNS.values())
    assert {vector.shape for vector in store.vectors(sorted(store.ids())).values()} == {(last.dimension,)}
    repair(home.database, home.open_store, HashEncoder("other", 32))
    assert _towns(home, home.open_store(generation + 1), HashEncoder("other", 32)) == sorted(_TOWNS.values())


def test_what_changes_while_an_index_is_made_is_in_it(home: Home, add: AddFiles) -> None:
    """Documents that are added, changed and removed before an interrupted index is finished are right in it."""
    add(_TOWNS)
    _interrupt(home, "other")
    add({**_TOWNS, "0.md": "Town 0 measures hail no more.", "4.md": "Town 4 changed.", "5.md": "Town 5 is new."})
    ids = {summary.source.rpartition("/")[2]: summary.id for summary in home.catalogue.summaries()}
    remove_documents(home.database, home.store, [ids["1.md"], ids["3.md"]])
    assert len(_towns(home, home.store, home.encoder)) == 4
    other = HashEncoder("other", 32)
    repair(home.database, home.open_store, other)
    assert _towns(home, home.open_store(2), other) == [
        *("Town 0 measures hail no more.", "Town 2 measures hail.", "Town 4 changed.", "Town 5 is new."),
    ]
    assert examine(home.database, home.open_store(2), other) == Health(4, 4, 4, ())


@pytest.mark.embedded
@pytest.mark.parametrize("failing", [1, 3], ids=["the first document", "the third document"])
def test_a_fault_between_rows_and_vectors_costs_one_document(home: Home, add: AddFiles, failing: int) -> None:
    """A full disk in the middle of a new index leaves the old one in use and what is done staged."""
    add(_TOWNS)
    other = HashEncoder("other", 32)
    stores: list[FaultyStore] = []

    def open_store(generation: int) -> FaultyStore:
        stores.append(FaultyStore(home.path / "vectors", generation=generation))
        return stores[-1]

    def fail_at(versions: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
        for number, version in enumerate(versions, start=1):
            stores[-1].fault = RuntimeError("disk full") if number == failing else None
            yield version

    with pytest.raises(RuntimeError, match="disk full"):
        repair(home.database, open_store, other, progress=fail_at)
    assert _towns(home, home.store, home.encoder) == sorted(_TOWNS.values())
    home.close()
    again = Home(home.path, load_encoder=lambda: other)  # which deletes what was half done
    other.read.clear()
    repair(again.database, again.open_store, other)
    assert len(other.read) == 5 - (failing - 1)
    assert examine(again.database, again.store, other) == Health(5, 5, 5, ())
    again.close()


def test_a_changed_snapshot_is_reported_and_never_mended(home: Home, add: AddFiles) -> None:
    """Words that someone changed behind the program's back are not passed off as the document's."""
    add({"bergen.md": "It hailed in Bergen."})
    (summary,) = home.catalogue.summaries()
    _execute(home, "UPDATE snapshots SET text = 'It shone in Bergen.'")
    expected = (
        f"the snapshot {summary.sha256} was changed: its citations cannot be trusted",
        f"the passage {summary.id}#1.1.0 is not in its snapshot",
    )
    for _ in range(2):
        assert examine(home.database, home.store, home.encoder).problems == expected
        repair(home.database, home.open_store, home.encoder)


def test_an_empty_home_is_sound(home: Home) -> None:
    """Nothing is wrong with a new home, and repairing it does nothing."""
    repair(home.database, home.open_store, home.encoder)
    assert examine(home.database, home.store, home.encoder) == Health(0, 0, 0, ())
