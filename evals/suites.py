"""Suites: cases in JSONL that people write by hand, and the documents that they are about.

A row: `id`, `question`, `answerable`; `history` [{role, content}]; `answers` [text]; `evidence` [{document_id, quote}
or {document_id, start, end}, each with an optional `group`]; `tags` [text]. A quote becomes a span when the suite is
loaded, and must occur exactly once in its document.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.conversation import Message
from corpus.document import Document
from corpus.errors import UnknownDocument
from evals.case import Case, Judgement
from evals.errors import InvalidSuite

_FOLDER = Path(__file__).parent / "suites"


@dataclass(frozen=True, slots=True)
class Suite:
    """A name, a file of cases, and a line on what they are."""

    name: str
    path: Path
    about: str


SUITES = {
    "sample": Suite(
        "sample", _FOLDER / "sample.jsonl", "questions over the sample documents, written by us; Apache-2.0"
    ),
}


def load_cases(path: Path, document: Callable[[str], Document]) -> list[Case]:
    """The cases of a suite, in order, their quotes turned into spans of the documents that `document` gives by id.

    Raises `InvalidSuite` with the line for a row that is not a case, a document that is not there, a quote that does
    not occur or occurs twice, an id that is used twice, and for a file without cases.
    """
    cases: list[Case] = []
    lines: dict[str, int] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            if not isinstance(row, dict):
                raise TypeError("not a JSON object")
            case = _case(row, document)
            if case.id in lines:
                raise ValueError(f"the id {case.id!r} is that of line {lines[case.id]} too")
        except KeyError as error:
            raise InvalidSuite(f"{path.name}, line {number}: {error.args[0]!r} is missing") from error
        except (ValueError, TypeError, UnknownDocument) as error:
            raise InvalidSuite(f"{path.name}, line {number}: {error}") from error
        lines[case.id] = number
        cases.append(case)
    if not cases:
        raise InvalidSuite(f"{path.name} has no cases: write one JSON object a line")
    return cases


def _case(row: dict[str, Any], document: Callable[[str], Document]) -> Case:
    judgements = tuple(_judgement(evidence, document) for evidence in row.get("evidence", ()))
    if bool(judgements) != bool(row["answerable"]):
        raise ValueError("an answerable case needs evidence, and one without an answer has none")
    return Case(
        id=row["id"],
        question=row["question"],
        history=tuple(Message(message["role"], message["content"]) for message in row.get("history", ())),
        judgements=judgements,
        references=tuple(row.get("answers", ())),
        answerable=row["answerable"],
        tags=tuple(row.get("tags", ())),
    )


def _judgement(evidence: dict[str, Any], document: Callable[[str], Document]) -> Judgement:
    source = document(evidence["document_id"])
    group = evidence.get("group", "")
    if "quote" not in evidence:
        start, end = evidence["start"], evidence["end"]
        if not 0 <= start < end <= len(source.text):
            raise ValueError(
                f"the span {start} to {end} is not in {source.id!r}, which has {len(source.text)} characters"
            )
        return Judgement(source.id, start, end, group)
    quote = evidence["quote"]
    occurrences = source.text.count(quote) if quote else 0
    if occurrences != 1:
        raise ValueError(f"the quote {quote[:60]!r} occurs {occurrences} times in {source.id!r}, once is needed")
    start = source.text.index(quote)
    return Judgement(source.id, start, start + len(quote), group)
