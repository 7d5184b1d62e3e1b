import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.catalogue import new_document
from corpus.document import NUMBERED_PARAGRAPH, PAGE, Document, Section
from corpus.structure import Places, numbered_sections, paragraphs, printed_numbers

_WRAPPED = (
    "The partners met in the old town hall and talked for\n"
    "two days about rain, about wind, and about the tides\n"
    "of the sea."
)
_LAYOUTS = st.lists(
    st.sampled_from(
        [
            "1.",
            "2. Two",
            "(a) an item",
            "• a bullet",
            "- dash",
            "2024. A year",
            "A line.",
            "",
            "  ",
            "\u3000",
            "3) x",
            "A line that is as long as a line of a page is where it was wrapped at its margin. ",
        ]
    )
).map("\n".join)


def _document(text: str, *sections: Section) -> Document:
    return new_document(
        {"id": "d", "title": "Oslo Statement", "source": "s", "language": "en", "sections": sections}, text=text
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One.\n\nTwo.", [("", "One."), ("", "Two.")]),
        ("• one\n• two", [("•", "one"), ("•", "two")]),
        ("4. Money\n(a) of states\n(ii) of others", [("4.", "Money"), ("(a)", "of states"), ("(ii)", "of others")]),
        ("a | b\n1 | 2", [("", "a | b"), ("", "1 | 2")]),
        (_WRAPPED, [("", _WRAPPED)]),
        ("1.\n\n2. Two", [("", "1."), ("2.", "Two")]),
        ("One.\n \t\nTwo.", [("", "One."), ("", "Two.")]),
        ("\n \n", []),
        ("2024 was wet.", [("", "2024 was wet.")]),
    ],
    ids=["two", "bullets", "numbers", "rows", "hard-wrapped", "bare number", "blank in between", "empty", "a year"],
)
def test_paragraphs(text: str, expected: list[tuple[str, str]]) -> None:
    """A list item is quoted without its bullet, a hard-wrapped paragraph as one."""
    assert [(p.marker, text[p.start : p.end]) for p in paragraphs(text)] == expected


_PAGE = (
    "KEEPING THE GAUGES",
    "Who keeps a gauge reads it at the same hour of each day and writes down what it shows, even where \x20",
    "that is nothing. The book is sent to the office. ",
    "Exceptions",
    "In a storm nobody has to go out. The gauge is then read as soon as the wind has gone down, and the",
    "reading is marked as late. You may be asked for: ",
    "• The book of the year before, with all of its loose leaves and whatever else was laid into it by",
    "the keepers",
    "•A drawing",
    "Tips",
    "Oil the lid.",
)


def test_lines_of_a_page_with_headings_are_joined_where_they_were_broken() -> None:
    """A line that has no room for the next word goes on on the next; a heading, an item and a last line do not."""
    lines = [text[p.start : p.end] for text in ["\n".join(_PAGE)] for p in paragraphs(text)]
    joined = ["\n".join(_PAGE[i:j]) for i, j in ((1, 3), (4, 6), (6, 8))]
    assert [line.rstrip() for line in lines] == [
        _PAGE[0], joined[0].rstrip(), _PAGE[3], joined[1].rstrip(), joined[2].removeprefix("• "), *_PAGE[8:],
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(f"The {n}th line of a poem is as short as this" for n in range(9)),
        "\n".join(
            f"Boat no. {n:02}     Port Elin     painted red in the spring of the year 20{n:02}" for n in range(9)
        ),
        "\n".join(f"item {n} | " + "x" * 80 for n in range(9)),
        "\n".join("本会合は両国の科学技術協力について意見を交換するために開催された。" for _ in range(9)),
        "Port Elin\n"
        + "A long line that is the only long one in the block and that says all there is to say here"
        + "\nEnd",
    ],
    ids=["a poem", "columns", "a table", "Japanese", "one long line"],
)
def test_lines_that_nobody_wrapped_stay_apart(text: str) -> None:
    assert len(paragraphs(text)) == text.count("\n") + 1


@given(st.one_of(st.text(), _LAYOUTS))
def test_paragraphs_lie_in_order_and_hold_every_word(text: str) -> None:
    """No wording of a document is lost between two paragraphs, whatever the document looks like."""
    position = 0
    for paragraph in paragraphs(text):
        assert position <= paragraph.start < paragraph.end <= len(text)
        between = text[position : paragraph.start]
        assert between.strip() == paragraph.marker
        position = paragraph.end
    assert not text[position:].strip()


def test_numbered_paragraphs_reach_to_the_next_number() -> None:
    """What is said in a list below paragraph 1 is cited as paragraph 1."""
    text = "Preamble.\n\n1. First.\n• an item\n\n2. Second.\n\n2024. Not a number."
    assert [(s.heading, s.level, text[s.start : s.end]) for s in numbered_sections(text)] == [
        ("1.", NUMBERED_PARAGRAPH, "1. First.\n• an item"),
        ("2.", NUMBERED_PARAGRAPH, "2. Second.\n\n2024. Not a number."),
    ]


def test_a_single_number_is_no_numbered_paragraph() -> None:
    """A line that begins with a number by chance is not taken for a numbered paragraph."""
    assert numbered_sections("They met in\n\n12. Then they left.") == ()


def test_a_numbered_paragraph_ends_at_a_heading() -> None:
    """Paragraph 2 does not reach into the next chapter."""
    text = "1. One.\n\n2. Two.\n\nMoney\n\nIt costs."
    heading = Section("Money", 1, 18, len(text))
    assert [(s.heading, text[s.start : s.end]) for s in numbered_sections(text, [heading])] == [
        ("1.", "1. One."),
        ("2.", "2. Two."),
        ("Money", "Money\n\nIt costs."),
    ]


@given(st.one_of(st.text(), _LAYOUTS))
def test_sections_begin_with_their_number(text: str) -> None:
    """A reader who opens a numbered paragraph finds its number first."""
    for section in numbered_sections(text):
        assert text[section.start : section.end].startswith(section.heading)


_TEXT = "Money\n\nIt costs.\n\nNumbers\n\n1. One is paid. Two is not.\n\n2. Three."
_OUTLINE = numbered_sections(_TEXT, [Section("Money", 1, 0, len(_TEXT)), Section("Numbers", 2, 18, len(_TEXT))])


@pytest.mark.parametrize(
    ("words", "heading"),
    [("It costs", "Money"), ("Two is not", "Numbers, 1."), ("Three", "Numbers, 2."), ("Numbers", "Numbers")],
)
def test_where_a_quote_stands(words: str, heading: str) -> None:
    """A citation says under which heading and in which numbered paragraph its words stand."""
    assert Places(_document(_TEXT, *_OUTLINE)).heading(_TEXT.index(words)) == heading


def test_the_title_is_not_repeated_as_a_heading() -> None:
    """A citation that names the document does not name it twice."""
    document = _document("Oslo Statement\n\nIt rained.", Section("Oslo Statement", 1, 0, 26))
    assert Places(document).heading(16) is None


@pytest.mark.parametrize(
    ("title", "heading", "expected"),
    [
        ("Oslo Statement", "Oslo", "Oslo"),
        ("Oslo Statement", "State", "State"),
        ("Discussion Summary: Oslo: a statement", "Discussion Summary", None),
        ("Discussion Summary: Oslo: a statement", "Oslo: a statement", None),
        ("Discussion Summary: Oslo: a statement", "Summary", "Summary"),
    ],
    ids=["first word", "letters", "first line", "second line", "last word"],
)
def test_only_a_whole_line_of_the_title_is_not_repeated(title: str, heading: str, expected: str | None) -> None:
    """A chapter whose name happens to stand in the title is still named in a citation."""
    document = replace(_document("x" * 20, Section(heading, 2, 0, 20)), title=title)
    assert Places(document).heading(10) == expected


def test_many_numbered_paragraphs_take_no_time() -> None:
    """A file of 20,000 numbered paragraphs is read in seconds."""
    text = "\n\n".join(f"{i % 900 + 1}. One thing." for i in range(20_000))
    begun = time.process_time()
    assert len(numbered_sections(text)) == 20_000
    assert time.process_time() - begun < 5


def test_pages_lie_across_headings() -> None:
    """A chapter that goes on over a page's end is still the one that is named."""
    text = "Money\n\nIt costs. It pays."
    sections = (Section("Money", 2, 0, len(text), 3), Section("iii", PAGE, 0, 17, 3), Section("iv", PAGE, 17, 24, 4))
    places = Places(_document(text, *sections))
    found = [(places.heading(at), places.page(at)) for at in (0, 16, 17, 23)]
    assert found == [("Money", 3), ("Money", 3), ("Money", 4), ("Money", 4)]


def test_a_page_has_the_number_that_is_printed_on_it_where_that_is_another() -> None:
    """What a reader of the book looks for; before the first page that is marked there is none."""
    text = "Cover. Preface. One. Two."
    sections = (
        Section("ii", PAGE, 7, 16, 1),
        Section("One", 1, 16, 25, 2),
        Section("2", PAGE, 16, 21, 2),
        Section("1", PAGE, 21, 25, 3),
    )
    document = _document(text, *sections)
    places = Places(document)
    assert printed_numbers(document) == {1: "ii", 3: "1"}
    assert [places.page_label(at) for at in (0, 7, 16, 21, 24)] == [None, "ii", None, "1", "1"]


def test_many_pages_take_no_time() -> None:
    """Where each of 20,000 pages lies is told in a second."""
    pages = tuple(Section(str(n), PAGE, 10 * n, 10 * n + 10, n + 1) for n in range(20_000))
    begun = time.process_time()
    places = Places(_document("x" * 200_000, *pages))
    assert [places.page(10 * n + 5) for n in range(20_000)] == list(range(1, 20_001))
    assert time.process_time() - begun < 2
