"""Fits the weights of `assistant.phrases` and reports how well they mark the phrase that answers.

    COMMUNIQUE_DATA=… python -m evals.fit_phrases

Fitted on squad2_dev (Rajpurkar et al., "Know What You Don't Know", ACL 2018; CC BY-SA 4.0): the answerable questions
that ask for a date, a number, a person, a place or a name, each with the sentence that holds its answer. What is
reported is out of fold, folds are documents: the token F1 of SQuAD between phrase and answer, best of the answers, 0
where nothing is marked. No text of the data is kept, only the weights.
"""

import argparse
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from assistant.phrases import FEATURES, KINDS, MIN_PROBABILITY, candidates, features
from assistant.question_words import asked_kind
from corpus.catalogue import new_document
from corpus.structure import document_sentences
from evals.measures import mean_with_interval, token_f1

FITTED_ON = "squad2_dev"
_RIGHT_F1 = 0.6
"""A candidate is taken for right from here: answers come with and without their article or unit."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question's candidates in the right sentence: features `(n, f)`, token F1 of each, and the document."""

    kind: str
    features: np.ndarray
    f1: np.ndarray
    group: str


def examples(folder: Path) -> list[Example]:
    """Every answerable question of the kinds, with the sentence that its answer is in."""
    texts = {row["id"]: row for row in _rows(folder / "documents.jsonl")}
    documents = {
        id_: new_document({"id": id_, "title": row["title"], "source": id_, "language": "en"}, text=row["text"])
        for id_, row in texts.items()
    }
    sentences = {id_: document_sentences(document) for id_, document in documents.items()}
    found = []
    for case in _rows(folder / "cases.jsonl"):
        kind = asked_kind(case["question"])
        if not case["answerable"] or not case["evidence"] or kind not in KINDS:
            continue
        evidence = case["evidence"][0]
        id_ = evidence["document_id"]
        holding = [(a, b) for a, b in sentences[id_] if a <= evidence["start"] and evidence["end"] <= b]
        if holding:
            found.append(_example(case, kind, documents[id_].text[slice(*holding[0])], id_))
    return found


def _example(case: dict[str, Any], kind: str, sentence: str, group: str) -> Example:
    spans = candidates(sentence, case["question"], kind)
    rows = np.array(features(sentence, case["question"], spans)).reshape(len(spans), len(FEATURES))
    f1 = [max(token_f1(sentence[start:end], answer) for answer in case["answers"]) for start, end in spans]
    return Example(kind, rows, np.array(f1), group)


def fit(some: Sequence[Example]) -> dict[str, LogisticRegression]:
    """A model a kind."""
    models = {}
    for kind in KINDS:
        of_kind = [example for example in some if example.kind == kind and len(example.f1)]
        rows = np.concatenate([example.features for example in of_kind])
        right = np.concatenate([example.f1 >= _RIGHT_F1 for example in of_kind])
        models[kind] = LogisticRegression(C=1.0, max_iter=2000).fit(rows, right)
    return models


def out_of_fold(some: Sequence[Example]) -> list[tuple[float, float]]:
    """The F1 of the phrase chosen for each example, by weights that were fitted on other documents, and its
    probability.
    """
    chosen = [(0.0, 0.0)] * len(some)
    for train, test in GroupKFold(5).split(some, groups=[example.group for example in some]):
        models = fit([some[i] for i in train])
        for i in test:
            if len(some[i].f1):
                odds = np.exp(models[some[i].kind].decision_function(some[i].features))
                chosen[i] = float(some[i].f1[int(np.argmax(odds))]), float(odds.max() / (1 + odds.sum()))
    return chosen


def main() -> None:
    """Reports out of fold, fits on all and writes the weights."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--output", type=Path, default=Path("assistant/phrase_weights.json"))
    arguments = parser.parse_args()
    some = examples(Path(os.environ["COMMUNIQUE_DATA"]) / FITTED_ON)
    chosen = out_of_fold(some)
    for kind in (*KINDS, None):
        mine = [i for i, example in enumerate(some) if kind in (example.kind, None)]
        mean, low, high = mean_with_interval([chosen[i][0] for i in mine])
        best = np.mean([some[i].f1.max(initial=0.0) for i in mine])
        print(
            f"{kind or 'all':8} token F1 {mean:.3f} ({low:.3f} to {high:.3f}) of {len(mine)}; best candidate {best:.3f}"
        )
    marked = [f1 for f1, probability in chosen if probability >= MIN_PROBABILITY]
    print(f"marked in {len(marked) / len(some):.2f} of them, with a token F1 of {np.mean(marked):.3f}")
    models = fit(some)
    content = {
        "fitted_on": f"{FITTED_ON}, {len(some)} questions with the sentence that holds their answer",
        "kinds": {
            kind: {
                "intercept": round(float(model.intercept_[0]), 5),
                "weights": {n: round(float(w), 5) for n, w in zip(FEATURES, model.coef_[0], strict=True)},
            }
            for kind, model in models.items()
        },
    }
    arguments.output.write_text(json.dumps(content, indent=1) + "\n")


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


if __name__ == "__main__":
    main()
