import pytest
from sqlalchemy import select

from corpus import catalogue as module
from corpus.catalogue import Catalogue, Summary, new_document
from corpus.database import Database
from corpus.document import Document, Section
from corpus.errors import UnknownDocument
from corpus.schema import versions


def _document(id_: str, text: str, *, title: str = "T", published: str | None = None) -> Document:
    fields = {
        "id": id_,
        "title": title,
        "source": f"/somewhere/{id_}",
        "language": "en",
        "published": published,
        "sections": (Section("T", 1, 0, len(text), page=3),),
        "metadata": {"tags": ["a", None, 1.5]},
    }
    return new_document(fields, text=text)


def _keep(database: Database, *documents: Document) -> None:
    with database.writing() as connection:
        module.promote(
            connection, [module.stage(connection, document, f"in:{document.text}") for document in documents]
        )


def test_a_document_comes_back_as_it_went_in(database: Database) -> None:
    """Text, sections and metadata of a kept document are exactly those that were read."""
    document = _document("oslo", "It rained.\nΩ 😀\n", published="2024-05")
    _keep(database, document)
    assert Catalogue(database).document("oslo") == document


def test_a_snapshot_is_named_by_the_sha256_of_its_text() -> None:
    """Anyone can check a snapshot with `sha256sum`."""
    assert _document("d", "abc").sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_old_snapshots_stay_readable(database: Database) -> None:
    """A citation of last year's version can still be checked after the document changed."""
    old, new = _document("oslo", "It rained."), _document("oslo", "It snowed.")
    _keep(database, old)
    _keep(database, new)
    catalogue = Catalogue(database)
    assert catalogue.document("oslo") == new
    assert catalogue.document("oslo", old.sha256) == old
    assert catalogue.document("oslo", old.sha256[:8]) == old
    assert [summary.sha256 for summary in catalogue.summaries()] == [new.sha256]


def test_of_several_versions_stored_at_once_the_newest_stays(database: Database) -> None:
    """A document is listed once, however often one command met it."""
    _keep(database, _document("oslo", "One."))
    _keep(database, _document("oslo", "Two."), _document("bergen", "Rain."), _document("oslo", "Three."))
    catalogue = Catalogue(database)
    assert sorted(summary.id for summary in catalogue.summaries()) == ["bergen", "oslo"]
    assert catalogue.document("oslo").text == "Three."


def test_a_list_is_ordered_by_date_then_title(database: Database) -> None:
    """A list of documents reads from the oldest to the newest, the undated last."""
    _keep(
        database,
        _document("d", "x", title="A"),
        _document("c", "xx", title="B", published="2024"),
        _document("b", "xxx", title="A", published="2024"),
        _document("a", "xxxx", title="Z", published="2023-12-31"),
    )
    summaries = Catalogue(database).summaries()
    assert [(summary.id, summary.num_chars) for summary in summaries] == [("a", 4), ("b", 3), ("c", 2), ("d", 1)]
    sha256 = new_document({"id": "", "title": "", "source": "", "language": ""}, text="xxxx").sha256
    assert summaries[0] == Summary("a", "Z", "/somewhere/a", "2023-12-31", "en", 4, 0, sha256)


def test_what_is_pending_is_not_seen(database: Database) -> None:
    """A half-written document is in no list, and cannot be cited."""
    document = _document("oslo", "It rained.")
    with database.writing() as connection:
        module.stage(connection, document, "in")
    catalogue = Catalogue(database)
    assert catalogue.has_unfinished()
    assert catalogue.summaries() == []
    assert catalogue.input_hashes(["oslo"]) == {}
    for sha256 in (None, document.sha256):
        with pytest.raises(UnknownDocument):
            catalogue.document("oslo", sha256)
    with database.writing() as connection:
        module.discard(connection)
    assert not catalogue.has_unfinished()


def test_one_snapshot_with_two_sources(database: Database) -> None:
    """Two files of the same words are two documents, and removing one leaves the other whole."""
    one, two = _document("one", "It rained."), _document("two", "It rained.")
    _keep(database, one, two)
    assert one.sha256 == two.sha256
    with database.writing() as connection:
        module.mark_removing(connection, module.mark_removed(connection, ["one"]))
        module.discard(connection)
    catalogue = Catalogue(database)
    assert catalogue.document("two") == two
    with pytest.raises(UnknownDocument):
        catalogue.document("one", one.sha256)


def test_a_removed_document_keeps_its_words_and_says_how_to_come_back(database: Database) -> None:
    """It is in no list and cannot be asked for, but what was cited of it can still be read, and its id is its own."""
    _keep(database, document := _document("oslo", "It rained."))
    with database.writing() as connection:
        assert module.mark_removed(connection, ["oslo", "unknown"]) == [1]
        module.discard(connection)
    catalogue = Catalogue(database)
    assert (catalogue.summaries(), catalogue.input_hashes(["oslo"])) == ([], {})
    assert catalogue.document("oslo", document.sha256) == document
    with pytest.raises(UnknownDocument, match=r"^the document 'oslo' was removed: `communique restore oslo` brings"):
        catalogue.document("oslo")
    with pytest.raises(UnknownDocument, match=r"^the document 'oslo' has no version 'ffff'"):
        catalogue.document("oslo", "ffff")
    assert catalogue.ids_by_source([document.source]) == {document.source: "oslo"}
    assert not catalogue.has_unfinished()


def test_a_removed_document_that_comes_again_is_current(database: Database) -> None:
    _keep(database, _document("oslo", "It rained."))
    with database.writing() as connection:
        module.mark_removed(connection, ["oslo"])
    _keep(database, again := _document("oslo", "It snowed."))
    catalogue = Catalogue(database)
    assert catalogue.document("oslo") == again
    with database.reading() as connection:
        statuses = connection.execute(select(versions.c.status).order_by(versions.c.number)).scalars().all()
    assert statuses == ["superseded", "current"]


def test_sources_and_hashes_are_known_again(database: Database) -> None:
    """A file that was added before is recognised, among more files than one statement can name."""
    _keep(database, _document("oslo", "It rained."))
    catalogue = Catalogue(database)
    many = [f"/nowhere/{i}" for i in range(1_200)]
    assert catalogue.ids_by_source([*many, "/somewhere/oslo"]) == {"/somewhere/oslo": "oslo"}
    assert catalogue.input_hashes([*many, "oslo"]) == {"oslo": "in:It rained."}


def test_dates_are_those_of_the_versions_asked_for(database: Database) -> None:
    """The date beside an old citation is that of the words cited, not that of what replaced them."""
    old, new = _document("oslo", "It rained.", published="2023-05"), _document("oslo", "It snowed.", published="2024")
    same, undated = _document("bergen", "It rained.", published="1999"), _document("voss", "Fog.")
    for document in (old, new, same, undated):
        _keep(database, document)
    with database.writing() as connection:
        module.stage(connection, _document("oslo", "Hail.", published="2030"), "in")
    pending = _document("oslo", "Hail.").sha256
    wanted = [("oslo", old.sha256), ("oslo", new.sha256), ("voss", undated.sha256), ("oslo", pending), ("x", "y")]
    catalogue = Catalogue(database)
    assert catalogue.published(wanted) == {("oslo", old.sha256): "2023-05", ("oslo", new.sha256): "2024"}
    assert catalogue.published([("bergen", old.sha256)]) == {("bergen", old.sha256): "1999"}
    assert catalogue.published([]) == {}


def test_dates_are_found_among_more_versions_than_a_statement_can_name(database: Database) -> None:
    """The date that a document was given last counts, where its words stayed the same."""
    document = _document("oslo", "It rained.", published="2023")
    _keep(database, document)
    _keep(database, _document("oslo", "It rained.", published="2024"))
    many = [(f"d{i}", f"{i:064}") for i in range(1_200)]
    assert Catalogue(database).published(iter([*many, ("oslo", document.sha256)])) == {
        ("oslo", document.sha256): "2024"
    }


@pytest.mark.parametrize(
    ("id_", "sha256", "message"),
    [
        ("olso-statement", None, "there is no document 'olso-statement': did you mean oslo-statement?"),
        ("zzz", None, "there is no document 'zzz': `communique documents` lists the ids"),
        (
            "oslo-statement",
            "%",
            "the document 'oslo-statement' has no version '%': its versions are named by their sha256",
        ),
    ],
    ids=["mistyped", "unknown", "unknown version"],
)
def test_an_unknown_id_is_answered_with_the_closest(
    database: Database, id_: str, sha256: str | None, message: str
) -> None:
    """A mistyped id is answered with the one that was meant."""
    _keep(database, _document("oslo-statement", "It rained."))
    with pytest.raises(UnknownDocument) as refusal:
        Catalogue(database).document(id_, sha256)
    assert str(refusal.value) == message
