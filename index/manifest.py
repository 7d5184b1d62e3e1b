"""What an index was made with, kept in its home, so that unlike things are never compared.

The settings name the way; the generation counts the indexes that a home has had: a new one is made beside the old one
and takes its place when it is whole (`reindexing.py`). The one that it replaced may be kept, as the way back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from secrets import token_hex
from shlex import quote

from sqlalchemy import Connection, delete, insert, select

from corpus.cleaning import NORMALISER
from corpus.database import Database
from corpus.schema import manifest
from index.chunking import CHUNKER
from index.embedding import DEFAULT_MODEL, Encoder
from index.errors import ManifestMismatch

_GENERATION = "generation"
_BUILDING = "building"
_REPLACED = "replaced"
_REPLACED_GENERATION = "replaced generation"
_HIGHEST = "highest generation"
_HOME = "home"
_KEPT_APART = (_GENERATION, _BUILDING, _REPLACED, _REPLACED_GENERATION, _HIGHEST, _HOME)


@dataclass(frozen=True, slots=True)
class Replaced:
    """An index that was in use before, and is kept: which, and what it was made with."""

    generation: int
    settings: Mapping[str, str]


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
    return _unpacked(_rows(connection).get(_BUILDING, ""))


def read_replaced(connection: Connection) -> Replaced | None:
    """The index that the one in use replaced; None where none is kept."""
    rows = _rows(connection)
    if _REPLACED_GENERATION not in rows:
        return None
    return Replaced(int(rows[_REPLACED_GENERATION]), _unpacked(rows.get(_REPLACED, "")))


def next_generation(connection: Connection) -> int:
    """The generation of the index to be made next: no number that was ever in use comes again."""
    rows = _rows(connection)
    return max(int(rows.get(_HIGHEST, "1")), int(rows.get(_GENERATION, "1"))) + 1


def write_manifest(
    connection: Connection,
    settings: Mapping[str, str],
    *,
    generation: int,
    building: Mapping[str, str] | None = None,
    replaced: Replaced | None = None,
) -> None:
    """Replaces the manifest of the home."""
    highest = max(generation, next_generation(connection) - 1)
    values = {**settings, _GENERATION: str(generation), _HIGHEST: str(highest)}
    if building:
        values[_BUILDING] = _packed(building)
    if replaced:
        values |= {_REPLACED_GENERATION: str(replaced.generation), _REPLACED: _packed(replaced.settings)}
    connection.execute(delete(manifest).where(manifest.c.key != _HOME))
    connection.execute(insert(manifest), [{"key": key, "value": value} for key, value in values.items()])


def home_name(database: Database) -> str:
    """What the home is called where it is not alone, 32 hexadecimal digits; made when it is first asked for.

    An exported home that is imported has another; a folder that was copied has the same.
    """
    with database.reading() as connection:
        found = _rows(connection).get(_HOME)
    if found is None:
        with database.lock, database.writing() as connection:
            found = _rows(connection).get(_HOME)
            if found is None:
                found = token_hex(16)
                connection.execute(insert(manifest), {"key": _HOME, "value": found})
    return found


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


def _packed(settings: Mapping[str, str]) -> str:
    return "\n".join(f"{key}={value}" for key, value in settings.items())


def _unpacked(text: str) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in text.split("\n") if pair)


def _rows(connection: Connection) -> dict[str, str]:
    return {row.key: row.value for row in connection.execute(select(manifest))}
