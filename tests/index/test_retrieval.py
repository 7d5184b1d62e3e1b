from collections.abc import Callable

import pytest

from assistant.home import Home
from index.retrieval import Found, Retriever, WordStatistics
from tests.index.conftest import LIBRARY, AddFiles

Search = Callable[..., Found]


@pytest.fixture
def search(library: Home) -> Search:
    """A search in a home of four documents."""
    return Retriever(library.database, library.store, library.encoder).search


def _names(found: Found) -> list[str]:
    return [hit.passage.document_id.split("-")[0] for hit in found.hits]


def test_the_best_passage_comes_first_with_its_scores(search: Search) -> None:
    """A hit is an exact passage, with the score of each half of the search that listed it."""
    found = search("gauges of brass")
    best = found.hits[0]
    assert _names(found)[0] == "money"
    assert best.passage.text == "Each state pays twelve gauges of brass."
    assert best.passage.start == len("Funding rules\n\n")
    assert best.lexical is not None
    assert best.lexical > 0
    assert best.dense is not None
    assert [hit.lexical for hit in found.hits[1:]] == [None, None, None]
    assert [hit.score for hit in found.hits] == sorted((hit.score for hit in found.hits), reverse=True)


@pytest.mark.parametrize(("k", "kept"), [(0, 0), (-1, 0), (1, 1), (2, 2), (1_000, 4)])
def test_what_k_drops_is_named(search: Search, k: int, kept: int) -> None:
    """A reader can see which candidates were left out, and at which stage."""
    found = search("rain", k)
    assert len(found.hits) == kept
    assert [hit.dropped for hit in found.hits] == [None] * kept
    assert [hit.dropped for hit in found.dropped] == [f"fusion: below the first {k}"] * (4 - kept if k > 0 else 0)


@pytest.mark.parametrize("query", ["", " \n\t", "\u3000"], ids=["empty", "blank", "wide blank"])
def test_an_empty_query_finds_nothing(search: Search, query: str) -> None:
    """Nothing is found by asking nothing."""
    assert search(query) == Found(())


@pytest.mark.parametrize("query", ["😀", '"', "the of", "brass " * 20_000, "\ud800", "x\0y"], ids=range(6))
def test_no_query_is_an_error(search: Search, query: str) -> None:
    """Whatever is typed is answered with what there is."""
    assert len(search(query).hits) == 4


@pytest.mark.parametrize(("scope", "expected"), [(["oslo"], ["oslo"]), ([], [])], ids=["one document", "none"])
def test_a_scope_is_kept(library: Home, search: Search, scope: list[str], expected: list[str]) -> None:
    """A search within one document finds nothing in others, however well they match."""
    ids = [summary.id for summary in library.catalogue.summaries() if summary.id.split("-")[0] in scope]
    assert _names(search("brass gauges in Bergen", document_ids=ids)) == expected


def test_an_empty_index_finds_nothing(home: Home) -> None:
    """A search in a new home is answered, with nothing."""
    retriever = Retriever(home.database, home.store, home.encoder)
    assert retriever.search("rain") == Found(())
    assert retriever.word_statistics("rain") == WordStatistics({"rain": 0}, 0)


def test_a_vector_without_a_passage_is_ignored(home: Home, add: AddFiles) -> None:
    """What a killed process left in Chroma is never shown."""
    add(LIBRARY)
    home.store.add(["ghost#9.0"], home.encoder.encode(["gauges of brass"]), ["ghost"])
    found = Retriever(home.database, home.store, home.encoder).search("gauges of brass")
    assert sorted(_names(found)) == ["bergen", "money", "oslo", "what"]


def test_a_passage_without_a_vector_is_found_by_its_words(home: Home, add: AddFiles) -> None:
    """A lost vector costs a score, not the passage."""
    add(LIBRARY)
    home.store.clear()
    found = Retriever(home.database, home.store, home.encoder).search("brass")
    assert _names(found) == ["money"]
    assert found.hits[0].dense is None


def test_words_are_counted_over_all_passages(library: Home) -> None:
    """How rare a word is comes from the passages that there are."""
    retriever = Retriever(library.database, library.store, library.encoder)
    assert retriever.word_statistics("the rains of brass") == WordStatistics({"rain": 2, "brass": 1}, 4)
