"""The types of an answer, and their JSON as the contract of the command line fixes it.

Every offset counts characters of the document's snapshot; every span is half-open. Nothing here decides anything.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Citation:
    """The exact words that a claim rests on: `document.text[start:end] == quote` in the version that `sha256` names.

    `number` counts from 1 in the order of first use; `phrase` is the part of the quote that answers, also in offsets of
    the document. `page` counts from 1, `page_label` is the number that is printed on it where that is another.
    """

    number: int
    document_id: str
    sha256: str
    title: str
    source: str
    start: int
    end: int
    quote: str
    heading: str | None = None
    page: int | None = None
    phrase: tuple[int, int] | None = None
    page_label: str | None = None

    @property
    def page_number(self) -> str | None:
        """The page as a reader finds it: what is printed on it, else its number."""
        return self.page_label or (str(self.page) if self.page else None)


_CITED = tuple(each.name for each in fields(Citation) if each.name != "page_label")


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of an answer with the numbers of its citations.

    `verdict` is "supported", "partly" or "unsupported"; `support` the probability, within 0 and 1, that its citations
    support it.
    """

    text: str
    citations: tuple[int, ...]
    verdict: str
    support: float


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why there is no answer. `kind` is "absent", "insufficient", "underspecified" or "unsupported".

    `searched` holds the queries that were tried, `candidates` what could have been meant, `nearest` the passages that
    come closest, numbered on their own.
    """

    kind: str
    message: str
    searched: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    nearest: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question got: claims with citations, or a refusal, never both.

    `notes` are for the reader, `trace` for those who want to know how it came about; `timings_ms` per stage.
    """

    question: str
    standalone_question: str
    claims: tuple[Claim, ...] = ()
    citations: tuple[Citation, ...] = ()
    refusal: Refusal | None = None
    writer: str = "quote"
    notes: tuple[str, ...] = ()
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    trace: Mapping[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The claims' texts with their markers, joined by spaces; empty when the answer is a refusal."""
        return " ".join(marked(claim) for claim in self.claims)


def is_items(answer: Answer) -> bool:
    """Whether the claims are items of a list, an overview, a timeline: a line each, where lines can be had."""
    return answer.trace.get("kind") not in (None, "look-up", "small talk") and answer.writer == "quote"


def marked(claim: Claim) -> str:
    """A claim with its markers behind it.

    >>> marked(Claim("It met online.", (1, 2), "supported", 1.0))
    'It met online. [1][2]'
    """
    return f"{claim.text} {''.join(f'[{number}]' for number in claim.citations)}".rstrip()


def answer_json(
    answer: Answer,
    *,
    id_: str | None = None,
    conversation_id: str | None = None,
    turn: int | None = None,
    trace: bool = False,
) -> dict[str, Any]:
    """The answer as the contract has it; with what was found, dropped and asked when `trace` is wanted, and with the
    numbers that are printed on pages.
    """
    content = {
        "id": id_,
        "conversation_id": conversation_id,
        "turn": turn,
        "question": answer.question,
        "standalone_question": answer.standalone_question,
        "answer": answer.text,
        "writer": answer.writer,
        "notes": list(answer.notes),
        "claims": [asdict(claim) for claim in answer.claims],
        "citations": [citation_json(citation, labels=trace) for citation in answer.citations],
        "refusal": refusal_json(answer.refusal, labels=trace) if answer.refusal else None,
        "timings_ms": dict(answer.timings_ms),
    }
    return content | {"trace": dict(answer.trace)} if trace else content


def citation_json(citation: Citation, *, labels: bool = False) -> dict[str, Any]:
    """A citation as the contract has it; with its page's label, where it has one and `labels` are wanted."""
    content = {name: getattr(citation, name) for name in _CITED}
    return content | {"page_label": citation.page_label} if labels and citation.page_label else content


def refusal_json(refusal: Refusal, *, labels: bool = False) -> dict[str, Any]:
    """A refusal as the contract has it."""
    nearest = tuple(citation_json(citation, labels=labels) for citation in refusal.nearest)
    return asdict(replace(refusal, nearest=())) | {"nearest": nearest}


def answer_from_json(content: Mapping[str, Any]) -> Answer:
    """The answer that `answer_json` made this of."""
    refusal = content["refusal"]
    return Answer(
        question=content["question"],
        standalone_question=content["standalone_question"],
        claims=tuple(Claim(**{**claim, "citations": tuple(claim["citations"])}) for claim in content["claims"]),
        citations=tuple(_citation(row) for row in content["citations"]),
        refusal=refusal
        and Refusal(
            kind=refusal["kind"],
            message=refusal["message"],
            searched=tuple(refusal["searched"]),
            candidates=tuple(refusal["candidates"]),
            nearest=tuple(_citation(row) for row in refusal["nearest"]),
        ),
        writer=content["writer"],
        notes=tuple(content["notes"]),
        timings_ms=content["timings_ms"],
        trace=content.get("trace", {}),
    )


def _citation(row: Mapping[str, Any]) -> Citation:
    return Citation(**{**row, "phrase": tuple(row["phrase"]) if row["phrase"] else None})
