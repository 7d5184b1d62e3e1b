import re

import pytest

from assistant.home import Home
from corpus.catalogue import new_document
from index.errors import ManifestMismatch
from index.indexing import Indexer
from index.manifest import check_manifest, current_manifest, read_manifest, write_manifest
from index.retrieval import Retriever
from tests.fakes import HashEncoder


def test_the_manifest_names_what_decides_over_vectors() -> None:
    """What made an index is kept by name, so that another program can tell whether it fits."""
    assert current_manifest(HashEncoder("m", 8)) == {
        "embedder": "m",
        "dimension": "8",
        "chunker": "sentences-1",
        "normaliser": "1",
    }


@pytest.mark.parametrize("key", ["embedder", "dimension", "chunker", "normaliser"])
def test_each_difference_is_named_with_the_remedy(key: str) -> None:
    """An index made otherwise is refused, and the message says what differs and which command repairs it."""
    current = current_manifest(HashEncoder())
    message = (
        f"this index was made with another {key} 'old', now {current[key]!r}: "
        "run `communique doctor --repair` to index anew"
    )
    with pytest.raises(ManifestMismatch, match=f"^{re.escape(message)}$"):
        check_manifest({**current, key: "old"}, current)


def test_a_home_without_documents_fits_everything(home: Home) -> None:
    """A new home can be used with any embedder."""
    with home.database.reading() as connection:
        assert read_manifest(connection) == {}
    check_manifest({}, current_manifest(HashEncoder()))


def test_the_first_document_writes_the_manifest_and_the_second_keeps_it(home: Home) -> None:
    """An index remembers what it was made with."""
    for name in ("one", "two"):
        fields = {"id": name, "title": name, "source": name, "language": "en"}
        home.indexer.commit([home.indexer.prepare(new_document(fields, text="It rained."), name)])
    with home.database.writing() as connection:
        assert read_manifest(connection) == current_manifest(HashEncoder())
        write_manifest(connection, {"embedder": "x"})
        assert read_manifest(connection) == {"embedder": "x"}


@pytest.mark.parametrize("user", [Indexer, Retriever])
def test_neither_reading_nor_writing_mixes_unlike_things(home: Home, user: type) -> None:
    """Neither a search nor a new document touches an index of another embedder."""
    with home.database.writing() as connection:
        write_manifest(connection, current_manifest(HashEncoder("other", 32)))
    with pytest.raises(ManifestMismatch, match="embedder 'other', now 'hash'; dimension '32', now '64'"):
        user(home.database, home.store, home.encoder)
