"""Packs and matrices as Markdown, their citations as footnotes: `[^1]`.

A footnote holds the verbatim words, their line ends as hard breaks; two claims that rest on the same words share it.
GitHub's Markdown, pandoc and most others know footnotes; elsewhere they stay readable as they are.
"""

from collections.abc import Sequence

from assistant.answer import Answer, Citation
from assistant.comparing import Cell, Matrix
from assistant.exporting.escaping import markdown, markdown_lines
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


class _Footnotes:
    """Footnotes in the order in which they are first marked."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._numbers: dict[tuple[str, str, int, int], int] = {}

    def mark(self, citation: Citation, version: Version) -> str:
        """The marker of a citation's footnote."""
        key = (citation.document_id, citation.sha256, citation.start, citation.end)
        if key not in self._numbers:
            quote = markdown_lines(citation.quote, indent="    ")
            after = "".join(
                f" {text}" for text in (markdown(place_of(citation, version)), _strong(since(version))) if text
            )
            self.texts.append(f"“{quote}”{after}")
            self._numbers[key] = len(self.texts)
        return f"[^{self._numbers[key]}]"

    def lines(self) -> list[str]:
        """The footnotes themselves."""
        return [f"[^{number}]: {text}" for number, text in enumerate(self.texts, start=1)]


def pack_markdown(pack: Pack) -> str:
    """The pack: a section a turn, the documents cited, the footnotes."""
    notes = _Footnotes()
    blocks = [f"# {markdown(pack.conversation.title) or 'Conversation'}", markdown(span_of(pack.conversation))]
    for turn in pack.turns:
        blocks += [f"## {turn.number}. {markdown(heading_of(turn))}", *map(markdown, remarks_of(turn))]
        blocks += _answer(turn.answer, pack, notes)
    rows = [document_row(version) for version in pack.versions]
    return _joined([*blocks, "## Documents cited", _table(DOCUMENT_COLUMNS, _escaped(rows)), *notes.lines()])


def matrix_markdown(matrix: Matrix) -> str:
    """The matrix: a row a document, a column a question, and the footnotes of what its cells quote."""
    notes = _Footnotes()
    rows = []
    for document, cells in zip(matrix.documents, matrix.cells, strict=True):
        name = f"{markdown(document.title or document.id)}<br>{markdown(document.published or 'no date')}"
        rows.append([name, *(_cell(cell, matrix, notes) for cell in cells)])
    columns = ("Document", *matrix.questions)
    return _joined(["# Comparison", _table(columns, rows), *notes.lines()])


def _answer(answer: Answer, pack: Pack, notes: _Footnotes) -> list[str]:
    """The claims or the refusal of an answer, a block each."""
    if answer.refusal:
        nearest = [f"- “{markdown(c.quote)}” {notes.mark(c, pack.version(c))}" for c in answer.refusal.nearest]
        lines = [markdown(line) for line in refusal_of(answer.refusal)]
        return [*lines, *(["Nearest passages:", "\n".join(nearest)] if nearest else [])]
    by_number = {citation.number: citation for citation in answer.citations}
    claims = []
    for claim in answer.claims:
        cited = [by_number[number] for number in claim.citations if number in by_number]
        marks = "".join(notes.mark(citation, pack.version(citation)) for citation in cited)
        claims.append(f"- {markdown(claim.text)}{marks and ' ' + marks} ({judgement_of(claim)})")
    return ["\n".join(claims)]


def _cell(cell: Cell, matrix: Matrix, notes: _Footnotes) -> str:
    if cell.citation is None:
        return f"*silent*; searched for {markdown(quoted(cell.searched))}"
    partly = " (partly supported)" if cell.verdict == "partly" else ""
    return f"“{markdown(cell.citation.quote)}” {notes.mark(cell.citation, version_in(matrix, cell.citation))}{partly}"


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table; the columns' names are escaped here, the cells by the caller."""
    lines = [map(markdown, columns), ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _escaped(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    return [[markdown(cell) for cell in row] for row in rows]


def _strong(text: str) -> str:
    return f"**{text}**" if text else ""


def _joined(blocks: Sequence[str]) -> str:
    return "\n\n".join(block for block in blocks if block) + "\n"
