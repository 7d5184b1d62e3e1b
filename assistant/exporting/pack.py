"""The evidence pack of a conversation: its turns, and the versions of the documents that they cite.

The words shown are those that were cited, whatever became of the document since; that is said beside them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from assistant.answer import Answer, Citation, answer_json
from assistant.conversation import Conversation, Turn
from assistant.freshness import State, current_state
from corpus.catalogue import Catalogue
from corpus.errors import UnknownDocument


@dataclass(frozen=True, slots=True)
class Version:
    """A document as it was cited. `published` is None where the source has no date, and once it was removed."""

    id: str
    title: str
    source: str
    published: str | None
    sha256: str
    state: State = "current"


@dataclass(frozen=True, slots=True)
class Pack:
    """A conversation with everything that its claims rest on; `versions` in the order in which they are first cited."""

    conversation: Conversation
    turns: tuple[Turn, ...]
    versions: tuple[Version, ...]

    def version(self, citation: Citation) -> Version:
        """The version that a citation of this pack is of."""
        return next(v for v in self.versions if (v.id, v.sha256) == (citation.document_id, citation.sha256))


def pack_of(conversation: Conversation, turns: Sequence[Turn], catalogue: Catalogue) -> Pack:
    """The pack of a conversation, each cited version looked up in the catalogue as it is now."""
    cited = [citation for turn in turns for citation in citations_of(turn.answer)]
    first = {(c.document_id, c.sha256): c for c in reversed(cited)}
    versions = [_version(first[key], catalogue) for key in dict.fromkeys((c.document_id, c.sha256) for c in cited)]
    return Pack(conversation, tuple(turns), tuple(versions))


def citations_of(answer: Answer) -> Iterator[Citation]:
    """The citations of an answer, or those of the passages nearest to what was refused."""
    yield from answer.citations
    if answer.refusal:
        yield from answer.refusal.nearest


def pack_json(pack: Pack) -> dict[str, Any]:
    """The pack for programs: each answer as the contract of the command line has it, with the time of its question."""
    id_ = pack.conversation.id
    return {
        "conversation": asdict(pack.conversation),
        "answers": [
            answer_json(turn.answer, conversation_id=id_, turn=turn.number) | {"asked_at": turn.asked_at}
            for turn in pack.turns
        ],
        "documents": [asdict(version) for version in pack.versions],
    }


def _version(citation: Citation, catalogue: Catalogue) -> Version:
    try:
        published = catalogue.document(citation.document_id, citation.sha256).published
    except UnknownDocument:
        published = None
    state = current_state(citation, catalogue)
    return Version(citation.document_id, citation.title, citation.source, published, citation.sha256, state)
