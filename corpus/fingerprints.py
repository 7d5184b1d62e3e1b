"""The signatures of snapshots, stored so that like ones are found without reading the others.

What is looked up is bounded for each text, however many there are like it, so that adding stays linear. What the
signatures are and how alike is alike enough is for `minhash.py` and `duplicates.py` to say.
"""

from sqlalchemy import Connection, delete, insert, select

from corpus.dialects import upsert
from corpus.minhash import bands
from corpus.schema import fingerprint_bands, fingerprints, snapshots, versions

_LIKE_A_BAND = 20  # the newest of those that have it


def keep(connection: Connection, sha256: str, signature: bytes) -> None:
    """Stores the signature of a snapshot, unless it is stored already."""
    statement = upsert(connection, fingerprints).values(sha256=sha256, signature=signature).on_conflict_do_nothing()
    number = connection.execute(statement.returning(fingerprints.c.number)).scalar_one_or_none()
    rows = [] if number is None else [{"band": band, "fingerprint": number} for band in set(bands(signature))]
    if rows:
        connection.execute(insert(fingerprint_bands), rows)


def like(connection: Connection, sha256: str) -> dict[str, bytes]:
    """The signatures that have a band in common with that of this snapshot, by the sha256 of theirs: itself and those
    stored before it, at most 20 a band. None where it has no signature.
    """
    rows = fingerprint_bands.c
    query = select(fingerprints.c.number, fingerprints.c.signature).where(fingerprints.c.sha256 == sha256)
    own = connection.execute(query).first()
    if own is None:
        return {}
    numbers: set[int] = set()
    for band in bands(bytes(own.signature)):
        before = select(rows.fingerprint).where(rows.band == band, rows.fingerprint <= own.number)
        numbers.update(connection.execute(before.order_by(rows.fingerprint.desc()).limit(_LIKE_A_BAND)).scalars())
    found = select(fingerprints.c.sha256, fingerprints.c.signature).where(fingerprints.c.number.in_(numbers))
    return {row.sha256: bytes(row.signature) for row in connection.execute(found)}


def missing(connection: Connection) -> list[str]:
    """The snapshots of current documents without a signature: those of a home that an earlier version made."""
    known = select(fingerprints.c.sha256)
    query = select(versions.c.sha256).where(versions.c.status == "current", versions.c.sha256.not_in(known))
    return list(connection.execute(query.distinct()).scalars())


def forget(connection: Connection) -> None:
    """Deletes the snapshots that no version needs any more, and their signatures."""
    unused = snapshots.c.sha256.not_in(select(versions.c.sha256))
    gone = connection.execute(select(snapshots.c.sha256).where(unused)).scalars().all()
    for sha256 in gone:
        query = select(fingerprints.c.number, fingerprints.c.signature).where(fingerprints.c.sha256 == sha256)
        for row in connection.execute(query).all():
            rows = fingerprint_bands.c
            mine = rows.band.in_(bands(bytes(row.signature))), rows.fingerprint == row.number
            connection.execute(delete(fingerprint_bands).where(*mine))
            connection.execute(delete(fingerprints).where(fingerprints.c.number == row.number))
    connection.execute(delete(snapshots).where(unused))
