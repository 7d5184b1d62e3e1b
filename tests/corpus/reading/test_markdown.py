import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import UnreadableFile
from corpus.reading.markdown import read_markdown


def _text(markdown: str) -> str:
    return read_markdown(markdown.encode(), "file")[0].text


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("Some *soft* and **loud** `code`.", "Some soft and loud code."),
        ("See [the text](https://example.org).", "See the text."),
        ("![a map](map.png) shows it.", "a map shows it."),
        ("one\ntwo\n\nthree", "one two\n\nthree"),
        ("- one\n- two\n  - inner\n- three", "• one\n• two\n• inner\n• three"),
        ("3. three\n4. four", "3. three\n\n4. four"),
        ("1. one\n\n   more of one\n2. two", "1. one\n\nmore of one\n\n2. two"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "a | b\n1 | 2"),
        ("```\nx = 1\n```", "x = 1"),
        ("A <b>tag</b> & more", "A <b>tag</b> & more"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("> quoted words", "quoted words"),
        ("# Head\r\n\r\nBody\r\n", "Head\n\nBody"),
        ("caf\u0065\u0301", "café"),
        ("one\n\n---\n\ntwo", "one\n\ntwo"),
        ("[link ](u)text", "link text"),
        ("**[a ](u)bold** `code `end", "a bold code end"),
    ],
)
def test_a_reader_sees_words_not_markup(markdown: str, expected: str) -> None:
    """What is quoted is what a reader of the rendered page sees."""
    assert _text(markdown) == expected


def test_headings_become_sections() -> None:
    """A citation can say under which heading its words stand."""
    draft = read_markdown(b"# Oslo\n\nIntro.\n\n## Money\n\nIt costs.\n\n# Bergen\n\nRain.", "file")[0]
    assert [(s.heading, s.level, draft.text[s.start : s.end].strip()) for s in draft.sections] == [
        ("Oslo", 1, "Oslo\n\nIntro.\n\nMoney\n\nIt costs."),
        ("Money", 2, "Money\n\nIt costs."),
        ("Bergen", 1, "Bergen\n\nRain."),
    ]


def test_many_headings_take_no_time() -> None:
    """A file of 6,000 headings is read in seconds, and each section ends where the next of its rank begins."""
    begun = time.process_time()
    draft = read_markdown(b"# Oslo\n\n## Rain\n\n### Gauges\n\nOf tin.\n\n" * 2_000, "file")[0]
    assert time.process_time() - begun < 10
    assert draft.sections[3].start == len("Oslo\n\nRain\n\nGauges\n\nOf tin.\n\n")
    assert {s.end for s in draft.sections[:3]} == {draft.sections[3].start}


@pytest.mark.parametrize(
    ("markdown", "title"),
    [
        ("---\ntitle: From the matter\n---\n# From the heading\n\nBody.", "From the matter"),
        ("# From the *heading*\n\nBody.", "From the heading"),
        ("## Lower\n\nBody.", "file"),
        ("---\ntitle: ''\n---\nBody.", "file"),
        ('---\ntitle: "two\\nlines"\n---\nBody.', "two lines"),
        ("---\ntitle: 2024\n---\nBody.", "2024"),
    ],
    ids=["front matter", "heading", "file name", "empty title", "line break", "number"],
)
def test_title(markdown: str, title: str) -> None:
    """A document is called what it calls itself."""
    assert read_markdown(markdown.encode(), "file")[0].title == title


def test_front_matter_is_kept_and_not_quoted() -> None:
    """What a file says about itself is kept as metadata and never quoted as its wording."""
    matter = (
        b"---\ntitle: T\ndate: 2024-05-06\ntags: [a, 2024-01-01]\nmore: {deep: 1.5, none: ~}\n7: seven\n---\nBody.\n"
    )
    draft = read_markdown(matter, "file")[0]
    assert (draft.text, draft.published, draft.warnings) == ("Body.", "2024-05-06", ())
    assert draft.metadata == {"tags": ["a", "2024-01-01"], "more": {"deep": 1.5, "none": None}, "7": "seven"}


@pytest.mark.parametrize(
    "head",
    [
        "title: [unclosed",
        "a: b: c",
        "\ttab: x",
        "!!python/object/apply:os.getcwd []",
        "[" * 500,
        "date: 2024-13-45",
        "a: &a [*a]",
    ],
    ids=["unclosed", "two colons", "tab", "a Python object", "nested too deeply", "no such date", "an alias"],
)
def test_bad_front_matter_is_kept_as_text_and_told(head: str) -> None:
    """A slip in the front matter costs no document: the words are kept, and the report says so."""
    draft = read_markdown(f"---\n{head}\n---\nBody of it.\n".encode(), "file")[0]
    assert draft.text.endswith("Body of it.")
    assert draft.metadata == {}
    assert [w[:50] for w in draft.warnings] == ["the front matter is not YAML and was kept as text:"]


@pytest.mark.parametrize(
    ("spelled", "kept"), [(r"\ud800 x", "\ufffd x"), (r"\ud83d\ude00", "😀")], ids=["a lone surrogate", "a pair"]
)
def test_no_escape_in_the_front_matter_breaks_the_home(spelled: str, kept: str) -> None:
    """A character that no database can keep does not stop the files beside it."""
    draft = read_markdown(f'---\ntitle: "{spelled}"\nnote: ["{spelled}"]\n---\nBody.\n'.encode(), "file")[0]
    assert (draft.title, draft.metadata) == (kept, {"note": [kept]})


@pytest.mark.parametrize(
    ("date", "published"),
    [
        ("2024", "2024"),
        ("2024-04", "2024-04"),
        ("'2024-04-22'", "2024-04-22"),
        ("2024-04-22 10:00:00", "2024-04-22"),
        ("2024-04-22T10:00:00+09:00", "2024-04-22"),
    ],
    ids=["year", "month", "string", "time", "time zone"],
)
def test_a_date_of_the_front_matter_is_iso(date: str, published: str) -> None:
    """A document's date is a day, a month or a year, however much more its file says."""
    draft = read_markdown(f"---\ndate: {date}\n---\nBody.\n".encode(), "file")[0]
    assert (draft.published, draft.metadata, draft.warnings) == (published, {}, ())


@pytest.mark.parametrize(
    ("date", "kept"),
    [("[a, b]", ["a", "b"]), ("soon", "soon"), ("'2024-13-45'", "2024-13-45"), ("true", True), ("{a: b}", {"a": "b"})],
    ids=["list", "word", "no such day", "truth", "mapping"],
)
def test_a_date_that_is_none_is_told(date: str, kept: object) -> None:
    """A slip in the date dates no document: the report says so, and what was written is kept."""
    draft = read_markdown(f"---\ndate: {date}\n---\nThey met on 2 May 2024.\n".encode(), "file")[0]
    assert (draft.published, draft.metadata) == (None, {"date": kept})
    assert draft.warnings == (f"the date {str(kept)!r} is not YYYY, YYYY-MM or YYYY-MM-DD and was not read",)


@pytest.mark.parametrize("date", ["", "''"], ids=["nothing", "empty"])
def test_an_empty_date_is_no_date(date: str) -> None:
    """A template's empty field is no slip: the date near the head is taken for a guess, as without it."""
    draft = read_markdown(f"---\ndate: {date}\n---\nThey met on 2 May 2024.\n".encode(), "file")[0]
    assert (draft.published, draft.metadata, draft.warnings) == ("2024-05-02", {"published_is_guessed": True}, ())


@pytest.mark.parametrize(
    "matter",
    ["title: {0}", "x: {0}", "? {0}\n: x", "x: [{0}]", "x: !!set {{{0}, b}}", "x: !!omap [a: {0}]", "date: {0}"],
)
def test_no_number_in_the_front_matter_breaks_the_home(matter: str) -> None:
    """A number too long to be written in decimals is kept as the file spells it."""
    number = "0x" + "f" * 4_000
    draft = read_markdown(f"---\n{matter.format(number)}\n---\nBody.\n".encode(), "file")[0]
    assert number in draft.title + json.dumps(draft.metadata)


def test_lines_that_only_look_like_front_matter_stay() -> None:
    """A text between two rules is text."""
    assert _text("---\njust words\n---\nBody.") == "just words\n\nBody."
    assert _text("---\n---\nBody.") == "Body."


@pytest.mark.parametrize("content", [b"---\ntitle: T\n---\n", b"[link]: https://example.org\n"], ids=["matter", "link"])
def test_a_file_without_text_is_refused(content: bytes) -> None:
    """A file with nothing to quote is refused with the reason."""
    with pytest.raises(UnreadableFile, match="no text in the file"):
        read_markdown(content, "file")


def test_a_number_that_is_none_is_kept_as_it_is_called() -> None:
    """JSON, in which metadata are kept and given out, has no such numbers."""
    draft = read_markdown(b"---\na: .nan\nb: [-.inf, 1e999]\nc: 1.5\n---\nIt rained.", "f")[0]
    assert draft.metadata == {"a": "nan", "b": ["-inf", "1e999"], "c": 1.5}


def test_a_picture_without_words_says_nothing() -> None:
    assert read_markdown(b"![](rain.png)\n\nIt rained ![in Bergen](b.png).", "f")[0].text == "It rained in Bergen."


def test_emphasis_may_lie_as_deep_as_it_likes() -> None:
    """Five hundred pairs of stars around a few words are those words."""
    assert read_markdown(("**" * 500 + "It rained." + "**" * 500).encode(), "f")[0].text == "It rained."


@given(st.text())
def test_no_markdown_breaks_the_reader(markdown: str) -> None:
    """Any text with the name of Markdown is read or refused with a reason."""
    try:
        draft = read_markdown(markdown.encode("utf-8", "replace"), "file")[0]
    except UnreadableFile:
        return
    assert all(0 <= s.start < s.end <= len(draft.text) for s in draft.sections)
    (draft.title + draft.text).encode()
