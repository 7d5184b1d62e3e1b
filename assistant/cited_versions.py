"""Which versions of documents the kept conversations rest on, whoever's they are: `communique vacuum` keeps these."""

from sqlalchemy import Connection, select

from corpus.schema import turns


def cited_versions(connection: Connection) -> set[tuple[str, str]]:
    """The document ids and sha256 of everything cited in a kept answer, or shown as nearest to one that was refused."""
    found: set[tuple[str, str]] = set()
    for answer in connection.execute(select(turns.c.answer)).scalars():
        refusal = answer.get("refusal") or {}
        for citation in [*answer.get("citations", ()), *refusal.get("nearest", ())]:
            found.add((citation["document_id"], citation["sha256"]))
    return found
