import time
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus.cleaning import clean, normalise, title_lines
from corpus.reading.plain_text import read_text

_LONG_HALF = "The ministers agreed that the observatory should be built with"


@pytest.mark.parametrize(
    "line",
    [
        "Source link",
        "READ MORE",
        "Share this page",
        "Skip to main content",
        "Please enter your comment!",
        "Please enter your name here",
        "Please enter your email address here",
        "Leave a reply",
        "Accept all cookies",
        "All rights reserved.",
        "Home > News > Science",
        "Home | Publications",
        "Page 3",
        "Page 3 of 12",
        "- 4 -",
        "3 / 10",
    ],
)
def test_furniture_goes(line: str) -> None:
    """What a web site or a printer put around the text is never quoted as if the author had written it."""
    assert clean(f"A first sentence.\n\n{line}\n\nA second sentence.") == "A first sentence.\n\nA second sentence."


@pytest.mark.parametrize(
    "line",
    [
        "Home is where the observatory will stand.",
        "Read more books, the minister said.",
        "See the source link in the annex.",
        "17 states took part.",
        "Subscribe to the convention, all of you.",
        "Home news coverage fell by 12% in 2020.",
        "Home news coverage, 2020",
        "Home/press relations fell by 12%.",
        "17",
        "-4",
        "2020\n\nIt rained.\n\n2021",
        "Population\n1234\nArea\n5678",
        "Gold\n16\nSilver\n12\nBronze\n13\nAll\n41\nPlace\n3",
        "Rank\n1\n2\n3",
    ],
)
def test_sentences_that_resemble_furniture_stay(line: str) -> None:
    """A sentence of the author's is kept, even when it begins like a button on a web page."""
    assert clean(f"A first sentence.\n\n{line}") == f"A first sentence.\n\n{line}"


@pytest.mark.parametrize("title", ["The Oslo Statement of Six States", "科学技術協力に関する共同声明"])
def test_a_title_that_stands_twice_is_kept_once(title: str) -> None:
    """A title repeated by the page's template is read once."""
    assert clean(f"{title}\n\n{title}\n\nThey met.") == f"{title}\n\nThey met."


def test_a_breadcrumb_that_ends_in_the_title_goes() -> None:
    """The way to a page is not quoted with its title; the same words are kept where no title follows them."""
    title = "A joint statement of two ministers"
    assert clean(f"Home Latest {title}\n\n{title}\n\nThey met.") == f"{title}\n\nThey met."
    assert clean(f"{title}\n\nHome Latest {title}") == f"{title}\n\nHome Latest {title}"


@pytest.mark.parametrize(
    ("two", "three"),
    [
        ("They met for two days in Oslo.", "They met for three days in Bergen."),
        ("三国の大臣が会合した。", "次回は東京で開催する。"),
    ],
    ids=["English", "Japanese"],
)
def test_numbers_that_count_pages_go(two: str, three: str) -> None:
    """The number of a page is not quoted; a single number, which may be a fact, is."""
    assert clean(f"One.\n\n3\n\n{two}\n\n4\n\n{three}\n\n120") == f"One.\n\n{two}\n\n{three}\n\n120"


@pytest.mark.parametrize(
    "rows",
    [
        "Yes\nYes",
        "Oslo\nYes\nYes\nYes",
        "Oslo\nYes\n\nBergen\nYes\n\nBodø\nYes",
        "One.\n\n" * 12 + "paid by all of them\npaid by all of them",
    ],
    ids=["two", "three", "apart", "many words"],
)
def test_rows_that_say_the_same_stay(rows: str) -> None:
    """No row of a table is lost because another says the same."""
    assert clean(f"They met.\n\n{rows}") == f"They met.\n\n{rows}"


@pytest.mark.parametrize(
    "raw",
    [
        "They met.\n" + "\n" * 200_000 + "They parted.",
        f"{_LONG_HALF}\n\n" + "and so on and so on\n\n" * 20_000,
        "Home news " + "a " * 200_000 + "\n\na",
        "A title of six whole words\n\n" * 50_000,
    ],
    ids=["blank lines", "one long sentence", "a long line", "one title"],
)
def test_strange_files_take_no_time(raw: str) -> None:
    """A file of 200,000 blank lines, or one sentence cut 20,000 times, is cleaned in a second, like any other."""
    begun = time.process_time()
    assert clean(raw)
    assert time.process_time() - begun < 1


def test_a_running_head_is_kept_once() -> None:
    """The head of every page of a report stays where it first stands and goes everywhere else."""
    raw = "Annual Report\n\nOne.\n\nAnnual Report\n\nTwo.\n\nAnnual Report\n\nThree."
    assert clean(raw) == "Annual Report\n\nOne.\n\nTwo.\n\nThree."


def test_a_sentence_that_stands_three_times_is_kept_three_times() -> None:
    """Wording that the author repeats is the author's."""
    raw = "It was agreed.\n\nOne.\n\nIt was agreed.\n\nTwo.\n\nIt was agreed."
    assert clean(raw) == raw


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(f"{_LONG_HALF}\n\nmoney of their own.", f"{_LONG_HALF} money of their own.", id="blank line"),
        pytest.param(f"{_LONG_HALF}\n\nMEXT\n\nmoney.", f"{_LONG_HALF} money.", id="stray header between"),
        pytest.param(f"{_LONG_HALF}\n\n12\n\nmoney.", f"{_LONG_HALF} money.", id="page number between"),
        pytest.param(f"{_LONG_HALF}\n\nMEXT\n\nMoney.", f"{_LONG_HALF}\n\nMEXT\n\nMoney.", id="next begins anew"),
        pytest.param(f"{_LONG_HALF}.\n\nmoney.", f"{_LONG_HALF}.\n\nmoney.", id="sentence was over"),
        pytest.param("Short title\n\nmoney.", "Short title\n\nmoney.", id="too short to be running text"),
        pytest.param(
            "1. First of all the partners\n\nwill meet.\n2. Second.",
            "1. First of all the partners will meet.\n2. Second.",
            id="numbered paragraph",
        ),
    ],
)
def test_what_a_page_break_cut_is_whole_again(raw: str, expected: str) -> None:
    """A sentence that runs over a page is quoted whole, and separate paragraphs are never glued together."""
    assert clean(raw) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Discussion Summary\n\nA High Roundtable on Science and Trade\n\nThey met.", 2),
        ("A High Roundtable on Science and Trade\n\nDiscussion Summary", 1),
        ("They met.\n\nA title", 0),
        ("Date and Time: 9:00\n\nThey met.", 0),
        ("Two lines\nof verse\n\nThey met.", 0),
        ("x" * 201, 0),
    ],
    ids=["two", "one", "sentence first", "label first", "lines", "too long"],
)
def test_title_lines(text: str, expected: int) -> None:
    """A title is what stands alone at the head, and never the first sentence."""
    assert title_lines(text) == text.split("\n\n")[:expected]


@given(st.text())
@example("more\0\u0301")  # an accent that finds its letter once the character between them is gone
def test_normalising_twice_changes_nothing(raw: str) -> None:
    """Text that was once made plain is plain: reading it again gives the same words."""
    once = normalise(raw)
    assert normalise(once) == once
    assert not any(character in once for character in "\r\t\u00a0\ufeff\u200b\0")


@given(st.lists(st.sampled_from(["Home Latest", "A title", "It ended.", "- 4 -", "\n", "and so on", "1. One thing"])))
def test_cleaning_adds_no_word(lines: list[str]) -> None:
    """Nothing is in a cleaned text that was not in the file."""
    assert set(clean("\n".join(lines)).split()) <= set("\n".join(lines).split())


@pytest.fixture
def seeds(data: Path) -> dict[str, str]:
    """The cleaned text of each seed document, by the first digits of its name."""
    folder = data.parent / "seeds"
    if not folder.is_dir():
        pytest.skip("the seed documents are not here")
    return {path.name[:3]: read_text(path.read_bytes(), path.stem)[0].text for path in folder.glob("*.txt")}


def test_the_seeds_lose_their_furniture(seeds: dict[str, str]) -> None:
    """Of a statement copied from a web site only the statement is left, its title once."""
    statement = seeds["000"]
    for furniture in ("Source link", "Please enter your", "Home Latest"):
        assert furniture not in statement
    title = (
        "Japan-UK Joint Committee on Cooperation in Science and Technology: joint statement on meeting, 20 October 2021"
    )
    assert statement.count(title) == 1
    assert statement.startswith(title)
    assert statement.endswith("is expected to take place in the UK in 2023.")


def test_the_seeds_keep_the_sentence_that_a_page_break_cut(seeds: dict[str, str]) -> None:
    """The sentence that the printer's header "MEXT" cuts in two is quoted whole."""
    summary = seeds["004"]
    assert "fundamental research at the bilateral level, and applied research at the regional level" in summary
    assert "\nMEXT\n" not in summary
    assert [line[:2] for line in summary.split("\n") if line[:1].isdigit()] == ["1.", "2.", "3.", "4.", "5."]
