import io
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import PAGE, Draft
from corpus.errors import UnreadableFile
from corpus.reading.formats import format_of
from corpus.reading.pdf.reader import read_pdf
from tests.pdf_files import Words, lines, pdf_file

_LEFT = (
    "The ministers met in Oslo and agreed",
    "to measure the rain together for the",
    "next ten years. Each state pays for its",
    "own gauges, and the common ones are",
    "of brass. The partners take turns in",
    "paying for these and for the coffee of",
)
_RIGHT = (
    "the staff. The results are published",
    "every year in the language of the host",
    "and in English. A secretariat is set up",
    "in Bergen, where it rains the most of",
    "all places that were looked at in the",
    "study of the year before.",
)
_WHOLE = " ".join((*_LEFT, *_RIGHT))


def _read(*pages: list[Words], **facts: object) -> Draft:
    return read_pdf(pdf_file(pages, **facts), "file")[0]  # type: ignore[arg-type]


def _pages(draft: Draft) -> list[tuple[int | None, str, str]]:
    return [(s.page, s.heading, draft.text[s.start : s.end].strip()) for s in draft.sections if s.level == PAGE]


def test_lines_of_a_paragraph_are_one() -> None:
    """A paragraph comes out as one line of words, and a gap begins the next."""
    draft = _read(lines(72, 700, *_LEFT) + lines(72, 590, "A second paragraph."))
    assert draft.text == " ".join(_LEFT) + "\n\nA second paragraph."


def test_columns_are_read_one_after_the_other() -> None:
    """Two columns under a title are read as a person does, whatever is drawn first."""
    title = [Words(72, 740, "Rain over the whole of the Northern Countries in these Years", 16)]
    left, right = lines(72, 700, *_LEFT), lines(320, 700, *_RIGHT)
    expected = f"{title[0].text}\n\n{_WHOLE}"
    assert _read(title + left + right).text == expected
    assert _read(right + left + title).text == expected


def test_columns_that_are_not_level_are_read_one_after_the_other() -> None:
    """Columns whose lines stand at different heights are columns all the same."""
    assert _read(lines(72, 700, *_LEFT) + lines(320, 694, *_RIGHT)).text == _WHOLE


def test_columns_beside_columns_are_read_one_after_the_other() -> None:
    """Three columns that end at different heights, with the labels of pictures above, are three texts."""
    left = lines(
        40, 700, "With the card in the access zone", "three the vehicle will unlock by", "itself; its lights flash.",
    )  # fmt: skip
    middle = lines(
        220, 700, "The ministers met in Oslo and", "agreed to measure rain together", "for the next ten years of it.",
        "Each state pays for its gauges,", "and the common ones are of tin.", "The partners take turns in this",
        "and in paying for all the coffee", "of the staff that they all have.",
    )  # fmt: skip
    right = lines(
        400, 705, "the staff. The results come out", "every year in the languages of", "the host and in English, and a",
        "secretariat is set up in Bergen,", "where it rains the most of all", "the places that were looked at.",
    )  # fmt: skip
    title, labels = [Words(40, 780, "The card that needs no hands at all", 12)], [Words(480, 740, "5")]
    text = _read(title + right + left + labels + middle).text
    found = [text.index(words) for words in ("With the card", "The ministers", "the staff.")]
    assert found == sorted(found)
    assert "in the access zone three the vehicle" in text


def test_a_caption_beside_a_narrow_line_is_no_part_of_it() -> None:
    """Where a paragraph goes round a picture, the words below the picture stand before the narrow lines."""
    full = lines(72, 700, "The ministers met in Oslo and agreed to measure the rain together for")
    narrow = lines(
        250, 686, "the next ten years. Each of the", "states pays for its own gauges of",
        "tin, and the common ones are of", "brass. The partners take turns in",
        "paying for these and for the coffee", "of the staff, whose results come",
    )  # fmt: skip
    rest = lines(72, 602, "out every year in the languages of all the hosts and in English too.")
    text = _read([*full, *narrow, *rest, Words(130, narrow[-1].y, "A gauge.")]).text
    assert " ".join(words.text for words in (*narrow, *rest)) in text
    assert text.index(full[0].text) < text.index("A gauge.") < text.index(narrow[0].text)


def test_raised_digits_are_no_digits_of_the_number_before() -> None:
    """A note's mark behind a number is told apart, and so is an exponent; what stands lower is not."""
    words = [
        Words(72, 700, "556"), Words(91, 704, "2", 6), Words(94.5, 700, " people on 10"), Words(160.5, 704, "12", 6),
        Words(168, 700, " m of H"), Words(205, 697, "2", 6), Words(208.5, 700, "O"),
    ]  # fmt: skip
    assert _read(words).text == "556² people on 10¹² m of H2O"


def test_a_sentence_goes_on_in_letters_of_another_size() -> None:
    """The bold words that a paragraph begins with may be a little smaller than the rest."""
    words = [
        Words(72, 700, "Rain that falls without being seen by any", 10),
        *lines(72, 686, "gauge is not in the tables."),
    ]
    assert _read(words).text == "Rain that falls without being seen by any gauge is not in the tables."


def test_a_point_between_words_begins_no_item() -> None:
    """A line of words that points set apart may be broken before one of these."""
    words = lines(72, 700, "Keywords: rain \xb7 snow \xb7 hail over the sea", "\xb7 gauges \xb7 brass")
    assert _read(words).text == "Keywords: rain · snow · hail over the sea · gauges · brass"


def test_rows_of_a_table_are_lines() -> None:
    """A row of a table is one line, its cells in order with marks between them."""
    rows = [("State", "Gauges", "Paid"), ("Norway", "12", "yes"), ("Sweden", "9", "no")]
    words = [Words(72 + 120 * x, 700 - 16 * y, cell) for y, row in enumerate(rows) for x, cell in enumerate(row)]
    assert _read(words).text == "State | Gauges | Paid\nNorway | 12 | yes\nSweden | 9 | no"


def test_a_cell_of_several_lines_is_one_cell() -> None:
    """The lines of a cell stay together where the file draws cell by cell."""
    words = [
        *lines(72, 700, "The first of", "the states"),
        *lines(200, 700, "pays for gauges", "made of brass", "in its towns"),
        *lines(72, 640, "The second", "of these"),
        *lines(200, 640, "pays for the", "coffee"),
    ]
    assert _read(words).text == (
        "The first of the states | pays for gauges made of brass in its towns\n"
        "The second of these | pays for the coffee"
    )


def _running(number: int, body: str, *, of: int) -> list[Words]:
    return [
        Words(72, 800, "Ministry of Rain"),
        Words(72, 700, body),
        Words(280, 40, f"Page {number} of {of}"),
    ]


_BODIES = (
    "Norway has gauges of brass.",
    "Sweden prefers those of tin.",
    "Denmark has none.",
    "Iceland looks at the sky.",
)


@pytest.mark.parametrize("num_pages", [2, 3, 4])
def test_headers_footers_and_page_numbers_are_left_out(num_pages: int) -> None:
    """What stands on every page at the same place is not quoted; the pages are known all the same."""
    draft = _read(*(_running(n, body, of=num_pages) for n, body in enumerate(_BODIES[:num_pages], start=1)))
    assert draft.text == "\n\n".join(_BODIES[:num_pages])
    assert _pages(draft) == [(n, str(n), body) for n, body in enumerate(_BODIES[:num_pages], start=1)]


def test_running_heads_of_chapters_are_left_out() -> None:
    """A head that changes with each chapter, and stands on every second page, is still one."""
    pages = [
        [
            Words(72, 800, ("Annual report" if n % 2 else f"Chapter {n // 6}")),
            Words(72, 600, f"Body of page {'abcdefghijklmnopqr'[n]}."),
        ]
        for n in range(18)
    ]
    text = _read(*pages).text
    assert "Annual report" not in text and "Chapter" not in text
    assert text.count("Body of page") == 18


def test_running_heads_that_ocr_misread_are_left_out() -> None:
    """OCR reads a letter here and there as another one; the head that comes again is a head all the same."""
    heads = ("48 THE SIEGE OF BERGEN.", "50 THE SIEGE OF BEKGEN.", "52 THE SIEGE OF BERGEN.", "54 THE SIEGF OF BERGEN.")
    bodies = ("It rained on Monday.", "It snowed on Tuesday.", "It hailed on Friday.", "It was dry on Sunday.")
    pages = ([Words(72, 800, head), Words(72, 600, body)] for head, body in zip(heads, bodies, strict=True))
    assert _read(*pages).text == "\n\n".join(bodies)


_ALONE = lines(72, 700, *_LEFT)


@pytest.mark.parametrize(
    "edges",
    [
        [Words(72, 800, "Gauge Guide 23"), Words(480, 800, "Of Brass"), Words(72, 40, "3HE 19"), Words(520, 40, "93")],
        [Words(72, 800, "Gauges"), Words(480, 800, "Instructions"), Words(480, 780, "Page 1 of 8")],
        [Words(280, 40, "Page 7"), Words(250, 28, "Printed in Oslo")],
        [Words(290, 40, "- 12 -")],
    ],
    ids=["number at the edge", "one of eight", "page 7", "dashes"],
)
def test_a_page_out_of_a_longer_document_has_no_edges(edges: list[Words]) -> None:
    """A single page that says itself that it is one of several is read without what these have in common."""
    assert _read([*edges, *_ALONE]).text == " ".join(_LEFT)


@pytest.mark.parametrize(
    "edges",
    [
        [Words(72, 800, "Invoice 17"), Words(480, 800, "6 May 2024"), Words(280, 40, "Page 1 of 1")],
        [Words(72, 800, "Invoice 17"), Words(480, 800, "6 May 2024"), Words(480, 40, "Oslo, 93")],
        [Words(72, 716, "Ministry of Rain"), Words(480, 716, "93")],
        [Words(280, 40, "2024")],
        [Words(72, 160, "Sum of all"), Words(480, 160, "93")],
    ],
    ids=["the only one", "no number alone", "no white", "a year", "not at the edge"],
)
def test_a_page_that_says_nothing_of_others_keeps_its_edges(edges: list[Words]) -> None:
    """What stands at the top and the bottom of a letter, an invoice or a cover is said nowhere else."""
    text = _read([*edges, *_ALONE]).text
    assert all(words.text in text for words in edges if words.text != "Page 1 of 1")


def test_the_same_page_twice_is_kept_twice() -> None:
    """A page that was scanned in twice is not all furniture."""
    memo = [Words(72, 780, "To whom it may concern"), Words(72, 700, "It rains."), Words(72, 60, "Best regards")]
    assert _read(memo, memo).text.count("To whom it may concern") == 2


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("a book on mea-", "surement of rain", "a book on measurement of rain"),
        ("it is a state-of-the-", "art gauge", "it is a state-of-the-art gauge"),
        ("a meeting of Franco-", "German ministers", "a meeting of Franco-German ministers"),
        ("in the years 2020-", "2025 and later", "in the years 2020-2025 and later"),
        ("both science-", "and technology-based", "both science- and technology-based"),
        ("see https://rain.example/", "gauges for more", "see https://rain.example/gauges for more"),
        ("not this -", "but that", "not this - but that"),
    ],
    ids=["word", "compound of many", "names", "years", "left open", "address", "dash"],
)
def test_words_parted_at_the_end_of_a_line_are_joined(before: str, after: str, expected: str) -> None:
    """A hyphen that a line's end made goes, one that is the author's stays."""
    assert (
        _read(lines(72, 700, f"There is one thing more: {before}", after)).text
        == f"There is one thing more: {expected}"
    )


def test_the_document_decides_on_doubtful_hyphens() -> None:
    """A compound that is written with a hyphen elsewhere in the document keeps it at a line's end."""
    text = _read(
        lines(72, 700, "A policy that is evidence-", "based is better.") + lines(72, 600, "It is evidence-based.")
    ).text
    assert text == "A policy that is evidence-based is better.\n\nIt is evidence-based."


def test_a_paragraph_that_crosses_a_page_is_one() -> None:
    """A sentence is not cut by the end of its page, and each half is on its own page."""
    draft = _read(lines(72, 200, *_LEFT), [*lines(72, 780, *_RIGHT), Words(72, 600, "The end.")])
    assert draft.text == f"{_WHOLE}\n\nThe end."
    assert [(page, text[:10]) for page, _, text in _pages(draft)] == [(1, "The minist"), (2, "the staff.")]


def test_notes_below_a_crossing_paragraph_stay_on_their_page() -> None:
    """A footnote does not stand in the middle of the sentence that goes on upon the next page."""
    note = Words(72, 60, "1 See the study of the year before.", 8)
    draft = _read([*lines(72, 200, *_LEFT), note], lines(72, 780, *_RIGHT))
    assert draft.text == f"{note.text}\n\n{_WHOLE}"
    assert _pages(draft)[0][2].startswith("1 See")


def test_lists_have_a_line_for_each_item() -> None:
    """Items of a list are lines of their own, with their continuation lines, and numbered ones are sections."""
    words = [
        Words(72, 700, "The states agree:"),
        *lines(72, 680, "\u2022 to measure the rain in every town of", "   the north", "\u2022 to write it down"),
        *lines(72, 600, "1. Norway pays for the gauges.", "2. Sweden pays for the coffee."),
    ]
    draft = _read(words)
    assert draft.text == (
        "The states agree:\n\n• to measure the rain in every town of the north\n• to write it down\n\n"
        "1. Norway pays for the gauges.\n\n2. Sweden pays for the coffee."
    )
    assert [s.heading for s in draft.sections if s.level == 7] == ["1.", "2."]


def test_short_lines_are_kept_apart() -> None:
    """An address is not run together."""
    words = lines(72, 700, "Ministry of Rain", "Brolley Street 7", "Bergen") + lines(72, 600, " ".join(_LEFT[:2]))
    assert _read(words).text.startswith("Ministry of Rain\nBrolley Street 7\nBergen\n\n")


def test_headings_are_known_by_their_letters() -> None:
    """Large and bold lines are headings, the larger of the higher rank."""
    words = [
        Words(72, 780, "The Oslo Statement", 20),
        Words(72, 740, "Money", 14),
        *lines(72, 715, *_LEFT),
        Words(72, 610, "Gauges", 11, "F2"),
        *lines(72, 590, *_RIGHT),
    ]
    draft = _read(words)
    headings = [(s.heading, s.level) for s in draft.sections if s.level < 7]
    assert headings == [("The Oslo Statement", 1), ("Money", 2), ("Gauges", 3)]
    assert draft.title == "The Oslo Statement"


def test_the_outline_says_what_is_a_heading() -> None:
    """A line that the outline names is a heading even if it looks like any other."""
    draft = _read([Words(72, 740, "1. Money"), *lines(72, 700, *_LEFT)], outline=[("Money", 1)])
    assert ("1. Money", 1) in [(s.heading, s.level) for s in draft.sections]


def test_the_file_states_its_title_author_and_day() -> None:
    """Title and author are those in the file's properties; a date in the text goes before the day it was made."""
    info = {"Title": "Rain and Coffee", "Author": "A. Minister", "CreationDate": "D:20240506120000Z"}
    draft = _read(lines(72, 700, *_LEFT), info=info)
    assert (draft.title, draft.published) == ("Rain and Coffee", "2024-05-06")
    assert draft.metadata == {"author": "A. Minister", "created": "2024-05-06", "published_is_guessed": True}
    dated = _read([Words(72, 740, "Oslo, 3 May 2024"), *lines(72, 700, *_LEFT)], info=info)
    assert dated.published == "2024-05-03"


@pytest.mark.parametrize("title", ["Microsoft Word - note.doc", "untitled", "rain.indd", "(anonymous)", "12"])
def test_a_title_that_no_person_gave_is_not_one(title: str) -> None:
    """What a program put into the title's place is not shown."""
    stated = title.replace("(", r"\(").replace(")", r"\)")
    assert _read([Words(72, 740, "Rain", 20), *lines(72, 700, *_LEFT)], info={"Title": stated}).title == "Rain"
    assert _read(lines(72, 700, *_LEFT), info={"Title": stated}).title == "file"


def test_pages_are_called_what_is_printed_on_them() -> None:
    """A page of the preface is called ii, and counted as the second."""
    labels = "0 << /S /r >> 2 << /S /D >>"
    draft = _read(*([Words(72, 700, body)] for body in _BODIES), labels=labels)
    assert [(page, heading) for page, heading, _ in _pages(draft)] == [(1, "i"), (2, "ii"), (3, "1"), (4, "2")]


def test_japanese_has_no_spaces_put_in() -> None:
    """Japanese lines are joined without spaces, and radicals are the letters that a reader sees."""
    draft = _read(lines(72, 700, "日本の科学技術は、国際的な協力を通じて", "発展してきた。⽇本", font="F3"))
    assert draft.text == "日本の科学技術は、国際的な協力を通じて発展してきた。日本"


def test_ligatures_are_letters() -> None:
    """A word with a ligature is found by its letters."""
    assert _read([Words(72, 700, "ﬁnal diﬀerence", font="F3")]).text == "final difference"


def test_bold_letters_drawn_twice_are_read_once() -> None:
    """What is drawn twice to look bold is quoted once."""
    words = [Words(72, 700, "The Oslo Statement"), Words(72.3, 700, "The Oslo Statement")]
    assert _read(words).text == "The Oslo Statement"


def test_a_stamp_along_the_margin_comes_last() -> None:
    """What runs upwards along the margin is not mixed into the lines."""
    text = _read([Words(30, 300, "Received in Oslo", turned=True), *lines(72, 700, *_LEFT)]).text
    assert text == " ".join(_LEFT) + "\n\nReceived in Oslo"


def test_what_is_not_on_the_page_is_not_read() -> None:
    """Words outside of the page are not quoted, since nobody sees them."""
    assert _read([Words(72, 700, "Seen."), Words(900, 700, "Unseen.")]).text == "Seen."


def test_pages_without_text_are_named() -> None:
    """A report says which pages have no text, for they may be pictures."""
    empty: list[Words] = []
    draft = _read([Words(72, 700, "Rain.")], empty, [Words(72, 700, "Snow.")], empty, empty)
    assert draft.warnings == ("pages 2, 4-5 have no text",)
    assert [page for page, _, _ in _pages(draft)] == [1, 3]


def test_a_scan_is_refused_with_the_remedy() -> None:
    """A file without any text says that it is a scan and what to do."""
    with pytest.raises(UnreadableFile, match=r"no page has text, it is a scan: install communique\[ocr\]"):
        _read([])


def test_a_scan_with_a_stamp_on_every_page_is_a_scan() -> None:
    """Pages that have nothing but the same line at their edges have no text."""
    stamp = [Words(72, 20, "Scanned by the Ministry of Rain")]
    with pytest.raises(UnreadableFile, match="it is a scan"):
        _read(stamp, stamp, stamp)


def _encrypted(user: str) -> bytes:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(PdfReader(io.BytesIO(pdf_file([[Words(72, 700, "A secret of state.")]]))))
    writer.encrypt(user_password=user, owner_password=f"not {user}", algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def test_a_file_that_anybody_may_open_is_read() -> None:
    """Protection against changes alone does not keep from reading."""
    assert read_pdf(_encrypted(""), "file")[0].text == "A secret of state."


def test_a_password_is_asked_to_be_removed() -> None:
    """A file that needs a password is refused with the remedy."""
    with pytest.raises(UnreadableFile, match="protected by a password: remove the password, and add it again"):
        read_pdf(_encrypted("geheim"), "file")


def test_bytes_before_the_file_do_no_harm() -> None:
    """A few bytes before the sign, as mail programs leave them, are passed over."""
    content = b"\r\n\r\n" + pdf_file([[Words(72, 700, "Rain.")]])
    assert read_pdf(content, "file")[0].text == "Rain."


def test_the_sign_decides() -> None:
    """A PDF is one whatever its name says."""
    found, warnings = format_of(pdf_file([[]]), "letter.txt")
    assert (found.name, len(warnings)) == ("PDF", 1)


@pytest.mark.parametrize("content", [b"%PDF-1.7\n", b"%PDF-", b"no PDF at all", b"%PDF-1.4\n%%EOF"])
def test_a_broken_file_is_refused(content: bytes) -> None:
    """A file that no viewer opens either is refused in words."""
    with pytest.raises(UnreadableFile, match="damaged beyond repair"):
        read_pdf(content, "file")


@given(st.data())
def test_a_damaged_file_is_read_or_refused(data: st.DataObject) -> None:
    """Whatever bytes are changed or cut off, a file is read or refused, and its sections lie within its text."""
    content = bytearray(pdf_file([lines(72, 700, *_LEFT), lines(72, 700, *_RIGHT)], outline=[("Rain", 1)]))
    for _ in range(data.draw(st.integers(1, 12))):
        content[data.draw(st.integers(8, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(20, len(content)))
    try:
        draft = read_pdf(bytes(content[:cut]), "file")[0]
    except UnreadableFile:
        return
    assert all(0 <= s.start <= s.end <= len(draft.text) for s in draft.sections)


_PLACED = st.builds(
    Words,
    x=st.integers(0, 560),
    y=st.integers(0, 820),
    text=st.text("abcXYZ .-1", min_size=1, max_size=12).filter(lambda text: bool(text.strip())),
    size=st.sampled_from([7, 11, 18]),
    turned=st.booleans(),
)


@given(st.lists(st.lists(_PLACED, max_size=12), min_size=1, max_size=4))
def test_letters_are_neither_lost_nor_made_up(pages: list[list[Words]]) -> None:
    """Wherever words are put, a reader finds no letter that the file has not, and pages in order without overlap."""
    try:
        draft = _read(*pages)
    except UnreadableFile:
        return
    drawn = [letter for page in pages for words in page for letter in words.text if letter.isalpha()]
    for letter in set("abcXYZ"):
        assert draft.text.count(letter) <= drawn.count(letter)
    sections = [s for s in draft.sections if s.level == PAGE]
    assert all(a.end == b.start and (a.page or 0) < (b.page or 0) for a, b in pairwise(sections))


@pytest.mark.slow
def test_twenty_thousand_pages_are_read() -> None:
    """A document of 20,000 pages is read whole, in time that grows no faster than it, every page known."""
    pages = [
        [Words(72, 800, "Report"), *lines(72, 700, f"Finding {n}.", *_LEFT[:2]), Words(290, 30, str(n))]
        for n in range(1, 20_001)
    ]
    draft = read_pdf(pdf_file(pages), "file")[0]
    found = [s for s in draft.sections if s.level == PAGE]
    assert len(found) == 20_000
    assert draft.text[found[12_344].start :].startswith("Finding 12345.")
    assert "Report" not in draft.text
