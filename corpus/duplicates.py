"""Documents of almost the same words: two copies of one statement, an edition and the next.

Two documents are near duplicates when they share `THRESHOLD` of their runs of five words. That was chosen on the 26
sample documents: with 5 % of its words changed at random, a document shares 0.53 to 0.72 of its runs with what it was
(5th to 95th percentile of 104 pairs; 2 %: 0.76 to 0.89; 10 %: 0.32 to 0.51), and no two of them share more than 0.03.
Order counts, meaning does not: a "not" more is a near duplicate.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, select

from corpus import fingerprints
from corpus.database import Database
from corpus.minhash import resemblance, shared_words, signature
from corpus.schema import snapshots, versions

THRESHOLD = 0.5


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A document, and the one before it of almost the same words; `same_words` is the share of words in common."""

    id: str
    of: str
    same_words: float

    @property
    def is_exact(self) -> bool:
        """Whether no character differs."""
        return self.same_words == 1.0

    def __str__(self) -> str:
        if self.is_exact:
            return f"the same words as {self.of}"
        return f"almost the same words as {self.of} ({int(100 * self.same_words)} %)"


def duplicate_of(connection: Connection, document_id: str) -> Duplicate | None:
    """The document that was there before this one and whose words are the most alike; None where none is near."""
    query = select(versions.c.number, versions.c.sha256)
    own = connection.execute(query.where(versions.c.document_id == document_id, versions.c.status == "current")).first()
    like = fingerprints.like(connection, own.sha256) if own else {}
    if own is None or not like:
        return None
    near = {sha256: resemblance(like[own.sha256], other) for sha256, other in like.items()}
    near = {sha256: share for sha256, share in near.items() if share >= THRESHOLD}
    others = select(versions.c.document_id, versions.c.sha256, versions.c.number)
    others = others.where(versions.c.sha256.in_(near), versions.c.status == "current").order_by(versions.c.number)
    rows = [
        row
        for row in connection.execute(others)
        if row.document_id != document_id and (row.sha256 != own.sha256 or row.number < own.number)
    ]
    if not rows:
        return None
    best = max(rows, key=lambda row: (row.sha256 == own.sha256, near[row.sha256]))
    share = 1.0 if best.sha256 == own.sha256 else _shared_words(connection, own.sha256, best.sha256)
    return Duplicate(document_id, best.document_id, share)


def duplicates(database: Database) -> Iterator[Duplicate]:
    """Every current document that has a near duplicate before it, with the nearest one, in the order of adding."""
    complete(database)
    with database.reading() as connection:
        query = select(versions.c.document_id).where(versions.c.status == "current").order_by(versions.c.number)
        for document_id in connection.execute(query).scalars().all():
            if found := duplicate_of(connection, document_id):
                yield found


def complete(database: Database) -> None:
    """Makes the fingerprints that an earlier version of the home did not have."""
    with database.reading() as connection:
        missing = fingerprints.missing(connection)
    for sha256 in missing:
        with database.reading() as connection:
            content = _snapshot(connection, sha256)
        made = signature(content)
        with database.writing() as connection:
            if connection.execute(select(versions.c.number).where(versions.c.sha256 == sha256)).first():
                fingerprints.keep(connection, sha256, made)


def _shared_words(connection: Connection, one: str, other: str) -> float:
    share = shared_words(_snapshot(connection, one), _snapshot(connection, other))
    return min(share, 0.999)  # the same words in another order are not the same


def _snapshot(connection: Connection, sha256: str) -> str:
    return connection.execute(select(snapshots.c.text).where(snapshots.c.sha256 == sha256)).scalar() or ""
