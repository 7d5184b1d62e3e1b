"""What may be told of an answer to those who watch a server: numbers, and names from fixed lists.

It lets through no word of a question, an answer or a document, and no name that somebody else chose, so that what is
counted by these names stays bounded.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assistant.answer import Answer
from assistant.kinds.telling import KINDS
from assistant.pairs import PARTLY, SUPPORTED
from assistant.refusing import ABSENT, INSUFFICIENT, UNDERSPECIFIED, UNSUPPORTED
from assistant.writing.quote import WRITER as QUOTE

ANSWERED, FAILED, LEFT = "answered", "failed", "left"
OUTCOMES = (ANSWERED, ABSENT, INSUFFICIENT, UNDERSPECIFIED, UNSUPPORTED, FAILED, LEFT)
OTHER = "other"
"""In place of a name that is in none of the lists."""
TASKS = ("write", "rewrite")


@dataclass(frozen=True, slots=True)
class Asking:
    """A request to an LLM: one of `TASKS`, whether the LLM failed, and the tokens of both sides, where they are
    known.
    """

    task: str
    has_failed: bool
    num_input_tokens: int = 0
    num_output_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """An answer as it may be told: the kind of question, one of `OUTCOMES`, claims by verdict, sizes, seconds."""

    kind: str
    outcome: str
    num_supported: int = 0
    num_partly: int = 0
    num_dropped: int = 0
    num_citations: int = 0
    num_hits: int = 0
    num_evidence: int = 0
    has_llm_written: bool = False
    stage_seconds: Mapping[str, float] | None = None
    total_seconds: float = 0.0
    asked: tuple[Asking, ...] = ()


def outcome_of(answer: Answer) -> Outcome:
    """What may be told of an answer."""
    trace = answer.trace
    verdicts = [claim.verdict for claim in answer.claims]
    seconds = {stage: spent / 1000 for stage, spent in answer.timings_ms.items()}
    total = seconds.pop("total", 0.0)
    return Outcome(
        kind=_known(trace.get("kind"), KINDS),
        outcome=_known(answer.refusal.kind, OUTCOMES) if answer.refusal else ANSWERED,
        num_supported=verdicts.count(SUPPORTED),
        num_partly=verdicts.count(PARTLY),
        num_dropped=int(trace.get("num_claims_dropped", 0)),
        num_citations=len(answer.citations),
        num_hits=len(trace.get("hits", ())),
        num_evidence=len(trace.get("evidence", ())),
        has_llm_written=answer.writer != QUOTE,
        stage_seconds=seconds,
        total_seconds=total,
        asked=tuple(map(_asking, trace.get("llm", ()))),
    )


def _asking(request: Mapping[str, Any]) -> Asking:
    usage = request.get("usage") or {}
    return Asking(
        _known(request.get("task"), TASKS),
        bool(request.get("failure")),
        int(usage.get("prompt_tokens", 0)),
        int(usage.get("completion_tokens", 0)),
    )


def _known(name: object, names: tuple[str, ...]) -> str:
    return name if isinstance(name, str) and name in names else OTHER
