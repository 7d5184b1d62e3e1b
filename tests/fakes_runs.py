"""Results and runs made by hand, for the tests of what is shown and compared."""

from collections.abc import Mapping, Sequence
from typing import Any

from assistant.answer import Answer, Citation, Claim, Refusal
from corpus.database import Database
from evals.case import Case, Judgement, Score, case_sha256
from evals.runs.kept_runs import Run, Runs
from evals.runs.results import Result

RECORD: dict[str, Any] = {
    "commit": "abc123",
    "code": "c0de",
    "settings": {"llm": "none", "embedder": "hash"},
    "documents": {"num": 1, "sha256": "d0c5"},
    "suite": {"num_cases": 4, "sha256": "5u17e"},
    "measures": ["right words cited"],
    "variant": "",
}


def made(
    id_: str,
    scores: Mapping[str, float | None] | None = None,
    *,
    text: str = "It has a budget.",
    refusal: str | None = None,
    error: str | None = None,
    answerable: bool = True,
    tags: Sequence[str] = (),
    ms: float = 10.0,
) -> Result:
    """A result with these scores; its answer is one claim, or a refusal, or there is none because of the error."""
    judgements = (Judgement("a", 0, 20),) if answerable else ()
    case = Case(id_, f"{id_}?", (), judgements, ("a budget",) if answerable else (), answerable, tuple(tags))
    found = {name: Score(value, "" if value is not None else "not here") for name, value in (scores or {}).items()}
    return Result(case, None if error else answered(text, refusal, ms), found, error, ("It has a budget.",))


def answered(text: str, refusal: str | None = None, ms: float = 10.0) -> Answer:
    """An answer with one citation, traced as answers are; or a refusal."""
    citation = Citation(1, "a", "5ha", "About a", "a.md", 0, 20, text)
    trace = {
        "kind": "look-up",
        "hits": [
            {
                "passage": {"document_id": "a", "start": 0, "end": 90, "heading": None, "text": "long"},
                "score": 1.5,
                "dense": 0.5,
                "lexical": None,
                "rerank": None,
            }
        ],
        "dropped": [],
        "evidence": [
            {"document_id": "a", "start": 0, "end": 20, "probability": 0.75, "dropped": None, "text": "It has."}
        ],
        "llm": [],
    }
    if refusal:
        return Answer("Q?", "Q?", refusal=Refusal(refusal, f"No: {text}"), timings_ms={"total": ms}, trace=trace)
    claims = (Claim(text, (1,), "supported", 0.9),)
    return Answer("Q?", "Q?", claims, (citation,), timings_ms={"total": ms}, trace=trace)


def kept(
    database: Database, results: Sequence[Result], *, suite: str = "tiny", finish: bool = True, **record: Any
) -> Run:
    """These results as a run that is kept, with a record that differs in what is given."""
    runs = Runs(database)
    run = runs.start(suite, RECORD | record)
    for position, result in enumerate(results):
        runs.keep(run, position, case_sha256(result.case), result)
    return runs.finish(run) if finish else runs.get(run.id)
