"""A database on a PostgreSQL server, the real one, as far as it is the database's own affair."""

import gc
import shutil
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from time import monotonic

import pytest
from filelock import Timeout
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError, IntegrityError

from corpus.database import Database, open_database
from corpus.errors import HomeError
from corpus.migrations import SCHEMA_VERSION
from corpus.schema import manifest
from tests.servers import PostgresServer, free_port

COUNT = text("SELECT count(*) FROM manifest")
INSERT = text("INSERT INTO manifest VALUES (:key, 'value')")


@pytest.fixture
def database(postgres: PostgresServer, schema: str, tmp_path: Path) -> Iterator[Database]:
    """An empty database of the test's own."""
    opened = open_database(tmp_path, postgres.url(schema))
    yield opened
    opened.close()


def _count(database: Database) -> int:
    with database.reading() as connection:
        return int(connection.execute(COUNT).scalar_one())


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("here", "names no PostgreSQL database: set it to postgresql://"),
        ("sqlite:///x", "names no PostgreSQL database: set it to postgresql://"),
        ("postgresql://ann@host", "names no PostgreSQL database: set it to postgresql://"),
        ("postgresql://host/name", "names no PostgreSQL database: set it to postgresql://user@"),
        ("postgresql://host:a/name", "names no PostgreSQL database: set it to postgresql://"),
        ("postgresql://ann@/name?host=server", "has the host 'server', which is no folder"),
        ("postgresql://ann:sesame@host/name?sslmode=perhaps", "has the sslmode 'perhaps': give verify-full"),
        ("postgresql://ann@host/name?options=x", "has 'options', which is not understood"),
    ],
)
def test_an_address_that_is_none(tmp_path: Path, url: str, said: str) -> None:
    """It is refused in one line that says what it should be, and holds no password."""
    with pytest.raises(HomeError, match=r"^DATABASE_URL [^\n]+$") as raised:
        open_database(tmp_path, url)
    assert said in str(raised.value)
    assert "sesame" not in str(raised.value)


def test_without_the_driver_its_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pg8000", None)
    with pytest.raises(HomeError, match=r"^DATABASE_URL needs a package more: `pip install 'communique\[postgres\]'`"):
        open_database(tmp_path, "postgresql://ann@host/name")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")  # the driver leaves those that are refused
def test_nobody_at_the_address(postgres: PostgresServer, tmp_path: Path) -> None:
    """One line, after few tries, and without the password; so too where the database is not there, or no TLS."""
    begun = monotonic()
    with pytest.raises(
        HomeError, match=r"^the database of the home at postgresql://ann:\*\*\*@[^\n]+ cannot be reached"
    ):
        open_database(tmp_path, f"postgresql://ann:sesame@127.0.0.1:{free_port()}/postgres")
    assert monotonic() - begun < 30
    missing = postgres.url().replace("/postgres", "/nowhere")
    with pytest.raises(HomeError, match=r"^the database of the home at [^\n]+/nowhere is not there [^\n]+ `createdb`$"):
        open_database(tmp_path, missing)
    with pytest.raises(HomeError, match=r"cannot be reached \(Server refuses SSL\)"):
        open_database(tmp_path, postgres.url().replace("?", "") + "?sslmode=verify-full")
    gc.collect()


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl here to make a certificate with")
@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")  # the driver leaves those that are refused
def test_a_server_says_who_it_is_where_that_is_asked_for(
    own_postgres: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its certificate is for its name, and somebody vouches for it; otherwise nothing is said to it."""
    vouching = own_postgres.certify("localhost")
    own_postgres.kill()
    own_postgres.start()
    unsure = own_postgres.url()
    sure = f"{unsure}?sslmode=verify-full"
    with pytest.raises(
        HomeError, match=r"cannot be trusted \([^\n]* self-signed [^\n]*\): see its certificate, SSL_CERT_FILE"
    ):
        open_database(tmp_path, sure)
    monkeypatch.setenv("SSL_CERT_FILE", str(vouching))
    with pytest.raises(HomeError, match=r"cannot be trusted \([^\n]* mismatch"):
        open_database(tmp_path, sure)
    for url in (sure.replace("127.0.0.1", "localhost"), f"{unsure}?sslmode=require", unsure):
        with closing(open_database(tmp_path, url)) as database, database.reading() as connection:
            assert connection.execute(text("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")).scalar_one()
    gc.collect()


@pytest.mark.slow
def test_a_new_database_has_the_current_schema_and_opens_again(
    postgres: PostgresServer, schema: str, database: Database
) -> None:
    """Each step was taken once, and nothing is written to the home's folder."""
    open_database(database.home, postgres.url(schema)).close()
    with database.reading() as connection:
        steps = connection.execute(text("SELECT number FROM schema_version ORDER BY number")).scalars().all()
    assert steps == list(range(1, SCHEMA_VERSION + 1))
    assert list(database.home.iterdir()) == []


@pytest.mark.slow
def test_a_database_of_an_earlier_version_is_brought_to_this_one(
    postgres: PostgresServer, schema: str, database: Database
) -> None:
    """What is in it is kept."""
    row = {"id": "a", "title": "Rain", "started_at": "2026", "updated_at": "2026"}
    with database.writing() as connection:
        connection.execute(text("ALTER TABLE conversations DROP COLUMN used"))
        connection.execute(text("DELETE FROM schema_version WHERE number > 6"))
        connection.execute(text("INSERT INTO conversations VALUES (:id, :title, :started_at, :updated_at)"), row)
    with closing(open_database(database.home, postgres.url(schema))) as again, again.reading() as connection:
        assert connection.execute(text("SELECT title, used FROM conversations")).one() == ("Rain", 1)
        assert again.store.version(connection) == SCHEMA_VERSION


@pytest.mark.slow
def test_two_that_open_a_new_database_make_it_once(postgres: PostgresServer, schema: str, tmp_path: Path) -> None:
    """Each finds it whole."""
    with ThreadPoolExecutor(4) as pool:
        opened = list(pool.map(lambda _: open_database(tmp_path, postgres.url(schema)), range(4)))
    for one in opened:
        assert _count(one) == 0
        one.close()


@pytest.mark.slow
def test_any_text_is_kept(database: Database) -> None:
    """To the character, those too that PostgreSQL does not know."""
    texts = ["", "\0", "\U0010fffe", "\U0010ffff", "\U0010ffff\0\U0010fffe", "a\0b", '\'; % \\ {"x"} 雨']
    with database.writing() as connection:
        connection.execute(INSERT, [{"key": words} for words in texts])
    with database.reading() as connection:
        assert sorted(connection.execute(select(manifest.c.key)).scalars()) == sorted(texts)
        for words in texts:
            assert connection.execute(select(manifest.c.key).where(manifest.c.key == words)).scalar_one() == words


@pytest.mark.slow
def test_what_is_no_text_is_refused_and_harms_nothing(database: Database) -> None:
    """Half of a character, as by SQLite; what is asked next has its own answer."""
    with pytest.raises(UnicodeEncodeError), database.writing() as connection:
        connection.execute(INSERT, {"key": "half \ud83d"})
    with database.reading() as connection:
        assert [connection.execute(text("SELECT :i"), {"i": str(i)}).scalar_one() for i in range(3)] == ["0", "1", "2"]
    assert _count(database) == 0


@pytest.mark.slow
def test_a_row_that_is_there_is_told_apart(database: Database) -> None:
    with pytest.raises(IntegrityError), database.writing() as connection:
        for _ in range(2):
            connection.execute(INSERT, {"key": "one"})
    assert _count(database) == 0


@pytest.mark.slow
def test_a_schema_of_a_newer_version_is_refused(postgres: PostgresServer, schema: str, database: Database) -> None:
    """It says to upgrade, and changes nothing."""
    with database.writing() as connection:
        database.store.set_version(connection, SCHEMA_VERSION + 1)
    with pytest.raises(HomeError, match=r"was written by a newer Communiqué \(.*\): upgrade Communiqué"):
        open_database(database.home, postgres.url(schema))


@pytest.mark.slow
def test_what_fails_in_the_middle_is_undone(database: Database) -> None:
    """And an error of a statement is its own; who only reads cannot write."""
    with pytest.raises(KeyboardInterrupt), database.writing() as connection:
        connection.execute(INSERT, {"key": "one"})
        raise KeyboardInterrupt
    with pytest.raises(DatabaseError, match="tides"), database.reading() as connection:
        connection.execute(text("SELECT * FROM tides"))
    with pytest.raises(HomeError, match="takes no changes"), database.reading() as connection:
        connection.execute(INSERT, {"key": "one"})
    assert _count(database) == 0


@pytest.mark.slow
def test_readers_see_one_state_and_writers_take_turns(database: Database) -> None:
    """A list that is being read is not disturbed, and what one writer reads no other changes until it is done."""
    order: list[str] = []

    def write() -> None:
        with database.writing() as connection:
            order.append(f"second, after {connection.execute(COUNT).scalar_one()}")

    with database.reading() as reader:
        assert reader.execute(COUNT).scalar_one() == 0
        with database.writing() as writer:
            thread = threading.Thread(target=write)
            thread.start()
            writer.execute(INSERT, {"key": "one"})
            thread.join(0.5)
            order.append("first")
        thread.join()
        assert reader.execute(COUNT).scalar_one() == 0
    assert order == ["first", "second, after 1"]


@pytest.mark.slow
def test_the_lock_is_one_threads(postgres: PostgresServer, schema: str, database: Database) -> None:
    """Who has it may take it again; all others wait, in this program and in others."""
    other = open_database(database.home, postgres.url(schema))
    with database.lock, database.lock.acquire(timeout=0):
        with pytest.raises(Timeout):
            other.lock.acquire(timeout=0.2)
        found: list[object] = []

        def take() -> None:
            try:
                database.lock.acquire(timeout=0.2)
            except Timeout as error:
                found.append(error)

        thread = threading.Thread(target=take)
        thread.start()
        thread.join()
        assert len(found) == 1
    with other.lock.acquire(timeout=5):
        pass
    other.close()


@pytest.mark.slow
def test_a_server_that_is_ended_and_comes_back(own_postgres: PostgresServer, tmp_path: Path) -> None:
    """Meanwhile there are errors, with the remedy; who held the lock has lost it, and writes nothing any more."""
    database = open_database(tmp_path, own_postgres.url())
    with database.writing() as connection:
        connection.execute(INSERT, {"key": "one"})
    with database.lock:
        own_postgres.kill()
        with pytest.raises(HomeError, match=r"cannot be reached \([^\n]*\): see that the server runs"):
            _count(database)
        own_postgres.start()
        assert _count(database) == 1
        for said in (
            r"cannot be reached \([^\n]*\): see that the server",
            "was away while it was written to: see that",
        ):
            with pytest.raises(HomeError, match=said), database.writing() as connection:
                connection.execute(INSERT, {"key": "two"})
    with database.lock, database.writing() as connection:
        connection.execute(INSERT, {"key": "three"})
    assert _count(database) == 2
    database.close()
