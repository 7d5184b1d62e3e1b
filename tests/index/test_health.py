import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from assistant.home import Home
from index.health import Health, examine, repair
from index.retrieval import Retriever
from tests.fakes import HashEncoder
from tests.index.conftest import AddFiles

_FILES = {"oslo.md": "# Oslo\n\nIt rained.\n\n## Later\n\nIt snowed.", "bergen.md": "It hailed in Bergen."}
_SOUND = Health(num_documents=2, num_passages=3, num_vectors=3, problems=())


def _execute(home: Home, statement: str) -> None:
    with home.database.writing() as connection:
        connection.execute(text(statement))


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
        (_empty_full_text, "the full-text index does not match the passages"),
        (lambda home: home.store.clear(), "3 passages have no vector: they are found by their words only"),
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
    repair(home.database, home.store, home.encoder)
    assert examine(home.database, home.store, home.encoder) == _SOUND
    hits = Retriever(home.database, home.store, home.encoder).search("hailed in Bergen").hits
    assert hits[0].passage.text == "It hailed in Bergen."
    assert hits[0].dense is not None
    assert len(hits) == 3


def test_a_deleted_folder_of_vectors_is_made_anew(home: Home, add: AddFiles) -> None:
    """Vectors can be deleted by hand: they are computed again from the snapshots."""
    add(_FILES)
    home.close()
    shutil.rmtree(home.path / "vectors")
    again = Home(_moved(home.path), load_encoder=HashEncoder)  # Chroma keeps a path open while the process lives
    assert examine(again.database, again.store, again.encoder).num_vectors == 0
    repair(again.database, again.store, again.encoder)
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
    repair(home.database, home.store, other)
    assert examine(home.database, home.store, other) == _SOUND
    assert len(Retriever(home.database, home.store, other).search("rain", 10).hits) == 3


def test_a_changed_snapshot_is_reported_and_never_mended(home: Home, add: AddFiles) -> None:
    """Words that someone changed behind the program's back are not passed off as the document's."""
    add({"bergen.md": "It hailed in Bergen."})
    (summary,) = home.catalogue.summaries()
    _execute(home, "UPDATE snapshots SET text = 'It shone in Bergen.'")
    expected = (
        f"the snapshot {summary.sha256} was changed: its citations cannot be trusted",
        f"the passage {summary.id}#1.0 is not in its snapshot",
    )
    for _ in range(2):
        assert examine(home.database, home.store, home.encoder).problems == expected
        repair(home.database, home.store, home.encoder)


def test_an_empty_home_is_sound(home: Home) -> None:
    """Nothing is wrong with a new home, and repairing it does nothing."""
    repair(home.database, home.store, home.encoder)
    assert examine(home.database, home.store, home.encoder) == Health(0, 0, 0, ())
