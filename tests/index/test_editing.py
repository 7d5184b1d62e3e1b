from assistant.home import Home
from corpus.history import wordings
from index.editing import edit_documents
from index.health import examine
from index.indexing import remove_documents
from tests.index.conftest import AddFiles


def _edit(home: Home, document_id: str, **changes: object) -> int:
    return edit_documents(home.database, lambda: home.indexer, [(document_id, changes)])


def test_a_title_is_searched_and_stays(home: Home, add: AddFiles) -> None:
    """It stands before the passages, outlives adding the file again and holds for its next version; so does a date."""
    add({"note.md": "It rained.", "other.md": "It hailed."})
    note = next(summary.id for summary in home.catalogue.summaries() if summary.source.endswith("note.md"))
    assert _edit(home, note, title="Observatory of Bergen", published="2024-05") == 1
    assert _edit(home, note, metadata={"author": "Ann", "kind": None}) == 0

    def check(text: str) -> None:
        document = home.catalogue.document(note)
        assert (document.text, document.title, document.published) == (text, "Observatory of Bergen", "2024-05")
        assert document.metadata == {"author": "Ann"}
        hit = home.sources.retriever.search("observatory Bergen").hits[0]
        assert (hit.passage.document_id, hit.passage.text) == (note, text)
        assert hit.lexical is not None
        assert examine(home.database, home.store, home.encoder).problems == ()

    check("It rained.")
    assert [report.status for report in add({"note.md": "It rained."})] == ["unchanged", "unchanged"]
    check("It rained.")
    assert [report.status for report in add({"note.md": "It snowed."})] == ["updated", "unchanged"]
    check("It snowed.")
    remove_documents(home.database, home.store, [note])
    home.indexer.restore([note])
    check("It snowed.")
    assert [kept.num_chars for kept in wordings(home.database, note)] == [10, 10]


def test_an_edit_can_be_edited(home: Home, add: AddFiles) -> None:
    add({"note.md": "It rained."})
    [note] = [summary.id for summary in home.catalogue.summaries()]
    _edit(home, note, published="2024", metadata={"author": "Ann"})
    _edit(home, note, published=None, metadata={"author": None, "place": "Oslo"})
    document = home.catalogue.document(note)
    assert (document.published, document.metadata) == (None, {"place": "Oslo"})
    assert _edit(home, "unknown", title="T") == 1
