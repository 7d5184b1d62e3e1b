"""From evidence to citations: numbered, with everything a reader needs to find the words again."""

from collections.abc import Callable

from assistant.answer import Citation
from assistant.evidence import Evidence
from assistant.phrases import marked_phrase
from corpus.document import Document
from corpus.structure import Places


def cite(item: Evidence, document: Callable[[str], Document], *, number: int, question: str = "") -> Citation:
    """The citation of a piece of evidence; `document` gives the snapshots by id, and raises as it does.

    The phrase that answers the question is marked, where it asks for one.
    """
    source = document(item.document_id)
    phrase = marked_phrase(item.text, question)
    places = Places(source)
    return Citation(
        number=number,
        document_id=source.id,
        sha256=source.sha256,
        title=source.title,
        source=source.source,
        start=item.start,
        end=item.end,
        quote=source.text[item.start : item.end],
        heading=places.heading(item.start),
        page=places.page(item.start),
        page_label=places.page_label(item.start),
        phrase=(item.start + phrase[0], item.start + phrase[1]) if phrase else None,
    )
