"""What a run keeps of each case: the answer, the scores, the error; and the same as JSON, there and back.

A trace is kept without the texts of passages, which their documents still hold. Nothing here asks or measures.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from assistant.answer import Answer, answer_from_json, answer_json
from assistant.conversation import Message
from evals.case import Case, Judgement, Score

TRACED_EVIDENCE = 12
"""So many of the most probable sentences are kept."""
_OF_A_HIT = ("score", "dense", "lexical", "rerank")


@dataclass(frozen=True, slots=True)
class Result:
    """A case, its answer, and its score by measure; `error` instead of an answer where asking it failed.

    `wanted` are the words that its judgements name; `cached_from` the id of the run that asked it, None where this one
    did: its latency is not this run's.
    """

    case: Case
    answer: Answer | None
    scores: Mapping[str, Score]
    error: str | None = None
    wanted: tuple[str, ...] = ()
    cached_from: str | None = field(default=None, compare=False)

    @property
    def values(self) -> dict[str, float]:
        """The measures that apply, with their values."""
        return {name: score.value for name, score in self.scores.items() if score.value is not None}


def failing(result: Result) -> str | None:
    """Why a reader would call the answer wrong, None where it is right as far as that is measured.

    A case without judgements, an error and a refusal each have their own reason.
    """
    if result.error is not None or result.answer is None:
        return f"the case could not be asked: {result.error}"
    refusal = result.answer.refusal
    if not result.case.answerable:
        return None if refusal else "answered, though the documents do not answer"
    if refusal:
        return f"refused as {refusal.kind}, though the documents answer"
    cited = result.scores.get("right words cited", Score(None)).value
    return "none of the right words is cited" if cited == 0 else None


def result_json(result: Result) -> dict[str, Any]:
    """The result as a row of a run keeps it."""
    got = result.answer and answer_json(replace(result.answer, trace=_compact(result.answer.trace)), trace=True)
    return {
        "case": asdict(result.case),
        "answer": got,
        "scores": {name: [score.value, score.reason] for name, score in result.scores.items()},
        "error": result.error,
        "wanted": list(result.wanted),
        "cached_from": result.cached_from,
    }


def result_from_json(content: Mapping[str, Any]) -> Result:
    """The result that `result_json` made this of."""
    return Result(
        case=_case(content["case"]),
        answer=answer_from_json(content["answer"]) if content["answer"] else None,
        scores={name: Score(value, reason) for name, (value, reason) in content["scores"].items()},
        error=content["error"],
        wanted=tuple(content["wanted"]),
        cached_from=content["cached_from"],
    )


def _case(content: Mapping[str, Any]) -> Case:
    """A case as it was kept, by this version or by one whose cases had other fields beside these."""
    known = {field.name for field in fields(Case)}
    row: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in content.items() if name in known
    }
    row["history"] = tuple(Message(**message) for message in content["history"])
    row["judgements"] = tuple(Judgement(**judgement) for judgement in content["judgements"])
    return Case(**row)


def _compact(trace: Mapping[str, Any]) -> dict[str, Any]:
    """The trace without passages' texts and with no more evidence than a reader would look at."""
    kept = {name: value for name, value in trace.items() if name not in ("hits", "dropped", "evidence")}
    return kept | {
        "hits": [_hit(hit) for hit in trace.get("hits", ())],
        "evidence": list(trace.get("evidence", ()))[:TRACED_EVIDENCE],
    }


def _hit(hit: Mapping[str, Any]) -> dict[str, Any]:
    passage = hit["passage"]
    place = {name: passage[name] for name in ("document_id", "start", "end", "heading")}
    return {"passage": place} | {name: hit.get(name) for name in _OF_A_HIT}
