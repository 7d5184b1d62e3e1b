"""Packs and matrices as CSV (RFC 4180, UTF-8): one row for each claim and citation, or for each cell.

A cell that a spreadsheet would take for a formula begins with an apostrophe: see `escaping.csv_cell`. White space and
line ends within a quote are kept.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from assistant.answer import Answer, Citation
from assistant.comparing import Matrix
from assistant.exporting.escaping import csv_cell
from assistant.exporting.pack import Pack

_CITED = ("quote", "title", "source", "published", "page", "heading", "start", "end", "document_id", "sha256")
PACK_COLUMNS = (
    *("turn", "asked_at", "question", "understood_as", "writer", "notes"),
    *("kind", "text", "verdict", "support", "number", *_CITED, "state", "searched", "candidates"),
)
MATRIX_COLUMNS = (
    *("document_id", "title", "published", "question", "verdict", "quote"),
    *("source", "page", "heading", "start", "end", "sha256", "searched"),
)


def pack_csv(pack: Pack) -> str:
    """The pack as a table below `PACK_COLUMNS`.

    `kind` is "claim", "refusal" or "nearest", which is a passage shown with a refusal; a refusal's `verdict` is its
    kind. A claim with several citations has a row for each.
    """
    rows = []
    for turn in pack.turns:
        answer = turn.answer
        shared = {
            "turn": turn.number,
            "asked_at": turn.asked_at,
            "question": answer.question,
            "understood_as": answer.standalone_question,
            "writer": answer.writer,
            "notes": "; ".join(answer.notes),
        }
        rows += [shared | row for row in _rows(answer, pack)]
    return _written(PACK_COLUMNS, rows)


def matrix_csv(matrix: Matrix) -> str:
    """The matrix as a table below `MATRIX_COLUMNS`, a row for each cell, document by document.

    The `verdict` of a cell without a quote is "silent".
    """
    rows = []
    for document, cells in zip(matrix.documents, matrix.cells, strict=True):
        for question, cell in zip(matrix.questions, cells, strict=True):
            cited = _citation_row(cell.citation, document.published) if cell.citation else {}
            about = {"document_id": document.id, "title": document.title, "published": document.published}
            row = {"question": question, "verdict": cell.verdict, "searched": "; ".join(cell.searched)}
            rows.append(about | {"sha256": document.sha256} | cited | row)
    return _written(MATRIX_COLUMNS, rows)


def _rows(answer: Answer, pack: Pack) -> Iterator[dict[str, Any]]:
    """The rows of an answer without what they share."""
    by_number = {citation.number: citation for citation in answer.citations}
    for claim in answer.claims:
        row = {"kind": "claim", "text": claim.text, "verdict": claim.verdict, "support": round(claim.support, 4)}
        cited = [by_number[number] for number in claim.citations if number in by_number]
        yield from (row | _cited_row(citation, pack) for citation in cited)
        if not cited:
            yield row
    if refusal := answer.refusal:
        yield {
            "kind": "refusal",
            "text": refusal.message,
            "verdict": refusal.kind,
            "searched": "; ".join(refusal.searched),
            "candidates": "; ".join(refusal.candidates),
        }
        yield from ({"kind": "nearest"} | _cited_row(citation, pack) for citation in refusal.nearest)


def _cited_row(citation: Citation, pack: Pack) -> dict[str, Any]:
    version = pack.version(citation)
    return _citation_row(citation, version.published) | {"number": citation.number, "state": version.state}


def _citation_row(citation: Citation, published: str | None) -> dict[str, Any]:
    return {name: getattr(citation, name) for name in _CITED if name != "published"} | {"published": published}


def _written(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(columns)
    for row in rows:
        cells = (row.get(column) for column in columns)
        writer.writerow([csv_cell(cell) if isinstance(cell, str) else cell for cell in cells])
    return written.getvalue()
