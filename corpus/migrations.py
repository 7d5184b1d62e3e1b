"""The numbered steps that bring a home's database to the schema of this version.

Each step runs in one transaction with the number it reaches, on SQLite and on PostgreSQL alike. A step that has been
released is never edited: a change of the schema is a new step at the end. Going back is not offered; a newer home is
refused by `database.py`.
"""

from collections.abc import Callable

from sqlalchemy import Connection, inspect

from corpus import postgres_schema, schema
from corpus.dialects import is_postgresql

_NO_FULL_TEXT = (
    "DROP TRIGGER IF EXISTS passages_fts_insert",
    "DROP TRIGGER IF EXISTS passages_fts_delete",
    "DROP TABLE IF EXISTS passages_vocabulary",
    "DROP TABLE IF EXISTS passages_fts",
)
_FULL_TEXT = (
    """CREATE VIEW passages_read AS SELECT rowid, coalesce(words, text) AS text,
        coalesce(context_words, context) AS context FROM passages""",
    """CREATE VIRTUAL TABLE passages_fts USING fts5(text, context,
        content='passages_read', content_rowid='rowid', tokenize='porter unicode61 remove_diacritics 2')""",
    "CREATE VIRTUAL TABLE passages_vocabulary USING fts5vocab(passages_fts, 'row')",
    """CREATE TRIGGER passages_fts_insert AFTER INSERT ON passages BEGIN
        INSERT INTO passages_fts(rowid, text, context)
        VALUES (new.rowid, coalesce(new.words, new.text), coalesce(new.context_words, new.context)); END""",
    """CREATE TRIGGER passages_fts_delete AFTER DELETE ON passages BEGIN
        INSERT INTO passages_fts(passages_fts, rowid, text, context) VALUES
        ('delete', old.rowid, coalesce(old.words, old.text), coalesce(old.context_words, old.context)); END""",
    "INSERT INTO passages_fts(passages_fts) VALUES ('rebuild')",
)


def create_tables(connection: Connection) -> None:
    """Step 1: the tables, as `schema.py` has them when the home is made."""
    schema.metadata.create_all(connection)


def cut_into_windows(connection: Connection) -> None:
    """Step 2: passages as overlapping windows with their sentences beside them, and a full-text index, kept by
    triggers, that reads words already cut where they are written together.

    The passages of before are dropped: they are made anew from the snapshots by `doctor --repair`.
    """
    is_theirs = is_postgresql(connection)
    for statement in (*(postgres_schema.NO_FULL_TEXT if is_theirs else _NO_FULL_TEXT), "DROP TABLE passages"):
        connection.exec_driver_sql(statement)
    schema.metadata.create_all(connection)
    for statement in postgres_schema.FULL_TEXT if is_theirs else _FULL_TEXT:
        connection.exec_driver_sql(statement)


def keep_owners_feedback_and_runs(connection: Connection) -> None:
    """Step 3: whose a conversation is, what readers said of answers, and the runs of suites."""
    columns = {column["name"] for column in inspect(connection).get_columns("conversations")}
    if "owner" not in columns:
        connection.exec_driver_sql("ALTER TABLE conversations ADD COLUMN owner TEXT")
        connection.exec_driver_sql("CREATE INDEX conversations_owner ON conversations (owner)")
    schema.metadata.create_all(connection)


def remember_inputs(connection: Connection) -> None:
    """Step 4: what was read from each source."""
    schema.metadata.create_all(connection)


def keep_fingerprints_and_edits(connection: Connection) -> None:
    """Step 5: fingerprints of snapshots, made when they are first asked for, and what users say of documents."""
    schema.metadata.create_all(connection)


def keep_users(connection: Connection) -> None:
    """Step 6: who may ask, their tokens and their sessions."""
    schema.metadata.create_all(connection)


def count_uses(connection: Connection) -> None:
    """Step 7: the order in which conversations were used, which no clock changes."""
    columns = {column["name"] for column in inspect(connection).get_columns("conversations")}
    if "used" not in columns:
        connection.exec_driver_sql("ALTER TABLE conversations ADD COLUMN used INTEGER DEFAULT '0' NOT NULL")
        connection.exec_driver_sql("CREATE INDEX conversations_used ON conversations (used)")
    connection.exec_driver_sql(
        """UPDATE conversations SET used = ranked.used FROM (
            SELECT id, row_number() OVER (ORDER BY updated_at, id DESC) AS used FROM conversations
        ) AS ranked WHERE ranked.id = conversations.id"""
    )


STEPS: tuple[Callable[[Connection], None], ...] = (
    create_tables,
    cut_into_windows,
    keep_owners_feedback_and_runs,
    remember_inputs,
    keep_fingerprints_and_edits,
    keep_users,
    count_uses,
)
SCHEMA_VERSION = len(STEPS)
