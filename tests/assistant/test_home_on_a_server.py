"""A home whose vectors are on a Chroma server, the real one, which is not always there."""

from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

import pytest
from sqlalchemy import Connection

from assistant.home import Home
from assistant.settings import Engines, settings_from_environment
from index.errors import VectorStoreError
from index.health import examine, repair
from index.indexing import remove_documents
from index.reindexing import begin, go_back, make, put_in_place
from index.vacuuming import vacuum
from tests.assistant.cli.conftest import called, forked
from tests.assistant.conftest import written
from tests.fakes import HashEncoder
from tests.index.conftest import add_paths
from tests.servers import ChromaServer, free_port

TOWNS = {
    "oslo.txt": "The observatory in Oslo measures rain.",
    "bergen.txt": "Bergen agreed to fund the programme. Rain falls in Bergen.",
    "tromso.txt": "Nineteen lamps are lit in Tromso every winter.",
}
QUERY = "rain in Oslo"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ChromaServer]:
    """A server of the test's own, which may be killed."""
    with ChromaServer(tmp_path / "chroma") as started:
        yield started


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with three documents."""
    return written(tmp_path / "files", TOWNS)


def opened(path: Path, url: str, encoder: HashEncoder | None = None) -> Home:
    return Home(path, load_encoder=lambda: encoder or HashEncoder(), engines=Engines(vectors=url))


def ids_of(home: Home) -> set[str]:
    return {summary.id for summary in home.catalogue.summaries()}


def found(home: Home) -> tuple[list[str], tuple[str, ...]]:
    """The documents that a search finds, the best first, and what it says was lacking."""
    result = home.sources.retriever.search(QUERY, 3)
    return [hit.passage.document_id for hit in result.hits], tuple(result.notes)


def problems(home: Home) -> tuple[str, ...]:
    return examine(home.database, home.store, home.encoder).problems


def _no_one(connection: Connection) -> set[tuple[str, str]]:
    return set()


@pytest.mark.embedded
def test_a_folder_is_used_unless_a_server_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the environment, as other settings are; an address that is none is told before anything is opened."""
    monkeypatch.delenv("CHROMA_URL", raising=False)
    assert settings_from_environment().engines == Engines()
    monkeypatch.setenv("CHROMA_URL", "http://127.0.0.1:8000")
    assert settings_from_environment().engines == Engines(vectors="http://127.0.0.1:8000")
    monkeypatch.setenv("CHROMA_URL", "here")
    with pytest.raises(VectorStoreError, match=r"^CHROMA_URL names no Chroma server"):
        Home(tmp_path / "home")


@pytest.mark.slow
def test_everything_is_done_on_the_server(server: ChromaServer, files: Path, tmp_path: Path) -> None:
    """Adding, searching, removing, deleting for good, a new index and the way back, mending: as in a folder."""
    home = opened(tmp_path / "home", server.url)
    add_paths(home, files)
    folder = Home(tmp_path / "other", load_encoder=HashEncoder, engines=Engines())
    add_paths(folder, files)
    assert found(home) == found(folder)
    assert not (home.path / "vectors").exists()
    other = HashEncoder("other", 32)
    new = begin(home.database, home.open_store, other)
    make(new, "staged")
    put_in_place(new, keep=True)
    reindexed = opened(home.path, server.url, other)
    assert problems(reindexed) == ()
    go_back(home.database, home.open_store, HashEncoder())
    again = opened(home.path, server.url)
    assert found(again) == found(folder)
    tromso = next(id_ for id_ in ids_of(again) if id_.startswith("tromso"))
    remove_documents(again.database, again.store, [tromso])
    assert vacuum(again.database, again.store, _no_one).documents == (tromso,)
    assert problems(again) == ()
    again.discard_vectors()
    assert again.damaged_vectors() is None
    assert examine(again.database, again.store, again.encoder).num_vectors == 0
    repair(again.database, again.open_store, again.encoder)
    again.forget_store()
    assert (problems(again), found(again)[1]) == ((), ())
    for one in (home, folder, again, reindexed):
        one.close()


@pytest.mark.slow
def test_nothing_is_half_done_while_the_server_is_away(server: ChromaServer, files: Path, tmp_path: Path) -> None:
    """Questions are answered by words, with a note; what is added meanwhile is refused and nobody sees it; after that
    it goes in once, in the program that went on and in one that was started anew.
    """
    home = opened(tmp_path / "home", server.url)
    later = files / "tromso.txt"
    later.rename(tmp_path / "later.txt")
    add_paths(home, files)
    whole = found(home)
    server.kill()
    assert "see that it runs" in found(home)[1][0]
    assert found(home)[0][0] == whole[0][0]
    (tmp_path / "later.txt").rename(later)
    with pytest.raises(VectorStoreError, match="see that it runs"):
        add_paths(home, files)
    before = ids_of(home)
    assert len(before) == 2
    meanwhile = opened(home.path, server.url)
    assert ids_of(meanwhile) == before
    server.start()
    deadline = monotonic() + 60
    while found(home)[1] and monotonic() < deadline:
        sleep(0.2)
    assert found(home) == whole
    again = opened(home.path, server.url)
    add_paths(again, files)
    state = examine(again.database, again.store, again.encoder)
    assert (state.num_documents, state.num_passages, state.num_vectors, state.problems) == (3, 3, 3, ())
    for one in (home, meanwhile, again):
        one.close()


@pytest.mark.slow
def test_a_server_that_was_emptied_is_noticed_and_filled_again(
    server: ChromaServer, files: Path, tmp_path: Path
) -> None:
    """It is another server, or one whose disk was replaced: the database has all that is needed."""
    home = opened(tmp_path / "home", server.url)
    add_paths(home, files)
    whole = found(home)
    server.kill()
    server.folder = tmp_path / "another"
    server.start()
    again = opened(home.path, server.url)
    assert "doctor --repair" in found(again)[1][0]
    assert problems(again) == ("3 passages have no vector: they are found by their words only",)
    repair(again.database, again.open_store, again.encoder)
    again.forget_store()
    assert found(again) == whole
    for one in (home, again):
        one.close()


@pytest.mark.slow
def test_every_command_says_in_one_line_that_the_server_is_away(files: Path, tmp_path: Path) -> None:
    """What needs the vectors ends with 2, or tells of them as a problem; what does not goes on."""
    home = tmp_path / "home"
    assert called("add", files / "oslo.txt", home=home).returncode == 0
    url = {"CHROMA_URL": f"http://127.0.0.1:{free_port()}"}
    statuses = {"documents": 0, "doctor": 1, "search": 0, "add": 2, "reindex": 2, "vacuum": 2, "doctor --repair": 2}
    arguments = {"search": ["rain in Oslo"], "add": [files]}
    for command, status in statuses.items():
        process, streams = forked(*command.split(), *arguments.get(command, []), home=home, environment=url)
        process.join()
        stdout, stderr = (stream.read_text() for stream in streams[1:])
        assert process.exitcode == status, (command, stdout, stderr)
        if status == 2:
            assert stderr.strip().count("\n") == 0, stderr
            assert "see that it runs and that CHROMA_URL is its address" in stderr
    assert called("doctor", home=home).stdout.endswith("all is well\n")
