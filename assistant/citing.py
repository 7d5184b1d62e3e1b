"""From evidence to citations: numbered, with everything a reader needs to find the words again."""

from collections.abc import Callable, Sequence

from assistant.answer import Citation
from assistant.evidence import Evidence
from corpus.document import Document
from corpus.structure import heading_at


def cite(evidence: Sequence[Evidence], document: Callable[[str], Document]) -> list[Citation]:
    """A citation for each piece of evidence, numbered from 1 in their order; `document` gives the snapshots by id."""
    citations = []
    for number, item in enumerate(evidence, start=1):
        source = document(item.document_id)
        citations.append(
            Citation(
                number=number,
                document_id=source.id,
                sha256=source.sha256,
                title=source.title,
                source=source.source,
                start=item.start,
                end=item.end,
                quote=source.text[item.start : item.end],
                heading=heading_at(source, item.start),
                page=item.passage.page,
            )
        )
    return citations
