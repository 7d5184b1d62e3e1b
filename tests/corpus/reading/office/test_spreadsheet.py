import io
from datetime import date

import pytest
from hypothesis import given, settings

from corpus.errors import UnreadableFile
from corpus.reading.office.spreadsheet import read_spreadsheet
from tests.corpus.reading.office_files import relations, sheet_file, zipped
from tests.soak.contents import FILES
from tests.soak.promises import check_file


def _cell(reference: str, text: str) -> str:
    return f'<s:c r="{reference}" t="inlineStr"><s:is><s:t>{text}</s:t></s:is></s:c>'


def _number(reference: str, value: object, style: int = 0) -> str:
    return f'<s:c r="{reference}" s="{style}"><s:v>{value}</s:v></s:c>'


def test_a_file_of_openpyxl_is_read_as_its_reader_sees_it() -> None:
    """Sheets are headings, rows sentences; numbers and days are shown as the sheet shows them."""
    from openpyxl import Workbook

    book = Workbook()
    book.properties.title = "Rain gauges"
    sheet = book.active
    sheet.title = "Costs"
    for row in (["Country", "Share", "Cost", "Since"], ["Japan", 0.125, 1234.5, date(2021, 3, 4)], [], ["Sum of all"]):
        sheet.append(row)
    sheet["B2"].number_format, sheet["C2"].number_format = "0.0%", "#,##0.00"
    book.create_sheet("Empty")
    book.create_sheet("Secret").sheet_state = "hidden"
    stream = io.BytesIO()
    book.save(stream)
    draft = read_spreadsheet(stream.getvalue(), "file")[0]
    assert draft.title == "Rain gauges"
    assert draft.text == (
        "Costs\n\nCountry | Share | Cost | Since\n"
        "Country: Japan; Share: 12.5%; Cost: 1,234.50; Since: 2021-03-04\nSum of all"
    )
    assert [(s.heading, s.level) for s in draft.sections] == [("Costs", 1)]
    assert draft.published is None
    assert draft.warnings == ("hidden sheets were left out: 'Secret'",)


def test_cells_of_every_kind() -> None:
    """Shared words without their readings, truth values, errors and results of formulas are read."""
    strings = "<s:si><s:r><s:t>雨</s:t></s:r><s:r><s:t>量</s:t></s:r><s:rPh><s:t>ウリョウ</s:t></s:rPh></s:si>"
    row = (
        '<s:row r="1"><s:c r="A1" t="s"><s:v>0</s:v></s:c><s:c r="B1" t="b"><s:v>1</s:v></s:c>'
        '<s:c r="C1" t="e"><s:v>#N/A</s:v></s:c><s:c r="D1" t="str"><s:f>A1</s:f><s:v>found</s:v></s:c>'
        '<s:c r="E1"><s:f>1/3</s:f></s:c><s:c r="F1" t="s"><s:v>99</s:v></s:c><s:c r="G1"><s:v>x</s:v></s:c></s:row>'
    )
    draft = read_spreadsheet(sheet_file(row, strings=strings), "file")[0]
    assert draft.text == "Gauges\n\n雨量 | TRUE | #N/A | found | x"
    assert draft.warnings == ("1 formulas have no saved value: open it, let it compute, and save it",)


def test_hidden_rows_and_columns_are_left_out_and_told() -> None:
    """What a reader of the sheet does not see is not quoted, and the report says that it is there."""
    rows = (
        f'<s:row r="1">{_cell("A1", "seen")}{_cell("B1", "hidden")}</s:row>'
        f'<s:row r="2" hidden="1">{_cell("A2", "hidden")}</s:row><s:row r="3" hidden="1"/>'
    )
    head = '<s:cols><s:col min="2" max="16384" hidden="1"/></s:cols>'
    draft = read_spreadsheet(sheet_file(rows, head=head), "file")[0]
    assert draft.text == "Gauges\n\nseen"
    assert draft.warnings == ("1 hidden rows were left out", "1 hidden columns were left out")


def test_skipped_row_numbers_end_a_table() -> None:
    """Files leave empty rows out; a table behind them has its own header."""
    rows = "".join(
        f'<s:row r="{at}">{cells}</s:row>'
        for at, cells in [
            (1, _cell("A1", "a") + _cell("B1", "b")),
            (2, _number("A2", 1) + _number("B2", 2)),
            (5, _cell("A5", "c") + _cell("B5", "d")),
            (6, _number("A6", 3) + _number("B6", 4)),
        ]
    )
    assert read_spreadsheet(sheet_file(rows), "file")[0].text == "Gauges\n\na | b\na: 1; b: 2\nc | d\nc: 3; d: 4"


def test_own_number_formats() -> None:
    """A file's own formats are found by the style that a cell names."""
    styles = (
        '<s:numFmts><s:numFmt numFmtId="164" formatCode="0&quot; mm&quot;"/></s:numFmts>'
        '<s:cellXfs><s:xf numFmtId="0"/><s:xf numFmtId="164"/><s:xf numFmtId="9"/></s:cellXfs>'
    )
    row = f'<s:row r="1">{_number("A1", 7, 1)}{_number("B1", 0.5, 2)}{_number("C1", 1, 99)}</s:row>'
    assert read_spreadsheet(sheet_file(row, styles=styles), "file")[0].text == "Gauges\n\n7 mm | 50% | 1"


def test_sheets_without_cells_are_told() -> None:
    """A sheet that is only a chart, or missing, is named in the report."""
    row = f'<s:row r="1">{_cell("A1", "words")}</s:row>'
    draft = read_spreadsheet(sheet_file(row, sheets='<s:sheet name="Chart" r:id="r2"/>'), "file")[0]
    assert draft.warnings == ("the sheet 'Chart' holds no cells, or is missing",)


def test_one_long_text_in_many_cells_is_cut() -> None:
    """A small file that points to one long text a million times does not fill the memory."""
    strings = f"<s:si><s:t>{'rain ' * 2_000}</s:t></s:si>"
    cell = '<s:c t="s"><s:v>0</s:v></s:c>'
    content = sheet_file(f"<s:row>{cell}</s:row>" * 200, strings=strings)
    draft = read_spreadsheet(content, "file", max_chars=100_000)[0]
    assert len(draft.text) < 100_100
    assert draft.warnings == ("only its first 1,000,000 cells were read, or fewer if they are long: split it",)


def test_the_words_of_text_boxes_are_read() -> None:
    """What stands in a box on the sheet is read after its cells, paragraph by paragraph; a hidden box is not."""
    boxes = "".join(
        f'<d:twoCellAnchor><d:sp><d:nvSpPr><d:cNvPr id="1" name="Box" hidden="{hidden}"/></d:nvSpPr><d:txBody>'
        f"{''.join(f'<a:p><a:r><a:t>{words}</a:t></a:r></a:p>' for words in paragraphs)}"
        "</d:txBody></d:sp></d:twoCellAnchor>"
        for hidden, paragraphs in ((0, ("Disclaimer", "The figures are not audited.", "")), (1, ("Secret",)))
    )
    parts = {
        "xl/_rels/sheet.xml.rels": relations({"r1": ("drawing", "drawings/drawing1.xml")}),
        "xl/drawings/drawing1.xml": (
            '<d:wsDr xmlns:d="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
            f'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">{boxes}</d:wsDr>'
        ),
    }
    content = sheet_file(f'<s:row r="1">{_cell("A1", "words")}</s:row>', parts=parts)
    assert read_spreadsheet(content, "file")[0].text == "Gauges\n\nwords\n\nDisclaimer\n\nThe figures are not audited."


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (zipped({"a.txt": "words"}), "no Excel workbook"),
        (sheet_file(""), "no text"),
        (sheet_file("<s:row></s:wrong>"), "damaged"),
    ],
    ids=["other zip", "no cells", "not well-formed"],
)
def test_what_is_no_workbook_is_refused(content: bytes, reason: str) -> None:
    """A refusal says what is wrong."""
    with pytest.raises(UnreadableFile, match=reason):
        read_spreadsheet(content, "file")


@given(FILES["xlsx"][0])
@settings(max_examples=30, deadline=None)
def test_a_changed_workbook_is_read_or_refused(content: bytes) -> None:
    """Elements and numbers that no program writes do no harm."""
    check_file(FILES["xlsx"][1])(content)
