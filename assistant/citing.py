"""From evidence to citations: numbered, with everything a reader needs to find the words again."""

from collections.abc import Callable

from assistant.answer import Citation
from assistant.evidence import Evidence
from corpus.document import Document
from corpus.structure import heading_at


def cite(item: Evidence, document: Callable[[str], Document], *, number: int) -> Citation:
    """The citation of a piece of evidence; `document` gives the snapshots by id, and raises as it does."""
    source = document(item.document_id)
    return Citation(
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
