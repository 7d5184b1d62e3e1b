import pytest
from sqlalchemy import Connection, func, select

from assistant.answer import Answer, Citation
from assistant.cited_versions import cited_versions
from assistant.home import Home
from corpus import schema
from corpus.errors import UnknownDocument
from index.health import examine
from index.indexing import remove_documents
from index.vacuuming import find_waste, shrink, vacuum
from tests.index.conftest import AddFiles

_LONG = "It rained in Oslo, said Ann. " * 30


def _no_one(connection: Connection) -> set[tuple[str, str]]:
    return set()


def _ids(home: Home) -> dict[str, str]:
    return {summary.source.rpartition("/")[2]: summary.id for summary in home.catalogue.summaries()}


def _counts(home: Home) -> dict[str, int]:
    tables = ("versions", "snapshots", "fingerprints", "fingerprint_bands", "edits")
    with home.database.reading() as connection:
        return {
            name: connection.execute(select(func.count()).select_from(getattr(schema, name))).scalar_one()
            for name in tables
        }


def test_what_was_removed_is_gone_for_good(home: Home, add: AddFiles) -> None:
    """Neither words nor fingerprints are left; what is current is untouched; a dry run only says so."""
    add({"oslo.md": _LONG, "bergen.md": "It hailed in Bergen."})
    oslo = _ids(home)["oslo.md"]
    text = home.catalogue.document(oslo).text
    remove_documents(home.database, home.store, [oslo])
    expected = ((oslo,), (), 1, len(text.encode()))
    before = _counts(home)
    waste = find_waste(home.database, _no_one)
    assert (waste.documents, waste.cited, waste.num_versions, waste.num_bytes) == expected
    assert _counts(home) == before
    waste = vacuum(home.database, home.store, _no_one)
    assert (waste.documents, waste.cited, waste.num_versions, waste.num_bytes) == expected
    assert _counts(home) == {"versions": 1, "snapshots": 1, "fingerprints": 1, "fingerprint_bands": 0, "edits": 0}
    with pytest.raises(UnknownDocument, match=r"^there is no document"):
        home.catalogue.document(oslo)
    assert examine(home.database, home.store, home.encoder).problems == ()
    assert vacuum(home.database, home.store, _no_one).num_versions == 0


def test_versions_that_are_cited_stay(home: Home, add: AddFiles) -> None:
    """Of three wordings that were replaced, the one in a kept answer and the one nearest to a refusal are kept."""
    hashes = []
    for number in range(4):
        add({"oslo.md": f"It rained {number} times in Oslo."})
        [oslo] = _ids(home).values()
        hashes.append(home.catalogue.document(oslo).sha256)
    conversation = home.conversations.start("Rain")
    home.conversations.add(conversation, _citing(oslo, hashes[1]))
    waste = vacuum(home.database, home.store, cited_versions)
    assert (waste.documents, waste.num_versions) == ((), 2)
    assert home.catalogue.document(oslo, hashes[1]).text == "It rained 1 times in Oslo."
    for gone in (hashes[0], hashes[2]):
        with pytest.raises(UnknownDocument):
            home.catalogue.document(oslo, gone)
    remove_documents(home.database, home.store, [oslo])
    assert vacuum(home.database, home.store, cited_versions).cited == (oslo,)


def test_room_is_given_back(home: Home, add: AddFiles) -> None:
    add({"big.txt": "".join(f"Gauge {number} measured rain. " for number in range(500))})
    remove_documents(home.database, home.store, list(_ids(home).values()))
    vacuum(home.database, home.store, _no_one)
    assert shrink(home.database) > 10_000
    assert examine(home.database, home.store, home.encoder).problems == ()
    add({"big.txt": "It rained."})
    assert len(home.catalogue.summaries()) == 1


def test_no_room_is_given_back_while_another_program_reads(home: Home, add: AddFiles) -> None:
    """It is no error: the room is used again by what comes next."""
    add({"oslo.md": "It rained."})
    with home.database.reading() as connection:
        connection.execute(select(schema.versions)).all()
        assert shrink(home.database) >= 0
    assert len(home.catalogue.summaries()) == 1


def _citing(document_id: str, sha256: str) -> Answer:
    return Answer("Rain?", "Rain?", (), (Citation(1, document_id, sha256, "Oslo", "/oslo.md", 0, 3, "It "),))
