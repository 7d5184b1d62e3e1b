"""Small whole files of each format that is a package, rich in what its reader looks at, for the fuzzing to change."""

import io
import zipfile
from functools import cache

from tests.corpus.reading.office_files import add_table_and_chart, open_file, sheet_file, word_file

Parts = dict[str, bytes]
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_READ = (".xml", ".rels", ".xhtml", ".ncx", ".opf")
_UNREAD = (
    "theme",
    "printerSettings",
    "presProps",
    "viewProps",
    "tableStyles",
    *(f"Layout{n}." for n in (1, *range(8, 12))),
)


def _parts(file: bytes) -> Parts:
    """The parts of a package that a reader looks at."""
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        names = [n for n in archive.namelist() if n.endswith(_READ) and not any(word in n for word in _UNREAD)]
        return {name: archive.read(name) for name in names}


def _run(words: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t xml:space='preserve'>{words}</w:t></w:r>"


def _paragraph(inner: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>"


@cache
def word_parts() -> list[Parts]:
    """Word: headings, lists, tables, notes, boxes, charts, formulas, pages, changes."""
    numbered = [
        _paragraph(_run(words), f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>')
        for words, level in (("one", 0), ("a", 1), ("two", 0))
    ]
    cell = "<w:tc><w:tcPr>{}</w:tcPr>{}</w:tc>"
    table = "".join(
        f"<w:tr>{cell.format(first, _paragraph(_run('state')))}{cell.format('', _paragraph(_run('12')))}</w:tr>"
        for first in ('<w:gridSpan w:val="1"/>', '<w:vMerge w:val="restart"/>', "<w:vMerge/>")
    )
    box = f"<w:txbxContent>{_paragraph(_run('In a box.'))}</w:txbxContent>"
    formula = (
        "<m:oMath><m:f><m:num><m:r><m:t>a</m:t></m:r></m:num><m:den><m:r><m:t>c</m:t></m:r></m:den></m:f><m:sSup><m:e>"
        "<m:r><m:t>x</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:oMath>"
    )
    body = (
        _paragraph(_run("The Plan"), '<w:pStyle w:val="Title"/>')
        + _paragraph(_run("Money"), '<w:pStyle w:val="H2"/>')
        + "".join(numbered)
        + f"<w:tbl>{table}</w:tbl>"
        + _paragraph(_run("It fell") + _run("3", '<w:vertAlign w:val="superscript"/>') +
                     "<w:r><w:br w:type='page'/></w:r><w:r><w:lastRenderedPageBreak/><w:t>on.</w:t>"
                     "<w:footnoteReference w:id='2'/></w:r>" + formula)
        + _paragraph(f"<w:del>{_run('old')}</w:del><w:ins>{_run('new')}</w:ins>{_run('x', '<w:vanish/>')}")
        + "<w:p><w:r><w:sym w:char='41'/></w:r></w:p>"
        + f"<w:p><w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
        + '<w:p><w:r><w:drawing><c:chart r:id="chart1"/></w:drawing></w:r></w:p>'
        + f"<w:sdt><w:sdtContent>{_paragraph(_run('field'))}</w:sdtContent></w:sdt><w:sectPr/>"
    )  # fmt: skip
    styles = (
        '<w:docDefaults/><w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="H2"><w:name w:val="heading 2"/><w:basedOn w:val="Title"/><w:pPr>'
        '<w:outlineLvl w:val="1"/><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{style}"/><w:lvlText w:val="%{level + 1}."/>'
        f"</w:lvl>"
        for level, style in enumerate(("decimal", "lowerRoman", "upperLetter", "japaneseCounting"))
    )
    numbering = (
        f'<w:abstractNum w:abstractNumId="7">{levels}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="7"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="3"/></w:lvlOverride></w:num>'
    )
    note = f'<w:footnote w:id="2">{_paragraph(_run("So it was."))}</w:footnote>'
    points = '<c:pt idx="{}"><c:v>{}</c:v></c:pt>'
    chart = (
        f"<c:chart><c:title><a:p><a:r><a:t>Rain</a:t></a:r></a:p></c:title><c:ser><c:tx>{points.format(0, 'mm')}"
        f"</c:tx><c:cat>"
        f"{points.format(0, 'May')}</c:cat><c:val>{points.format(0, 12)}{points.format(1, 13.5)}</c:val></c:ser>"
        f"</c:chart>"
    )
    return [_parts(word_file(body, styles=styles, numbering=numbering, footnotes=note, chart1=chart))]


@cache
def sheet_parts() -> list[Parts]:
    """Excel: words, numbers, days, shared strings, formats, merged, hidden and far cells."""
    rows = (
        '<s:row r="1"><s:c r="A1" t="s"><s:v>0</s:v></s:c><s:c r="B1" t="inlineStr"><s:is><s:t>mm</s:t></s:is>'
        "</s:c></s:row>"
        '<s:row r="2"><s:c r="A2" t="b"><s:v>1</s:v></s:c><s:c r="B2" s="1"><s:v>1234.5</s:v></s:c></s:row>'
        '<s:row r="3"><s:c r="A3" t="e"><s:v>#N/A</s:v></s:c><s:c r="B3" s="2"><s:v>44000.25</s:v></s:c></s:row>'
        '<s:row r="4" hidden="1"/><s:row r="9"><s:c r="C9" t="str"><s:f>A1</s:f><s:v>found</s:v></s:c>'
        '<s:c s="3"><s:v>0.5</s:v></s:c><s:c t="d"><s:v>2021-03-04</s:v></s:c><s:c s="4"><s:v>-3</s:v></s:c></s:row>'
    )
    formats = ("0&quot; mm&quot;", "yyyy-mm-dd hh:mm:ss.00", "# ?/?", "[Red]-#,##0.00;(0);&quot;nil&quot;;@", "0.0E+00")
    styles = (
        "<s:numFmts>" + "".join(f'<s:numFmt numFmtId="{164 + n}" formatCode="{f}"/>' for n, f in enumerate(formats))
        + "</s:numFmts><s:cellXfs>" + "".join(f'<s:xf numFmtId="{n}"/>' for n in (0, 164, 165, 166, 167, 168, 14))
        + "</s:cellXfs>"
    )  # fmt: skip
    strings = "<s:si><s:r><s:t>雨</s:t></s:r><s:rPh><s:t>ウ</s:t></s:rPh></s:si><s:si><s:t>rain</s:t></s:si>"
    head = '<s:cols><s:col min="4" max="16384" hidden="1"/></s:cols>'
    return [_parts(sheet_file(rows, strings=strings, styles=styles, head=head)), _parts(_workbook())]


def _workbook() -> bytes:
    from datetime import date

    from openpyxl import Workbook

    book = Workbook()
    book.properties.title = "Rain gauges"
    for row in (["Country", "Share", "Since"], ["Japan", 0.125, date(2021, 3, 4)], [], ["Sum of all"], ["=A1"]):
        book.active.append(row)
    book.active["B2"].number_format = "0.0%"
    book.active.merge_cells("A4:C4")
    book.create_sheet("Secret").sheet_state = "hidden"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@cache
def slide_parts() -> list[Parts]:
    """PowerPoint: titles, bullets, notes, tables, groups, a chart."""
    from lxml import etree
    from pptx import Presentation
    from pptx.util import Cm

    made = Presentation()
    first = made.slides.add_slide(made.slide_layouts[1])
    first.shapes.title.text = "The Rain Plan"
    first.placeholders[1].text = "Gauges of brass\nGauges of tin"
    numbered = first.placeholders[1].text_frame.paragraphs[1]._p.get_or_add_pPr()
    etree.SubElement(numbered, f"{{{_DRAWING}}}buAutoNum", type="alphaLcParenR", startAt="3")
    first.notes_slide.notes_text_frame.text = "Say it slowly."
    second = made.slides.add_slide(made.slide_layouts[6])
    second.shapes.add_group_shape().shapes.add_textbox(Cm(1), Cm(1), Cm(4), Cm(1)).text_frame.text = "Only words."
    add_table_and_chart(second)
    stream = io.BytesIO()
    made.save(stream)
    return [_parts(stream.getvalue())]


def _cells(*texts: str) -> str:
    return "".join(
        f'<table:table-cell office:value-type="float" table:number-columns-repeated="2"><text:p>{text}</text:p>'
        f"</table:table-cell>"
        for text in texts
    )


@cache
def open_parts() -> list[Parts]:
    """OpenDocument: a text, a sheet, slides."""
    lists = (
        '<text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-format="1" '
        'style:num-suffix="."'
        ' text:start-value="3"/><text:list-level-style-number text:level="2" style:num-format="a" '
        'text:display-levels="2"/>'
        '</text:list-style><style:style style:name="P1" style:parent-style-name="Title" style:family="paragraph">'
        '<style:paragraph-properties fo:break-before="page"/></style:style>'
        '<style:style style:name="T2"><style:table-properties table:display="false"/></style:style>'
    )
    item = "<text:list-item text:start-value='4'><text:p>one</text:p></text:list-item>"
    rows = f'<table:table-row table:number-rows-repeated="3">{_cells("state", "12")}</table:table-row>'
    note = (
        "<text:note><text:note-citation>1</text:note-citation>"
        "<text:note-body><text:p>So.</text:p></text:note-body></text:note>"
    )
    frame = "<draw:frame presentation:class='title'><draw:text-box><text:p>Boxed.</text:p></draw:text-box></draw:frame>"
    text = (
        '<text:p text:style-name="P1">The Plan</text:p><text:h text:outline-level="2">Money</text:h>'
        f'<text:list text:style-name="L1" text:continue-numbering="true">{item}<text:list-item><text:list>{item}'
        f"</text:list>"
        f"</text:list-item></text:list><text:p>a<text:s text:c='2'/>b<text:tab/>c<text:line-break/>{note}"
        f"<text:soft-page-break/>"
        f"d<text:span>e</text:span></text:p>{frame}<table:table><table:table-header-rows>{rows}"
        f"</table:table-header-rows>{rows}"
        "</table:table><text:tracked-changes><text:p>deleted</text:p></text:tracked-changes>"
    )
    sheet = (
        f'<table:table table:name="Gauges" table:style-name="T2">{rows}{rows}</table:table>'
        f"<table:table>{rows}</table:table>"
    )
    slides = (
        f"<draw:page>{frame}<draw:g>{frame}</draw:g><presentation:notes>{frame}</presentation:notes></draw:page>" * 2
    )
    outline = '<text:outline-style><text:outline-level-style text:level="2" style:num-format="I"/></text:outline-style>'
    meta = '<meta:creation-date>2024-05-06T07:00:00</meta:creation-date><meta:document-statistic meta:page-count="2"/>'
    return [
        _parts(open_file(body, kind=kind, automatic=lists, styles=outline, meta=meta))
        for body, kind in ((text, "text"), (sheet, "spreadsheet"), (slides, "presentation"))
    ]


@cache
def book_parts() -> list[Parts]:
    """EPUB: two chapters with page marks, a page list in each of its two forms."""
    page = (
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><head><title>Rain'
        "</title></head>"
        '<body><h1 id="a">Rain</h1><p>It <span epub:type="pagebreak" id="p7" title="7"/>rained.<br/>Again.<sup>2'
        "</sup></p>"
        '<ol start="3"><li value="5">one</li></ol><table><tr><td>a</td><td id="b">b</td></tr></table>{}</body></html>'
    )
    opf = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:opf="http://www.idpf.org/2007/opf"><metadata '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Rain</dc:title><dc:creator>Ada</dc:creator><dc:date '
        'opf:event="publication">2019-08-23</dc:date></metadata><manifest><item id="nav" href="nav.xhtml" '
        'properties="nav" '
        'media-type="application/xhtml+xml"/><item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
        '<item id="one" '
        'href="one%20a.xhtml" media-type="application/xhtml+xml"/><item id="two" href="two.xhtml" '
        'media-type="application/xhtml+xml"/></manifest><spine toc="ncx"><itemref idref="two"/><itemref '
        'idref="one"/></spine></package>'
    )
    marks = (
        '<nav epub:type="page-list"><ol><li><a href="two.xhtml#a">1</a></li><li><a href="one%20a.xhtml#b">ii'
        "</a></li></ol></nav>"
    )
    container = '<container><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
    ncx = (
        '<ncx><pageList><pageTarget value="8"><navLabel><text>7</text></navLabel>'
        '<content src="two.xhtml#b"/></pageTarget></pageList></ncx>'
    )
    files = {
        "META-INF/container.xml": container,
        "OEBPS/book.opf": opf,
        "OEBPS/nav.xhtml": page.format(marks),
        "OEBPS/toc.ncx": ncx,
        "OEBPS/one a.xhtml": page.format("<pre>a\n b</pre>"),
        "OEBPS/two.xhtml": page.format(""),
    }
    whole = {name: text.encode() for name, text in files.items()}
    return [whole, {name: content for name, content in whole.items() if "nav" not in name}]
