"""What happens while a question is answered, as typed events, in this order: searching, found, claims or a refusal,
done. Where an LLM broke off, its claims are withdrawn, and others follow.

The UI, `ask --stream` and the HTTP stream render the same events. The claims and the citations of `done` are those that
were streamed, but for those withdrawn.
"""

from dataclasses import asdict, dataclass
from typing import Any

from assistant.answer import Answer, Citation, Claim, Refusal, answer_json, citation_json, refusal_json


@dataclass(frozen=True, slots=True)
class Searching:
    """The index is being asked for `standalone_question`."""

    standalone_question: str


@dataclass(frozen=True, slots=True)
class Found:
    """So many passages, in so many documents, are being read."""

    num_passages: int
    num_documents: int


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claim passed its check; `citations` are those that it is the first to use."""

    claim: Claim
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """Every claim so far is taken back: who wrote them failed, and the answer starts anew."""


@dataclass(frozen=True, slots=True)
class Refused:
    """There is no answer."""

    refusal: Refusal


@dataclass(frozen=True, slots=True)
class Done:
    """The whole answer."""

    answer: Answer


Event = Searching | Found | Claimed | Withdrawn | Refused | Done


def event_json(event: Event, **identity: Any) -> dict[str, Any]:
    """An event as one JSON object, told apart by its `event` key; `identity` goes into the answer of `done`."""
    match event:
        case Searching(question):
            return {"event": "searching", "standalone_question": question}
        case Found(num_passages, num_documents):
            return {"event": "found", "num_passages": num_passages, "num_documents": num_documents}
        case Claimed(claim, citations):
            return {
                "event": "claim",
                "claim": asdict(claim),
                "citations": [citation_json(citation) for citation in citations],
            }
        case Withdrawn():
            return {"event": "withdrawn"}
        case Refused(refusal):
            return {"event": "refusal", "refusal": refusal_json(refusal)}
        case Done(answer):
            return {"event": "done", "answer": answer_json(answer, **identity)}
