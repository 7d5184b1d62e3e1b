import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.cases.csv_rows import csv_of_rows, rows_of_csv
from evals.errors import InvalidSuite

HEADER = "id,question,answer,document_id,quote\n"
BOATS = {
    "id": "boats",
    "question": "Where are the boats?",
    "answers": ["Out."],
    "answerable": True,
    "evidence": [{"document_id": "sea", "quote": "The boats are out."}],
    "tags": [],
}


def table(folder: Path, content: str, encoding: str = "utf-8") -> Path:
    path = folder / "cases.csv"
    path.write_bytes(content.encode(encoding))
    return path


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (HEADER + "boats,Where are the boats?,Out.,sea,The boats are out.\n", "utf-8"),
        (HEADER + "boats,Where are the boats?,Out.,sea,The boats are out.\n", "utf-8-sig"),
        (HEADER + "boats,Where are the boats?,Out.,sea,The boats are out.\n", "utf-16"),
        ("Question;Quote;Document ID;Answer;ID\r\nWhere are the boats?;The boats are out.;sea;Out.;boats\r\n", "utf-8"),
        (
            "id\tquestion\tanswer\tdocument_id\tquote\nboats\tWhere are the boats?\tOut.\tsea\tThe boats are out.",
            "utf-8",
        ),
        (HEADER + '"boats","Where are the boats?",Out.,sea,"The boats are out."\n,,,,\n', "utf-8"),
    ],
    ids=["commas", "byte-order mark", "UTF-16", "semicolons, other order", "tabs", "quotation marks, empty line"],
)
def test_a_table_as_spreadsheets_write_it_becomes_rows(tmp_path: Path, content: str, encoding: str) -> None:
    assert rows_of_csv(table(tmp_path, content, encoding)) == ([(2, BOATS)], [])


def test_a_second_line_with_the_id_adds_a_quote(tmp_path: Path) -> None:
    content = "id,question,document_id,quote,group,tags\na,Where?,sea,Here.,1,near; far\na,,sky,There.,2,\n"
    ((line, row),) = rows_of_csv(table(tmp_path, content))[0]
    assert (line, row["tags"]) == (2, ["near", "far"])
    assert row["evidence"] == [
        {"document_id": "sea", "quote": "Here.", "group": "1"},
        {"document_id": "sky", "quote": "There.", "group": "2"},
    ]


def test_a_line_without_a_quote_is_a_question_that_has_no_answer(tmp_path: Path) -> None:
    ((_, row),) = rows_of_csv(table(tmp_path, "question\nHow many fish?\n"))[0]
    assert row == {
        "id": "line-2",
        "question": "How many fish?",
        "answers": [],
        "answerable": False,
        "evidence": [],
        "tags": [],
    }


def test_lines_that_are_no_cases_are_told_with_their_numbers_and_the_others_stay(tmp_path: Path) -> None:
    """A cell of several lines counts for as many as it has."""
    content = (
        HEADER + 'a,"Where\nare they?",Out.,sea,Here.\n'  # lines 2 and 3
        "b,What?,,sea,\n"
        "c,,,sea,x\n"
        "a,Another?,,sea,There.\n"
        "a,,,,\n"
        "d,Why, what, where, when, how?\n"
        "e,What then?,,,\n"
    )
    rows, findings = rows_of_csv(table(tmp_path, content))
    assert [(line, row["id"]) for line, row in rows] == [(2, "a"), (9, "e")]
    assert [(finding.line, finding.message) for finding in findings] == [
        (4, "a quote needs its document_id, and a document_id a quote"),
        (5, "the question is empty: ask something"),
        (6, "the id 'a' is that of line 2 too, with another question: give it another id"),
        (7, "the id 'a' is that of line 2 too: give it another, or a further quote"),
        (8, "6 cells under 5 column names: put quotation marks around commas"),
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "no column 'question'.*it says nothing"),
        (b"name,text\na,b\n", "no column 'question'.*it says name, text"),
        (b"question,question\na,b\n", "two columns 'question'"),
        (b"question\n", "has no cases"),
        (b"question\n\0\0\x01\n", "binary"),
    ],
)
def test_what_is_no_table_of_cases_is_named(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "cases.csv"
    path.write_bytes(content)
    with pytest.raises(InvalidSuite, match=message):
        rows_of_csv(path)


def test_an_open_quotation_mark_and_an_endless_cell_are_told(tmp_path: Path) -> None:
    _, findings = rows_of_csv(table(tmp_path, 'question\n"Where\nare'))
    assert [finding.message for finding in findings] == ["not CSV (unexpected end of data): export the table anew"]
    _, findings = rows_of_csv(table(tmp_path, "question\n" + "x" * 200_000))
    assert "field larger than field limit" in findings[0].message


TEXTS = st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=20).filter(
    lambda text: text == text.strip()
)


@given(
    TEXTS | st.sampled_from(["=1+1", "+1", "-1", "@SUM(A1)", "'=1", "''", "'", "'quoted'", '=HYPERLINK("x")']), TEXTS
)
def test_no_cell_is_a_formula_and_what_was_written_is_read_again(question: str, quote: str) -> None:
    """A spreadsheet that opens the table runs nothing, and the table comes back as it was."""
    row = BOATS | {"question": question, "answers": [quote], "evidence": [{"document_id": "sea", "quote": quote}]}
    written = csv_of_rows([row])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cases.csv"
        path.write_bytes(written.encode())
        assert rows_of_csv(path) == ([(2, row)], [])


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "＝1"])
def test_formulas_are_disarmed(cell: str) -> None:
    assert f",'{cell}," in csv_of_rows([BOATS | {"question": cell}])
