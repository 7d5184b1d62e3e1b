import re

import pytest

from assistant.home import Home
from corpus.catalogue import new_document
from index.embedding import DEFAULT_MODEL
from index.errors import ManifestMismatch
from index.indexing import Indexer
from index.manifest import (
    check_manifest,
    current_manifest,
    read_building,
    read_generation,
    read_manifest,
    write_manifest,
)
from index.retrieval import Retriever
from tests.fakes import HashEncoder


def test_the_manifest_names_what_decides_over_vectors() -> None:
    """What made an index is kept by name, so that another program can tell whether it fits."""
    assert current_manifest(HashEncoder("m", 8)) == {
        "embedder": "m",
        "dimension": "8",
        "chunker": "windows-2",
        "normaliser": "1",
    }


@pytest.mark.parametrize("key", ["embedder", "dimension", "chunker", "normaliser"])
def test_each_difference_is_named_with_the_remedy(key: str) -> None:
    """An index made otherwise is refused, and the message says what differs and which command repairs it."""
    current = current_manifest(HashEncoder())
    message = (
        f"this index was made with another {key} 'old', now {current[key]!r}: "
        "run `communique --embedder hash doctor --repair` to make a new index beside it, which then takes its place"
    )
    with pytest.raises(ManifestMismatch, match=f"^{re.escape(message)}$"):
        check_manifest({**current, key: "old"}, current)


def test_the_embedder_that_comes_with_the_program_need_not_be_named() -> None:
    """The command that a user is told is as short as it can be."""
    current = current_manifest(HashEncoder(DEFAULT_MODEL))
    with pytest.raises(ManifestMismatch, match="run `communique doctor --repair` to make a new index"):
        check_manifest({**current, "chunker": "sentences-1"}, current)


def test_a_folder_with_a_blank_in_its_name_is_quoted() -> None:
    """The command can be copied into a shell as it is."""
    current = current_manifest(HashEncoder("/my models/m"))
    with pytest.raises(ManifestMismatch, match="run `communique --embedder '/my models/m' doctor --repair` to make"):
        check_manifest({**current, "chunker": "sentences-1"}, current)


def test_a_home_without_documents_fits_everything(home: Home) -> None:
    """A new home can be used with any embedder."""
    with home.database.reading() as connection:
        assert read_manifest(connection) == {}
    check_manifest({}, current_manifest(HashEncoder()))


def test_the_first_document_writes_the_manifest_and_the_second_keeps_it(home: Home) -> None:
    """An index remembers what it was made with, which of its home's it is, and which is being made beside it."""
    for name in ("one", "two"):
        fields = {"id": name, "title": name, "source": name, "language": "en"}
        home.indexer.commit([home.indexer.prepare(new_document(fields, text="It rained."), name)])
    with home.database.writing() as connection:
        assert read_manifest(connection) == current_manifest(HashEncoder())
        write_manifest(connection, {"embedder": "x"}, generation=3, building={"embedder": "y=z", "dimension": "8"})
        assert read_manifest(connection) == {"embedder": "x"}
        assert read_generation(connection) == 3
        assert read_building(connection) == {"embedder": "y=z", "dimension": "8"}
        write_manifest(connection, {"embedder": "x"}, generation=4)
        assert (read_generation(connection), read_building(connection)) == (4, {})


@pytest.mark.parametrize("user", [Indexer, Retriever])
def test_neither_reading_nor_writing_mixes_unlike_things(home: Home, user: type) -> None:
    """Neither a search nor a new document touches an index of another embedder."""
    with home.database.writing() as connection:
        write_manifest(connection, current_manifest(HashEncoder("other", 32)), generation=1)
    with pytest.raises(ManifestMismatch, match="embedder 'other', now 'hash'; dimension '32', now '64'"):
        user(home.database, home.store, home.encoder)
