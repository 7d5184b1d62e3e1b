"""Whether the document behind a citation is still the one that was cited.

A citation names its version by sha256, so this is a comparison and no judgement: a document that changed elsewhere is
"changed" too. Nothing here decides what to show instead.
"""

from typing import Literal

from assistant.answer import Citation
from corpus.catalogue import Catalogue
from corpus.errors import UnknownDocument

State = Literal["current", "changed", "removed"]


def current_state(citation: Citation, catalogue: Catalogue) -> State:
    """What became of the cited version: it is "current", or there is another by now and the document "changed", or the
    home has no current version of it, because it was "removed".
    """
    try:
        document = catalogue.document(citation.document_id)
    except UnknownDocument:
        return "removed"
    return "current" if document.sha256 == citation.sha256 else "changed"
