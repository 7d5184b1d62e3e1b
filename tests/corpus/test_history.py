import pytest

from corpus import catalogue as catalogue_module
from corpus.catalogue import new_document
from corpus.database import Database
from corpus.document import Document
from corpus.errors import UnknownDocument
from corpus.history import Removed, removed_documents, removed_version, wording, wording_before, wordings


def _document(text: str, *, title: str = "Oslo") -> Document:
    return new_document({"id": "oslo", "title": title, "source": "/oslo.md", "language": "en"}, text=text)


def _keep(database: Database, document: Document) -> None:
    with database.writing() as connection:
        catalogue_module.promote(connection, [catalogue_module.stage(connection, document, f"in:{document.text}")])


def _remove(database: Database) -> None:
    with database.writing() as connection:
        catalogue_module.mark_removed(connection, ["oslo"])


def test_every_wording_is_listed_once_the_current_first(database: Database) -> None:
    """Words that came back are one wording, and so are those that stand under another title now."""
    for document in (_document("A."), _document("Bb."), _document("A."), _document("A.", title="Oslo again")):
        _keep(database, document)
    found = [(kept.sha256, kept.status, kept.title, kept.num_chars) for kept in wordings(database, "oslo")]
    assert found == [
        (_document("A.").sha256, "current", "Oslo again", 2),
        (_document("Bb.").sha256, "superseded", "Oslo", 3),
    ]
    assert wording_before(database, "oslo", _document("A.").sha256).text == "Bb."


def test_what_was_removed_can_be_read_and_found(database: Database) -> None:
    _keep(database, _document("A."))
    _keep(database, second := _document("Bb."))
    _remove(database)
    assert [kept.status for kept in wordings(database, "oslo")] == ["removed", "superseded"]
    assert wording(database, "oslo") == second
    assert removed_documents(database) == [Removed("oslo", "Oslo", "/oslo.md", None, second.sha256)]
    assert removed_version(database, "oslo") == (second, "in:Bb.")
    assert removed_version(database, "bergen") is None


def test_what_there_is_not_is_told_with_the_remedy(database: Database) -> None:
    _keep(database, only := _document("A."))
    with pytest.raises(UnknownDocument, match=r"^no earlier version of 'oslo' is kept"):
        wording_before(database, "oslo", only.sha256)
    with pytest.raises(UnknownDocument, match=r"^there is no document 'osl': did you mean oslo"):
        wordings(database, "osl")
    with pytest.raises(UnknownDocument):
        wordings(database, "half \ud800")
