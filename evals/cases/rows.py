"""Rows of a suite, as people write them, and the cases that they become.

A row: `id`, `question`; `history` [{role, content}]; `answers` [text]; `answerable`; `evidence` [{document_id, quote}
or {document_id, start, end} or both, each with an optional `group`]; `tags` [text]; `draft`; `cluster`. Only `id` and
`question` are needed. The models are also the JSON schema of a row. Reading lines is `json_lines.py`'s work.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.answering import valid_question
from assistant.conversation import Message
from assistant.errors import InvalidCall
from corpus.document import Document
from evals.case import Case, Judgement
from evals.cases.finding import ERROR, WARNING, Finding
from evals.cases.json_lines import Row
from evals.cases.placing import NotPlaced, Places, shown


class _Model(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")


class MessageRow(_Model):
    """What one side said before the question."""

    role: Literal["user", "assistant"]
    content: str


class EvidenceRow(_Model):
    """Words of a document that answer: a quote that occurs once in it, or a half-open span of characters, or both."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": ["quote"]}, {"required": ["start", "end"]}]})

    document_id: str = Field(min_length=1, description="The document's id, as `communique documents` lists it.")
    quote: str | None = Field(None, min_length=1, description="The words, exactly as the document has them.")
    start: int | None = Field(None, ge=0, description="The first character, counted from 0.")
    end: int | None = Field(None, ge=1, description="The character after the last.")
    group: str = Field("", description="Pieces of one group are alternatives; a full answer meets every group.")


class CaseRow(_Model):
    """A case of a suite for `communique eval run`: a question, and the words that a right answer rests on."""

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"properties": {"answerable": {"const": False}}, "required": ["answerable"]},
            "then": {"properties": {"evidence": {"maxItems": 0}}},
            "else": {
                "if": {"properties": {"answerable": {"const": True}}, "required": ["answerable"]},
                "then": {"properties": {"evidence": {"minItems": 1}}, "required": ["evidence"]},
            },
        }
    )

    id: str = Field(min_length=1, description="A name for the case, used once.")
    question: str = Field(min_length=1, description="What is asked.")
    history: list[MessageRow] = Field(default=[], description="What was said before, oldest first.")
    answers: list[str] = Field(default=[], description="Right answers in a person's words.")
    answerable: bool | None = Field(
        None, description="Whether the documents answer; left out: whether there is evidence."
    )
    evidence: list[EvidenceRow] = Field(default=[], description="The words that a right answer rests on.")
    tags: list[str] = Field(default=[], description="Kinds of case: figures are also given for each.")
    draft: bool = Field(default=False, description="Made by a program and not looked at yet: left out of runs.")
    cluster: str = Field("", description="Cases with the same are not independent, as the turns of a conversation.")
    meta: dict[str, Any] = Field(default={}, description="Anything; not read.")
    note: str = Field("", description="For people; not read.")


def case_schema() -> dict[str, Any]:
    """The JSON schema of one row, draft 2020-12."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **CaseRow.model_json_schema()}


@dataclass(slots=True)
class CaseReader:
    """Turns rows into cases, one after the other; remembers what a later row must not repeat."""

    places: Places
    _lines: dict[str, int] = field(default_factory=dict)
    _asked: dict[tuple[str, tuple[Message, ...]], int] = field(default_factory=dict)

    def read(self, row: Row, line: int) -> tuple[Case | None, list[Finding]]:
        """The case of a row, None where it has errors, and all that is to be said about the row."""
        try:
            checked = CaseRow.model_validate(row)
        except ValidationError as error:
            return None, [Finding(line, ERROR, _plain(item)) for item in error.errors(include_url=False)]
        errors = [*_bad_texts(checked), *_bad_question(checked), *self._used(checked, line)]
        remarks = [*_unknown_keys(row)]
        judgements: list[Judgement] = []
        for number, evidence in enumerate(checked.evidence, start=1):
            try:
                judgement, remark = self._judgement(evidence)
            except NotPlaced as error:
                errors.append(str(error) if len(checked.evidence) == 1 else f"evidence {number}: {error}")
                continue
            judgements.append(judgement)
            remarks += [remark] if remark else []
        answerable = bool(checked.evidence) if checked.answerable is None else checked.answerable
        if answerable != bool(checked.evidence):
            errors.append("an answerable case needs evidence, and one without an answer has none")
        case = _case(checked, judgements, answerable)
        if not errors:
            remarks += self._doubts(checked, case, line)
        findings = [Finding(line, ERROR, message) for message in errors]
        return None if errors else case, findings + [Finding(line, WARNING, message) for message in remarks]

    def _used(self, row: CaseRow, line: int) -> Iterator[str]:
        first = self._lines.setdefault(row.id, line)
        if first != line:
            yield f"the id {shown(row.id)!r} is that of line {first} too: give it another"

    def _judgement(self, evidence: EvidenceRow) -> tuple[Judgement, str]:
        span = None
        if evidence.start is not None or evidence.end is not None:
            if evidence.start is None or evidence.end is None:
                raise NotPlaced(f"{'start' if evidence.start is None else 'end'!r} is missing: a span has both")
            span = evidence.start, evidence.end
        placed = self.places.place(evidence.document_id, quote=evidence.quote, span=span)
        return Judgement(evidence.document_id, placed.start, placed.end, evidence.group), placed.remark

    def _doubts(self, row: CaseRow, case: Case, line: int) -> Iterator[str]:
        if row.answerable is None:
            why = "it has evidence" if case.answerable else "it has no evidence"
            yield f"'answerable' is left out: taken as {str(case.answerable).lower()}, as {why}"
        if case.draft:
            yield "a draft: left out of runs until somebody looks at it and takes 'draft' away"
        first = self._asked.setdefault((" ".join(case.question.casefold().split()), case.history), line)
        if first != line:
            yield f"the question is that of line {first} too"


def cases_of(
    rows: Iterable[tuple[int, Row | Finding]], document: Callable[[str], Document]
) -> tuple[list[Case], list[Finding]]:
    """The cases of numbered rows, and everything that is to be said about them, in the order of the rows.

    `document` gives documents by id and raises `UnknownDocument`. A row with an error is in the findings alone.
    """
    reader = CaseReader(Places(document))
    cases: list[Case] = []
    findings: list[Finding] = []
    for line, row in rows:
        if isinstance(row, Finding):
            findings.append(row)
            continue
        case, said = reader.read(row, line)
        findings += said
        cases += [case] if case else []
    return cases, findings


def _case(row: CaseRow, judgements: list[Judgement], answerable: bool) -> Case:
    return Case(
        id=row.id,
        question=row.question,
        history=tuple(Message(message.role, message.content) for message in row.history),
        judgements=tuple(judgements),
        references=tuple(row.answers),
        answerable=answerable,
        tags=tuple(row.tags),
        draft=row.draft,
        cluster=row.cluster,
    )


def _bad_texts(row: CaseRow) -> Iterator[str]:
    texts = [("id", row.id), ("question", row.question), ("cluster", row.cluster)]
    texts += [("history", message.content) for message in row.history]
    texts += [("answers", answer) for answer in row.answers] + [("tags", tag) for tag in row.tags]
    texts += [("evidence", f"{piece.document_id}{piece.quote}{piece.group}") for piece in row.evidence]
    for place in dict.fromkeys(place for place, text in texts if "\0" in text):
        yield f"{place!r} holds the character U+0000, which no text has: take it out"


def _bad_question(row: CaseRow) -> Iterator[str]:
    try:
        valid_question(row.question)
    except InvalidCall as error:
        yield str(error)


def _unknown_keys(row: Row) -> Iterator[str]:
    for key in row:
        if key in CaseRow.model_fields:
            continue
        close = get_close_matches(key, CaseRow.model_fields, n=1)
        yield f"the key {shown(key)!r} is not known and was left out" + (f": is it {close[0]!r}?" if close else "")


_SAID = {
    "string_type": "is not a text",
    "string_unicode": "holds half a character (a lone surrogate)",
    "string_too_short": "is empty",
    "bool_type": "is not true or false",
    "int_type": "is not a whole number",
    "list_type": "is not a list",
    "model_type": "is not an object",
    "dict_type": "is not an object",
    "greater_than_equal": "is too small",
}


def _plain(error: Any) -> str:
    """An error of the model in words, its place counted from 1: "evidence 2: 'quote' is not a text"."""
    *path, last = error["loc"]
    places = [f"{one}" for one in path]
    for i, part in enumerate(path):
        if isinstance(part, int):
            places[i - 1 : i + 1] = [f"{path[i - 1]} {part + 1}", ""]
    if isinstance(last, int):
        name, places = f"{places[-1]} {last + 1}", places[:-1]
    else:
        name = repr(last)
    where = ", ".join(place for place in places if place)
    if error["type"] == "missing":
        said = f"{name} is missing"
    elif error["type"] == "literal_error":
        said = f"{name} is not 'user' or 'assistant': it is {_value(error['input'])}"
    else:
        said = f"{name} {_SAID.get(error['type'], error['msg'])}: it is {_value(error['input'])}"
    return f"{where}: {said}" if where else said


def _value(value: object) -> str:
    """A value as an error shows it; of a list or an object only that it is one, since it may be deep."""
    if isinstance(value, list | dict):
        return "a list" if isinstance(value, list) else "an object"
    return "null" if value is None else shown(repr(value))
