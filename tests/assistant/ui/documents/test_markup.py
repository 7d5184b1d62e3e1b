import html
import re

import pytest

from assistant.ui.documents.adding import Row
from assistant.ui.documents.job import Progress
from assistant.ui.documents.listed import View, listing
from assistant.ui.documents.markup import (
    MAX_REMARKS,
    MAX_TITLES,
    PART_CHARS,
    adding_html,
    document_html,
    gone_html,
    list_html,
    mended_html,
    mending_html,
    num_parts,
    removal_html,
    removed_html,
    report_html,
    waiting_html,
)
from assistant.ui.wording.documents import ENGLISH
from corpus.catalogue import Summary, new_document
from corpus.document import Document, Section
from corpus.reading.files import MAX_FILE_BYTES
from corpus.reading.formats import FORMATS
from index.health import Health
from index.reports import FileReport

HOSTILE = "<img src=x onerror=alert(1)> **b** {{y}} ${z} `c` </td></table> &amp; \"' {0} {name}"
TAG = re.compile(r"</?[a-z0-9]+(?: [a-z-]+(?:=(?:\"[^\"<>]*\"|true))?)*>")
DONE = Progress(total=3, num_done=3, share=1.0, ended=True)


def document(text: str, **fields: object) -> Document:
    return new_document({"id": "a-1", "title": "A", "source": "a.md", "language": "en", **fields}, text=text)


def summary(id_: str = "a-1", title: str = "A", source: str = "a.md") -> Summary:
    return Summary(id_, title, source, "2021-05", "en", 100, 1234, "ab")


def read(markup: str) -> str:
    """The text that a reader sees."""
    return html.unescape(TAG.sub("", markup))


@pytest.mark.parametrize(
    "markup",
    [
        adding_html(Progress(total=2, number=1, current=HOSTILE), "en"),
        mending_html(Progress(total=2, number=1, current=HOSTILE), "ja"),
        report_html([Row(FileReport(HOSTILE, "refused", [], [HOSTILE], HOSTILE))], DONE, "en"),
        report_html([], Progress(ended=True, fault=HOSTILE), "ja"),
        list_html(listing([summary(HOSTILE, HOSTILE, HOSTILE)], View()), View(), "en", epoch=1),
        list_html(listing([summary(HOSTILE, " ")], View()), View(), "ja", epoch=1),
        removal_html([HOSTILE], "en"),
        mended_html(Health(1, 1, 1, (HOSTILE,)), 0, DONE, "en"),
        document_html(document(HOSTILE, title=HOSTILE, source=HOSTILE, published=HOSTILE, id=HOSTILE), 0, "en"),
        document_html(document(HOSTILE, language=HOSTILE, sections=(Section(HOSTILE, 1, 0, 9),)), 0, "en"),
    ],
    ids="adding mending report fault list untitled removal mended document section".split(),
)
def test_hostile_text_is_shown_as_text_wherever_it_appears(markup: str) -> None:
    """Nothing from a document or a file name becomes an element, an attribute, a template or a place for a value."""
    left = re.sub(r"&#\d+;", "", TAG.sub("", markup))
    assert not re.search(r"[<>{}$`]", left)
    assert "onerror" not in re.sub(r'="[^"]*"', "", "".join(TAG.findall(markup)))
    assert HOSTILE in read(markup)


def test_the_progress_names_the_file_and_counts() -> None:
    shown = adding_html(
        Progress(total=500, number=14, current="a.md", num_done=12, num_passages=7, share=0.02506), "en"
    )
    assert read(shown) == "File 14 of 500: a.md · 12 of 500 files done · passages embedded: 7"
    assert '<progress max="1000" value="25" aria-label="Progress">' in shown
    assert read(adding_html(Progress(total=3), "en")) == "Starting …"
    waiting = "somebody else is adding, removing or mending documents"
    assert waiting in adding_html(Progress(total=3, waiting=True), "en")
    assert waiting in waiting_html(Progress(waiting=True), "en")
    assert waiting_html(Progress(), "en") == ""


def test_a_report_begins_with_what_needs_looking_at() -> None:
    """Refused files, then those with warnings, then the others in their order; pages where a format has any."""
    rows = [
        Row(FileReport("one.md", "added", ["a"]), 1200),
        Row(FileReport("two.pdf", "updated", ["b"], ["page 3 is empty"]), 8, 4),
        Row(FileReport("three.png", "refused", reason="no reader for it")),
        Row(FileReport("four.jsonl", "unchanged", ["c", "d"])),
    ]
    shown = report_html(rows, DONE, "en")
    assert re.findall(r'class="name">([^<]*)<', shown) == [
        name.replace(".", "&#46;") for name in ("three.png", "two.pdf", "one.md", "four.jsonl")
    ]
    assert "Pages" in read(shown)
    assert "Pages" not in read(report_html(rows[:1], DONE, "en"))
    for text in ("Done", "✕ 1 refused", "1,200", "no reader for it", "page 3 is empty", "documents in it: 2"):
        assert text in read(shown)


def test_of_many_warnings_some_are_shown_and_the_others_counted() -> None:
    warnings = [f"line {n} was left out" for n in range(1000)]
    shown = read(report_html([Row(FileReport("a.jsonl", "added", ["a"], warnings))], DONE, "en"))
    assert shown.count("was left out") == MAX_REMARKS
    assert f"and {1000 - MAX_REMARKS} more" in shown


def test_a_report_says_how_the_work_ended() -> None:
    row = Row(FileReport("a.md", "added", ["a"]), 1)
    assert report_html([], Progress(total=3), "en") == ""
    assert "Done" not in read(report_html([row], Progress(total=3, num_done=1), "en"))
    stopped = read(report_html([row], Progress(total=3, num_done=1, stopped=True, ended=True), "en"))
    assert "Stopped: 1 of 3 files were done and stay; the others were not added." in stopped
    assert "the disk is full" in read(report_html([row], Progress(fault="the disk is full", ended=True), "en"))


def test_the_list_says_to_a_screen_reader_how_it_is_sorted_and_what_a_box_selects() -> None:
    shown = list_html(listing([summary()], View()), View(column="title", descending=True), "en", epoch=7)
    assert re.findall(r'class="(\w+)" aria-sort="(\w+)"', shown) == [
        ("title", "descending"),
        *((column, "none") for column in ("kind", "published", "language", "num_passages", "source")),
    ]
    assert 'aria-label="Select A"' in shown
    assert '<div data-epoch="7">' in shown
    assert "1,234" in shown


def test_an_empty_list_says_why() -> None:
    assert "No documents yet." in list_html(listing([], View()), View(), "en", epoch=0)
    nothing = listing([summary()], View("zorblax"))
    assert "None of the 1 documents matches." in read(list_html(nothing, View("zorblax"), "en", epoch=0))


def test_a_long_list_says_where_it_is() -> None:
    every = [summary(str(n), f"Annex {n}") for n in range(120)]
    assert "Documents: 120 · page 2 of 3" in read(list_html(listing(every, View(page=1)), View(), "en", epoch=0))
    assert "11 of 120 documents" in read(list_html(listing(every, View("annex 11")), View(), "en", epoch=0))


def test_before_a_removal_the_titles_are_read_out() -> None:
    shown = removal_html([f"Annex {n}" for n in range(MAX_TITLES + 5)], "en")
    assert "Annex 9" in shown
    assert "Annex 10" not in shown
    assert "… and 5 more" in read(shown)


def test_a_document_is_shown_verbatim_in_parts() -> None:
    text = "Money\n\n" + "x" * PART_CHARS + "\nThe end.\n"
    long = document(text, sections=(Section("Money", 1, 0, len(text)), Section("1.", 7, 7, len(text))))
    parts = [document_html(long, part, "en") for part in range(num_parts(long))]
    bodies = [part.partition('<div class="text" lang="en">')[2].removesuffix("</div></article>") for part in parts]
    assert "".join(map(read, bodies)) == text
    assert bodies[0].startswith('<strong class="heading">Money</strong>')
    assert "part 2 of 2" in read(parts[1])
    assert num_parts(document("")) == 1


def test_what_a_removal_and_a_mending_came_to() -> None:
    assert "Removed: 3." in read(removed_html(3, DONE, "en"))
    assert "Nothing was removed." in read(removed_html(3, Progress(stopped=True, ended=True), "en"))
    assert "disk" in read(removed_html(3, Progress(fault="the disk is full", ended=True), "en"))
    whole = read(mended_html(Health(26, 200, 200, ()), 2, DONE, "en"))
    assert whole == "The index is whole. Documents: 26; passages: 200; documents indexed anew: 2."
    assert "Stopped." in read(mended_html(None, 0, Progress(stopped=True, ended=True), "en"))
    assert "no longer" in read(gone_html("en"))


def test_the_wording_names_the_limit_and_the_formats() -> None:
    assert f"up to {MAX_FILE_BYTES // 1024**2} MiB a file" in ENGLISH["upload_info"]
    assert {".txt", ".md", ".html", ".jsonl"} <= {suffix for format_ in FORMATS for suffix in format_.suffixes}
