"""Fits the weights of `assistant.evidence` and reports how good they are on documents that they were not fitted on.

    COMMUNIQUE_DATA=… python -m evals.fit_evidence [--questions N]

Fitted on squad2_dev (Rajpurkar et al., "Know What You Don't Know", ACL 2018; CC BY-SA 4.0): the sentences of the ten
hits for each answerable question, asked over all its documents. Questions whose own document is hidden stand for
"absent": whatever is found for them is wrong. What is reported on squad2_dev is out of fold: folds are documents, the
weights that score a fold never saw it. clapnq_dev (Rosenthal et al., "CLAPnq", TACL 2025; Apache-2.0), whose questions
people typed into a search engine, is only reported on. No text of the data is kept, only the weights.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from tqdm import tqdm

from assistant.evidence import FEATURES
from assistant.home import Home
from corpus.reading import FoundFile
from evals.case import Judgement
from evals.measures import share_half
from index.adding import add_files
from index.passage import Passage

FITTED_ON = "squad2_dev"
UNSEEN = "clapnq_dev"


@dataclass(frozen=True, slots=True)
class Example:
    """A question's sentences: features `(n, f)`, which of them hold the answer, and the fold that it belongs to."""

    features: np.ndarray
    labels: np.ndarray
    group: str
    hidden: bool


def examples(folder: Path, num_questions: int, seed: int = 7) -> list[Example]:
    """Asks a sample of the answerable questions twice: over all documents, and with their own one hidden."""
    cases = [json.loads(line) for line in (folder / "cases.jsonl").read_text(encoding="utf-8").splitlines()]
    cases = [case for case in cases if case["answerable"] and case["evidence"]]
    np.random.default_rng(seed).shuffle(cases)
    with tempfile.TemporaryDirectory() as home:
        opened = Home(Path(home))
        documents = FoundFile(folder / "documents.jsonl", "documents.jsonl")
        list(add_files([documents], opened.catalogue, lambda: opened.indexer))
        retriever, finder = opened.sources.retriever, opened.sources.finder
        every = [summary.id for summary in opened.catalogue.summaries()]
        found = []
        for i, case in enumerate(tqdm(cases[:num_questions], file=sys.stderr)):
            own = case["evidence"][0]["document_id"]
            hidden = i % 3 == 0
            scope = [id_ for id_ in every if id_ != own] if hidden else None
            hits = retriever.search(case["question"], document_ids=scope)
            statistics = retriever.word_statistics(case["question"])
            sentences, features = finder.features(case["question"], hits, statistics)
            labels = np.array([_holds(case, hit.passage, start, end) for hit, start, end in sentences])
            found.append(Example(features, labels, own, hidden))
    return found


def _holds(case: dict[str, Any], passage: Passage, start: int, end: int) -> bool:
    """Whether the sentence shares at least half of the shorter one with a piece of the case's evidence."""
    sentence = Judgement(passage.document_id, passage.start + start, passage.start + end)
    return any(share_half(sentence, Judgement(e["document_id"], e["start"], e["end"])) for e in case["evidence"])


def fit(some: Sequence[Example]) -> tuple[np.ndarray, np.ndarray, LogisticRegression]:
    """Means, scales and the fitted model."""
    features = np.concatenate([example.features for example in some])
    labels = np.concatenate([example.labels for example in some])
    means, scales = features.mean(axis=0), features.std(axis=0) + 1e-9
    model = LogisticRegression(C=1.0, max_iter=2000).fit((features - means) / scales, labels)
    return means, scales, model


def out_of_fold(some: Sequence[Example]) -> list[np.ndarray]:
    """The probabilities of each example's sentences, by weights that were fitted on other documents."""
    scores: list[np.ndarray] = [np.zeros(0)] * len(some)
    for train, test in GroupKFold(5).split(some, groups=[example.group for example in some]):
        means, scales, model = fit([some[i] for i in train])
        for i in test:
            if len(some[i].labels):
                scores[i] = model.predict_proba((some[i].features - means) / scales)[:, 1]
    return scores


def report(some: Sequence[Example], scores: Sequence[np.ndarray]) -> None:
    """How often the right sentence is first and among three; how often "absent" would be right at which threshold."""
    shown = [(s, e.labels) for s, e in zip(scores, some, strict=True) if not e.hidden]
    ranks = [next((r for r, j in enumerate(np.argsort(-s)) if labels[j]), 99) for s, labels in shown]
    for k in (1, 2, 3, 6):
        print(f"right sentence among {k}: {np.mean([rank < k for rank in ranks]):.3f} of {len(ranks)}")
    best_shown = np.array([s.max(initial=0) for s, _ in shown])
    best_hidden = np.array([s.max(initial=0) for s, e in zip(scores, some, strict=True) if e.hidden])
    for threshold in (0.02, 0.03, 0.05, 0.08, 0.1, 0.15, 0.2):
        print(
            f"refused below {threshold}: {np.mean(best_shown < threshold):.3f} of the answerable, "
            f"{np.mean(best_hidden < threshold):.3f} of those whose document is hidden"
        )


def main() -> None:
    """Fits on all, after having reported out of fold, and writes the weights."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--questions", type=int, default=3220)
    parser.add_argument("--output", type=Path, default=Path("assistant/evidence_weights.json"))
    arguments = parser.parse_args()
    data = Path(os.environ["COMMUNIQUE_DATA"])
    some = examples(data / FITTED_ON, arguments.questions)
    print(f"{FITTED_ON}, out of fold")
    report(some, out_of_fold(some))
    means, scales, model = fit(some)
    print(f"{UNSEEN}, by the weights fitted on {FITTED_ON}")
    unseen = examples(data / UNSEEN, arguments.questions)
    report(unseen, [model.predict_proba((example.features - means) / scales)[:, 1] for example in unseen])
    columns = zip(FEATURES, model.coef_[0], means, scales, strict=True)
    content = {
        "fitted_on": f"{FITTED_ON}, {len(some)} answerable questions, every third with its own document hidden",
        "intercept": round(float(model.intercept_[0]), 5),
        "features": {
            name: {"weight": round(float(w), 5), "mean": round(float(m), 5), "scale": round(float(s), 5)}
            for name, w, m, s in columns
        },
    }
    arguments.output.write_text(json.dumps(content, indent=1) + "\n")
    print(json.dumps(content["features"], indent=None))


if __name__ == "__main__":
    main()
