import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.ui.documents.listed import PAGE_ROWS, View, kind_of, listing, sorted_by
from corpus.catalogue import Summary


def summary(id_: str, title: str = "", *, published: str | None = None, source: str = "a.md", n: int = 1) -> Summary:
    return Summary(id_, title or id_, source, published, "en", 100, n, "ab")


HARBOUR = summary("harbour-1", "The Harbour Compact", published="2021-05-04", source="harbour.md", n=12)
FERRY = summary("ferry-2", "Le Café Ferry", source="rows.jsonl#ferry-2", n=3)
LAMP = summary("lamp-3", "燈台の協定", published="2019", source="https://example.org/lamp.html", n=7)
ALL = [LAMP, HARBOUR, FERRY]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("compact harbour", ["harbour-1"]),
        ("CAFE", ["ferry-2"]),
        ("協定", ["lamp-3"]),
        ("lamp-3", ["lamp-3"]),
        (".jsonl", ["ferry-2"]),
        ("harbour ferry", []),
        ("  ", ["lamp-3", "harbour-1", "ferry-2"]),
        ("[.*", []),
    ],
    ids=["words in any order", "case and accents", "Japanese", "id", "source", "every word", "nothing", "no pattern"],
)
def test_a_search_finds_title_id_and_source(query: str, expected: list[str]) -> None:
    assert [row.id for row in listing(ALL, View(query)).rows] == expected


@pytest.mark.parametrize(
    ("column", "ascending", "descending"),
    [
        ("published", ["lamp-3", "harbour-1", "ferry-2"], ["harbour-1", "lamp-3", "ferry-2"]),
        ("num_passages", ["ferry-2", "lamp-3", "harbour-1"], ["harbour-1", "lamp-3", "ferry-2"]),
        ("kind", ["ferry-2", "harbour-1", "lamp-3"], ["lamp-3", "harbour-1", "ferry-2"]),
        ("title", ["ferry-2", "harbour-1", "lamp-3"], ["lamp-3", "harbour-1", "ferry-2"]),
    ],
)
def test_a_heading_sorts_and_again_the_other_way_round(
    column: str, ascending: list[str], descending: list[str]
) -> None:
    """A document without a date comes last in either direction."""
    once = sorted_by(View(column="source"), column)
    assert [row.id for row in listing(ALL, once).rows] == ascending
    assert [row.id for row in listing(ALL, sorted_by(once, column)).rows] == descending


def test_a_column_that_there_is_not_changes_nothing() -> None:
    assert sorted_by(View("x", "kind", descending=True, page=2), "sha256") == View("x", "kind", True, 2)


@given(count=st.integers(0, 3 * PAGE_ROWS + 2), page=st.integers(-2, 9))
def test_a_page_is_a_stretch_of_the_list_and_there_is_always_one(count: int, page: int) -> None:
    """A page that a removal took away is the last one; the counts are of all documents."""
    every = [summary(f"{n:03}") for n in range(count)]
    listed = listing(every, View(column="title", page=page))
    assert 0 <= listed.page < listed.num_pages == max(1, (count + PAGE_ROWS - 1) // PAGE_ROWS)
    assert list(listed.rows) == every[listed.page * PAGE_ROWS :][:PAGE_ROWS]
    assert (listed.num_matching, listed.num_documents) == (count, count)


@pytest.mark.parametrize(
    ("source", "expected"),
    [("a.b.HTML", "html"), ("x.jsonl#a.md", "jsonl"), ("HTTP://a/b.md", "web"), ("a.<b>", ""), ("no suffix", "")],
)
def test_the_kind_is_told_by_where_a_document_came_from(source: str, expected: str) -> None:
    assert kind_of(source) == expected
