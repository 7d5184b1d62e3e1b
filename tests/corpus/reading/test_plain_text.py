import pytest
from hypothesis import given, settings

from corpus.reading.plain_text import read_text
from tests.soak.contents import FILES
from tests.soak.promises import check_file


@pytest.mark.parametrize(
    ("raw", "title", "headings"),
    [
        ("The Oslo Statement of Six States\n\nThey met.", "The Oslo Statement of Six States", 1),
        (
            "Discussion Summary\n\nA Roundtable of Six States\n\nThey met.",
            "Discussion Summary: A Roundtable of Six States",
            2,
        ),
        ("Discussion Summary\n\nSummary\n\nThey met.", "Discussion Summary: Summary", 2),
        ("They met. They parted.", "file", 0),
    ],
    ids=["one line", "two lines", "the second within the first", "none"],
)
def test_the_title_is_a_heading_and_the_rest_is_text(raw: str, title: str, headings: int) -> None:
    """A plain text is called what stands at its head, and its title's lines are headings at their own places."""
    draft = read_text(raw.encode(), "file")[0]
    lines = raw.split("\n\n")
    assert draft.title == title
    assert [s.heading for s in draft.sections] == lines[:headings]
    assert [s.start for s in draft.sections] == [len("\n\n".join([*lines[:i], ""])) for i in range(headings)]


def test_a_date_near_the_head_is_a_guess_and_says_so() -> None:
    """A list of documents never shows a guessed date as a stated one."""
    draft = read_text(b"They met on 2 May 2024. They parted.", "file")[0]
    assert (draft.published, draft.metadata) == ("2024-05-02", {"published_is_guessed": True})


def test_a_date_far_down_dates_nothing() -> None:
    """A document is not dated by a date that it mentions in passing."""
    draft = read_text(b"They met. " * 150 + b"It was 2 May 2024.", "file")[0]
    assert (draft.published, draft.metadata) == (None, {})


def test_numbered_paragraphs_are_sections() -> None:
    """A citation from a numbered statement names its paragraph."""
    draft = read_text(b"They agreed.\n\n1. To meet again.\n2. To write.\n\nThe end.", "file")[0]
    assert [(s.heading, draft.text[s.start : s.end]) for s in draft.sections] == [
        ("1.", "1. To meet again."),
        ("2.", "2. To write.\n\nThe end."),
    ]


@given(FILES["txt"][0])
@settings(max_examples=30, deadline=None)
def test_any_text_is_read_or_refused(content: bytes) -> None:
    """Whatever letters a file has, what comes out can be stored, and its sections lie in it."""
    check_file(FILES["txt"][1])(content)
