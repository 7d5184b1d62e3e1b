"""Fits the weights of `assistant.evidence` and `assistant.answerable`, and reports how good they are out of fold.

    COMMUNIQUE_DATA=… python -m evals.fit_evidence [--questions N]

Fitted on squad2_dev (Rajpurkar et al., "Know What You Don't Know", ACL 2018; CC BY-SA 4.0), whose questions were
written with the paragraph in view, and on clapnq_dev (Rosenthal et al., "CLAPnq", TACL 2025; Apache-2.0), whose
questions people typed into a search engine and whose answers are several sentences: the sentences of the ten hits for
each answerable question, asked over all documents of its set. Questions whose own document is hidden stand for
"absent": whatever is found for them is wrong. What is reported is out of fold: folds are documents, the weights that
score a fold never saw it. No text of the data is kept, only the weights.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold, cross_val_predict
from tqdm import tqdm

from assistant.answerable import AnswerableWeights, log_odds, nearest_cosine
from assistant.evidence_features import FEATURES
from assistant.home import Home
from corpus.reading.files import FoundFile
from evals.case import Judgement
from evals.measures import share_half
from index.adding import add_files
from index.passage import Passage
from index.scope import Scope

FITTED_ON = {"squad2_dev": 1, "clapnq_dev": 3}
"""The sets, and how often each question of one counts: clapnq_dev has a tenth as many."""
_RIDGE = 1e-2
_WRONGLY_REFUSED = 0.01
"""So many of the questions that have an answer may be taken for ones that have none."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question's sentences: features `(n, f)`, which of them hold the answer, and the fold that it belongs to; and
    the nearest passage's cosine, None where nothing was found.
    """

    features: np.ndarray
    labels: np.ndarray
    group: str
    hidden: bool
    dataset: str
    cosine: float | None


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
        asked = []
        for i, case in enumerate(tqdm(cases[:num_questions], file=sys.stderr)):
            own = case["evidence"][0]["document_id"]
            hidden = i % 3 == 0
            scope = tuple(id_ for id_ in every if id_ != own) if hidden else None
            found = retriever.search(case["question"], scope=Scope(document_ids=scope))
            statistics = retriever.word_statistics(case["question"])
            sentences, features = finder.features(case["question"], found, statistics)
            labels = np.array([_holds(case, passage, start, end) for passage, start, end in sentences])
            asked.append(Example(features, labels, own, hidden, folder.name, nearest_cosine(found)))
    return asked


def _holds(case: dict[str, Any], passage: Passage, start: int, end: int) -> bool:
    """Whether the sentence shares at least half of the shorter one with a piece of the case's evidence."""
    sentence = Judgement(passage.document_id, start, end)
    return any(share_half(sentence, Judgement(e["document_id"], e["start"], e["end"])) for e in case["evidence"])


@dataclass(frozen=True, slots=True)
class Model:
    """A line through standardised features, and the logistic curve that makes its scores probabilities."""

    means: np.ndarray
    scales: np.ndarray
    line: np.ndarray
    slope: float = 1.0
    intercept: float = 0.0

    def curve(self, scores: np.ndarray) -> np.ndarray:
        """Scores as probabilities."""
        return np.asarray(1.0 / (1.0 + np.exp(-(self.slope * scores + self.intercept))))

    def scores(self, features: np.ndarray) -> np.ndarray:
        """`(n, f)` to `(n,)`, comparable within a question."""
        return np.asarray((features - self.means) / self.scales @ self.line)


def fit_line(some: Sequence[Example]) -> Model:
    """The line under which the right sentences of a question come before its others: softmax cross-entropy over the
    sentences of each question (Cao et al., "Learning to Rank: From Pairwise to Listwise Approach", ICML 2007).
    """
    ranked = [
        example
        for example in some
        if example.labels.any() and not example.hidden
        for _ in range(FITTED_ON[example.dataset])
    ]
    features = np.concatenate([example.features for example in ranked])
    right = np.concatenate([example.labels for example in ranked])
    means, scales = features.mean(axis=0), features.std(axis=0) + 1e-9
    rows = (features - means) / scales
    sizes = [len(example.labels) for example in ranked]
    firsts = np.cumsum([0, *sizes[:-1]])

    def loss(line: np.ndarray) -> tuple[float, np.ndarray]:
        scores = rows @ line
        scores -= np.repeat(np.maximum.reduceat(scores, firsts), sizes)
        weights = np.exp(scores)
        total, of_right = np.add.reduceat(weights, firsts), np.add.reduceat(weights * right, firsts) + 1e-12
        pull = weights / np.repeat(total, sizes) - weights * right / np.repeat(of_right, sizes)
        value = np.log(total / of_right).mean() + _RIDGE * line @ line
        return float(value), rows.T @ pull / len(ranked) + 2 * _RIDGE * line

    line = minimize(loss, np.zeros(features.shape[1]), jac=True, method="L-BFGS-B").x
    return Model(means, scales, line)


def calibrate(model: Model, some: Sequence[Example], scores: Sequence[np.ndarray]) -> Model:
    """The model with the curve (Platt, 1999) fitted on scores of examples that its line did not see."""
    column = np.concatenate(list(scores))[:, None]
    curve = LogisticRegression(C=1e6, max_iter=2000).fit(column, np.concatenate([example.labels for example in some]))
    return replace(model, slope=float(curve.coef_[0][0]), intercept=float(curve.intercept_[0]))


def out_of_fold(some: Sequence[Example]) -> list[np.ndarray]:
    """The scores of each example's sentences, by lines that were fitted on other documents."""
    scores: list[np.ndarray] = [np.zeros(0)] * len(some)
    for train, test in GroupKFold(5).split(some, groups=[example.group for example in some]):
        model = fit_line([some[i] for i in train])
        for i in test:
            if len(some[i].labels):
                scores[i] = model.scores(some[i].features)
    return scores


def fit_answerable(some: Sequence[Example], best: Sequence[float]) -> AnswerableWeights:
    """How the best sentence's probability and the nearest passage's cosine tell a question that the documents answer
    from one whose document is hidden; the limit is where `_WRONGLY_REFUSED` of the former fall below it, of the set
    that loses more by it. Probabilities and limit are out of fold, folds are documents.
    """
    kept = [(example, p) for example, p in zip(some, best, strict=True) if example.cosine is not None]
    rows = np.array([(log_odds(p), example.cosine) for example, p in kept])
    answered = np.array([not example.hidden for example, _ in kept])
    model = LogisticRegression(C=1e6, max_iter=2000)
    groups = [example.group for example, _ in kept]
    told = cross_val_predict(model, rows, answered, groups=groups, cv=GroupKFold(5), method="predict_proba")[:, 1]
    sets = np.array([example.dataset for example, _ in kept])
    print(f"answered or hidden, area under ROC: {roc_auc_score(answered, told):.3f}")
    least = min(float(np.quantile(told[answered & (sets == name)], _WRONGLY_REFUSED)) for name in FITTED_ON)
    for name in FITTED_ON:
        refused = told[sets == name] < least
        of = answered[sets == name]
        print(f"{name}: refused {refused[of].mean():.3f} of the answerable, {refused[~of].mean():.3f} of the hidden")
    model.fit(rows, answered)
    of_evidence, of_cosine = map(float, model.coef_[0])
    return AnswerableWeights(float(model.intercept_[0]), of_evidence, of_cosine, least)


def report(some: Sequence[Example], scores: Sequence[np.ndarray]) -> None:
    """How often the right sentence is first and among three; how often "absent" would be right at which threshold."""
    shown = [(s, e.labels) for s, e in zip(scores, some, strict=True) if not e.hidden]
    ranks = [next((r for r, j in enumerate(np.argsort(-s)) if labels[j]), 99) for s, labels in shown]
    for k in (1, 2, 3, 6):
        print(f"right sentence among {k}: {np.mean([rank < k for rank in ranks]):.3f} of {len(ranks)}")
    best_shown = np.array([s.max(initial=0) for s, _ in shown])
    best_hidden = np.array([s.max(initial=0) for s, e in zip(scores, some, strict=True) if e.hidden])
    for threshold in (0.002, 0.005, 0.0075, 0.01, 0.02, 0.05, 0.1):
        print(
            f"refused below {threshold}: {np.mean(best_shown < threshold):.3f} of the answerable, "
            f"{np.mean(best_hidden < threshold):.3f} of those whose document is hidden"
        )


def main() -> None:
    """Fits on all, after having reported out of fold, and writes the weights."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--questions", type=int, default=3220)
    parser.add_argument("--output", type=Path, default=Path("assistant/evidence_weights.json"))
    parser.add_argument("--answerable", type=Path, default=Path("assistant/answerable_weights.json"))
    arguments = parser.parse_args()
    data = Path(os.environ["COMMUNIQUE_DATA"])
    some = [example for name in FITTED_ON for example in examples(data / name, arguments.questions)]
    scores = out_of_fold(some)
    model = calibrate(fit_line(some), some, scores)
    for name in FITTED_ON:
        mine = [i for i, example in enumerate(some) if example.dataset == name]
        print(f"{name}, out of fold")
        report([some[i] for i in mine], [model.curve(scores[i]) for i in mine])
    answerable = fit_answerable(some, [float(model.curve(own).max(initial=0.0)) for own in scores])
    columns = zip(FEATURES, model.slope * model.line, model.means, model.scales, strict=True)
    content = {
        "fitted_on": f"{len(some)} answerable questions of {' and '.join(FITTED_ON)}; a third with its document hidden",
        "intercept": round(model.intercept, 5),
        "features": {
            name: {"weight": round(float(w), 5), "mean": round(float(m), 5), "scale": round(float(s), 5)}
            for name, w, m, s in columns
        },
    }
    arguments.output.write_text(json.dumps(content, indent=1) + "\n")
    arguments.answerable.write_text(
        json.dumps({k: round(v, 5) for k, v in asdict(answerable).items()}, indent=1) + "\n"
    )
    print(json.dumps(content["features"], indent=None))


if __name__ == "__main__":
    main()
