"""How far a judge agrees with people: accuracy, macro-F1 and Cohen's kappa over claims that people labelled.

    python -m evals.agreement [--judge LLM | --checker MODEL] [FILE.jsonl | FILE.csv]

Ours is `suites/judged_claims.jsonl`: 120 claims in the field of science and technology policy, written and labelled for
this purpose about invented bodies, a third each supported, partly and unsupported; Apache-2.0. They are
hard on purpose: most differ from their quotes by one thing, or say the same in other words, so that a judge does better
on what an LLM usually writes. "Partly" is a claim of which one statement is borne out and another is not. It is for
measuring judges and never for fitting one. A file of others' labels needs a claim, its quotes and a label in
each row. Where its labels know two grades, "partly" of a judge counts as unsupported.
"""

import argparse
import csv
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assistant.answering import is_text
from assistant.pairs import PARTLY, SUPPORTED, UNSUPPORTED, Pair
from evals.errors import InvalidSuite
from evals.intervals import Estimate, statistic_with_interval
from evals.judges import GRADES, Judge, VerifierJudge, llm_judge

JUDGED_CLAIMS = Path(__file__).parent / "suites" / "judged_claims.jsonl"
_NAMES = {
    SUPPORTED: "supported, support, supports, attributable, entailment, yes, true, 1",
    PARTLY: "partly, partial, partially, partly supported, partially supported",
    UNSUPPORTED: "unsupported, not supported, not attributable, neutral, contradiction, contradictory, refutes, "
    "extrapolatory, no, false, 0",
}
LABELS = {name: label for label, names in _NAMES.items() for name in names.split(", ")}
"""What others call the three grades, in lower case."""
MAX_FIELD_CHARS = 1_000_000


@dataclass(frozen=True, slots=True)
class JudgedClaim:
    """A pair with the label that a person gave it, and the kind of difference between claim and quotes, where told."""

    id: str
    pair: Pair
    label: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Agreement:
    """A judge beside people's labels.

    Each figure has its interval over claims, and is None where it is not defined. `num` claims were graded;
    `num_unscored` were not and count in no figure. `confusion` counts (label, grade).
    """

    judge: str
    accuracy: Estimate | None
    macro_f1: Estimate | None
    kappa: Estimate | None
    num: int
    num_unscored: int
    confusion: dict[tuple[str, str], int]


def read_judged(path: Path) -> list[JudgedClaim]:
    """The labelled claims of a JSONL or CSV file, in order.

    A row has `claim`, `quotes` (in CSV: one text, or a JSON list; `quote` will do) and `label`, one of `LABELS`; and
    where told `id`, `question` and `kind`. Raises `InvalidSuite` with the line for a row that is none, an id that is
    used twice, and for a file without rows.
    """
    found: dict[str, JudgedClaim] = {}
    try:
        rows = _csv_rows(path) if path.suffix.lower() == ".csv" else _jsonl_rows(path)
        for number, row in rows:
            claim = _judged(row, number, path.name)
            if claim.id in found:
                raise InvalidSuite(f"{path.name}, line {number}: the id {claim.id!r} is used twice")
            found[claim.id] = claim
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InvalidSuite(f"{path.name} cannot be read: {error}: give a JSONL or CSV file in UTF-8") from error
    if not found:
        raise InvalidSuite(f"{path.name} has no claims: write one JSON object a line")
    return list(found.values())


def agreement(judge: Judge, claims: Sequence[JudgedClaim]) -> Agreement:
    """How far the judge agrees with the labels; what it could not grade is counted, and in no figure."""
    grades = judge.grades([claim.pair for claim in claims])
    graded = [
        (claim.label, grade.value) for claim, grade in zip(claims, grades, strict=True) if grade.value is not None
    ]
    if not any(claim.label == PARTLY for claim in claims):
        graded = [(label, UNSUPPORTED if grade == PARTLY else grade) for label, grade in graded]
    num_unscored = len(claims) - len(graded)
    figures = figures_of(graded) if graded else (None, None, None)
    return Agreement(judge.name, *figures, len(graded), num_unscored, dict(Counter(graded)))


def figures_of(graded: Sequence[tuple[str, str]]) -> tuple[Estimate | None, Estimate | None, Estimate | None]:
    """Accuracy, macro-F1 and Cohen's kappa of (label, grade), each with its interval.

    Macro-F1 is over the grades that occur on either side, an F1 of 0 where one is never right. Kappa (Cohen, 1960) is
    the agreement beyond that of chance; it is not defined where both sides know one and the same grade alone.

    By hand: 3 of 4 agree; F1 is 2 / 3 for supported and 4 / 5 for unsupported; by chance 1/4 · 2/4 + 3/4 · 2/4 agree,
    a half, so that kappa is (0.75 - 0.5) / (1 - 0.5):

    >>> pairs = [("supported", "supported"), ("supported", "unsupported"), *[("unsupported", "unsupported")] * 2]
    >>> [round(figure.value, 4) for figure in figures_of(pairs)]
    [0.75, 0.7333, 0.5]
    """
    places = {grade: i for i, grade in enumerate(GRADES)}
    cells = np.zeros((len(graded), len(GRADES) ** 2))
    for row, (label, grade) in enumerate(graded):
        cells[row, len(GRADES) * places[label] + places[grade]] = 1.0

    def tables(weights: np.ndarray) -> np.ndarray:
        return (weights @ cells).reshape(-1, len(GRADES), len(GRADES))

    accuracy, macro_f1, kappa = (
        statistic_with_interval(lambda weights, figure=figure: figure(tables(weights)), len(graded))  # type: ignore[misc]
        for figure in (_accuracy, _macro_f1, _kappa)
    )
    return accuracy, macro_f1, kappa


def agreement_line(found: Agreement) -> str:
    """The agreement in one line for a reader."""
    figures = (("accuracy", found.accuracy), ("macro-F1", found.macro_f1), ("kappa", found.kappa))
    told = ", ".join(
        f"{name} {figure.value:.3f} ({figure.low:.3f} to {figure.high:.3f})" if figure else f"{name} not defined"
        for name, figure in figures
    )
    return f"{found.judge}: {told}; {found.num} claims, {found.num_unscored} without a grade"


def _accuracy(tables: np.ndarray) -> np.ndarray:
    return np.asarray(np.trace(tables, axis1=1, axis2=2) / tables.sum((1, 2)))


def _macro_f1(tables: np.ndarray) -> np.ndarray:
    right = np.diagonal(tables, axis1=1, axis2=2)
    occurs = tables.sum(1) + tables.sum(2)
    return np.asarray(np.where(occurs > 0, 2 * right / np.maximum(occurs, 1e-12), 0.0).sum(1) / (occurs > 0).sum(1))


def _kappa(tables: np.ndarray) -> np.ndarray:
    total = tables.sum((1, 2))
    chance = (tables.sum(1) * tables.sum(2)).sum(1) / total**2
    return np.asarray((_accuracy(tables) - chance) / (1 - chance))  # 0 / 0, which is NaN, where all is one grade


def _jsonl_rows(path: Path) -> Iterator[tuple[int, Any]]:
    with path.open(encoding="utf-8-sig") as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                try:
                    yield number, json.loads(line)
                except (ValueError, RecursionError) as error:
                    raise InvalidSuite(f"{path.name}, line {number}: not JSON: {error}") from error


def _csv_rows(path: Path) -> Iterator[tuple[int, Any]]:
    before = csv.field_size_limit(MAX_FIELD_CHARS)  # of the whole process: others rely on theirs
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            for row in reader:
                named = {key.strip().lower(): value for key, value in row.items() if key and isinstance(value, str)}
                yield reader.line_num, named | _quotes_of(named.get("quotes", ""))
    finally:
        csv.field_size_limit(before)


def _quotes_of(cell: str) -> dict[str, Any]:
    """The cell of a CSV as quotes: a JSON list of texts, or one text."""
    if cell.lstrip().startswith("["):
        try:
            return {"quotes": json.loads(cell)}
        except (ValueError, RecursionError):
            pass  # a quote that begins with a bracket
    return {"quotes": [cell]} if cell else {}


def _judged(row: Any, number: int, name: str) -> JudgedClaim:
    if not isinstance(row, dict):
        raise InvalidSuite(f"{name}, line {number}: not a JSON object")
    quotes = row.get("quotes", row.get("quote"))
    quotes = [quotes] if isinstance(quotes, str) else quotes
    if not isinstance(quotes, list) or not all(isinstance(quote, str) and is_text(quote) for quote in quotes):
        raise InvalidSuite(f"{name}, line {number}: 'quotes' is missing or not a list of texts")
    texts = {key: row.get(key, "") for key in ("claim", "question", "kind")}
    wrong = [key for key, value in texts.items() if not isinstance(value, str) or not is_text(value)]
    if wrong or not texts["claim"].strip():
        raise InvalidSuite(f"{name}, line {number}: {(wrong or ['claim'])[0]!r} is missing or not a text")
    label = LABELS.get(_folded(row.get("label")))
    if label is None:
        raise InvalidSuite(
            f"{name}, line {number}: the label {row.get('label')!r} is not known: write {', '.join(GRADES)}"
        )
    id_ = str(row.get("id") or f"line {number}")
    return JudgedClaim(id_, Pair(texts["claim"], tuple(quotes), texts["question"]), label, texts["kind"])


def _folded(label: object) -> str:
    """The label as it stands in `LABELS`: 1 and true too, as JSON has them."""
    if isinstance(label, bool | int):
        return str(int(label))
    return " ".join(str(label).lower().replace("_", " ").replace("-", " ").split())


def main(arguments: Iterable[str] | None = None) -> None:
    """Prints the agreement of a judge with a file of labels, over all and by kind."""
    parser = argparse.ArgumentParser(description="How far a judge agrees with people's labels.")
    parser.add_argument("file", nargs="?", type=Path, default=JUDGED_CLAIMS)
    parser.add_argument("--judge", help="an LLM, as for `communique ask --llm`; default: the built-in verifier")
    parser.add_argument("--checker", help="a cross-encoder, as a folder or by its name")
    given = parser.parse_args(None if arguments is None else list(arguments))
    claims = read_judged(given.file)
    judge = _judge(given.judge, given.checker)
    print(agreement_line(agreement(judge, claims)))
    for kind in dict.fromkeys(claim.kind for claim in claims if claim.kind):
        some = agreement(judge, [claim for claim in claims if claim.kind == kind])
        told = f"accuracy {some.accuracy.value:.3f}" if some.accuracy else "no grade"
        print(f"  {kind:14} {told}, {some.num} claims")


def _judge(llm: str | None, checker: str | None) -> Judge:
    from assistant.checkers import CrossEncoderChecker
    from assistant.verifying import FeatureVerifier
    from evals.judges import RememberingJudge
    from index.embedding import shared_encoder

    if llm:
        return RememberingJudge(llm_judge(llm))
    return RememberingJudge(VerifierJudge(CrossEncoderChecker(checker) if checker else FeatureVerifier(shared_encoder)))


if __name__ == "__main__":
    main()
