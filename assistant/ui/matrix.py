"""A matrix of documents and questions as HTML: an accessible table that can be shown while it grows.

On a narrow screen each document becomes a card, of which `compare.css` is half and the roles written here the other: a
table that is laid out anew keeps being one for screen readers. All text is escaped here; nothing knows Gradio.
"""

from dataclasses import replace

from assistant.answer import Citation
from assistant.comparing import Cell, ComparedDocument, Matrix
from assistant.ui.rendering import escape
from assistant.ui.rendering_dates import shown_date
from assistant.ui.wording import Language, text
from corpus.language import language_of

MARKER = "compare-"
"""What the address of a marker's link begins with, behind the #; the citation's number follows."""
_SHAPES = {"supported": "✓", "partly": "◐"}


def extended(matrix: Matrix | None, row: Matrix) -> Matrix:
    """The matrix with the rows of another over the same questions below its own, the citations numbered on.

    It is what `compare` would have made of all the documents at once, as long as no document is in both.
    """
    if matrix is None:
        return row
    numbers = [cell.citation.number for cells in matrix.cells for cell in cells if cell.citation]
    first = max(numbers, default=0)
    cells = tuple(tuple(_shifted(cell, first) for cell in cells) for cells in row.cells)
    return Matrix(matrix.documents + row.documents, matrix.questions, matrix.cells + cells)


def citation_at(matrix: Matrix | None, marker: str) -> Citation | None:
    """The citation that a marker such as "compare-3" stands for; None where there is none, whatever was sent."""
    number = marker.removeprefix(MARKER)
    for cells in matrix.cells if matrix else ():
        for cell in cells:
            if cell.citation and str(cell.citation.number) == number:
                return cell.citation
    return None


def num_silent(matrix: Matrix) -> int:
    """How many cells are silent."""
    return sum(cell.citation is None for cells in matrix.cells for cell in cells)


def matrix_html(matrix: Matrix, language: Language) -> str:
    """The table: a row a document, a column a question; its caption counts both."""
    head = "".join(
        f'<th role="columnheader" scope="col">{escape(heading)}</th>'
        for heading in (text("compare.document", language), *matrix.questions)
    )
    rows = "".join(
        _row(document, cells, matrix.questions, language)
        for document, cells in zip(matrix.documents, matrix.cells, strict=True)
    )
    caption = text("compare.caption", language, documents=len(matrix.documents), questions=len(matrix.questions))
    name = escape(text("compare.matrix", language))
    return (
        f'<div class="matrix" role="region" tabindex="0" aria-label="{name}">'
        f'<table role="table"><caption>{escape(caption)}</caption>'
        f'<thead role="rowgroup"><tr role="row">{head}</tr></thead><tbody role="rowgroup">{rows}</tbody></table></div>'
    )


def _row(document: ComparedDocument, cells: tuple[Cell, ...], questions: tuple[str, ...], language: Language) -> str:
    date = shown_date(document.published, language) if document.published else text("compare.no_date", language)
    columns = "".join(
        f'<td role="cell"><span class="asked" aria-hidden="true">{escape(question)}</span>{_cell(cell, language)}</td>'
        for question, cell in zip(questions, cells, strict=True)
    )
    title = f'<span lang="{language_of(document.title)}">{escape(document.title or document.id)}</span>'
    return (
        f'<tr role="row"><th role="rowheader" scope="row">{title} <span class="date">{escape(date)}</span></th>'
        f"{columns}</tr>"
    )


def _cell(cell: Cell, language: Language) -> str:
    """The quote with its marker and verdict, or silence with what was searched for."""
    if cell.citation is None:
        silent, queries = escape(text("compare.silent", language)), " · ".join(cell.searched)
        searched = escape(text("compare.searched", language, queries=queries))
        return f'<em class="silent">{silent}</em> <span class="searched">{searched}</span>'
    citation = cell.citation
    shows = escape(text("compare.show_source", language, number=citation.number, title=citation.title))
    verdict = escape(text(f"compare.{cell.verdict}", language))
    quote = escape(" ".join(citation.quote.split()))
    return (
        f'<q lang="{language_of(citation.quote)}">{quote}</q> '
        f'<a class="cite" href="#{MARKER}{citation.number}" role="button" tabindex="0" aria-label="{shows}">'
        f"&#91;{citation.number}&#93;</a>"
        f'<span class="verdict {cell.verdict}" role="img" title="{verdict}" aria-label="{verdict}">'
        f"{_SHAPES[cell.verdict]}</span>"
    )


def _shifted(cell: Cell, by: int) -> Cell:
    if cell.citation is None:
        return cell
    return replace(cell, citation=replace(cell.citation, number=cell.citation.number + by))
