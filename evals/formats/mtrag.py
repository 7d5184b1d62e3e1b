"""MTRAG: conversations of several turns over passages, as the benchmark's generation tasks, one a line.

Source: github.com/IBM/mt-rag-benchmark, generation_tasks/reference.jsonl and corpora/passage_level/*.jsonl;
Apache-2.0. Katsis et al., "MTRAG: A Multi-Turn Conversational Benchmark for Evaluating Retrieval-Augmented Generation
Systems", TACL 13, 2025.

The documents are the passages of the corpora, where they lie unpacked as in the repository, beside the tasks or in a
folder above; otherwise those that the tasks themselves name, among which the right ones are far easier to find than in
the published runs. A case's judgements are whole passages, any one of which serves. Turns that ask nothing
("CONVERSATIONAL") are left out. The turns of one conversation are a cluster.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from assistant.conversation import Message
from evals.case import Case, Judgement
from evals.cases.json_lines import public_rows
from evals.errors import InvalidSuite
from evals.formats.format import DocumentRow, Format, beginning, document_row, rows_in, strings

_LEVELS_UP = 4
_REFUSED = "UNANSWERABLE"
_LEFT_OUT = "CONVERSATIONAL"


def is_mtrag(path: Path) -> bool:
    """Whether a file holds MTRAG's tasks, told by its first line."""
    if path.suffix.lower() not in (".jsonl", ".json") or not path.is_file():
        return False
    first = beginning(path).partition("\n")[0]
    return all(f'"{key}"' in first for key in ("task_id", "input", "speaker"))


def documents(path: Path) -> Iterator[DocumentRow]:
    """The passages of the corpora that the tasks ask about, or those that the tasks name."""
    files = _corpora(path)
    rows = (row for file in files for row in public_rows(file)) if files else _contexts(path)
    used: set[str] = set()
    for row in rows:
        document = _document(row)
        if document and document["id"] not in used:
            used.add(document["id"])
            yield document


def cases(path: Path) -> Iterator[Case]:
    """A case for each task that asks something, in order; one whose passages are not there is left out."""
    named = {str(context["document_id"]) for context in _contexts(path) if "document_id" in context}
    lengths = {row["id"]: len(row["text"]) for row in documents(path) if row["id"] in named}
    for task in public_rows(path):
        case = _case(task, lengths)
        if case:
            yield case


def _corpora(path: Path) -> list[Path]:
    """The corpora of the collections that the tasks name, where all of them are unpacked; else none."""
    collections = {str(_get(task, "collection") or "") for task in public_rows(path)}
    domains = {domain for name in collections for domain in ("clapnq", "cloud", "fiqa", "govt") if domain in name}
    for folder in list(path.resolve().parents)[:_LEVELS_UP]:
        files = [folder / "corpora" / "passage_level" / f"{domain}.jsonl" for domain in sorted(domains)]
        if files and all(file.is_file() for file in files):
            return files
    return []


def _contexts(path: Path) -> Iterator[dict[str, Any]]:
    for task in public_rows(path):
        yield from rows_in(task.get("contexts"))


def _document(row: Mapping[str, Any]) -> DocumentRow | None:
    ids = (row.get(key) for key in ("_id", "document_id", "id"))
    return document_row(next((id_ for id_ in ids if id_ is not None), None), row.get("title"), row.get("text"))


def _case(task: dict[str, Any], lengths: Mapping[str, int]) -> Case | None:
    said = [(turn.get("speaker"), turn.get("text")) for turn in rows_in(task.get("input"))]
    messages = [
        Message("user" if speaker == "user" else "assistant", text) for speaker, text in said if isinstance(text, str)
    ]
    kinds = strings(_get(task, "answerability"))
    if not isinstance(task.get("task_id"), str):
        raise InvalidSuite(f"a task without a 'task_id': {json.dumps(task)[:80]}")
    if not messages or messages[-1].role != "user" or not messages[-1].content.strip() or _LEFT_OUT in kinds:
        return None
    relevant = [str(c.get("document_id")) for c in rows_in(task.get("contexts")) if _is_relevant(c)]
    answerable = _REFUSED not in kinds
    judged = [Judgement(id_, 0, lengths[id_]) for id_ in dict.fromkeys(relevant) if answerable and id_ in lengths]
    if answerable and not judged:
        return None
    return Case(
        id=task["task_id"],
        question=messages[-1].content,
        history=tuple(messages[:-1]),
        judgements=tuple(judged),
        references=tuple(t["text"] for t in rows_in(task.get("targets")) if isinstance(t.get("text"), str)),
        answerable=answerable,
        tags=tuple(kind.lower() for kind in (*kinds, *strings(_get(task, "multi-turn")))),
        cluster=str(task.get("conversation_id") or task["task_id"]),
    )


def _is_relevant(context: Mapping[str, Any]) -> bool:
    """Whether an annotator took the passage for relevant; what nobody judged is a reference by being there."""
    feedback = context.get("feedback")
    votes = feedback.get("relevant") if isinstance(feedback, dict) else None
    if not isinstance(votes, dict) or not votes:
        return True
    return any(isinstance(vote, dict) and vote.get("value") == "yes" for vote in votes.values())


def _get(task: Mapping[str, Any], name: str) -> Any:
    """A field by its name in any case: releases write both "Answerability" and "answerability"."""
    return next((value for key, value in task.items() if key.lower() == name), None)


MTRAG = Format("mtrag", "MTRAG's generation tasks, a JSONL file; Apache-2.0", is_mtrag, documents, cases)
