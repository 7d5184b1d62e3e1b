"""One plain form that any data can be brought into: a folder with documents.jsonl and cases.jsonl.

Documents: `id`, `title`, `text`. Cases: `id`, `question`, `history` [{role, content}], `answers` [text], `answerable`,
`evidence` [{document_id, text, start, end, group}], `tags`, `meta`. It is this project's own form, without a paper;
licence and source are those of the data in it.

Evidence without a span is its text where that occurs once in the document, else the whole document. A case that is
answerable and has no evidence cannot be judged, and is left out. Cases that `meta` puts into one article or corpus, or
whose ids end in the turn of a conversation ("…<::>2"), are a cluster.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from assistant.conversation import Message
from evals.case import Case, Judgement
from evals.cases.json_lines import public_rows
from evals.errors import InvalidSuite
from evals.formats.format import DocumentRow, Format, document_row, rows_in, strings

_TURN = "<::>"


def is_uniform(path: Path) -> bool:
    """Whether a folder has documents.jsonl and cases.jsonl."""
    return (path / "documents.jsonl").is_file() and (path / "cases.jsonl").is_file()


def documents(path: Path) -> Iterator[DocumentRow]:
    """The documents of a folder, in order, with what more their rows hold."""
    for row in public_rows(path / "documents.jsonl"):
        document = document_row(row.get("id"), row.get("title"), row.get("text"))
        if document:
            yield row | document


def case_rows(path: Path) -> Iterator[dict[str, Any]]:
    """The cases of a folder as they stand in it."""
    yield from public_rows(path / "cases.jsonl")


def cases(path: Path) -> Iterator[Case]:
    """The cases of a folder that can be judged, in order. Raises `InvalidSuite` for a span outside its document."""
    texts = {row["id"]: row["text"] for row in documents(path)}
    for row in case_rows(path):
        case = _case(row, texts)
        if case:
            yield case


def _case(row: dict[str, Any], texts: Mapping[str, str]) -> Case | None:
    if any(not isinstance(row.get(key), str) for key in ("id", "question")):
        raise InvalidSuite(f"cases.jsonl: a case needs an id and a question: {str(row)[:80]}")
    answerable = bool(row.get("answerable"))
    evidence = rows_in(row.get("evidence")) if answerable else []
    judgements = [one for piece in evidence if (one := _judgement(piece, texts, row["id"]))]
    if answerable and not judgements:
        return None
    said = [(one.get("role"), one.get("content")) for one in rows_in(row.get("history"))]
    return Case(
        id=row["id"],
        question=row["question"],
        history=tuple(Message(role, text) for role, text in said if isinstance(role, str) and isinstance(text, str)),
        judgements=tuple(dict.fromkeys(judgements)),
        references=tuple(strings(row.get("answers"))),
        answerable=answerable,
        tags=tuple(strings(row.get("tags"))),
        cluster=_cluster(row),
    )


def _judgement(evidence: Mapping[str, Any], texts: Mapping[str, str], case_id: str) -> Judgement | None:
    id_, group = evidence.get("document_id"), evidence.get("group")
    text = texts.get(id_) if isinstance(id_, str) else None
    if not isinstance(id_, str) or text is None:
        return None
    start, end = evidence.get("start"), evidence.get("end")
    words = evidence.get("text")
    if start is None and isinstance(words, str) and words and text.count(words) == 1:
        start = text.index(words)
        end = start + len(words)
    elif start is None:
        start, end = 0, len(text)
    if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start < end <= len(text):
        raise InvalidSuite(f"cases.jsonl, case {case_id!r}: the span {start} to {end} is not in {id_!r}")
    return Judgement(id_, start, end, group if isinstance(group, str) else "")


def _cluster(row: Mapping[str, Any]) -> str:
    meta = row.get("meta")
    named = [meta.get(key) for key in ("conversation", "article", "corpus")] if isinstance(meta, dict) else []
    stated = [row.get("cluster"), *named]
    before, turn, _ = str(row["id"]).rpartition(_TURN)
    return next((one for one in stated if isinstance(one, str) and one), before if turn else "")


UNIFORM = Format(
    "uniform", "a folder with documents.jsonl and cases.jsonl; the data's own licence", is_uniform, documents, cases
)
