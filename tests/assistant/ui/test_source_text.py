import html
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.ui.source_text import (
    MAX_LINES,
    WINDOW_CHARS,
    Mark,
    Window,
    before,
    disjoint,
    text_html,
    window_around,
    window_from,
)
from corpus.catalogue import new_document
from corpus.document import PAGE, Document, Section

TAG = re.compile(r"<[^<>]*>")
LINES = st.text(st.sampled_from("ab .|•-–1)(\n\t<&x日\r"), max_size=200)


def document(text: str, *sections: Section) -> Document:
    return new_document({"id": "a", "title": "A", "source": "a.md", "language": "en", "sections": sections}, text=text)


def shown(text: str, marks: list[Mark], *sections: Section) -> str:
    return text_html(document(text, *sections), Window(0, len(text)), marks)


def without_tags(markup: str) -> str:
    return html.unescape(TAG.sub("", markup))


def cited(start: int, end: int, phrase: tuple[int, int] | None = None) -> Mark:
    return Mark(start, end, "cite-1-1", 1, True, phrase)


@given(text=st.one_of(LINES, st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]))), data=st.data())
def test_the_text_of_the_elements_is_the_snapshots(text: str, data: st.DataObject) -> None:
    """Whatever the structure, reading the elements back gives every character of the window, and the marks theirs."""
    first = data.draw(st.integers(0, len(text)))
    last = data.draw(st.integers(first, len(text)))
    start = data.draw(st.integers(first, last))
    end = data.draw(st.integers(start, last))
    markup = text_html(document(text), Window(first, last), [cited(start, end)])
    assert without_tags(markup) == text[first:last]
    pieces = re.findall(r'<mark class="cited" tabindex="-1">(.*?)</mark>', markup, re.DOTALL)
    assert html.unescape("".join(TAG.sub("", piece) for piece in pieces)) == text[start:end]


def test_headings_numbers_items_and_tables_become_elements() -> None:
    text = "Money\n\n1. It has a budget.\n2. It is large.\n\n• first\n• second\n\nYear | Sum\n2019 | 12\n\nThe end."
    found = shown(text, [], Section("Money", 2, 0, len(text)))
    assert found == (
        '<h4 class="heading level-2">Money</h4><span class="gap">\n\n</span>'
        '<p class="numbered"><span class="marker">1&#46; </span>It has a budget&#46;</p><span class="gap">\n</span>'
        '<p class="numbered"><span class="marker">2&#46; </span>It is large&#46;</p><span class="gap">\n\n</span>'
        '<ul><li><span class="marker">&#8226; </span>first<span class="gap">\n</span></li>'
        '<li><span class="marker">&#8226; </span>second</li></ul><span class="gap">\n\n</span>'
        '<table><thead><tr><th>Year<span class="gap"> &#124; </span></th><th>Sum<span class="gap">\n</span></th></tr>'
        '</thead><tbody><tr><td>2019<span class="gap"> &#124; </span></td><td>12</td></tr></tbody></table>'
        '<span class="gap">\n\n</span><p class="plain">The end&#46;</p>'
    )


def test_the_phrase_is_marked_within_the_quote_and_other_citations_faintly() -> None:
    marks = [cited(4, 15, (11, 15)), Mark(16, 19, "cite-1-2", 2)]
    assert shown("The budget 12 m. End", marks) == (
        '<p class="plain">The <mark class="cited" tabindex="-1">budget <strong class="phrase">12 m</strong></mark>&#46;'
        '<mark class="also" data-cite="cite-1-2" data-number="2"> En</mark>d</p>'
    )


@pytest.mark.parametrize(
    ("other", "left"),
    [((0, 4), [(0, 4)]), ((0, 7), [(0, 5)]), ((7, 12), [(8, 12)]), ((5, 8), []), ((2, 11), [(2, 5), (8, 11)])],
    ids=["apart", "reaches in", "reaches out", "the same", "around"],
)
def test_no_mark_covers_the_cited_words(other: tuple[int, int], left: list[tuple[int, int]]) -> None:
    found = disjoint(cited(5, 8), [Mark(*other, "cite-1-2", 2)])
    assert [(mark.start, mark.end) for mark in found if not mark.is_cited] == left
    assert [mark for mark in found if mark.is_cited] == [cited(5, 8)]


def test_a_rule_has_the_number_that_is_printed_on_the_page() -> None:
    sections = (Section("iv", PAGE, 0, 6, 1), Section("2", PAGE, 6, 10, 2))
    found = text_html(document("One.\n\nTwo.", *sections), Window(0, 10), [], page_label="page {number}")
    assert re.findall(r'data-label="([^"]*)"', found) == ["page iv", "page 2"]


def test_a_page_that_begins_within_a_paragraph_has_its_rule_there() -> None:
    """In a sentence, in the words that are cited, in a row of a table, and nothing is said of it in the text."""
    text = "It rained for days. Then the sun came out.\n\nBoat | Year\nOrre | 2019\nElin | 2021"
    starts = (0, text.index("days"), text.index("sun"), text.index("Elin"))
    sections = [Section(str(n), PAGE, at, len(text), n) for n, at in enumerate(starts, start=1)]
    mark = Mark(text.index("Then"), text.index("out.") + 4, "cite-1-1", 1, is_cited=True)
    found = text_html(document(text, *sections), Window(0, len(text)), [mark], page_label="page {number}")
    assert re.findall(r'<(\w+) class="page-rule"[^>]*data-label="([^"]*)"', found) == [
        ("div", "page 1"), ("span", "page 2"), ("span", "page 3"), ("span", "page 4"),
    ]  # fmt: skip
    assert found.count("<mark") == 1
    assert re.search(r"for <span[^>]*></span>days", found)
    assert re.search(r"<mark[^>]*>Then the <span[^>]*></span>sun came out", found)
    assert re.search(r"<td><span[^>]*></span>Elin", found)
    assert html.unescape(re.sub("<[^>]*>", "", found)) == text


@pytest.mark.parametrize("phrase", [None, (10, 14), (14, 20)], ids=["no phrase", "a phrase", "a phrase at the end"])
def test_a_page_that_begins_with_the_cited_words_begins_before_the_mark(phrase: tuple[int, int] | None) -> None:
    text = "The rain. Two more days."
    sections = (Section("1", PAGE, 0, 10, 1), Section("2", PAGE, 10, 24, 2))
    mark = Mark(10, 24, "cite-1-1", 1, is_cited=True, phrase=phrase)
    found = text_html(document(text, *sections), Window(0, 24), [mark], page_label="page {number}")
    assert re.search(r'<span class="page-rule"[^>]*></span><mark', found)
    assert found.count("page-rule") == 2


def test_a_rule_stands_where_the_page_changes() -> None:
    """The page at the window's start is said too; a rule is no text of the document."""
    text = "One\n\nalpha\n\nTwo\n\nbeta\n\nThree\n\ngamma"
    sections = [Section("One", 1, 0, 12, 4), Section("Two", 1, 12, 23, 4), Section("Three", 1, 23, 35, 5)]
    found = text_html(document(text, *sections), Window(12, len(text)), [], page_label="page {number}")
    assert re.findall(r'data-label="([^"]*)"', found) == ["page 4", "page 5"]
    assert without_tags(found) == text[12:]
    assert found.index("beta") < found.index('data-label="page 5"') < found.index("Three")


def test_a_heading_that_is_not_where_its_section_says_is_shown_as_text() -> None:
    text = "Money is short.\n\nIt is."
    assert "<h" not in shown(text, [], Section("Money", 1, 0, len(text)))


def test_of_a_long_document_the_surroundings_are_shown() -> None:
    text = "a" * (WINDOW_CHARS + 500) + "bbbbb" + "c" * (WINDOW_CHARS + 500)
    start = WINDOW_CHARS + 500
    assert window_around(text, start, start + 5) == Window(500, start + 5 + WINDOW_CHARS)
    assert window_around("short", 1, 2) == Window(0, 5)


def test_a_window_is_bounded_in_lines_too() -> None:
    """A hundred thousand lines of one letter would be as many elements."""
    text = "a\n" * 100_000
    window = window_around(text, 100_000, 100_001)
    assert text[window.first : window.last].count("\n") <= 2 * MAX_LINES + 1
    assert window.first < 100_000 < window.last


def test_going_on_from_window_to_window_reaches_every_character() -> None:
    text = "".join(f"Paragraph {n} of the annex.\n\n" for n in range(30_000))
    window, seen = window_from(text, 0), 0
    while True:
        assert window.first <= seen < window.last
        seen = window.last
        if seen == len(text):
            break
        window = window_from(text, seen)
    while window.first:
        earlier = window_from(text, before(text, window))
        assert earlier.first < window.first <= earlier.last
        window = earlier


@pytest.mark.parametrize("first", [-5, 10**9], ids=["before the start", "after the end"])
def test_a_place_outside_the_text_is_brought_into_it(first: int) -> None:
    window = window_from("A text.", first)
    assert 0 <= window.first < window.last <= 7
    assert window_from("", first) == Window(0, 0)


def test_ten_megabytes_are_shown_at_once() -> None:
    """Only the window is read: a book opens as fast as a letter, within a second on any machine."""
    text = "The harbour measures the water level each hour. It is open to everybody.\n\n" * 140_000
    book = document(text)
    started = time.perf_counter()
    window = window_around(text, 5_000_000, 5_000_040)
    found = text_html(book, window, [cited(5_000_000, 5_000_040)])
    assert time.perf_counter() - started < 1.0
    assert len(found) < 2_000_000
