"""Office files made by hand for the tests: zips of the parts that a test needs, and no more."""

import io
import zipfile
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NAMESPACES = (
    f'xmlns:w="{W}" xmlns:r="{_DOCUMENT}" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:s="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
)
_ODF = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{path}:1.0"'
    for name, path in {
        "office": "office", "text": "text", "table": "table", "style": "style", "draw": "drawing", "meta": "meta",
        "fo": "xsl-fo-compatible", "presentation": "presentation",
    }.items()
)  # fmt: skip


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip of these members."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return stream.getvalue()


def relations(targets: Mapping[str, tuple[str, str]]) -> str:
    """A part of relations: id → (kind, target)."""
    found = "".join(
        f'<Relationship Id="{key}" Type="{_DOCUMENT}/{kind}" Target="{target}"/>'
        for key, (kind, target) in targets.items()
    )
    return f'<Relationships xmlns="{_PACKAGE}">{found}</Relationships>'


def word_file(body: str, **parts: str) -> bytes:
    """A Word file of that body; `styles`, `numbering`, `footnotes` … are what these parts hold, `chart1` a chart."""
    roots = {"endnotes": "endnotes", "footnotes": "footnotes", "styles": "styles", "comments": "comments"}
    files: dict[str, str | bytes] = {
        "_rels/.rels": relations({"r1": ("officeDocument", "word/document.xml")}),
        "word/document.xml": f"<w:document {_NAMESPACES}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": relations({key: (key.rstrip("1"), f"{key}.xml") for key in parts}),
    }
    for key, content in parts.items():
        root = "c:chartSpace" if key.startswith("chart") else f"w:{roots.get(key, key)}"
        files[f"word/{key}.xml"] = f"<{root} {_NAMESPACES}>{content}</{root}>"
    return zipped(files)


def sheet_file(
    rows: str,
    *,
    strings: str = "",
    styles: str = "",
    sheets: str = "",
    head: str = "",
    parts: Mapping[str, str | bytes] = MappingProxyType({}),
) -> bytes:
    """An Excel file with a sheet "Gauges" of these rows; `sheets` are further ones, which have no rows."""
    targets = {"r1": ("worksheet", "sheet.xml"), "r2": ("sharedStrings", "strings.xml"), "r3": ("styles", "styles.xml")}
    book = f'<s:sheets><s:sheet name="Gauges" r:id="r1"/>{sheets}</s:sheets>'
    return zipped(
        {
            "_rels/.rels": relations({"r1": ("officeDocument", "xl/workbook.xml")}),
            "xl/_rels/workbook.xml.rels": relations(targets),
            "xl/workbook.xml": f"<s:workbook {_NAMESPACES}>{book}</s:workbook>",
            "xl/sheet.xml": f"<s:worksheet {_NAMESPACES}>{head}<s:sheetData>{rows}</s:sheetData></s:worksheet>",
            "xl/strings.xml": f"<s:sst {_NAMESPACES}>{strings}</s:sst>",
            "xl/styles.xml": f"<s:styleSheet {_NAMESPACES}>{styles}</s:styleSheet>",
            **parts,
        }
    )


def open_file(body: str, *, kind: str = "text", automatic: str = "", styles: str = "", meta: str = "") -> bytes:
    """An OpenDocument file of that kind; `automatic` and `styles` are the styles of the content and of the document."""
    content = (
        f"<office:document-content {_ODF}><office:automatic-styles>{automatic}</office:automatic-styles>"
        f"<office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>"
    )
    return zipped(
        {
            "content.xml": content,
            "styles.xml": f"<office:document-styles {_ODF}>{styles}</office:document-styles>",
            "meta.xml": f"<office:document-meta {_ODF}><office:meta>{meta}</office:meta></office:document-meta>",
        }
    )


def add_table_and_chart(slide: Any) -> None:
    """A table of two rows, two of its cells merged, and a chart of one series."""
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE
    from pptx.util import Cm

    table = slide.shapes.add_table(2, 3, Cm(1), Cm(1), Cm(9), Cm(2)).table
    for at, text in enumerate(["state", "gauges", "", "Norway", "12", "13"]):
        table.cell(at // 3, at % 3).text = text
    table.cell(0, 1).merge(table.cell(0, 2))
    data = CategoryChartData()
    data.categories = ["May", "June"]
    data.add_series("mm", (12, 13.5))
    slide.shapes.add_chart(XL_CHART_TYPE.LINE, Cm(1), Cm(8), Cm(9), Cm(5), data)
