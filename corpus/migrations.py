"""The numbered steps that bring a home's database to the schema of this version.

Each step runs in one transaction with the number it reaches. A step that has been released is never edited: a change
of the schema is a new step at the end. Going back is not offered; a newer home is refused by `database.py`.
"""

from collections.abc import Callable

from sqlalchemy import Connection

from corpus import schema

FULL_TEXT = (
    """CREATE VIRTUAL TABLE passages_fts USING fts5(
        text, context, content='passages', content_rowid='rowid', tokenize='porter unicode61 remove_diacritics 2')""",
    "CREATE VIRTUAL TABLE passages_vocabulary USING fts5vocab(passages_fts, 'row')",
    """CREATE TRIGGER passages_fts_insert AFTER INSERT ON passages BEGIN
        INSERT INTO passages_fts(rowid, text, context) VALUES (new.rowid, new.text, new.context); END""",
    """CREATE TRIGGER passages_fts_delete AFTER DELETE ON passages BEGIN
        INSERT INTO passages_fts(passages_fts, rowid, text, context)
        VALUES ('delete', old.rowid, old.text, old.context); END""",
)


def create_tables(connection: Connection) -> None:
    """Step 1: every table, and a full-text index that follows the passages by triggers."""
    schema.metadata.create_all(connection)
    for statement in FULL_TEXT:
        connection.exec_driver_sql(statement)


STEPS: tuple[Callable[[Connection], None], ...] = (create_tables,)
SCHEMA_VERSION = len(STEPS)
