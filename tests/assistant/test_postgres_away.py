"""A PostgreSQL server that is away, ends in the middle or is written to by two programs: nothing is half done."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from assistant.home import Home
from assistant.serving.health import readiness
from assistant.settings import Engines, settings_from_environment
from corpus.errors import HomeError
from index.embedding import Vectors
from index.health import Health, examine
from index.indexing import Indexer
from index.store import VectorStore
from tests.assistant.cli.conftest import FORKS, forked
from tests.assistant.conftest import written
from tests.fakes import HashEncoder
from tests.index.conftest import add_paths
from tests.servers import PostgresServer, free_port

TOWNS = {"oslo.txt": "The observatory in Oslo measures rain.", "bergen.txt": "Rain falls in Bergen."}
AWAY = r"^the database of the home at postgresql://[^\n]+ cannot be reached [^\n]+ see that the server runs [^\n]+$"


class EndingStore(VectorStore):
    """A real store; when it was told of `server`, that ends as soon as vectors are added."""

    server: PostgresServer | None = None

    def add(self, ids: Sequence[str], vectors: Vectors, document_ids: Sequence[str]) -> None:
        super().add(ids, vectors, document_ids)
        if self.server:
            self.server.kill()


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with the texts."""
    return written(tmp_path / "files", TOWNS)


@pytest.fixture
def served(own_postgres: PostgresServer, tmp_path: Path) -> Iterator[Home]:
    """An empty home on a server that may be killed."""
    opened = _opened(own_postgres, tmp_path)
    yield opened
    opened.close()


def _opened(server: PostgresServer, folder: Path) -> Home:
    return Home(folder / "home", load_encoder=HashEncoder, engines=Engines(database=server.url()))


def test_a_file_is_used_unless_a_server_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the environment, as other settings are."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert settings_from_environment().engines.database is None
    monkeypatch.setenv("DATABASE_URL", "postgresql://ann@host/name")
    assert settings_from_environment().engines.database == "postgresql://ann@host/name"


@pytest.mark.slow
def test_a_server_that_ends_in_the_middle_leaves_nothing_half_done(
    own_postgres: PostgresServer, served: Home, files: Path, tmp_path: Path
) -> None:
    """What was being added is not there when the server is back, in none of the engines, and can be added again."""
    add_paths(served, files / "oslo.txt")
    store = EndingStore(served.path / "vectors")
    store.server = own_postgres
    indexer = Indexer(served.database, store, served.encoder)
    document = served.catalogue.document(served.catalogue.summaries()[0].id)
    with pytest.raises(HomeError, match=AWAY):
        indexer.commit([indexer.prepare(document, "other bytes")])
    assert readiness(served) == (False, ["the models are not loaded yet"])
    with pytest.raises(HomeError, match=AWAY):
        _ = served.sources
    own_postgres.start()
    assert len(store.ids()) == 2
    again = _opened(own_postgres, tmp_path)
    assert [summary.num_passages for summary in again.catalogue.summaries()] == [1]
    assert examine(again.database, again.store, again.encoder) == Health(1, 1, 1, ())
    assert [report.status for report in add_paths(again, files)] == ["added", "unchanged"]
    assert examine(again.database, again.store, again.encoder) == Health(2, 2, 2, ())
    again.close()


@pytest.mark.slow
def test_a_home_goes_on_when_its_server_is_back(own_postgres: PostgresServer, served: Home, files: Path) -> None:
    """Without being opened anew; whoever watches it is told meanwhile."""
    add_paths(served, files)
    assert served.sources.retriever.search("rain", 3).hits
    own_postgres.kill()
    is_ready, (reason,) = readiness(served)
    assert not is_ready
    assert "cannot be reached" in reason
    own_postgres.start()
    assert readiness(served) == (True, [])


@pytest.mark.slow
def test_every_command_says_in_one_line_that_the_server_is_away(tmp_path: Path) -> None:
    """And none tells the password."""
    url = f"postgresql://ann:sesame@127.0.0.1:{free_port()}/communique"
    commands = (["doctor"], ["users", "list"], ["eval", "runs"])
    environment = {"DATABASE_URL": url}
    homes = [tmp_path / f"home-{number}" for number in range(len(commands))]
    started = [
        forked(*command, home=home, environment=environment) for command, home in zip(commands, homes, strict=True)
    ]
    for number, (process, streams) in enumerate(started):
        process.join()
        stdout, stderr = (stream.read_text() for stream in streams[1:])
        assert (process.exitcode, stdout) == (2, ""), (commands[number], stderr)
        assert stderr.strip().count("\n") == 0, stderr
        assert "cannot be reached" in stderr
        assert "sesame" not in stderr


@pytest.mark.slow
def test_two_programs_write_at_once(postgres: PostgresServer, schema: str, tmp_path: Path) -> None:
    """Each document is there once, and the home is sound."""
    folders = [tmp_path / name for name in ("one", "two")]
    home = tmp_path / "home"
    for folder in folders:
        folder.mkdir()
        for number in range(4):
            (folder / f"{folder.name}-{number}.txt").write_text(f"It rained {number} days in {folder.name}.")
    programs = [FORKS.Process(target=_add, args=(home, postgres.url(schema), folder, folders[0])) for folder in folders]
    for program in programs:
        program.start()
    for program in programs:
        program.join()
    assert [program.exitcode for program in programs] == [0, 0]
    opened = Home(home, load_encoder=HashEncoder, engines=Engines(database=postgres.url(schema)))
    assert examine(opened.database, opened.store, opened.encoder) == Health(8, 8, 8, ())
    opened.close()


HOLDING = """
import sys
from pathlib import Path
from corpus.database import open_database

database = open_database(Path(sys.argv[1]), sys.argv[2])
print(flush=True)
input()
"""


@pytest.mark.slow
def test_vectors_are_taken_from_no_other_program(
    postgres: PostgresServer, schema: str, files: Path, tmp_path: Path
) -> None:
    """They are made anew while nobody else has the home; who has another one on the server is nobody."""
    home = Home(tmp_path / "home", load_encoder=HashEncoder, engines=Engines(database=postgres.url(schema)))
    add_paths(home, files)
    erased = []
    for used in (schema, f"{schema}-other"):
        command = [sys.executable, "-c", HOLDING, tmp_path / "beside", postgres.url(used)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
            assert other.stdout
            assert other.stdout.readline() == "\n"
            erased.append(home.erase_vectors())
            other.communicate("\n")
    assert erased == [False, True]
    assert examine(home.database, home.store, home.encoder) == Health(2, 2, 2, ())
    home.close()


def _add(home: Path, url: str, *folders: Path) -> None:
    opened = Home(home, load_encoder=HashEncoder, engines=Engines(database=url))
    reports = [report for folder in folders for report in add_paths(opened, folder)]
    opened.close()
    assert {report.status for report in reports} <= {"added", "unchanged"}
