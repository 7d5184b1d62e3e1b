import csv
import html
import io
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from assistant.exporting.escaping import csv_cell, json_visible, markdown, markdown_lines, visible

MARKUP = st.text(alphabet="ab12 \t\n\\`*_[](){}<>#|~&!^$=+-.:;/'\"@@wwhtps", max_size=60)


def rendered(source: str) -> str:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(source)


def shown(source: str) -> str:
    """The text that a reader sees."""
    return html.unescape(re.sub(r"<[^>]*>", "", rendered(source)))


def unspaced(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain, with “quotes”: 12 %, 10:30 (a.m.)", "plain, with “quotes”: 12 %, 10:30 (a.m.)"),
        ("a\r\nb\rc\nd", "a b c d"),
        ("1. one", "1\\. one"),
        ("12) twelve", "12\\) twelve"),
        ("- item", "\\- item"),
        ("a - b + c", "a - b + c"),
        ("http://e.vil www.e.vil", "http\\://e.vil www\\.e.vil"),
        ("A*STAR", "A\\*STAR"),
        ("\\|", "\\\\&#124;"),
        ("a\x00b\x9bc\ud800", "a\ufffdb\ufffdc\ufffd"),
    ],
)
def test_markdown_by_hand(text: str, expected: str) -> None:
    assert markdown(text) == expected


@given(text=st.one_of(MARKUP, st.text(max_size=60)))
def test_markdown_shows_the_characters_and_is_no_markup(text: str) -> None:
    """Rendered as a paragraph, an item, a heading and a cell: the same words, and no element beside those."""
    line = markdown(text)
    assert "\n" not in line
    for before, after, own, elements in (
        ("", "", "", {"p"}),
        ("- ", "", "", {"ul", "li"}),
        ("## 1. ", "", "1.", {"h2"}),
        ("| A |\n| --- |\n| ", " |", "A", {"table", "thead", "tbody", "tr", "th", "td"}),
    ):
        source = f"{before}{line}{after}"
        assert set(re.findall(r"<([a-z]\w*)", rendered(source))) <= elements
        assert unspaced(shown(source)) == own + unspaced(visible(text))


@given(text=MARKUP)
def test_lines_of_markdown_keep_their_breaks(text: str) -> None:
    """In a paragraph or a footnote each line end is a break, and the words between them are the same."""
    source = f"“{markdown_lines(text, indent='    ')}”"
    assert set(re.findall(r"<([a-z]\w*)", rendered(source))) <= {"p", "br"}
    assert rendered(source).count("<br") == text.count("\n")
    assert unspaced(shown(source)) == f"“{unspaced(text)}”"


@pytest.mark.parametrize("first", list("=+-@\t\r\n＝＋－＠"), ids=ascii)
def test_a_cell_is_never_a_formula(first: str) -> None:
    assert csv_cell(f"{first}1+1") == f"'{first}1+1"


@given(text=st.text())
def test_a_cell_is_otherwise_the_text_that_can_be_seen(text: str) -> None:
    cell = csv_cell(text)
    assert cell.removeprefix("'") == visible(text).removeprefix("'")
    written = io.StringIO()
    csv.writer(written).writerow([cell])
    assert next(csv.reader(io.StringIO(written.getvalue(), newline=""))) == [cell]


@given(text=st.text(st.characters()))
def test_what_is_visible_can_be_written_as_xml_and_utf_8(text: str) -> None:
    """One character for each, and none that XML 1.0 forbids."""
    got = visible(text)
    assert len(got) == len(text)
    assert re.fullmatch("[\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*", got)
    assert got.encode().decode() == got


@given(content=st.dictionaries(st.text(), st.text()))
def test_json_means_the_same_without_what_a_terminal_obeys(content: dict[str, str]) -> None:
    written = json_visible(json.dumps(content, ensure_ascii=False))
    assert json.loads(written) == content
    assert not re.search("[\x00-\x1f\x7f-\x9f]", written)
