"""Chroma's chunking data: questions with exact excerpts of five long texts.

Source: github.com/brandonstarxel/chunking_evaluation, folder general_evaluation_data with questions_df.csv and
corpora/*.md; MIT. Smith & Troynikov, "Evaluating Chunking Strategies for Retrieval", Chroma technical report, 2024.

A corpus is one document under its own name. A case wants all of its excerpts: each is a group. Questions about one
corpus are a cluster; with five of them, intervals by cluster are wide, and rightly so.
"""

import csv
import json
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path

from evals.case import Case, Judgement
from evals.cases.json_lines import opened
from evals.errors import InvalidSuite
from evals.formats.format import DocumentRow, Format, beginning, document_row, rows_in

_FILE = "questions_df.csv"
_COLUMNS = ("question", "references", "corpus_id")


def is_chroma(path: Path) -> bool:
    """Whether a CSV file, or the one in a folder, has the three columns of Chroma's."""
    file = path / _FILE if path.is_dir() else path
    header = beginning(file).partition("\n")[0].strip().split(",") if file.suffix.lower() == ".csv" else []
    return all(column in header for column in _COLUMNS)


def documents(path: Path) -> Iterator[DocumentRow]:
    """The corpora that the questions are about, in the order of their first question."""
    for corpus_id, text in _texts(path).items():
        row = document_row(corpus_id, corpus_id.replace("_", " "), text)
        if row:
            yield row


def cases(path: Path) -> Iterator[Case]:
    """A case for each question, in order, named by its line. Raises `InvalidSuite` for an excerpt that is not there."""
    texts = _texts(path)
    for number, row in _rows(path):
        text = texts[row["corpus_id"]]
        judgements = [_judgement(item, row["corpus_id"], str(i)) for i, item in enumerate(_excerpts(row, number))]
        if not all(0 <= one.start < one.end <= len(text) for one in judgements) or not judgements:
            raise InvalidSuite(f"{_FILE}, question {number}: an excerpt is not in corpora/{row['corpus_id']}.md")
        yield Case(
            f"chroma-{number:03}", row["question"], (), tuple(judgements), (), answerable=True, cluster=row["corpus_id"]
        )


def _judgement(excerpt: dict[str, object], corpus_id: str, group: str) -> Judgement:
    start, end = excerpt.get("start_index"), excerpt.get("end_index")
    return Judgement(corpus_id, start if isinstance(start, int) else -1, end if isinstance(end, int) else -1, group)


def _excerpts(row: dict[str, str], number: int) -> list[dict[str, object]]:
    try:
        return rows_in(json.loads(row["references"]))
    except (ValueError, RecursionError) as error:
        raise InvalidSuite(f"{_FILE}, question {number}: 'references' is not JSON") from error


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    file = path / _FILE if path.is_dir() else path
    with TextIOWrapper(opened(file), encoding="utf-8-sig", newline="") as stream:
        try:
            for number, row in enumerate(csv.DictReader(stream), start=1):
                if any(not isinstance(row.get(column), str) for column in _COLUMNS):
                    raise InvalidSuite(f"{file.name}, question {number}: it needs {', '.join(_COLUMNS)}")
                yield number, row
        except (csv.Error, UnicodeDecodeError) as error:
            raise InvalidSuite(f"{file.name} cannot be read as CSV ({error}): fetch it again") from error


def _texts(path: Path) -> dict[str, str]:
    """The corpora by name, read as the report's own program reads them: every line ends with a single character."""
    folder = (path if path.is_dir() else path.parent) / "corpora"
    names = dict.fromkeys(row["corpus_id"] for _, row in _rows(path))
    return {name: _text(folder, name) for name in names}


def _text(folder: Path, name: str) -> str:
    file = folder / f"{name}.md"
    if Path(name).name != name or not file.is_file():
        raise InvalidSuite(f"there is no corpora/{name}.md beside the questions: fetch it from the same place")
    try:
        with TextIOWrapper(opened(file), encoding="utf-8") as stream:
            return stream.read()
    except UnicodeDecodeError as error:
        raise InvalidSuite(f"corpora/{name}.md is not UTF-8: fetch it again") from error


CHROMA = Format(
    "chroma-chunking", "Chroma's chunking data, questions_df.csv beside corpora/; MIT", is_chroma, documents, cases
)
