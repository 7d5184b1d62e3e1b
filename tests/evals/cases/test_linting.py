import json
from pathlib import Path

import pytest

from corpus.catalogue import new_document
from corpus.document import Document
from corpus.errors import UnknownDocument
from evals.cases.finding import ERROR, WARNING, Finding
from evals.cases.linting import lint, read_cases
from evals.errors import InvalidSuite

TEXT = "The tide is high. The boats are out."


def sea(document_id: str) -> Document:
    if document_id != "sea":
        raise UnknownDocument(f"there is no document {document_id!r}")
    return new_document({"id": "sea", "title": "Sea", "source": "/sea", "language": "en"}, text=TEXT)


def test_every_finding_has_the_line_that_it_is_about(tmp_path: Path) -> None:
    """Blank lines count; what cannot be read and what cannot be placed are told in one list, in the file's order."""
    good = {"id": "a", "question": "Boats?", "answerable": True, "evidence": [{"document_id": "sea", "quote": "boats"}]}
    rows = [
        json.dumps(good),
        "",
        "{broken",
        json.dumps(good),
        json.dumps(good | {"id": "b", "evidence": [{"document_id": "sea", "quote": "fish"}]}),
        json.dumps(good | {"id": "c", "draft": True}),
    ]
    path = tmp_path / "suite.jsonl"
    path.write_text("\n".join(rows))
    assert [(finding.line, finding.level) for finding in lint(path, sea)] == [
        (3, ERROR),
        (4, ERROR),
        (5, ERROR),
        (6, WARNING),
        (6, WARNING),
    ]
    assert [case.id for case in read_cases(path, sea)[0]] == ["a", "c"]


def test_nothing_is_said_of_a_good_file(tmp_path: Path) -> None:
    path = tmp_path / "suite.jsonl"
    path.write_text('{"id": "a", "question": "Fish?", "answerable": false}\n')
    assert lint(path, sea) == []


@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff", " \r\n"])
def test_an_empty_file_is_an_error(tmp_path: Path, content: str) -> None:
    path = tmp_path / "suite.jsonl"
    path.write_text(content, encoding="utf-8")
    assert lint(path, sea) == [Finding(0, ERROR, "it has no cases: write one JSON object a line")]


def test_a_file_that_is_not_there_is_one(tmp_path: Path) -> None:
    with pytest.raises(InvalidSuite, match=r"suite.jsonl' cannot be opened \(No such file or directory\)"):
        lint(tmp_path / "suite.jsonl", sea)
