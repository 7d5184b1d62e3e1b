import pytest

from corpus.blocks import Block
from corpus.errors import UnreadableFile
from corpus.reading.office.properties import Properties, drafted, properties


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        ("The Oslo Statement", "The Oslo Statement"),
        ("雨の計画", "雨の計画"),
        (" two\nlines ", "two lines"),
        ("Microsoft Word - draft3.doc", None),
        ("PowerPoint Presentation", None),
        ("Untitled document", None),
        ("Document1", None),
        ("Title", None),
        ("draft.docx", None),
        ("[Document title]", None),
        ("12.5", None),
        ("", None),
    ],
)
def test_titles_that_programs_fill_in_are_none(title: str, kept: str | None) -> None:
    """A document is called what a person called it."""
    assert properties(title, None, None).title == kept


def test_a_title_of_the_text_is_one_line_of_plain_characters() -> None:
    """What a broken file has between its words is not in the name of the document."""
    assert Properties("Stated").titled("\0The\u200b\u00a0Rain\n Plan").title == "The Rain Plan"
    assert Properties("Stated").titled("\0").title == "Stated"


def test_what_is_kept_of_a_file() -> None:
    """The author and the day of creation are kept; the latter is not the day of publication."""
    found = properties("T", "Ada Rain", "2024-05-06T10:00:00Z")
    assert found.metadata == {"author": "Ada Rain", "created": "2024-05-06"}


@pytest.mark.parametrize(
    ("blocks", "stated", "title"),
    [
        ([Block("Rain", level=2), Block("It fell.")], Properties("Stated"), "Stated"),
        ([Block("Rain", level=2), Block("It fell.")], Properties(), "Rain"),
        ([Block("The plan for rain in Oslo"), Block("It fell.")], Properties(), "The plan for rain in Oslo"),
        ([Block("It fell.")], Properties(), "file"),
    ],
    ids=["stated", "heading", "first line", "file name"],
)
def test_title(blocks: list[Block], stated: Properties, title: str) -> None:
    """The surest title counts."""
    assert drafted(blocks, "file", stated=stated).title == title


def test_a_date_near_the_head_is_a_guess() -> None:
    """A date that the text states is taken, and marked as guessed; a table's is that of a row."""
    blocks = [Block("Oslo, 6 May 2024.")]
    draft = drafted(blocks, "file", stated=Properties())
    assert (draft.published, draft.metadata) == ("2024-05-06", {"published_is_guessed": True})
    assert drafted(blocks, "file", stated=Properties(), has_date=False).published is None


def test_no_words_are_no_document() -> None:
    """A file without text is refused with a hint, not added empty."""
    with pytest.raises(UnreadableFile, match="no text in the file"):
        drafted([Block(" ")], "file", stated=Properties())
