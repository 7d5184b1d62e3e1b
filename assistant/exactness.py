"""Whether the citations of kept conversations are still, to the character, the words of their documents."""

from dataclasses import dataclass
from functools import lru_cache

from assistant.answer import Citation
from assistant.conversation import Conversations
from corpus.catalogue import Catalogue
from corpus.errors import UnknownDocument

_DOCUMENTS_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class CitationCount:
    """How many citations are exact, are not, and are of versions that the home does not keep."""

    num_exact: int = 0
    num_inexact: int = 0
    num_gone: int = 0


def count_citations(conversations: Conversations, catalogue: Catalogue) -> CitationCount:
    """The citations of every turn, those of passages that a refusal shows among them, each held against its version."""

    @lru_cache(maxsize=_DOCUMENTS_AT_ONCE)
    def text_of(document_id: str, sha256: str) -> str | None:
        try:
            return catalogue.document(document_id, sha256).text
        except UnknownDocument:
            return None

    counts = {True: 0, False: 0, None: 0}
    for conversation in conversations.list():
        for turn in conversations.turns(conversation.id):
            for one in (*turn.answer.citations, *(turn.answer.refusal.nearest if turn.answer.refusal else ())):
                counts[_is_exact(one, text_of(one.document_id, one.sha256))] += 1
    return CitationCount(counts[True], counts[False], counts[None])


def _is_exact(citation: Citation, text: str | None) -> bool | None:
    return None if text is None else text[citation.start : citation.end] == citation.quote
