"""What an index was made with, kept in its home, so that unlike things are never compared.

The settings name the way; the generation counts the indexes that a home has had: a new one is made beside the old one
and takes its place when it is whole (`health.repair`).
"""

from collections.abc import Mapping
from shlex import quote

from sqlalchemy import Connection, delete, insert, select

from corpus.cleaning import NORMALISER
from corpus.schema import manifest
from index.chunking import CHUNKER
from index.embedding import DEFAULT_MODEL, Encoder
from index.errors import ManifestMismatch

_GENERATION = "generation"
_BUILDING = "building"
_KEPT_APART = (_GENERATION, _BUILDING)


def current_manifest(encoder: Encoder) -> dict[str, str]:
    """The settings that this program, with this embedder, makes indexes with."""
    return {
        "embedder": encoder.name,
        "dimension": str(encoder.dimension),
        "chunker": CHUNKER,
        "normaliser": NORMALISER,
    }


def read_manifest(connection: Connection) -> dict[str, str]:
    """The settings that the home's index was made with; empty before the first document."""
    return {key: value for key, value in _rows(connection).items() if key not in _KEPT_APART}


def read_generation(connection: Connection) -> int:
    """Which index of this home is in use, counted from 1."""
    return int(_rows(connection).get(_GENERATION, "1"))


def read_building(connection: Connection) -> dict[str, str]:
    """The settings of the index that is being made beside the one in use; empty when there is none."""
    settings = _rows(connection).get(_BUILDING, "")
    return dict(pair.split("=", 1) for pair in settings.split("\n") if pair)


def write_manifest(
    connection: Connection, settings: Mapping[str, str], *, generation: int, building: Mapping[str, str] | None = None
) -> None:
    """Replaces the manifest of the home."""
    values = {**settings, _GENERATION: str(generation)}
    if building:
        values[_BUILDING] = "\n".join(f"{key}={value}" for key, value in building.items())
    connection.execute(delete(manifest))
    connection.execute(insert(manifest), [{"key": key, "value": value} for key, value in values.items()])


def check_manifest(kept: Mapping[str, str], current: Mapping[str, str]) -> None:
    """Raises `ManifestMismatch`, naming what differs and the command that makes a new index."""
    differing = [f"{key} {kept[key]!r}, now {current.get(key)!r}" for key in kept if kept[key] != current.get(key)]
    if differing:
        embedder = current["embedder"]
        named = "" if embedder == DEFAULT_MODEL else f"--embedder {quote(embedder)} "
        raise ManifestMismatch(
            f"this index was made with another {'; '.join(differing)}: run `communique {named}doctor --repair` to make "
            "a new index beside it, which then takes its place"
        )


def check_generation(connection: Connection, generation: int) -> None:
    """Raises `ManifestMismatch` when another index of this home is in use by now."""
    if read_generation(connection) != generation:
        raise ManifestMismatch("a new index has taken the place of this one: start the program again")


def _rows(connection: Connection) -> dict[str, str]:
    return {row.key: row.value for row in connection.execute(select(manifest))}
