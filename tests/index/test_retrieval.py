import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import event

from assistant.home import Home
from index.dense import INCOMPLETE
from index.passage import Passage
from index.retrieval import NUM_RERANKED, Found, Retriever, WordStatistics
from index.scope import Scope
from tests.fakes import HashEncoder, WordReranker
from tests.index.conftest import LIBRARY, AddFiles, add_paths

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


@pytest.mark.parametrize(
    "query",
    [
        "😀 👩‍🔬",
        "the of and",
        "brass " * 10_000,
        "x" * 50_000,
        "日本" * 12_000,
        "การประชุม",
        "合作机制",
        "会議はいつ開催されますか",
        "rain NEAR brass",
        "NEAR(rain brass, 5)",
        "rain AND NOT brass OR",
        "AND",
        "*",
        "rain*",
        '"',
        '""" "rain',
        "((rain",
        "text: rain",
        "passages_fts: {text context} : rain",
        "^rain + brass - fund",
        "rain; DROP TABLE passages; --",
        "?1 :query %s {} \\",
        "\ud800",
        "rain \udfff\ud83d",
        "x\0y",
        "\0",
        "\u202erain\u200b",
    ],
    ids=range(27),
)
def test_no_query_is_an_error(search: Search, query: str) -> None:
    """Whatever is typed is answered with what there is."""
    assert len(search(query).hits) == 4


@pytest.mark.parametrize("query", ["rain", "😀", "brass " * 10_000, "日本", "\ud800", '"'], ids=range(6))
@pytest.mark.parametrize("k", [0, 1, 10_000])
def test_nothing_is_found_where_nothing_is(home: Home, query: str, k: int) -> None:
    """Nor is any query an error in a home without documents."""
    found = Retriever(home.database, home.store, home.encoder).search(query, k)
    assert (found.hits, found.dropped, found.windows) == ((), (), ())


@pytest.mark.parametrize(
    ("query", "read"),
    [
        ("rain " * 20, None),
        ("rain " * 300, (len("rain " * 223) + 4, 64)),
        ("x" * 50_000, (2_000, 64)),
        ("  rain  " + " " * 5_000, None),
        ("rain " * 224 + "\n", None),
    ],
    ids=["short", "more tokens", "more characters", "white space", "just enough"],
)
def test_what_of_a_long_query_is_not_searched_for_is_told(
    search: Search, query: str, read: tuple[int, int] | None
) -> None:
    """A reader of the hits knows when they are those of the beginning of the query."""
    expected = "the query is long: its first {:,} characters and {} words were searched for"
    assert search(query).notes == ((expected.format(*read),) if read else ())


def test_hits_are_places_and_every_window_is_accounted_for(home: Home, add: AddFiles) -> None:
    """No words are listed twice: what a better hit holds is named as dropped, with the stage and the reason."""
    add({"long.txt": " ".join(f"On day {day} it rained on the harbour of Oslo and nobody came." for day in range(80))})
    found = Retriever(home.database, home.store, home.encoder).search("rain in Oslo on day 40", 3)
    text = home.catalogue.document(found.hits[0].passage.document_id).text
    places = sorted((hit.passage.start, hit.passage.end) for hit in found.hits)
    assert len(places) == 3
    assert all(end <= start for (_, end), (start, _) in pairwise(places))
    assert all(hit.passage.text == text[hit.passage.start : hit.passage.end] for hit in found.hits)
    assert len(found.windows) > 10
    windows = sorted(window.passage.id for window in found.windows)
    assert sorted(hit.passage.id for hit in (*found.hits, *found.dropped)) == windows
    assert {(hit.dropped or "").partition(":")[0] for hit in found.dropped} == {"merging", "fusion"}


def test_the_sentences_of_a_place_are_those_within_it(home: Home, add: AddFiles) -> None:
    """A place of any width has its sentences with a vector each, and one that is not indexed has none."""
    sentences = [f"On day {day} it rained on the harbour." for day in range(80)]
    add({"long.txt": " ".join(sentences), "other.txt": "It hailed."})
    text = " ".join(sentences)
    long, other = sorted(summary.id for summary in home.catalogue.summaries())
    places = [Passage("", long, start, end, text[start:end]) for start, end in ((0, len(text)), (1, 100), (5, 9))]
    places += [Passage("", other, 0, 10, "It hailed."), Passage("", "nope", 0, 10, "")]
    found = Retriever(home.database, home.store, home.encoder).sentences(places)
    assert [text[a:b] for a, b in found[0].spans] == sentences
    assert [text[a:b] for a, b in found[1].spans] == sentences[1:2]
    assert [len(some.spans) for some in found] == [80, 1, 0, 1, 0]
    assert [some.vectors.shape for some in found] == [(80, 64), (1, 64), (0, 64), (1, 64), (0, 64)]
    nearest = found[0].vectors @ home.encoder.encode_query(sentences[0])
    assert nearest[0] == pytest.approx(1.0, abs=1e-2)


def test_any_number_of_places_can_be_read(library: Home) -> None:
    """A list of hits as long as the index is no error."""
    retriever = Retriever(library.database, library.store, library.encoder)
    places = [hit.passage for hit in retriever.search("rain").hits] * 400
    assert [len(some.spans) for some in retriever.sentences(places)] == [
        len(some.spans) for some in retriever.sentences(places[:4])
    ] * 400
    assert retriever.sentences([]) == []


@pytest.fixture(scope="module")
def towns(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A home of 30 documents, of which the first three speak of boats, the first of two."""
    folder = tmp_path_factory.mktemp("towns")
    rest = "It is dry in this town, and nothing happens in it."
    boats = {0: "A boat and another boat came.", 1: "A boat came.", 2: "The boat left."}
    for i in range(30):
        (folder / f"{i:02}.txt").write_text(f"Town {i}. {boats.get(i, rest)}")
    home = Home(tmp_path_factory.mktemp("home"), load_encoder=HashEncoder)
    add_paths(home, folder)
    yield home
    home.close()


def test_its_scores_order_the_hits(towns: Home) -> None:
    """A hit that the reranker likes better comes first, and says by how much; the other scores stay visible."""
    plain = Retriever(towns.database, towns.store, towns.encoder)
    words = "Town and boat"
    before = plain.search(words, 30)
    reranker = WordReranker("boat")
    found = Retriever(towns.database, towns.store, towns.encoder, reranker=reranker).search(words, 3)
    assert [hit.rerank for hit in found.hits] == [hit.score for hit in found.hits] == [2.0, 1.0, 1.0]
    assert {hit.rerank for hit in before.hits} == {None}
    scores = {hit.passage.id: (hit.dense, hit.lexical) for hit in before.hits}
    assert all(scores[hit.passage.id] == (hit.dense, hit.lexical) for hit in found.hits)
    order = [hit.passage.id for hit in before.hits]
    assert order.index(found.hits[1].passage.id) < order.index(found.hits[2].passage.id)


@pytest.mark.parametrize(("k", "num_read"), [(3, NUM_RERANKED), (25, 25), (100, 30)])
def test_it_reads_the_best_and_what_it_puts_below_is_named(towns: Home, k: int, num_read: int) -> None:
    """Reading costs much, so only the best of the search are read; each stage says what it dropped."""
    reranker = WordReranker("boat")
    found = Retriever(towns.database, towns.store, towns.encoder, reranker=reranker).search("boat", k)
    assert reranker.num_read == num_read
    assert len(found.hits) == min(k, 30)
    below = [hit for hit in found.dropped if (hit.dropped or "").startswith("reranking")]
    assert {hit.dropped for hit in below} <= {f"reranking: below the first {k}"}
    assert len(below) == num_read - len(found.hits)
    assert all(hit.rerank is not None for hit in below)
    unread = [hit for hit in found.dropped if hit not in below]
    assert {hit.dropped for hit in unread} <= {f"fusion: below the first {num_read}"}
    assert len(found.hits) + len(below) + len(unread) == 30


def test_nothing_to_read_is_not_read(towns: Home) -> None:
    """Where nothing is found, the reranker is not asked."""
    reranker = WordReranker("boat")
    retriever = Retriever(towns.database, towns.store, towns.encoder, reranker=reranker)
    assert retriever.search("boat", 0).hits == retriever.search("").hits == ()
    assert retriever.search("boat", scope=Scope(document_ids=())).hits == ()
    assert reranker.num_read == 0


@pytest.mark.parametrize(("scope", "expected"), [(["oslo"], ["oslo"]), ([], [])], ids=["one document", "none"])
def test_a_scope_is_kept(library: Home, search: Search, scope: list[str], expected: list[str]) -> None:
    """A search within one document finds nothing in others, however well they match."""
    ids = [summary.id for summary in library.catalogue.summaries() if summary.id.split("-")[0] in scope]
    assert _names(search("brass gauges in Bergen", scope=Scope(document_ids=tuple(ids)))) == expected


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
    """A lost vector costs little: how near the passage is, its sentences' vectors tell; and a note says so."""
    add(LIBRARY)
    retriever = Retriever(home.database, home.store, home.encoder)
    before = next(hit for hit in retriever.search("brass").hits if "brass" in hit.passage.text)
    home.store.delete(sorted(home.store.ids()))
    found = Retriever(home.database, home.store, home.encoder).search("brass")
    assert _names(found) == ["money"]
    assert found.hits[0].dense == pytest.approx(before.dense, abs=0.3)  # the title is not among its sentences
    assert found.notes == (INCOMPLETE,)


def test_words_are_counted_over_all_passages(library: Home) -> None:
    """How rare a word is comes from the passages that there are."""
    retriever = Retriever(library.database, library.store, library.encoder)
    assert retriever.word_statistics("the rains of brass") == WordStatistics({"rain": 2, "brass": 1}, 4)


@pytest.mark.embedded
def test_no_search_looks_at_all_that_is_indexed(library: Home) -> None:
    """What is asked of the database is found by its words, ids and places; never by a status that all of it has."""
    retriever = Retriever(library.database, library.store, library.encoder)
    retriever.search("rain")  # once a home that is opened anew is counted
    scope = Scope(document_ids=(_id(library, "bergen"),))
    asked: list[tuple[str, Any]] = []
    event.listen(
        library.database.engine,
        "before_cursor_execute",
        lambda connection, cursor, statement, parameters, *_: asked.append((statement, parameters)),
    )
    found = retriever.search("rain in Bergen", scope=scope)
    retriever.sentences([hit.passage for hit in retriever.search("rain in Bergen").hits + found.hits])
    retriever.word_statistics("rain in Bergen")
    selects = [(statement, parameters) for statement, parameters in asked if statement.startswith("SELECT")]
    with library.database.engine.connect() as connection:
        plans = [
            row[3]
            for statement, parameters in selects
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]
    assert any("SEARCH passages USING" in plan for plan in plans)
    assert [plan for plan in plans if re.match(r"SCAN (passages|segments|versions)\b|.*passages_status", plan)] == []


def _id(home: Home, name: str) -> str:
    return next(summary.id for summary in home.catalogue.summaries() if summary.id.startswith(name))
