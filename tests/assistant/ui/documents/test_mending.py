from pathlib import Path

from sqlalchemy import delete

from assistant.home import Home
from assistant.ui.documents.adding import Adding
from assistant.ui.documents.mending import Mending, removing
from assistant.ui.documents.uploads import uploaded_name
from corpus.reading.files import FoundFile
from corpus.schema import passages, segments
from index import health
from tests.fakes import HashEncoder


def filled(home: Home, folder: Path, names: list[str]) -> list[str]:
    """Documents in a home, and their ids."""
    found = []
    for name in names:
        (folder / name).write_text(f"This is {name}, which has text.")
        found.append(FoundFile(folder / name, name))
    adding = Adding(home, found, origin=uploaded_name)
    list(adding.job.start().moments(poll_seconds=0.01))
    return [row.report.document_ids[0] for row in adding.rows]


def test_removed_documents_are_gone_with_their_passages(home: Home, tmp_path: Path) -> None:
    first, second, third = filled(home, tmp_path, ["a.txt", "b.txt", "c.txt"])
    last = list(removing(home, [first, third]).start().moments(poll_seconds=0.01))[-1]
    assert (last.ended, last.fault) == (True, None)
    assert [summary.id for summary in home.catalogue.summaries()] == [second]
    assert len(home.store.ids()) == 1


def test_a_removal_that_waits_for_another_writer_can_be_stopped(home: Home, tmp_path: Path) -> None:
    ids = filled(home, tmp_path, ["a.txt"])
    with home.database.lock:
        job = removing(home, ids).start()
        moments = job.moments(poll_seconds=0.01)
        while not next(moments).waiting:
            pass
        job.stop()
        assert list(moments)[-1].stopped
    assert [summary.id for summary in home.catalogue.summaries()] == ids


def test_what_an_index_lacks_is_made_and_told(home: Home, tmp_path: Path) -> None:
    """Passages that were lost come back from the snapshots, document by document."""
    filled(home, tmp_path, ["a.txt", "b.txt"])
    with home.database.writing() as connection:
        connection.execute(delete(passages))
        connection.execute(delete(segments))
    assert health.examine(home.database, home.store, home.encoder).problems
    mending = Mending(home)
    moments = list(mending.job.start().moments(poll_seconds=0.0))
    assert mending.state == health.Health(2, 2, 2, ())
    assert mending.num_made == 2
    assert (moments[-1].total, moments[-1].number, moments[-1].fault) == (2, 2, None)
    hits = home.sources.retriever.search("a.txt").hits
    assert hits


def test_a_whole_index_is_left_as_it_is(home: Home, tmp_path: Path) -> None:
    filled(home, tmp_path, ["a.txt"])
    before = home.store.ids()
    mending = Mending(home)
    list(mending.job.start().moments(poll_seconds=0.01))
    assert (mending.num_made, mending.state) == (0, health.Health(1, 1, 1, ()))
    assert home.store.ids() == before


def test_a_new_index_is_the_one_that_is_searched(home: Home, tmp_path: Path) -> None:
    """After an index of another embedder took the place of the old one, the running page uses it."""
    filled(home, tmp_path, ["a.txt"])
    assert home.sources.retriever.search("text").hits
    home.encoder = HashEncoder("other", dimension=32)
    mending = Mending(home)
    last = list(mending.job.start().moments(poll_seconds=0.01))[-1]
    assert (last.fault, mending.num_made) == (None, 1)
    assert home.sources.retriever.search("text").hits
    assert mending.state == health.Health(1, 1, 1, ())
