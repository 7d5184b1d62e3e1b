import time
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus.errors import UnreadableFile
from corpus.reading.rtf import read_rtf


def _text(inner: str) -> str:
    return read_rtf(b"{\\rtf1\\ansi " + inner.encode("latin-1") + b"}", "file")[0].text


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        (r"One.\par Two {\b bold} words.", "One.\n\nTwo bold words."),
        ("Line\nof the file.", "Lineof the file."),
        (r"a\line b\tab c\~d", "a\nb c d"),
        (r"\{braces\} and \\", "{braces} and \\"),
        (r"na\'efve \u8220?x\u8221? \emdash  end", "naïve “x” — end"),
        (r"{\uc2\u24180\'90\'ff ab}", "年 ab"),
        (r"\u-10188?\u-8394?", "𝌶"),
        (r"{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset128 Mincho;}}{\f1\'93\'8c\'8b\'9e} \f0 caf\'e9", "東京 café"),
        (r"\ansicpg1251 \'cc\'ee\'f1\'ea\'e2\'e0", "Москва"),
        (r"seen{\v hidden}{\deleted gone}", "seen"),
        (r"{\header Head\par}{\pict\wmetafile8 0102abff}{\*\unknown words}body", "body"),
        (r"{\field{\*\fldinst HYPERLINK http://x}{\fldrslt link}}", "link"),
        (r"a{\pict\bin6 }}{{\\x}b", "ab"),
        (r"one\par }not read", "one"),
    ],
    ids=[
        "paragraphs", "wrapped", "breaks", "signs", "characters", "replacements", "halves", "fonts", "code page",
        "hidden", "furniture", "link", "binary", "behind the end",
    ],
)  # fmt: skip
def test_a_reader_sees_words_not_control_words(inner: str, expected: str) -> None:
    """What is quoted is what a reader of the document sees, in any alphabet."""
    assert _text(inner) == expected


def test_lists_keep_their_markers() -> None:
    """The marker that the program wrote stands before its item."""
    items = r"{\listtext\'b7\tab}round\par {\listtext 4.\tab}four\par {\pntext (a)\tab}a\par plain"
    assert _text(items) == "• round\n\n4. four\n\n(a) a\n\nplain"


def test_tables_are_rows() -> None:
    """A row is a line, whether its end is marked or missing."""
    row = r"\trowd\pard\intbl state\cell\pard\intbl of \par tin\cell\row "
    assert _text(f"{row}\\pard\\intbl Norway\\cell 12\\cell\\row\\pard After.\\par {row}") == (
        "state | of tin\nNorway | 12\n\nAfter.\n\nstate | of tin"
    )
    assert _text(r"\intbl a\cell b\cell") == "a | b"


def test_headings_are_told_by_their_styles() -> None:
    """The stylesheet says which paragraphs are headings; the title is the paragraph in the style "Title"."""
    styles = r"{\stylesheet{\s0 Normal;}{\s1 heading 1;}{\s15\fs30 Title;}{\*\cs10 Default;}}"
    info = r"{\info{\title Report of the gauges}{\author Ada Rain}}"
    inner = styles + info + r"\pard\s15 The Plan\par\pard\s1 Money\par\pard\outlinelevel1 Costs\par\pard Tin.\par"
    draft = read_rtf(b"{\\rtf1 " + inner.encode() + b"}", "file")[0]
    assert [(s.heading, s.level) for s in draft.sections] == [("The Plan", 1), ("Money", 1), ("Costs", 2)]
    assert draft.text.endswith("Costs\n\nTin.")
    assert (draft.title, draft.metadata["author"]) == ("The Plan", "Ada Rain")


def test_notes_stand_at_the_end() -> None:
    """Notes are read apart from the sentences that refer to them."""
    inner = r"It fell.{\super\chftn}{\footnote\pard\chftn  So it\par was.}\par It froze."
    assert _text(inner) == "It fell.\n\nIt froze.\n\nNotes\n\n1. So it was."


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"plain words", "no RTF file"),
        (b"{\\rtf1 }", "no text"),
        (b"{\\rtf1 " + b"{" * 20_000, "too deep"),
    ],
    ids=["text", "no words", "deep"],
)
def test_what_cannot_be_read_is_refused(content: bytes, reason: str) -> None:
    """A refusal says what is wrong."""
    with pytest.raises(UnreadableFile, match=reason):
        read_rtf(content, "file")


@pytest.mark.parametrize(
    "piece",
    [b"{\\field{\\*\\fldinst{", b"\\", b"\\'e9", b"\\u8220?", b"{\\b x}", b"{\\listtext x", b"a\\cell "],
)
def test_the_time_is_that_of_the_length(piece: bytes) -> None:
    """No pattern repeated to 300 kB takes more than seconds."""
    begun = time.process_time()
    with suppress(UnreadableFile):
        read_rtf(b"{\\rtf1 " + piece * (300_000 // len(piece)), "file")
    assert time.process_time() - begun < 10


@pytest.mark.parametrize(("level", "expected"), [(0, 1), (1, 2), (8, 6), (9, 0), (-5, 0), (99, 0)])
def test_the_outline_level_makes_a_heading(level: int, expected: int) -> None:
    """The outline counts from 0, and 9 is that of the text; what is no level is none."""
    inner = rf"Rain.\par\pard\outlinelevel{level} Costs\par\pard Tin.\par"
    draft = read_rtf(b"{\\rtf1 " + inner.encode() + b"}", "f")[0]
    assert [s.level for s in draft.sections] == [expected] * bool(expected)


_PIECES = st.sampled_from(
    ["{", "}", "\\", "\\par ", "\\u55357?", "\\'e9", "\\'", "\\*", "\\bin3 ", "{\\footnote ", "{\\listtext ", "words",
     "\\cell ", "\\row ", "\\intbl ", "\\uc9 ", "\\f1 ", "\\ansicpg932 ", "{\\stylesheet{\\s1 Title;}}", "\\s1 ",
     "\\v ", "{\\info{\\title ", "{\\info{\\author ", "é"]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=40))
@example(["{\\footnote ", "\\u55357?", "}"])
@example(["{\\listtext ", "\\u55357?", "}", "words"])
@example(["{\\info{\\title ", "\\u55357?", "}}"])
@example(["{\\stylesheet{\\s1 Title;}}", "\\s1 ", "\\u55357?", "words", "\\par "])
def test_any_pieces_are_read_or_refused(pieces: list[str]) -> None:
    """No order of control words breaks the reader, and what comes out can be stored."""
    try:
        draft = read_rtf(b"{\\rtf1 Sure." + "".join(pieces).encode("latin-1"), "file")[0]
    except UnreadableFile:
        return
    f"{draft.title}{draft.text}{list(draft.metadata.values())}".encode()
    assert all(0 <= s.start <= s.end <= len(draft.text) for s in draft.sections)
