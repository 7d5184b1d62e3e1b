import io
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import PAGE, Draft
from corpus.errors import UnreadableFile
from corpus.reading.office.word import read_word
from tests.corpus.reading.office_files import W, word_file, zipped

_STYLES = """
<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/></w:style>
<w:style w:type="paragraph" w:styleId="berschrift2"><w:name w:val="heading 2"/></w:style>
<w:style w:type="paragraph" w:styleId="Own"><w:name w:val="Own"/><w:basedOn w:val="berschrift2"/></w:style>
<w:style w:type="paragraph" w:styleId="Article"><w:name w:val="Article"/>
 <w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>"""
_NUMBERING = """
<w:abstractNum w:abstractNumId="7">
 <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:pStyle w:val="Article"/>
  <w:lvlText w:val="%1."/></w:lvl>
 <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="(%2)"/></w:lvl>
 <w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1.%2.%3"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="8"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="&#xF0B7;"/></w:lvl>
</w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="8"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>
</w:num>"""


def _paragraph(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def _item(text: str, number: int, level: int = 0) -> str:
    numbers = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    return _paragraph(text, numbers)


def _draft(body: str, **parts: str) -> Draft:
    return read_word(word_file(body, **parts), "file")[0]


def _row(*cells: str) -> str:
    return "<w:tr>" + "".join(f"<w:tc>{_paragraph(cell)}</w:tc>" for cell in cells) + "</w:tr>"


def test_raised_digits_are_no_digits_of_the_number_before() -> None:
    """A note's mark or an exponent is told apart; raised letters and lowered digits are as they are written."""
    up, down = (f'<w:rPr><w:vertAlign w:val="{kind}script"/></w:rPr>' for kind in ("super", "sub"))
    body = (
        f"<w:p><w:r><w:t>10</w:t></w:r><w:r>{up}<w:t>-6</w:t></w:r><w:r><w:t> m, the 1</w:t></w:r>"
        f"<w:r>{up}<w:t>st</w:t></w:r><w:r><w:t> of H</w:t></w:r><w:r>{down}<w:t>2</w:t></w:r>"
        "<w:r><w:t>O</w:t></w:r></w:p>"
    )
    assert read_word(word_file(body), "file")[0].text == "10⁻⁶ m, the 1st of H2O"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("<w:r><w:t>Of</w:t></w:r><w:r><w:t xml:space='preserve'> tin.</w:t></w:r>", "Of tin."),
        ("<w:r><w:t>a</w:t><w:br/><w:t>b</w:t><w:tab/><w:t>c</w:t></w:r>", "a\nb c"),
        ("<w:ins><w:r><w:t>new</w:t></w:r></w:ins><w:del><w:r><w:delText>old</w:delText></w:r></w:del>", "new"),
        ("<w:moveFrom><w:r><w:t>there</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>here</w:t></w:r></w:moveTo>", "here"),
        ("<w:hyperlink><w:r><w:t>linked</w:t></w:r></w:hyperlink>", "linked"),
        ("<w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r><w:r><w:t>seen</w:t></w:r>", "seen"),
        ("<w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:t>7</w:t></w:r>", "7"),
        ("<w:r><w:t>non</w:t><w:noBreakHyphen/><w:t>stop co</w:t><w:softHyphen/><w:t>op</w:t></w:r>", "non-stop coop"),
        (
            "<w:r><w:ruby><w:rt><w:r><w:t>あめ</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>雨</w:t></w:r></w:rubyBase>"
            "</w:ruby></w:r>",
            "雨",
        ),
        ("<w:sdt><w:sdtContent><w:r><w:t>field</w:t></w:r></w:sdtContent></w:sdt>", "field"),
        (
            "<m:oMath><m:f><m:num><m:r><m:t>a+b</m:t></m:r></m:num><m:den><m:r><m:t>c</m:t></m:r></m:den></m:f>"
            "<m:sSup><m:e><m:r><m:t>x</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:oMath>",
            "(a+b)/cx^2",
        ),
    ],
    ids=["runs", "breaks", "tracked", "moved", "link", "hidden", "field", "hyphens", "reading", "control", "formula"],
)
def test_a_reader_sees_the_words_of_a_paragraph(content: str, expected: str) -> None:
    """What is quoted is what stands on the printed page."""
    assert _draft(f"<w:p>{content}</w:p>").text == expected


@pytest.mark.parametrize("code", ["-5", "0", "D800", "110000", "x", ""])
def test_a_symbol_that_is_no_character_is_left_out(code: str) -> None:
    """A code that no character has costs the character, not the file."""
    run = f"<w:r><w:t>It rained</w:t><w:sym w:char='{code}'/><w:t>.</w:t></w:r>"
    assert _draft(f"<w:p>{run}</w:p>").text == "It rained."


def test_headings_have_the_levels_of_their_styles() -> None:
    """Headings are told by the style's own name in any language, by what it is based on, or by an outline level."""
    body = (
        _paragraph("The Plan", '<w:pStyle w:val="Title"/>')
        + _paragraph("Money", '<w:pStyle w:val="berschrift2"/>')
        + _paragraph("Costs", '<w:pStyle w:val="Own"/>')
        + _paragraph("Gauges", '<w:outlineLvl w:val="2"/>')
        + _paragraph("Of tin.")
    )
    draft = _draft(body, styles=_STYLES)
    assert draft.title == "The Plan"
    assert [(s.heading, s.level) for s in draft.sections] == [
        ("The Plan", 1),
        ("Money", 2),
        ("Costs", 2),
        ("Gauges", 3),
    ]


def test_lines_to_write_on_are_shown() -> None:
    """Underlined space is a blank of a form, which a sentence makes no sense without; alone it is a rule."""

    def run(inner: str, underline: str) -> str:
        return f'<w:r><w:rPr><w:u w:val="{underline}"/></w:rPr>{inner}</w:r>'

    said = '<w:t xml:space="preserve">My name is </w:t>'
    spaces, tabs = '<w:t xml:space="preserve">      </w:t>', "<w:tab/><w:tab/>"
    sentences = "".join(
        f"<w:p>{run(said, 'none')}{run(inner, underline)}{run('<w:t>.</w:t>', 'none')}</w:p>"
        for inner, underline in ((spaces, "single"), (tabs, "single"), (tabs, "none"), ("<w:t> </w:t>", "single"))
    )
    body = f"{sentences}<w:p>{run(tabs, 'single')}</w:p>{_paragraph('End.')}"
    assert _draft(body).text.split("\n\n") == ["My name is ____."] * 2 + ["My name is ."] * 2 + ["End."]


def test_list_numbers_stand_before_their_paragraphs() -> None:
    """Numbers that Word writes by itself are in the text: one level restarts below another, a list may begin anew."""
    body = "".join(
        [
            _paragraph("one", '<w:pStyle w:val="Article"/>'),
            _item("a", 1, 1),
            _item("b", 1, 1),
            _item("deep", 1, 2),
            _item("two", 1),
            _item("a again", 1, 1),
            _item("round", 2),
            _item("five", 3),
            _item("no list", 0),
            _item("unknown list", 99),
        ]
    )
    assert _draft(body, styles=_STYLES, numbering=_NUMBERING).text.split("\n\n") == [
        "1. one", "(a) a", "(b) b", "1.b.I deep", "2. two", "(a) a again", "• round", "5. five", "no list",
        "unknown list",
    ]  # fmt: skip


def test_tables_are_rows_with_merged_cells_once() -> None:
    """A row is a line; what a cell shows over several rows or columns is said once; layout tables are no tables."""
    merged = "<w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc>"
    body = (
        f"<w:tbl>{_row('state', 'gauges')}{_row('Norway', '12')}"
        f"<w:tr>{merged}<w:tc>{_paragraph('13')}{_paragraph('of tin')}</w:tc></w:tr>{_row('', '')}</w:tbl>"
        f"<w:tbl>{_row('One cell.')}{_row('And another.')}</w:tbl>"
    )
    assert _draft(body).text == "state | gauges\nNorway | 12\n| 13 of tin\n\nOne cell.\n\nAnd another."


def test_notes_stand_at_the_end_with_their_numbers() -> None:
    """Notes are read in the order in which they are referred to, apart from the sentences that refer to them."""
    body = (
        '<w:p><w:r><w:t>It fell.</w:t><w:footnoteReference w:id="3"/></w:r></w:p>'
        '<w:p><w:r><w:t>It froze.</w:t><w:footnoteReference w:id="2"/><w:endnoteReference w:id="2"/></w:r></w:p>'
    )
    notes = "".join(f'<w:footnote w:id="{i}">{_paragraph(f"Note {i}.")}</w:footnote>' for i in (1, 2, 3))
    end = f'<w:endnote w:id="2">{_paragraph("At the end.")}</w:endnote>'
    assert _draft(body, footnotes=notes, endnotes=end).text == (
        "It fell.\n\nIt froze.\n\nNotes\n\n1. Note 3.\n\n2. Note 2.\n\ni. At the end."
    )


def test_text_boxes_are_read_once() -> None:
    """A box is kept in the file for new and old programs; its words are read once, after its paragraph."""
    box = f"<w:txbxContent>{_paragraph('In a box.')}</w:txbxContent>"
    body = (
        f"<w:p><w:r><w:t>Beside it.</w:t><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>{box}</wps:txbx>"
        f"</w:drawing></mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    assert _draft(body).text == "Beside it.\n\nIn a box."


def test_charts_are_tables() -> None:
    """The figures of a chart can be quoted."""

    def points(*values: object) -> str:
        return "".join(f'<c:pt idx="{i}"><c:v>{value}</c:v></c:pt>' for i, value in enumerate(values))

    chart = (
        f"<c:chart><c:title><a:p><a:r><a:t>Rain</a:t></a:r></a:p></c:title><c:ser><c:tx>{points('mm')}</c:tx>"
        f"<c:cat>{points('May', 'June')}</c:cat><c:val>{points(12, '13.600000000000001')}</c:val></c:ser></c:chart>"
    )
    body = '<w:p><w:r><w:drawing><c:chart r:id="chart1"/></w:drawing></w:r></w:p>'
    assert _draft(body, chart1=chart).text == "Rain\n\nmm\nMay | 12\nJune | 13.6"


def _pages(draft: Draft) -> list[tuple[int | None, str]]:
    return [(s.page, draft.text[s.start : s.end].strip()) for s in draft.sections if s.level == PAGE]


def test_pages_are_where_word_saw_them() -> None:
    """An author's break and Word's own mark behind it are one page; a paragraph may lie on two pages."""
    body = (
        "<w:p><w:r><w:t>One.</w:t><w:br w:type='page'/></w:r></w:p>"
        "<w:p><w:r><w:lastRenderedPageBreak/><w:t>Two </w:t><w:lastRenderedPageBreak/><w:t>and three.</w:t></w:r></w:p>"
        "<w:p><w:r><w:br w:type='page'/></w:r></w:p><w:p><w:r><w:t>Four.</w:t></w:r></w:p>"
    )
    draft = _draft(body)
    assert draft.text == "One.\n\nTwo and three.\n\nFour."
    assert _pages(draft) == [(1, "One."), (2, "Two"), (3, "and three."), (4, "Four.")]


def test_an_authors_breaks_alone_are_no_pages() -> None:
    """A break says that a page ends, not which: a citation without a page is better than one with a wrong one."""
    draft = _draft("<w:p><w:r><w:t>One.</w:t><w:br w:type='page'/><w:t>On.</w:t></w:r></w:p>")
    assert (draft.text, _pages(draft)) == ("One.\nOn.", [])


def test_a_row_over_two_pages_is_on_its_first() -> None:
    """Pages go on being right behind a table whose cells all end on the next page."""
    cell = "<w:tc><w:p><w:r><w:t>a</w:t><w:lastRenderedPageBreak/><w:t>b</w:t></w:r></w:p></w:tc>"
    draft = _draft(f"<w:tbl><w:tr>{cell}{cell}</w:tr>{_row('c', 'd')}</w:tbl>{_paragraph('After.')}")
    assert draft.text == "ab | ab\nc | d\n\nAfter."
    assert _pages(draft) == [(1, "ab | ab"), (2, "c | d\n\nAfter.")]


def test_what_is_left_out_is_told() -> None:
    """Comments are no words of the document, and the report says so."""
    draft = _draft(_paragraph("Words."), comments=f"<w:comment>{_paragraph('Really?')}</w:comment>")
    assert (draft.text, draft.warnings) == ("Words.", ("1 comments were left out",))


def test_a_file_of_python_docx_is_read() -> None:
    """A file that a library made, with its template's styles and numbering."""
    from docx import Document

    document = Document()
    document.core_properties.title = "The Rain Plan"
    document.core_properties.author = "Ada Rain"
    document.add_heading("Money", level=1)
    document.add_paragraph("Each state pays for its gauges.")
    document.add_paragraph("brass", style="List Bullet")
    document.add_paragraph("first", style="List Number")
    document.add_paragraph("second", style="List Number")
    document.add_table(rows=1, cols=2).rows[0].cells[1].text = "12"
    stream = io.BytesIO()
    document.save(stream)
    draft = read_word(stream.getvalue(), "file")[0]
    assert draft.title == "The Rain Plan"
    assert draft.metadata["author"] == "Ada Rain"
    assert draft.text == "Money\n\nEach state pays for its gauges.\n\n• brass\n\n1. first\n\n2. second\n\n| 12"


def test_strict_files_are_read() -> None:
    """Files in the strict variant of the format are read like others."""
    strict = '<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"><w:body>{}</w:body></w:document>'
    assert read_word(zipped({"word/document.xml": strict.format(_paragraph("Strict."))}), "file")[0].text == "Strict."


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (zipped({"a.txt": "words"}), "no Word document"),
        (zipped({"word/document.xml": f'<w:document xmlns:w="{W}"/>'}), "no Word document"),
        (word_file("<w:p/>"), "no text in the file"),
        (zipped({"word/document.xml": "<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>"}), "document type"),
    ],
    ids=["other zip", "no body", "no words", "entities"],
)
def test_what_is_no_document_is_refused(content: bytes, reason: str) -> None:
    """A refusal says what is wrong and what to do."""
    with pytest.raises(UnreadableFile, match=reason):
        read_word(content, "file")


def test_long_paragraphs_and_labels_take_no_time() -> None:
    """The time is that of the words, however they are put: a long line with breaks, a long rule for numbers."""
    body = "<w:p><w:r>" + "<w:t>word </w:t><w:lastRenderedPageBreak/>" * 50_000 + "</w:r></w:p>"
    level = f'<w:lvl w:ilvl="0"><w:lvlText w:val="{"x" * 100_000}"/></w:lvl>'
    rule = f'<w:abstractNum w:abstractNumId="7">{level}</w:abstractNum>'
    numbers = f'{rule}<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>'
    begun = time.process_time()
    draft = _draft(body + _item("item", 1) * 1_000, numbering=numbers)
    assert time.process_time() - begun < 10
    assert len(draft.text) < 1_000_000


_NAMES = st.sampled_from(
    "p r t br del ins tbl tr tc hyperlink sdt sdtContent footnoteReference lastRenderedPageBreak pPr numPr".split()
)
_TREES = st.recursive(
    st.sampled_from(["", "words", "42"]),
    lambda inner: st.tuples(_NAMES, st.lists(inner, max_size=4)).map(
        lambda pair: f"<w:{pair[0]}>{''.join(pair[1])}</w:{pair[0]}>"
    ),
    max_leaves=30,
)


@given(_TREES)
def test_any_nesting_is_read_or_refused(tree: str) -> None:
    """Elements in places where no program puts them do no harm, and sections lie within the text."""
    try:
        draft = _draft(f"<w:p><w:r><w:t>Sure.</w:t></w:r></w:p>{tree}")
    except UnreadableFile:
        return
    assert all(0 <= s.start <= s.end <= len(draft.text) for s in draft.sections)
