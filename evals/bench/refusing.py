"""How well a refusal can be told: of questions with and without an answer, the most certain ones first.

    COMMUNIQUE_DATA=… python -m evals.bench.refusing [--questions N] [--homes FOLDER]

On squad2_dev and clapnq_dev, where a question without an answer is one that its own passage does not answer: read over
all documents ("open"; another document may answer it all the same), and with its own passage given ("passage"). The
certainty is the probability of the best sentence that was read. Printed are the area under the ROC curve of having an
answer or not, and the risk–coverage curve [1]: answering only the most certain share of all questions, how many of
those answers do not hold the words wanted. The evidence's weights were fitted on both sets.

[1] El-Yaniv & Wiener, "On the Foundations of Noise-free Selective Classification", JMLR 11, 2010, section 2.
"""

import argparse
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import roc_auc_score
from tqdm import tqdm

from assistant.evidence import Evidence
from assistant.home import Home
from evals.bench.public_data import data_folder, home_of
from evals.bench.retrieval import ranked_evidence
from evals.formats import uniform
from index.scope import Scope

COVERAGES = (0.1, 0.25, 0.5, 0.75, 1.0)
_SETS = ("squad2_dev", "clapnq_dev")
_SEED = 3


@dataclass(frozen=True, slots=True)
class Told:
    """How certain an answer was, whether there is one, and whether the first sentence holds it."""

    certainty: float
    is_answerable: bool
    is_right: bool


def risk_at(told: Sequence[Told], coverage: float) -> float:
    """The share of wrong answers among the most certain `coverage` of all questions, at least one.

    >>> risk_at([Told(0.9, True, True), Told(0.8, True, True), Told(0.5, False, False), Told(0.1, True, True)], 0.75)
    0.3333333333333333
    """
    ranked = sorted(told, key=lambda one: -one.certainty)
    answered = ranked[: max(round(coverage * len(ranked)), 1)]
    return sum(not one.is_right for one in answered) / len(answered)


def area_under_roc(told: Sequence[Told]) -> float:
    """The chance that a question with an answer is more certain than one without; 0.5 is none better than guessing."""
    return float(roc_auc_score([one.is_answerable for one in told], [one.certainty for one in told]))


def main() -> None:
    """Asks and prints."""
    arguments = _arguments()
    for name in _SETS:
        folder = data_folder(name)
        if folder is None:
            continue
        rows = list(uniform.case_rows(folder))
        chosen = np.random.default_rng(_SEED).permutation(len(rows))[: arguments.questions]
        with _home(folder, arguments.homes) as home:
            pairs = [_told(home, rows[i]) for i in tqdm(sorted(chosen), desc=name, disable=None)]
            for label, told in zip(("open", "passage"), zip(*pairs, strict=True), strict=True):
                _print(f"{name}, {label}", told)


def _told(home: Home, row: dict[str, Any]) -> tuple[Told, Told]:
    """A question read over everything, and with its own passage alone."""
    read = ranked_evidence(home, row["question"])
    document_id, start, end = _passage(home, row)
    scope = Scope(document_ids=(document_id,))
    sources = home.sources
    found = sources.retriever.search(row["question"], scope=scope)
    inside = sources.finder.find(row["question"], found, sources.retriever.word_statistics(row["question"]))
    return _of(read, row), _of([item for item in inside if start <= item.start < end], row)


def _passage(home: Home, row: dict[str, Any]) -> tuple[str, int, int]:
    """The passage that a question was written for, which its `meta` names."""
    if "paragraph" in row["meta"]:
        start, end = row["meta"]["paragraph"]
        return f"squad2/{row['meta']['article'].replace(' ', '_')}", start, end
    id_ = row["meta"]["passage"]
    return id_, 0, len(home.catalogue.document(id_).text)


def _of(read: Sequence[Evidence], row: dict[str, Any]) -> Told:
    if not read:
        return Told(0.0, row["answerable"], is_right=False)
    best = read[0]
    wanted = [e for e in row["evidence"] if e["document_id"] == best.document_id]
    right = row["answerable"] and any(min(best.end, e["end"]) > max(best.start, e["start"]) for e in wanted)
    return Told(best.probability, row["answerable"], right)


def _print(label: str, told: Sequence[Told]) -> None:
    print(f"{label}: {len(told)} questions, area under ROC {area_under_roc(told):.3f}", flush=True)
    for coverage in COVERAGES:
        print(f"  the most certain {coverage:4.0%} answered: {risk_at(told, coverage):.3f} of the answers wrong")


def _home(folder: Path, homes: Path | None) -> AbstractContextManager[Home]:
    return nullcontext(Home(homes / folder.name)) if homes else home_of(folder)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="How well a refusal can be told.")
    parser.add_argument("--questions", type=int, default=1000, help="how many of a set's questions")
    parser.add_argument("--homes", type=Path, help="a folder with homes of the sets' names, in place of making them")
    return parser.parse_args()


if __name__ == "__main__":
    main()
