"""What was deleted is in no file any more: neither words nor vectors."""

import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Connection

from assistant.home import Home
from index.erasing import erase_vectors, erase_words, is_alone
from index.health import examine
from index.indexing import remove_documents
from index.vacuuming import shrink, vacuum
from tests.fakes import HashEncoder
from tests.index.conftest import AddFiles

SEALED = "The zyxquorble ledger of vendrith lists nineteen amber keys."
WORDS = (b"zyxquorbl", b"vendrith", b"nineteen", b"amber")
KEPT = {"oslo.txt": "The observatory in Oslo measures rain.", "bergen.txt": "Bergen agreed to fund the programme."}


def _no_one(connection: Connection) -> set[tuple[str, str]]:
    return set()


def _bytes(home: Home) -> dict[Path, bytes]:
    return {path: path.read_bytes().lower() for path in home.path.rglob("*") if path.is_file()}


def _where(home: Home, *needles: bytes) -> set[str]:
    """The files that hold any of these."""
    return {path.name for path, content in _bytes(home).items() if any(one.lower() in content for one in needles)}


def _erased(home: Home) -> bool:
    vacuum(home.database, home.store, _no_one)
    erase_words(home.database)
    shrink(home.database)
    done = erase_vectors(home.database, home.path / "vectors")
    home.forget_store()
    return done


@pytest.fixture
def filled(home: Home, add: AddFiles) -> Home:
    """A home with two documents and a secret one, which has been removed."""
    add(KEPT | {"secret.txt": SEALED})
    secret = next(one.id for one in home.catalogue.summaries() if "secret" in one.id)
    remove_documents(home.database, home.store, [secret])
    return home


@pytest.mark.embedded
def test_neither_a_word_nor_a_vector_is_left(filled: Home) -> None:
    """Not even as the stems of a full text, whose places would tell the sentence, or as what the sentence means."""
    before = filled.store.query(HashEncoder().encode_query("rain in Oslo"), 5)
    assert _where(filled, *WORDS)
    assert _erased(filled)
    assert _where(filled, SEALED.encode(), *WORDS) == set()
    assert {path.name for path in filled.path.iterdir() if path.is_dir()} == {"vectors"}
    after = filled.store.query(HashEncoder().encode_query("rain in Oslo"), 5)
    assert [id_ for id_, _ in after] == [id_ for id_, _ in before]
    assert [score for _, score in after] == pytest.approx([score for _, score in before])
    assert examine(filled.database, filled.store, filled.encoder).problems == ()


@pytest.mark.embedded
def test_no_vector_is_left_in_any_file(filled: Home, add: AddFiles) -> None:
    """The very bytes, as they are searched and as they wait to be written."""
    add({"second.txt": SEALED + " It is sealed."})
    secrets = [one.id for one in filled.catalogue.summaries() if one.id.startswith("sec")]
    assert len(secrets) == 2
    with filled.database.reading() as connection:
        (id_,) = connection.exec_driver_sql("SELECT id FROM passages WHERE id LIKE 'second%'").scalars()
    vector = filled.store.vectors([id_])[id_].tobytes()
    assert any(vector in path.read_bytes() for path in filled.path.rglob("*") if path.is_file())
    remove_documents(filled.database, filled.store, secrets)
    assert _erased(filled)
    assert not any(vector in path.read_bytes() for path in filled.path.rglob("*") if path.is_file())


@pytest.mark.embedded
def test_while_another_program_has_the_home_nothing_is_taken_from_it(filled: Home) -> None:
    """Its vectors stay the ones that it has open; the words are gone all the same."""
    other = sqlite3.connect(filled.path / "communique.sqlite3")
    other.execute("SELECT count(*) FROM passages").fetchone()
    assert not is_alone(filled.database)
    assert not _erased(filled)
    assert filled.store.ids()
    other.close()
    assert is_alone(filled.database)
    assert _erased(filled)


@pytest.mark.embedded
def test_what_a_killed_process_left_is_cleared_away(filled: Home) -> None:
    for name in ("vectors.new", "vectors.old"):
        (filled.path / name).mkdir()
        (filled.path / name / "left.bin").write_bytes(b"amber")
    assert _erased(filled)
    assert _where(filled, b"amber") == set()


KILLED = """
import os, signal, sys
from pathlib import Path

from assistant.home import Home
from index.erasing import erase_vectors
from tests.fakes import HashEncoder

moment, folder = sys.argv[2], Path(sys.argv[1]) / "vectors"
home = Home(folder.parent, load_encoder=HashEncoder)

def die_at_the_moment(event, arguments):
    if event in ("os.rename", "shutil.rmtree") and f"{event} {Path(arguments[0]).name}" == moment:
        if event == "os.rename" or Path(arguments[0]).exists():
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(die_at_the_moment)
erase_vectors(home.database, folder)
"""


@pytest.mark.embedded
@pytest.mark.parametrize(
    "moment",
    ["os.rename vectors", "os.rename vectors.new", "shutil.rmtree vectors.old"],
    ids=["before", "between", "after"],
)
def test_a_kill_while_the_folders_change_places_costs_nothing(filled: Home, moment: str) -> None:
    """Whoever opens the home next finds the vectors in their place, whole, and nothing beside them."""
    vacuum(filled.database, filled.store, _no_one)
    before = dict(filled.store.query(HashEncoder().encode_query("rain in Oslo"), 5))
    filled.forget_store()
    filled.close()
    ended = subprocess.run([sys.executable, "-c", KILLED, str(filled.path), moment], check=False)
    assert ended.returncode == -signal.SIGKILL
    assert (filled.path / "vectors.old").exists() or (filled.path / "vectors.new").exists()
    again = Home(filled.path, load_encoder=HashEncoder)
    assert {path.name for path in again.path.iterdir() if path.is_dir()} == {"vectors"}
    found = again.sources.retriever.search("rain in Oslo", 5)
    assert found.notes == ()
    assert dict(again.store.query(HashEncoder().encode_query("rain in Oslo"), 5)) == pytest.approx(before)
    assert examine(again.database, again.store, again.encoder).problems == ()
    again.close()


@pytest.mark.embedded
def test_old_vectors_alone_come_back(filled: Home) -> None:
    """Where there are no others: what was not finished is undone."""
    filled.forget_store()
    filled.close()
    (filled.path / "vectors").rename(filled.path / "vectors.old")
    again = Home(filled.path, load_encoder=HashEncoder)
    assert examine(again.database, again.store, again.encoder).problems == ()
    again.close()


def test_another_process_that_makes_them_anew_is_left_alone(filled: Home) -> None:
    """While it is at it, opening the home takes nothing from under it, and does not wait."""
    (filled.path / "vectors.new").mkdir()
    with filled.database.lock:
        Home(filled.path, load_encoder=HashEncoder).close()
        assert (filled.path / "vectors.new").exists()
    Home(filled.path, load_encoder=HashEncoder).close()
    assert not (filled.path / "vectors.new").exists()
