import pytest
from hypothesis import given, settings

from corpus.document import PAGE, Draft
from corpus.errors import UnreadableFile
from corpus.reading.open_document.reader import read_open_document
from tests.corpus.reading.office_files import open_file, zipped
from tests.soak.contents import FILES
from tests.soak.promises import check_file

_LIST = (
    '<text:list-style style:name="L1">'
    '<text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>'
    '<text:list-level-style-number text:level="2" style:num-format="a" style:num-prefix="(" style:num-suffix=")"/>'
    '<text:list-level-style-bullet text:level="3" text:bullet-char="•"/></text:list-style>'
)


def _draft(body: str, **more: str) -> Draft:
    return read_open_document(open_file(body, **more), "file")[0]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("a<text:s text:c='2'/>b<text:tab/>c<text:line-break/>d", "a b c\nd"),
        ("a <text:span>bold</text:span> <text:a>link</text:a>", "a bold link"),
        ("kept<text:change text:change-id='1'/>", "kept"),
        ("said<office:annotation><text:p>Really?</text:p></office:annotation>", "said"),
        ("<text:ruby><text:ruby-base>雨</text:ruby-base><text:ruby-text>あめ</text:ruby-text></text:ruby>", "雨"),
        ("one\n  line", "one line"),
        ("<draw:frame><draw:text-box><text:p>Boxed.</text:p></draw:text-box></draw:frame>Beside.", "Beside.\n\nBoxed."),
    ],
    ids=["spaces", "spans", "change", "comment", "reading", "line of the XML", "box"],
)
def test_a_reader_sees_the_words_of_a_paragraph(content: str, expected: str) -> None:
    """What is quoted is what stands on the page."""
    assert _draft(f"<text:p>{content}</text:p>").text == expected


def test_headings_title_and_properties() -> None:
    """Headings have their outline levels and numbers; a paragraph in the style "Title" names the document."""
    body = (
        "<text:tracked-changes><text:p>deleted</text:p></text:tracked-changes>"
        '<text:p text:style-name="P1">The Plan</text:p><text:h text:outline-level="1">Money</text:h>'
        '<text:h text:outline-level="2">Costs</text:h><text:p>Tin.</text:p>'
    )
    outline = (
        '<text:outline-style><text:outline-level-style text:level="1" style:num-format="1"/><text:outline-level-style '
        'text:level="2" style:num-format="1" text:display-levels="2"/></text:outline-style>'
    )
    automatic = '<style:style style:name="P1" style:parent-style-name="Title"/>'
    meta = (
        "<meta:initial-creator>Ada Rain</meta:initial-creator>"
        "<meta:creation-date>2024-05-06T07:00:00</meta:creation-date>"
    )
    draft = _draft(body, automatic=automatic, styles=outline, meta=meta)
    assert draft.text == "The Plan\n\n1 Money\n\n1.1 Costs\n\nTin."
    assert [(s.heading, s.level) for s in draft.sections] == [("The Plan", 1), ("1 Money", 1), ("1.1 Costs", 2)]
    assert (draft.title, draft.metadata) == ("The Plan", {"author": "Ada Rain", "created": "2024-05-06"})


def test_lists_have_their_numbers() -> None:
    """Numbers are counted level by level; a list may go on with another's."""

    def item(text: str, inner: str = "") -> str:
        return f"<text:list-item><text:p>{text}</text:p>{inner}</text:list-item>"

    deep = f"<text:list>{item('round')}</text:list>"
    inner = f"<text:list>{item('a')}{item('b', deep)}</text:list>"
    body = (
        f'<text:list text:style-name="L1">{item("one", inner)}{item("two")}</text:list><text:p>Between.</text:p>'
        f'<text:list text:style-name="L1" text:continue-numbering="true">{item("three")}</text:list>'
        f'<text:list text:style-name="L1">{item("anew")}</text:list>'
    )
    assert _draft(body, automatic=_LIST).text.split("\n\n") == [
        "1. one", "(a) a", "(b) b", "• round", "2. two", "Between.", "3. three", "1. anew",
    ]  # fmt: skip


def test_tables_and_notes() -> None:
    """Rows are lines, covered cells stay empty, and notes follow at the end."""

    def cell(text: str) -> str:
        return f"<table:table-cell><text:p>{text}</text:p></table:table-cell>"

    note = (
        "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>So it was.</text:p>"
        "</text:note-body></text:note>"
    )
    body = (
        f"<table:table><table:table-header-rows><table:table-row>{cell('state')}{cell('gauges')}</table:table-row>"
        f"</table:table-header-rows><table:table-row><table:covered-table-cell/>{cell('12')}</table:table-row>"
        f"</table:table><text:p>It fell.{note}</text:p>"
    )
    assert _draft(body).text == "state | gauges\n| 12\n\nIt fell.\n\nNotes\n\n1. So it was."


def test_objects_that_are_not_read_are_told() -> None:
    """A formula or sheet that is set into the text is named in the report."""
    draft = _draft("<text:p>Words.<draw:frame><draw:object/></draw:frame></text:p>")
    assert (draft.text, draft.warnings) == ("Words.", ("1 formulas, charts or sheets within it were not read",))


@pytest.mark.parametrize(("stated", "pages"), [(3, [1, 2, 3]), (9, [])], ids=["as many", "not as many"])
def test_pages_are_known_where_all_breaks_are(stated: int, pages: list[int]) -> None:
    """Breaks that the program marked and breaks that a style asks for; none where the file says it has more."""
    body = '<text:p>One and <text:soft-page-break/>two.</text:p><text:p text:style-name="P1">Three.</text:p>'
    automatic = '<style:style style:name="P1"><style:paragraph-properties fo:break-before="page"/></style:style>'
    meta = f'<meta:document-statistic meta:page-count="{stated}"/>'
    draft = _draft(body, automatic=automatic, meta=meta)
    assert draft.text == "One and two.\n\nThree."
    assert [s.page for s in draft.sections if s.level == PAGE] == pages


def test_sheets_are_read_like_other_spreadsheets() -> None:
    """A sheet is a heading, a row a sentence; hidden sheets and rows are left out and told, repeats are counted."""

    def cell(text: str, kind: str = "string", more: str = "") -> str:
        return f'<table:table-cell office:value-type="{kind}" {more}><text:p>{text}</text:p></table:table-cell>'

    empty = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
    body = (
        f'<table:table table:name="Gauges"><table:table-row>{cell("state")}{cell("gauges")}</table:table-row>'
        f"<table:table-row>{cell('Norway')}{cell('12', 'float')}</table:table-row>"
        f'<table:table-row table:visibility="collapse">{cell("hidden")}</table:table-row>{empty}'
        f"<table:table-row>{cell('x', more=chr(116) + 'able:number-columns-repeated=' + chr(34) + '2' + chr(34))}"
        f'</table:table-row></table:table><table:table table:name="Secret" table:style-name="T2">'
        f"<table:table-row>{cell('secret')}</table:table-row></table:table>"
    )
    automatic = '<style:style style:name="T2"><style:table-properties table:display="false"/></style:style>'
    draft = _draft(body, kind="spreadsheet", automatic=automatic)
    assert draft.text == "Gauges\n\nstate | gauges\nstate: Norway; gauges: 12\nx | x"
    assert draft.warnings == ("1 hidden rows were left out", "hidden sheets were left out: 'Secret'")


def test_slides_are_pages() -> None:
    """Slides are read with their titles, items, tables and notes."""
    body = (
        "<draw:page><draw:frame><draw:text-box><text:list><text:list-item><text:p>tin</text:p></text:list-item>"
        "</text:list></draw:text-box></draw:frame>"
        '<draw:frame presentation:class="title"><draw:text-box><text:p>Rain</text:p></draw:text-box></draw:frame>'
        '<presentation:notes><draw:frame presentation:class="notes"><draw:text-box><text:p>Slowly.</text:p>'
        "</draw:text-box></draw:frame></presentation:notes></draw:page>"
    )
    draft = _draft(body + body.replace("Rain", ""), kind="presentation")
    assert draft.text == "Rain\n\n• tin\n\nNotes\n\nSlowly.\n\nSlide 2\n\n• tin\n\nNotes\n\nSlowly."
    assert [s.page for s in draft.sections if s.level == PAGE] == [1, 2]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (zipped({"a.txt": "words"}), "no OpenDocument"),
        (open_file("<text:p/>"), "no text"),
        (zipped({"META-INF/manifest.xml": "<m:encryption-data/>", "content.xml": b"\1\2"}), "password"),
    ],
    ids=["other zip", "no words", "password"],
)
def test_what_cannot_be_read_is_refused(content: bytes, reason: str) -> None:
    """A refusal says what is wrong."""
    with pytest.raises(UnreadableFile, match=reason):
        read_open_document(content, "file")


@given(FILES["odf"][0])
@settings(max_examples=30, deadline=None)
def test_a_changed_document_is_read_or_refused(content: bytes) -> None:
    """Elements in places where no program puts them do no harm, and sections lie within the text."""
    check_file(FILES["odf"][1])(content)
