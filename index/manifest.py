"""What an index was made with, kept in its home, so that unlike things are never compared."""

from collections.abc import Mapping

from sqlalchemy import Connection, delete, insert, select

from corpus.cleaning import NORMALISER
from corpus.schema import manifest
from index.chunking import CHUNKER
from index.embedding import Encoder
from index.errors import ManifestMismatch


def current_manifest(encoder: Encoder) -> dict[str, str]:
    """What this program, with this embedder, makes indexes with."""
    return {
        "embedder": encoder.name,
        "dimension": str(encoder.dimension),
        "chunker": CHUNKER,
        "normaliser": NORMALISER,
    }


def read_manifest(connection: Connection) -> dict[str, str]:
    """What the home's index was made with; empty before the first document."""
    return {row.key: row.value for row in connection.execute(select(manifest))}


def write_manifest(connection: Connection, values: Mapping[str, str]) -> None:
    """Replaces the manifest of the home."""
    connection.execute(delete(manifest))
    connection.execute(insert(manifest), [{"key": key, "value": value} for key, value in values.items()])


def check_manifest(kept: Mapping[str, str], current: Mapping[str, str]) -> None:
    """Raises `ManifestMismatch`, naming what differs and the command that repairs it."""
    differing = [f"{key} {kept[key]!r}, now {current.get(key)!r}" for key in kept if kept[key] != current.get(key)]
    if differing:
        raise ManifestMismatch(
            f"this index was made with another {'; '.join(differing)}: run `communique doctor --repair` to index anew"
        )
