"""What the MCP tools say in words, for models that are shown text alone: answers with footnotes, hits with places.

Whatever comes from documents loses its control characters, and names stand on one line; a span is left as it is.
"""

from collections.abc import Iterable, Mapping, Sequence

from assistant.answer import Answer, Citation
from assistant.copying import answer_text
from assistant.exporting.escaping import visible
from corpus.catalogue import Summary
from index.passage import Passage
from index.reports import FileReport
from index.retrieval import Found


def cited_by(answer: Answer) -> tuple[Citation, ...]:
    """The citations of an answer, or the passages that come nearest to one."""
    return answer.refusal.nearest if answer.refusal else answer.citations


def told_answer(answer: Answer, published: Mapping[tuple[str, str], str]) -> str:
    """The answer with its footnotes, where `read_span` finds them, and what a reader should know of how it came about.

    `published` are the dates by document id and sha256.
    """
    parts = [answer_text(answer, published)]
    places = [f"[{each.number}] {each.document_id} {each.start}-{each.end}" for each in cited_by(answer)]
    if places:
        parts.append("For read_span:\n" + "\n".join(_line(place) for place in places))
    if answer.standalone_question != answer.question:
        parts.append(f"Understood as: {_line(answer.standalone_question)}")
    parts += [f"Note: {_line(note)}" for note in answer.notes]
    return "\n\n".join(part for part in parts if part)


def told_hits(found: Found) -> str:
    """The passages with their places, best first."""
    hits = [f"{rank}. {_place(hit.passage)}\n{visible(hit.passage.text)}" for rank, hit in enumerate(found.hits, 1)]
    notes = [f"Note: {_line(note)}" for note in found.notes]
    return "\n\n".join([*(hits or ["No passage was found."]), *notes])


def told_documents(documents: Sequence[Summary], num_documents: int) -> str:
    """A line for each document, and how many there are in all."""
    lines = [
        f"{_line(each.id)}  {_line(each.title)}  ({each.published or 'no date'}, {each.num_chars} characters)"
        for each in documents
    ]
    return "\n".join([*lines, f"{len(documents)} of {num_documents} documents"])


def told_files(reports: Iterable[FileReport]) -> str:
    """A line for each file, and one for each warning."""
    lines = []
    for report in reports:
        lines.append(_line(f"{report.status} {report.path}: {report.reason or ', '.join(report.document_ids)}"))
        lines += [f"    warning: {_line(warning)}" for warning in report.warnings]
    return "\n".join(lines) or "no files"


def _place(passage: Passage) -> str:
    page = f"page {passage.page}" if passage.page else None
    where = ", ".join(part for part in (passage.title, passage.heading, page) if part)
    return _line(f"{where} ({passage.document_id} {passage.start}-{passage.end})")


def _line(text: str) -> str:
    return " ".join(visible(text).split())
