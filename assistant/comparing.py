"""Documents side by side: the same questions put to each of them alone.

A cell is the words of the document that bear most on the question, or silence, with what was searched for. No LLM is
asked, and what a document says is not judged against what another says.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from assistant.answer import Answer, Citation, citation_json
from assistant.answering import answer, valid_question
from assistant.errors import InvalidCall
from assistant.sources import Sources
from index.scope import Scope

SILENT = "silent"

Progress = Callable[[Sequence[tuple[str, str]]], Iterable[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class ComparedDocument:
    """A document that was asked, in the version of `sha256`."""

    id: str
    title: str
    published: str | None
    sha256: str


@dataclass(frozen=True, slots=True)
class Cell:
    """What one document says to one question.

    `verdict` is that of the claim which the citation supports, "supported" or "partly", or "silent" where there is
    none; `searched` holds the queries that were tried.
    """

    citation: Citation | None
    searched: tuple[str, ...]
    verdict: str


@dataclass(frozen=True, slots=True)
class Matrix:
    """Documents × questions: `cells[i][j]` is what document i says to question j.

    Citations are numbered through the whole matrix, row by row, a number for one span.
    """

    documents: tuple[ComparedDocument, ...]
    questions: tuple[str, ...]
    cells: tuple[tuple[Cell, ...], ...]


def compare(
    sources: Sources, document_ids: Sequence[str], questions: Sequence[str], *, progress: Progress | None = None
) -> Matrix:
    """What each document says to each question; what is named twice is asked once.

    `progress` is given the pairs of document and question, and hands them on one by one. Raises `UnknownDocument`, and
    `InvalidCall` when there is nothing to compare or a question cannot be asked.
    """
    asked = tuple(dict.fromkeys(valid_question(question) for question in questions))
    if not asked or not document_ids:
        raise InvalidCall(f"nothing to compare: there are no {'documents' if asked else 'questions'}")
    documents = tuple(_document(sources, id_) for id_ in dict.fromkeys(document_ids))
    quoting = replace(sources, writer=None)
    pairs = [(document.id, question) for document in documents for question in asked]
    numbers: dict[tuple[str, str, int, int], int] = {}
    cells = [
        _numbered(_cell(answer(question, quoting, scope=Scope(document_ids=(id_,)))), numbers)
        for id_, question in (progress(pairs) if progress else pairs)
    ]
    rows = tuple(tuple(cells[i : i + len(asked)]) for i in range(0, len(cells), len(asked)))
    return Matrix(documents, asked, rows)


def matrix_json(matrix: Matrix) -> dict[str, Any]:
    """The matrix for programs, citations as the contract of the command line has them."""
    return {
        "documents": [asdict(document) for document in matrix.documents],
        "questions": list(matrix.questions),
        "cells": [[_cell_json(cell) for cell in row] for row in matrix.cells],
    }


def _document(sources: Sources, document_id: str) -> ComparedDocument:
    document = sources.catalogue.document(document_id)
    return ComparedDocument(document.id, document.title, document.published, document.sha256)


def _cell(got: Answer) -> Cell:
    """The first claim of an answer that cites something, or silence."""
    by_number = {citation.number: citation for citation in got.citations}
    for claim in got.claims:
        for number in claim.citations:
            if number in by_number:
                return Cell(by_number[number], (got.standalone_question,), claim.verdict)
    searched = got.refusal.searched if got.refusal else ()
    return Cell(None, searched or (got.standalone_question,), SILENT)


def _numbered(cell: Cell, numbers: dict[tuple[str, str, int, int], int]) -> Cell:
    """The cell with its citation's number in the matrix; `numbers` are those given so far, by span."""
    if cell.citation is None:
        return cell
    key = (cell.citation.document_id, cell.citation.sha256, cell.citation.start, cell.citation.end)
    number = numbers.setdefault(key, len(numbers) + 1)
    return replace(cell, citation=replace(cell.citation, number=number))


def _cell_json(cell: Cell) -> dict[str, Any]:
    citation = citation_json(cell.citation) if cell.citation else None
    return {"citation": citation, "searched": list(cell.searched), "verdict": cell.verdict}
