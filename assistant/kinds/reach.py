"""The documents within reach of a question: those of its scope, as the catalogue has them."""

from typing import TYPE_CHECKING

from assistant.kinds.naming import documents_named, kinds_of
from corpus.catalogue import Summary
from corpus.document import Document
from corpus.errors import UnknownDocument
from index.mentions import ids_within
from index.scope import Scope

if TYPE_CHECKING:
    from assistant.sources import Sources


def documents_within(sources: "Sources", scope: Scope | None) -> list[Summary]:
    """Every current document within the scope, ordered by date, title and id."""
    ids = ids_within(sources.retriever.database, scope)
    return [summary for summary in sources.catalogue.summaries() if ids is None or summary.id in ids]


def named_within(reference: str, sources: "Sources", documents: list[Summary]) -> list[Summary]:
    """Those of the documents that the words of a question mean."""
    return documents_named(reference, documents, kinds_of(lambda id_: sources.catalogue.document(id_).metadata))


def opened(sources: "Sources", document_id: str) -> Document | None:
    """The document, None where another process removed it since it was listed."""
    try:
        return sources.catalogue.document(document_id)
    except UnknownDocument:
        return None
