"""Packs and matrices as DOCX: what a claim rests on stands at the foot of its page, in real footnotes.

Every marker has a footnote of its own. Characters that XML forbids appear as U+FFFD. The same pack gives the same
text; the file's bytes hold the time at which it was written.
"""

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from assistant.answer import Answer, Citation
from assistant.comparing import Cell, Matrix
from assistant.exporting.escaping import visible
from assistant.exporting.footnotes import Footnotes
from assistant.exporting.pack import Pack, Version
from assistant.exporting.wording import (
    DOCUMENT_COLUMNS,
    document_row,
    heading_of,
    judgement_of,
    place_of,
    quoted,
    refusal_of,
    remarks_of,
    since,
    span_of,
    version_in,
)

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

_A4_MM = (210, 297)
_MARGIN_MM = 22
_SMALL_PT = 8.5
_DOCUMENT_COLUMNS_MM = (48, 26, 37, 37, 18)
_HEADING, _BULLET = "Heading1", "ListBullet"  # ids of styles: python-docx takes milliseconds to find one by name


def pack_docx(pack: Pack) -> bytes:
    """The pack as a DOCX file: a section a turn, then a table of the documents cited."""
    document = _new_document(pack.conversation.title or "Conversation")
    notes = Footnotes(document)
    document.add_paragraph(visible(span_of(pack.conversation)))
    for turn in pack.turns:
        _add_paragraph(document, f"{turn.number}. {heading_of(turn)}", style=_HEADING)
        for remark in remarks_of(turn):
            paragraph = document.add_paragraph()
            paragraph.paragraph_format.space_after = 0
            _small(paragraph, remark)
        _add_answer(document, turn.answer, pack, notes)
    _add_paragraph(document, "Documents cited", style=_HEADING)
    rows = [document_row(version) for version in pack.versions]
    table = _add_table(document, DOCUMENT_COLUMNS, num_rows=len(rows))
    _widen(table, _DOCUMENT_COLUMNS_MM)
    for line, row in zip(table.rows[1:], rows, strict=True):
        for cell, text in zip(line.cells, row, strict=True):
            _small(cell.paragraphs[0], text)
    return _saved(document, notes)


def matrix_docx(matrix: Matrix) -> bytes:
    """The matrix as a DOCX file: a table on pages in landscape, the places of its quotes in footnotes."""
    document = _new_document("Comparison", landscape=True)
    notes = Footnotes(document)
    table = _add_table(document, ("Document", *matrix.questions), num_rows=len(matrix.documents))
    for line, compared, cells in zip(table.rows[1:], matrix.documents, matrix.cells, strict=True):
        first, *others = line.cells  # read once: python-docx walks the whole table for each cell it is asked for
        first.paragraphs[0].add_run(visible(compared.title or compared.id)).bold = True
        _small(first.add_paragraph(), compared.published or "no date")
        for place, cell in zip(others, cells, strict=True):
            _fill(place.paragraphs[0], cell, matrix, notes)
    return _saved(document, notes)


def _add_answer(document: "Document", answer: Answer, pack: Pack, notes: Footnotes) -> None:
    if answer.refusal:
        for line in refusal_of(answer.refusal):
            document.add_paragraph(visible(line))
        if answer.refusal.nearest:
            document.add_paragraph("Nearest passages:")
        for citation in answer.refusal.nearest:
            paragraph = _add_paragraph(document, f"“{citation.quote}”", style=_BULLET)
            _cite(paragraph, citation, pack.version(citation), notes)
        return
    by_number = {citation.number: citation for citation in answer.citations}
    for claim in answer.claims:
        paragraph = _add_paragraph(document, claim.text, style=_BULLET)
        for rank, citation in enumerate(by_number[number] for number in claim.citations if number in by_number):
            if rank:
                paragraph.add_run(",").font.superscript = True  # or 1 and 2 read as 12
            _cite(paragraph, citation, pack.version(citation), notes)
        _small(paragraph, f" ({judgement_of(claim)})")


def _fill(paragraph: "Paragraph", cell: Cell, matrix: Matrix, notes: Footnotes) -> None:
    if cell.citation is None:
        paragraph.add_run("silent").italic = True
        _small(paragraph, f"; searched for {quoted(cell.searched)}")
        return
    paragraph.add_run(visible(f"“{cell.citation.quote}”"))
    _cite(paragraph, cell.citation, version_in(matrix, cell.citation), notes)
    if cell.verdict == "partly":
        _small(paragraph, " (partly supported)")


def _cite(paragraph: "Paragraph", citation: Citation, version: Version, notes: Footnotes) -> None:
    notes.add(paragraph, f"“{citation.quote}” {place_of(citation, version)}", strong=since(version))


def _new_document(title: str, *, landscape: bool = False) -> "Document":
    import docx
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm

    document = docx.Document()
    section = document.sections[0]
    width, height = reversed(_A4_MM) if landscape else _A4_MM
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(_MARGIN_MM)
    document.core_properties.title = visible(title)[:255]
    document.core_properties.author = "Communiqué"
    document.core_properties.comments = ""
    document.add_heading(visible(title), level=0)
    return document


def _add_paragraph(document: "Document", text: str, *, style: str) -> "Paragraph":
    paragraph = document.add_paragraph(visible(text))
    paragraph._p.style = style
    return paragraph


def _add_table(document: "Document", columns: Sequence[str], *, num_rows: int) -> Any:
    """An empty table whose first row holds the columns' names and is repeated on every page."""
    from docx.oxml import OxmlElement

    table = document.add_table(rows=1 + num_rows, cols=len(columns), style="Table Grid")
    for cell, name in zip(table.rows[0].cells, columns, strict=True):
        cell.paragraphs[0].add_run(visible(name)).bold = True
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    return table


def _widen(table: Any, widths_mm: Sequence[int]) -> None:
    """Gives the columns of a table their widths; a word processor goes by those of the cells."""
    from docx.shared import Mm

    table.autofit = False
    for column, width in zip(table.columns, widths_mm, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths_mm, strict=True):
            cell.width = Mm(width)


def _small(paragraph: "Paragraph", text: str) -> None:
    from docx.shared import Pt

    paragraph.add_run(visible(text)).font.size = Pt(_SMALL_PT)


def _saved(document: "Document", notes: Footnotes) -> bytes:
    notes.attach()
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()
