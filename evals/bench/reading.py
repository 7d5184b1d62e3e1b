"""Against LlamaIndex's defaults: whether the answer is among what is read, with a quarter of the characters.

Both answer the same questions over the same documents with the same embedder. The baseline's five nodes are read whole;
of ours, the most probable sentences, until a quarter of what the baseline reads on average is full.
"""

from collections.abc import Sequence
from pathlib import Path

from assistant.home import Home
from evals.bench.baselines import LlamaIndexDefaults
from evals.bench.public_data import Case, documents_of
from evals.bench.retrieval import ranked_evidence
from evals.bench.scores import BASELINE, OURS, Row
from evals.measures import mean_with_interval
from evals.measures.spans import Place, holds_any

SHARE = 0.25


def bench_reading(home: Home, folder: Path, cases: Sequence[Case], name: str) -> list[Row]:
    """The rows of any@5 of the baseline and, at a quarter of its characters, of ours."""
    baseline = LlamaIndexDefaults(documents_of(folder), home.encoder, k=5)
    theirs = [baseline.search(case["question"]) for case in cases]
    read = sum(end - start for places in theirs for _, start, end in places) / len(cases)
    ours = [_within(home, case["question"], SHARE * read) for case in cases]
    rows = []
    for label, whose, found in (
        ("LlamaIndex's defaults", BASELINE, theirs),
        ("evidence, a quarter of that", OURS, ours),
    ):
        chars = sum(end - start for places in found for _, start, end in places) / len(cases)
        met = [_met(places, case) for places, case in zip(found, cases, strict=True)]
        mean, low, high = mean_with_interval(met)
        print(f"  {name}, any@5, {label:28} {mean:.3f} ({low:.3f} to {high:.3f}), {chars:.0f} characters", flush=True)
        rows.append(Row(name, "any@5", f"{label}, {chars:.0f} characters", whose, mean, low, high, num=len(cases)))
    return rows


def _within(home: Home, question: str, budget_chars: float) -> list[Place]:
    """The most probable sentences that fit, at least one."""
    places: list[Place] = []
    left = budget_chars
    for item in ranked_evidence(home, question):
        left -= item.end - item.start
        if places and left < 0:
            break
        places.append((item.document_id, item.start, item.end))
    return places


def _met(places: Sequence[Place], case: Case) -> float:
    """Whether any of the evidence was read; where it is known by document alone, whether anything of that was."""
    wanted = [(e["document_id"], e["start"], e["end"]) for e in case["evidence"] if "start" in e]
    if wanted:
        return float(holds_any(places, wanted))
    gold = {e["document_id"] for e in case["evidence"]}
    return float(any(document_id in gold for document_id, _, _ in places))
