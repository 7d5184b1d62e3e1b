"""The tables of a home, for SQLAlchemy Core. `migrations.py` creates them; nothing here runs a query.

One database holds what all four rooms keep, so its tables are declared in one place. Offsets are characters, half-open.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    UniqueConstraint,
)
from sqlalchemy import Text as AnyText

metadata = MetaData()
Text = AnyText().with_variant(AnyText(collation="C"), "postgresql")
"""Text that is sorted by its characters' numbers, as SQLite sorts it."""
Long = Integer().with_variant(BigInteger(), "postgresql")
"""A number of 64 bits, as all of SQLite's are."""

manifest = Table(
    "manifest",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

snapshots = Table(
    "snapshots",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("text", Text, nullable=False),
)

versions = Table(
    "versions",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("document_id", Text, nullable=False),
    Column("sha256", Text, ForeignKey("snapshots.sha256"), nullable=False),
    Column("status", Text, nullable=False),  # pending, current, superseded, removed or removing
    Column("source", Text, nullable=False),
    Column("input_sha256", Text, nullable=False),  # of the bytes that were read, to tell that nothing changed
    Column("title", Text, nullable=False),
    Column("published", Text),
    Column("language", Text, nullable=False),
    Column("sections", JSON, nullable=False),
    Column("metadata", JSON, nullable=False),
    Column("added_at", Text, nullable=False),
    Index("versions_document", "document_id", "status"),
    Index("versions_source", "source"),
    Index("versions_sha256", "sha256"),
    sqlite_autoincrement=True,
)

fingerprints = Table(
    "fingerprints",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("sha256", Text, nullable=False),
    Column("signature", LargeBinary, nullable=False),  # as `corpus.minhash` makes it; empty where a text is too short
    UniqueConstraint("sha256"),
)

fingerprint_bands = Table(
    "fingerprint_bands",
    metadata,
    Column("band", Long, primary_key=True, autoincrement=False),  # the hash of a part of a signature
    Column("fingerprint", Integer, ForeignKey("fingerprints.number"), primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

edits = Table(
    "edits",
    metadata,
    Column("document_id", Text, primary_key=True),
    Column("changes", JSON, nullable=False),  # what users say of a document, in place of what its file says
)

inputs = Table(
    "inputs",
    metadata,
    Column("source", Text, primary_key=True),
    Column("sha256", Text, nullable=False),
    Column("readers", Text, nullable=False),  # what read it: others may read more of it
    Column("rows", JSON, nullable=False),  # the report of that time, a row for each file in it
    Column("read_at", Text, nullable=False),
)

passages = Table(
    "passages",
    metadata,
    Column("rowid", Integer, primary_key=True),
    Column("id", Text, nullable=False),
    Column("version", Integer, ForeignKey("versions.number"), nullable=False),
    Column("generation", Integer, nullable=False),  # of the index: one for each way that indexes were made
    Column("status", Text, nullable=False),  # pending, staged (for the generation to come), indexed or removing
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("context", Text, nullable=False),  # title and headings: searched, never quoted
    Column("heading", Text),
    Column("page", Integer),
    Column("words", Text),  # those of the text, where FTS5 would not find them itself; it reads this instead
    Column("context_words", Text),
    UniqueConstraint("id"),
    Index("passages_version", "version", "generation"),
    Index("passages_status", "status"),
)

segments = Table(
    "segments",
    metadata,
    Column("rowid", Integer, primary_key=True),
    Column("version", Integer, ForeignKey("versions.number"), nullable=False),
    Column("generation", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("sentences", JSON, nullable=False),  # [start, end] of each sentence, in the document
    Column("vectors", LargeBinary, nullable=False),  # one unit row a sentence, float16, little end first
    Column("num_tokens", JSON, nullable=False),  # of each sentence
    Column("tokens", LargeBinary, nullable=False),  # their vectors, as `index.late_interaction` packs them
    Index("segments_version", "version", "generation", "start"),
)

conversations = Table(
    "conversations",
    metadata,
    Column("id", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("started_at", Text, nullable=False),
    Column("updated_at", Text, nullable=False),
    Column("owner", Text),  # whose browser began it, as a digest; null: the command line
    Column("used", Integer, nullable=False, server_default="0"),  # higher than of any that was used before, no clock
    Index("conversations_owner", "owner"),
    Index("conversations_used", "used"),
)

turns = Table(
    "turns",
    metadata,
    Column("conversation_id", Text, ForeignKey("conversations.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("asked_at", Text, nullable=False),
    Column("answer", JSON, nullable=False),
)

feedback = Table(
    "feedback",
    metadata,
    Column("conversation_id", Text, primary_key=True),  # may be deleted before it: a kept case stays
    Column("turn", Integer, primary_key=True),
    Column("rating", Text),  # up or down, or null where the turn was only kept
    Column("reason", Text, nullable=False),
    Column("case", JSON, nullable=False),  # the turn as a row of a suite
    Column("given_at", Text, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("id", Text, primary_key=True),
    Column("suite", Text, nullable=False),
    Column("started_at", Text, nullable=False),
    Column("finished_at", Text),
    Column("record", JSON, nullable=False),  # commit, settings, models, hashes of the data
    Index("runs_suite", "suite", "started_at"),
)

run_results = Table(
    "run_results",
    metadata,
    Column("run_id", Text, ForeignKey("runs.id"), primary_key=True),
    Column("case_id", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("case_sha256", Text, nullable=False),
    Column("result", JSON, nullable=False),  # the answer, the scores, the error
)

users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),  # as `assistant.serving.names` gives it
    Column("role", Text, nullable=False),  # reader or admin
    Column("secret", Text, nullable=False),  # what their conversations are kept under is made with it
    Column("password", Text),  # as `assistant.serving.passwords` gives it; null: none, and no way in by the page
    Column("added_at", Text, nullable=False),
    sqlite_autoincrement=True,  # the number of a user who was removed is nobody else's
)

user_tokens = Table(
    "user_tokens",
    metadata,
    Column("prefix", Text, primary_key=True),
    Column("sha256", Text, nullable=False),
    Column("user", Integer, ForeignKey("users.id"), nullable=False),
    Column("made_at", Text, nullable=False),
    Index("user_tokens_user", "user"),
)

user_sessions = Table(
    "user_sessions",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("user", Integer, ForeignKey("users.id"), nullable=False),
    Column("started_at", Long, nullable=False),  # seconds since 1970
    Column("used_at", Long, nullable=False),
    Index("user_sessions_user", "user"),
)
