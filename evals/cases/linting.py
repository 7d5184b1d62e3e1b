"""Everything that is wrong or odd in a file of cases, in one go, each with its line. It changes nothing."""

from collections.abc import Callable
from pathlib import Path

from corpus.document import Document
from evals.case import Case
from evals.cases.finding import ERROR, Finding
from evals.cases.json_lines import read_rows
from evals.cases.rows import cases_of


def lint(path: Path, document: Callable[[str], Document]) -> list[Finding]:
    """The errors and warnings about a file of cases, by line; empty when there is nothing to say.

    `document` gives the documents that the cases are about, by id, and raises `UnknownDocument`. Raises
    `InvalidSuite` when there is no such file.
    """
    return read_cases(path, document)[1]


def read_cases(path: Path, document: Callable[[str], Document]) -> tuple[list[Case], list[Finding]]:
    """The cases of a file that can be read, drafts too, and everything that is to be said about the file."""
    cases, findings = cases_of(read_rows(path), document)
    if not cases and not findings:
        findings.append(Finding(0, ERROR, "it has no cases: write one JSON object a line"))
    return cases, findings
