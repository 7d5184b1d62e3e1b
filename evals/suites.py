"""Suites: what can be run by name or by path, and the cases in a file that people write by hand.

A suite is one of ours, the turns that a user kept, a user's own file of cases about the documents of the home, or
published data with its own documents. Opening one, with the home that its cases are asked of, is `opening.py`'s work.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from corpus.document import Document
from evals.case import Case
from evals.cases.finding import Finding, errors_in
from evals.cases.linting import lint, read_cases
from evals.cases.rows import case_schema
from evals.errors import InvalidSuite
from evals.formats.format import Format
from evals.formats.recognising import FORMATS, recognise

__all__ = ["SUITES", "Origin", "Suite", "case_schema", "find_suite", "lint", "load_cases", "valid_cases"]

_FOLDER = Path(__file__).parent / "suites"
_NUM_SHOWN = 5


class Origin(Enum):
    """Where a suite's cases come from, and with that the documents that they are about."""

    SAMPLE = "the sample documents"
    KEPT = "the documents of the home, by turns that were kept"
    OWN = "the documents of the home"
    PUBLIC = "documents that come with the cases"


@dataclass(frozen=True, slots=True)
class Suite:
    """A name, where the cases are, and a line on what they are; `format` reads published data."""

    name: str
    path: Path
    about: str
    origin: Origin = Origin.SAMPLE
    format: Format | None = None

    @property
    def file_name(self) -> str:
        """What an error calls the file."""
        return "the suite of kept turns" if self.origin is Origin.KEPT else self.path.name


SUITES = {
    "sample": Suite(
        "sample", _FOLDER / "sample.jsonl", "questions over the sample documents, written by us; Apache-2.0"
    ),
    "wordings": Suite(
        "wordings",
        _FOLDER / "wordings.jsonl",
        "fifteen of these questions, each in three wordings: how much an answer hangs on the wording; Apache-2.0",
    ),
    "kept": Suite("kept", Path(), "turns that you kept or rated in the chat, over your documents", Origin.KEPT),
}


def find_suite(name: str) -> Suite:
    """The suite of that name, or the one at that path. Raises `InvalidSuite` when it is neither."""
    path = Path(name).expanduser()
    if name in SUITES:
        return SUITES[name]
    try:
        found = recognise(path) if path.exists() else None
        is_file = path.is_file()
    except (OSError, ValueError):  # a name may hold what no name may
        found, is_file = None, False
    if found:
        return Suite(path.resolve().name, path.resolve(), found.about, Origin.PUBLIC, found)
    if is_file and path.suffix.lower() == ".jsonl":
        return Suite(path.stem, path.resolve(), "your own cases, over your documents", Origin.OWN)
    if is_file and path.suffix.lower() == ".csv":
        raise InvalidSuite(f"{name!r} is a table: `communique eval cases {name} > suite.jsonl` makes cases of it")
    forms = ", ".join(one.name for one in FORMATS)
    raise InvalidSuite(
        f"there is no suite {name!r}: the suites are {', '.join(SUITES)}; or name a .jsonl file of your own cases, "
        f"or published data in one of the forms {forms}"
    )


def load_cases(path: Path, document: Callable[[str], Document], *, drafts: bool = False) -> list[Case]:
    """The cases of a file, in order, their quotes turned into spans of the documents that `document` gives by id.

    Drafts are among them where they are asked for. Raises `InvalidSuite` with the first errors, a line each, when a
    row is not a case, a quote or a document is not there, an id is used twice, or there is no case; `lint` has all.
    """
    cases, findings = read_cases(path, document)
    return valid_cases(cases, findings, name=path.name, drafts=drafts)


def valid_cases(cases: list[Case], findings: list[Finding], *, name: str, drafts: bool) -> list[Case]:
    """The cases, without drafts unless these are asked for. Raises `InvalidSuite` where the findings hold an error, or
    nothing is left.
    """
    errors = errors_in(findings)
    if errors:
        said = [error.said_of(name) for error in errors[:_NUM_SHOWN]]
        num_more = len(errors) - len(said)
        more = [f"and {num_more} more: `communique eval lint` shows all"] if num_more else []
        raise InvalidSuite("\n".join([*said, *more]))
    kept = [case for case in cases if drafts or not case.draft]
    if cases and not kept:
        raise InvalidSuite(
            f"{name} has {len(cases)} drafts and no other cases: look at them and take 'draft' away, "
            "or run with --drafts"
        )
    if not kept:
        raise InvalidSuite(f"{name} has no cases: write one JSON object a line")
    return kept
