from dataclasses import replace

import pytest

from assistant.answer import Citation
from assistant.freshness import current_state, current_states
from assistant.home import Home
from index.indexing import remove_documents
from tests.assistant.conftest import Add


@pytest.fixture
def citation(coast: Home) -> Citation:
    """Of the first sentence of "harbour"."""
    document = coast.catalogue.document("harbour")
    end = document.text.index(".") + 1
    return Citation(1, "harbour", document.sha256, document.title, document.source, 0, end, document.text[:end])


def test_a_citation_of_the_version_that_is_searched_is_current(coast: Home, citation: Citation) -> None:
    assert current_state(citation, coast.catalogue) == "current"


def test_a_change_anywhere_in_the_document_is_a_change(coast: Home, add: Add, citation: Citation) -> None:
    """And once the words are back, byte for byte, the citation is current again."""
    text = coast.catalogue.document("harbour").text
    add_again(coast, add, text + "\n\nOne more word.")
    assert current_state(citation, coast.catalogue) == "changed"
    assert coast.catalogue.document("harbour", citation.sha256).text[: citation.end] == citation.quote
    add_again(coast, add, text)
    assert current_state(citation, coast.catalogue) == "current"


def test_a_document_that_is_gone_was_removed(coast: Home, citation: Citation) -> None:
    remove_documents(coast.database, coast.store, ["harbour"])
    assert current_state(citation, coast.catalogue) == "removed"
    assert current_state(replace(citation, document_id="half \ud800"), coast.catalogue) == "removed"


def test_many_citations_are_told_at_once_in_their_order(coast: Home, add: Add, citation: Citation) -> None:
    add_again(coast, add, "The compact ended.")
    old, gone = citation, replace(citation, document_id="nowhere")
    now = replace(citation, sha256=coast.catalogue.document("harbour").sha256)
    assert current_states([gone, old, now, old], coast.catalogue) == ["removed", "changed", "current", "changed"]
    assert current_states([], coast.catalogue) == []


def add_again(home: Home, add: Add, text: str) -> None:
    """`add`, which expects what is new to it, for a document that is there."""
    with pytest.raises(AssertionError, match="updated"):
        add({"harbour": text})
    assert home.catalogue.document("harbour").text == text
