import csv
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import UnreadableFile
from corpus.reading.csv_table import read_csv

_EXPECTED = "state | gauges\nstate: Norway; gauges: 1,5\nstate: Japan; gauges: 7"


@pytest.mark.parametrize(
    "text",
    [
        'state,gauges\nNorway,"1,5"\nJapan,7\n',
        "state;gauges\r\nNorway;1,5\r\nJapan;7\r\n",
        "state\tgauges\nNorway\t1,5\nJapan\t7",
        "state|gauges\nNorway|1,5\nJapan|7",
        "sep=;\nstate;gauges\nNorway;1,5\nJapan;7",
        '"state","gauges"\n"Norway","1,5"\n\n"Japan","7"',
    ],
    ids=["comma", "semicolon", "tab", "bar", "stated", "quoted"],
)
def test_the_separator_is_found(text: str) -> None:
    """Files from programs of all countries are read, whatever separates their values."""
    assert read_csv(text.encode(), "gauges")[0].text == _EXPECTED


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp932"])
def test_any_encoding_is_read(encoding: str) -> None:
    """Japanese spreadsheets save in their own encoding."""
    text = "名前,年齢,住所\n佐藤太郎,30,東京\n三木英子,25,大阪\n髙橋淳,35,名古屋\n"
    assert "名前: 三木英子; 年齢: 25; 住所: 大阪" in read_csv(text.encode(encoding), "file")[0].text


def test_line_breaks_within_a_cell_do_not_cut_its_row() -> None:
    """A row is one line, whatever its cells hold."""
    assert read_csv(b'a,b\n"one\ntwo",3\n', "file")[0].text == "a | b\na: one two; b: 3"


def test_marks_that_do_not_match_are_read_as_text() -> None:
    """A stray quotation mark swallows no rows; the report says how the file was read."""
    draft = read_csv(b'pipe,size\nlong,5\nshort,"3 inch\nwide,8\n', "file")[0]
    assert draft.text.split("\n")[2:] == ['pipe: short; size: "3 inch', "pipe: wide; size: 8"]
    assert draft.warnings == ("its quotation marks do not match: they were read as part of the text",)


def test_long_files_are_cut_with_a_warning() -> None:
    """So many cells are read; the report says that there are more."""
    draft = read_csv(b"a,b\n1,2\n3,4\n", "file", max_cells=4)[0]
    assert draft.text == "a | b\na: 1; b: 2"
    assert "only its first 4 cells were read" in draft.warnings[0]


def test_a_long_cell_is_read_and_the_limit_left_as_it_was() -> None:
    """The library's limit for a cell belongs to the whole process."""
    limit = csv.field_size_limit()
    begun = time.process_time()
    assert len(read_csv(b"a,b\n1," + b"x" * 3_000_000, "file")[0].text) > 3_000_000
    assert (time.process_time() - begun < 5, csv.field_size_limit()) == (True, limit)


def test_an_empty_table_is_refused() -> None:
    """A file of separators has nothing to quote."""
    with pytest.raises(UnreadableFile, match="no text"):
        read_csv(b",,\n,,\n", "file")


@given(st.text(alphabet='ab1,;\t|"\n\r =', min_size=1, max_size=60))
def test_no_value_is_lost(text: str) -> None:
    """Every letter and digit of a file comes out of it, or the file is refused."""
    try:
        found = read_csv(text.encode(), "file")[0].text
    except UnreadableFile:
        return
    assert all(found.count(character) >= text.count(character) for character in "ab1")
