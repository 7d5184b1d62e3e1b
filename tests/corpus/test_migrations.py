"""A home that an earlier version made."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.answer import Answer, answer_json
from assistant.conversation import Turn
from assistant.home import Home
from corpus.catalogue import new_document
from corpus.database import FILE_NAME, open_database
from corpus.document import Document
from corpus.migrations import SCHEMA_VERSION
from index.errors import ManifestMismatch
from index.health import Health, examine, repair
from tests.fakes import HashEncoder
from tests.index.conftest import add_paths

_STEP_1 = """
CREATE TABLE manifest ("key" TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY ("key"));
CREATE TABLE snapshots (sha256 TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (sha256));
CREATE TABLE conversations (
    id TEXT NOT NULL, title TEXT NOT NULL, started_at TEXT NOT NULL, updated_at TEXT NOT NULL, PRIMARY KEY (id));
CREATE TABLE versions (
    number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, document_id TEXT NOT NULL, sha256 TEXT NOT NULL,
    status TEXT NOT NULL, source TEXT NOT NULL, input_sha256 TEXT NOT NULL, title TEXT NOT NULL, published TEXT,
    language TEXT NOT NULL, sections JSON NOT NULL, metadata JSON NOT NULL, added_at TEXT NOT NULL,
    FOREIGN KEY(sha256) REFERENCES snapshots (sha256));
CREATE INDEX versions_sha256 ON versions (sha256);
CREATE INDEX versions_document ON versions (document_id, status);
CREATE INDEX versions_source ON versions (source);
CREATE TABLE turns (
    conversation_id TEXT NOT NULL, number INTEGER NOT NULL, asked_at TEXT NOT NULL, answer JSON NOT NULL,
    PRIMARY KEY (conversation_id, number), FOREIGN KEY(conversation_id) REFERENCES conversations (id));
CREATE TABLE passages (
    rowid INTEGER NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, status TEXT NOT NULL, start INTEGER NOT NULL,
    "end" INTEGER NOT NULL, text TEXT NOT NULL, context TEXT NOT NULL, heading TEXT, page INTEGER,
    sentences JSON NOT NULL, sentence_vectors BLOB NOT NULL,
    PRIMARY KEY (rowid), UNIQUE (id), FOREIGN KEY(version) REFERENCES versions (number));
CREATE INDEX passages_version ON passages (version);
CREATE INDEX passages_status ON passages (status);
CREATE VIRTUAL TABLE passages_fts USING fts5(
    text, context, content='passages', content_rowid='rowid', tokenize='porter unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE passages_vocabulary USING fts5vocab(passages_fts, 'row');
CREATE TRIGGER passages_fts_insert AFTER INSERT ON passages BEGIN
    INSERT INTO passages_fts(rowid, text, context) VALUES (new.rowid, new.text, new.context); END;
CREATE TRIGGER passages_fts_delete AFTER DELETE ON passages BEGIN
    INSERT INTO passages_fts(passages_fts, rowid, text, context)
    VALUES ('delete', old.rowid, old.text, old.context); END;
PRAGMA user_version = 1;
"""
_DOCUMENTS = [
    new_document({"id": id_, "title": f"On {id_}", "source": f"/s/{id_}.md", "language": "en"}, text=text)
    for id_, text in (("oslo", "It rained in Oslo. It snowed later."), ("bergen", "It hailed in Bergen."))
]
_ANSWER = Answer(question="Did it rain?", standalone_question="Did it rain?")


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A home with two documents and a conversation, as the first version made it, its vectors too."""
    folder = tmp_path / "home"
    folder.mkdir()
    connection = sqlite3.connect(folder / FILE_NAME)
    connection.executescript(_STEP_1)
    for number, document in enumerate(_DOCUMENTS, start=1):
        _insert(connection, number, document)
    settings = {"embedder": "hash", "dimension": "64", "chunker": "sentences-1", "normaliser": "1"}
    connection.executemany("INSERT INTO manifest VALUES (?, ?)", settings.items())
    for id_, title, day in (("c0", "Snow", "02"), ("c1", "Rain", "03"), ("c2", "Hail", "01")):
        row = (id_, title, f"2026-01-{day}T00:00", f"2026-01-{day}T00:00")
        connection.execute("INSERT INTO conversations VALUES (?, ?, ?, ?)", row)
    kept = json.dumps(answer_json(_ANSWER, conversation_id="c1", turn=1))
    connection.execute("INSERT INTO turns VALUES ('c1', 1, '2026-01-01T00:00', ?)", (kept,))
    connection.commit()
    connection.close()
    _client(folder).create_collection("passages").add(["oslo#1.0", "bergen#2.0"], [[0.0] * 63 + [1.0]] * 2)
    return folder


def _insert(connection: sqlite3.Connection, number: int, document: Document) -> None:
    connection.execute("INSERT INTO snapshots VALUES (?, ?)", (document.sha256, document.text))
    connection.execute(
        "INSERT INTO versions VALUES (?, ?, ?, 'current', ?, 'in', ?, '2024-05', 'en', '[]', '{}', '2026-01-01')",
        (number, document.id, document.sha256, document.source, document.title),
    )
    end = len(document.text)
    connection.execute(
        "INSERT INTO passages VALUES (NULL, ?, ?, 'indexed', 0, ?, ?, 'On', NULL, NULL, ?, ?)",
        (f"{document.id}#{number}.0", number, end, document.text, f"[[0, {end}]]", b"\0\0" * 64),
    )


def _client(folder: Path):
    import chromadb
    from chromadb.config import Settings

    return chromadb.PersistentClient(str(folder / "vectors"), settings=Settings(anonymized_telemetry=False))


@pytest.fixture
def opened(old: Path) -> Iterator[Home]:
    """That home, opened by this version."""
    home = Home(old, load_encoder=HashEncoder)
    yield home
    home.close()


@pytest.mark.embedded
def test_what_the_user_gave_is_kept(opened: Home) -> None:
    """Documents, their dates and every turn of a conversation are as they were."""
    assert [summary.id for summary in opened.catalogue.summaries()] == ["bergen", "oslo"]
    assert {summary.published for summary in opened.catalogue.summaries()} == {"2024-05"}
    for document in _DOCUMENTS:
        assert opened.catalogue.document(document.id, document.sha256).text == document.text
    assert [kept.title for kept in opened.conversations.list()] == ["Rain", "Snow", "Hail"]
    assert opened.conversations.turns("c1") == [Turn(1, _ANSWER)]


@pytest.mark.embedded
def test_what_an_old_home_lacks_is_told_with_the_command(opened: Home) -> None:
    """Nothing is searched in an index of the earlier kind, and neither is anything added to it."""
    message = (
        "^this index was made with another chunker 'sentences-1', now 'windows-2': run `communique --embedder hash "
        "doctor --repair` to make a new index beside it, which then takes its place$"
    )
    for use in (lambda: opened.sources, lambda: opened.indexer):
        with pytest.raises(ManifestMismatch, match=message):
            use()
    problems = examine(opened.database, opened.store, opened.encoder).problems
    assert "2 documents have no passages and cannot be found" in problems


@pytest.mark.embedded
def test_a_repair_makes_an_old_home_a_new_one(old: Path, opened: Home) -> None:
    """After `doctor --repair` everything is found, and of the old index nothing is left."""
    repair(opened.database, opened.open_store, opened.encoder)
    assert examine(opened.database, opened.store, opened.encoder) == Health(2, 2, 2, ())
    hits = opened.sources.retriever.search("hailed in Bergen").hits
    assert [hit.passage.text for hit in hits] == ["It hailed in Bergen.", "It rained in Oslo. It snowed later."]
    assert hits[0].lexical is not None
    assert [collection.name for collection in _client(old).list_collections()] == ["passages-2"]
    (old / "new.txt").write_text("日本で雨が降った。")
    assert [report.status for report in add_paths(opened, old / "new.txt")] == ["added"]
    assert opened.sources.retriever.search("日本").hits[0].lexical is not None


def test_an_old_home_without_documents_can_be_used_at_once(tmp_path: Path) -> None:
    """Who had only looked at the program has nothing to repair."""
    connection = sqlite3.connect(tmp_path / FILE_NAME)
    connection.executescript(_STEP_1)
    connection.close()
    home = Home(tmp_path, load_encoder=HashEncoder)
    (tmp_path / "a.txt").write_text("It rained.")
    add_paths(home, tmp_path / "a.txt")
    assert examine(home.database, home.store, home.encoder) == Health(1, 1, 1, ())
    home.close()


def test_an_old_home_has_the_tables_of_a_new_one(old: Path, tmp_path: Path) -> None:
    """Whatever way a home came to this version, it is the same."""
    tables = []
    for folder in (old, tmp_path / "new"):
        open_database(folder).close()
        connection = sqlite3.connect(folder / FILE_NAME)
        assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
        rows = connection.execute("SELECT name, sql FROM sqlite_master").fetchall()
        tables.append({name: " ".join((sql or "").replace('"key"', "key").split()) for name, sql in rows})
        connection.close()
    unchanged = {"manifest", "snapshots", "versions", "conversations", "turns"}
    assert set(tables[0]) == set(tables[1])
    for name in set(tables[0]) - unchanged:
        assert tables[0][name] == tables[1][name]
