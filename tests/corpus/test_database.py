import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from corpus.database import FILE_NAME, open_database
from corpus.errors import HomeError
from corpus.migrations import SCHEMA_VERSION


def _pragma(home: Path, statement: str) -> object:
    connection = sqlite3.connect(home / FILE_NAME)
    try:
        return connection.execute(f"PRAGMA {statement}").fetchone()
    finally:
        connection.close()


def test_a_new_home_has_the_current_schema_and_opens_again(tmp_path: Path) -> None:
    """A home is made where there is none, folders above it too, and opened where there is one."""
    home = tmp_path / "a" / "b"
    for _ in range(2):
        open_database(home).close()
        assert _pragma(home, "user_version") == (SCHEMA_VERSION,)
        assert _pragma(home, "journal_mode") == ("wal",)


def test_a_home_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    """An old program never writes into a new home: it says to upgrade, and changes nothing."""
    open_database(tmp_path).close()
    _pragma(tmp_path, f"user_version = {SCHEMA_VERSION + 1}")
    with pytest.raises(
        HomeError, match=r"was written by a newer Communiqué \(.*\): upgrade Communiqué, or use another"
    ):
        open_database(tmp_path)
    assert _pragma(tmp_path, "user_version") == (SCHEMA_VERSION + 1,)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    """A damaged home is never overwritten: the message says what is wrong and what to do."""
    (tmp_path / FILE_NAME).write_bytes(b"not a database " * 100)
    with pytest.raises(HomeError, match=r"cannot be opened \(file is not a database\): restore it from a copy"):
        open_database(tmp_path)
    assert (tmp_path / FILE_NAME).read_bytes() == b"not a database " * 100


@pytest.mark.parametrize("below", ["", "deep/er"], ids=["the file itself", "a path below it"])
def test_a_home_that_is_a_file_is_refused(tmp_path: Path, below: str) -> None:
    """A home that cannot be a folder is refused in one line that names it."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(HomeError, match=r"^the home '.*/file.*' cannot be used \(.+\): name a folder that you can"):
        open_database(tmp_path / "file" / below)


def test_what_fails_in_the_middle_is_undone(tmp_path: Path) -> None:
    """Something that goes wrong while writing leaves the home as it was."""
    database = open_database(tmp_path)
    insert = text("INSERT INTO manifest VALUES ('key', 'value')")
    with pytest.raises(KeyboardInterrupt), database.writing() as connection:
        connection.execute(insert)
        raise KeyboardInterrupt
    with database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM manifest")).scalar_one() == 0
    with database.writing() as connection:
        connection.execute(insert)
    database.close()
    reopened = open_database(tmp_path)
    with reopened.reading() as connection:
        assert connection.execute(text("SELECT * FROM manifest")).all() == [("key", "value")]
    reopened.close()


def test_a_reader_sees_one_state_while_another_writes(tmp_path: Path) -> None:
    """A list that is being read is not disturbed by a document that is being added."""
    database = open_database(tmp_path)
    count = text("SELECT count(*) FROM manifest")
    with database.reading() as reader:
        assert reader.execute(count).scalar_one() == 0
        with database.writing() as writer:
            writer.execute(text("INSERT INTO manifest VALUES ('key', 'value')"))
        assert reader.execute(count).scalar_one() == 0
    with database.reading() as reader:
        assert reader.execute(count).scalar_one() == 1
    database.close()


def test_a_home_may_have_any_name(tmp_path: Path) -> None:
    """A question mark in the folder's name does not make the database land beside it."""
    open_database(tmp_path / "what?now").close()
    assert [path.name for path in tmp_path.iterdir()] == ["what?now"]
    assert (tmp_path / "what?now" / "communique.sqlite3").exists()


def test_readers_do_not_wait_for_a_writer(tmp_path: Path) -> None:
    """Opening a home that exists needs no lock, so a long repair does not hold up questions."""
    writer = open_database(tmp_path)
    with writer.lock:
        open_database(tmp_path).close()
    writer.close()


def test_a_page_that_is_damaged_is_said_and_read_again(tmp_path: Path) -> None:
    """What is wrong, where, and the remedy, in one line; with the bytes as they were the same database is read."""
    database = open_database(tmp_path)
    database.close()
    file = tmp_path / FILE_NAME
    sound = file.read_bytes()
    file.write_bytes(sound[:4096] + b"\xa5" * (len(sound) - 4096))
    with (
        pytest.raises(
            HomeError,
            match=r"^the database of the home '.*' is damaged \(.*\): restore it from a copy, ["
            r"^\n]+$",
        ),
        database.reading() as connection,
    ):
        connection.execute(text("SELECT count(*) FROM manifest")).scalar_one()
    file.write_bytes(sound)
    with database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM manifest")).scalar_one() == 0
    database.close()


def test_an_error_of_a_statement_is_its_own(tmp_path: Path) -> None:
    """It is not passed off as one of the disk."""
    database = open_database(tmp_path)
    with pytest.raises(OperationalError, match="no such table"), database.reading() as connection:
        connection.execute(text("SELECT * FROM tides"))
    database.close()
