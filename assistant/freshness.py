"""Whether the document behind a citation is still the one that was cited.

A citation names its version by sha256, so this is a comparison and no judgement: a document that changed elsewhere is
"changed" too. Nothing here decides what to show instead.
"""

from collections.abc import Sequence
from typing import Literal

from assistant.answer import Citation
from corpus.catalogue import Catalogue

State = Literal["current", "changed", "removed"]


def current_state(citation: Citation, catalogue: Catalogue) -> State:
    """What became of the cited version: it is "current", or there is another by now and the document "changed", or the
    home has no current version of it, because it was "removed".
    """
    return current_states([citation], catalogue)[0]


def current_states(citations: Sequence[Citation], catalogue: Catalogue) -> list[State]:
    """`current_state` of each citation, in their order, without reading any text."""
    hashes = catalogue.current_hashes({_bindable(citation.document_id) for citation in citations})
    return [_state(citation, hashes.get(citation.document_id)) for citation in citations]


def _state(citation: Citation, sha256: str | None) -> State:
    if sha256 is None:
        return "removed"
    return "current" if sha256 == citation.sha256 else "changed"


def _bindable(document_id: str) -> str:
    """The id as a database can be asked for it; half a character is in no id that there is."""
    return document_id.encode("utf-8", "replace").decode()
