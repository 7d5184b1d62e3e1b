"""A suite opened for running: its cases, and the home that they are asked of.

Our own suites and published data have homes of their own inside the user's, which hold their documents and nothing
else; a second run indexes nothing anew. A user's own cases, and kept turns, are asked of the user's home.
"""

import hashlib
import json
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.cited_versions import cited_versions
from assistant.home import Home, open_home
from assistant.settings import IN_THE_FOLDER, Settings
from corpus.reading.files import FoundFile
from evals.case import Case
from evals.cases.finding import ERROR, WARNING, Finding
from evals.cases.kept import kept_cases
from evals.cases.linting import read_cases
from evals.errors import InvalidSuite
from evals.formats.format import DocumentRow, Format
from evals.runs.running import suite_home
from evals.suites import Origin, Suite, find_suite, valid_cases
from index.adding import add_files
from index.indexing import remove_documents
from index.reports import FileReport
from index.vacuuming import vacuum

_PART_BYTES = 32 * 1024 * 1024
_NUM_SHOWN = 5


@dataclass(frozen=True, slots=True)
class OpenedSuite:
    """A suite, its cases, its home, and what was found odd about the cases on the way."""

    suite: Suite
    cases: tuple[Case, ...]
    home: Home
    findings: tuple[Finding, ...] = ()


@contextmanager
def opened_suite(name: str, settings: Settings, *, drafts: bool = False) -> Iterator[OpenedSuite]:
    """The suite of that name, or at that path, with its cases and its home, whose documents are brought up to date.

    The home is closed at the end. Raises `InvalidSuite` when the suite cannot be run, `HomeError` when the home cannot
    be used.
    """
    suite = find_suite(name)
    with _opened_home(suite, settings) as home:
        cases, findings = found_cases(suite, home)
        if suite.origin is Origin.KEPT and not cases:
            raise InvalidSuite(_nothing_kept(findings))
        kept = valid_cases(cases, findings, name=suite.file_name, drafts=drafts)
        yield OpenedSuite(suite, tuple(kept), home, tuple(findings))


def found_cases(suite: Suite, home: Home) -> tuple[list[Case], list[Finding]]:
    """The cases of a suite, drafts too, and everything that is to be said about them, for a run and for a linter."""
    if suite.origin is Origin.KEPT:
        return kept_cases(home.database, home.catalogue.document)
    if suite.format is None:
        return read_cases(suite.path, home.catalogue.document)
    return _public_cases(suite.format, suite.path, home)


def lint_suite(name: str, settings: Settings) -> list[Finding]:
    """All that is wrong or odd in a suite, by line; empty when there is nothing to say. Raises `InvalidSuite` when
    there is no such suite. Published data is read, but its documents are not added.
    """
    suite = find_suite(name)
    if suite.format is None:
        with _opened_home(suite, settings) as home:
            return found_cases(suite, home)[1]
    known = {row["id"] for row in suite.format.documents(suite.path)}
    try:
        return _sorted_out(suite.format.cases(suite.path), known)[1]
    except InvalidSuite as error:
        return [Finding(0, ERROR, str(error))]


@contextmanager
def _opened_home(suite: Suite, settings: Settings) -> Iterator[Home]:
    if suite.origin is Origin.SAMPLE:
        with suite_home(settings.home, suite.name, settings) as home:
            yield home
        return
    place, engines = settings.home, settings.engines
    if suite.format is not None:  # what can be made again has no place on a server
        place, engines = place / "suites" / _folder(suite, settings), IN_THE_FOLDER
    with closing(open_home(replace(settings, home=place, engines=engines))) as home:
        if suite.format is not None:
            _bring_documents(suite.name, suite.format.documents(suite.path), home)
        yield home


def _folder(suite: Suite, settings: Settings) -> str:
    """A name for the home of published data: one for each place that it is read from, and for each embedder."""
    whole = f"{suite.path} {settings.embedder or ''}".encode("utf-8", "backslashreplace")
    return f"public-{hashlib.sha256(whole).hexdigest()[:12]}"


def _bring_documents(name: str, rows: Iterable[DocumentRow], home: Home) -> None:
    """Adds the rows that are new or changed, in parts that are read one after the other, and removes all others."""
    wanted: set[str] = set()
    for number, part in enumerate(_parts(rows), start=1):
        with tempfile.TemporaryDirectory() as folder:
            file = FoundFile(Path(folder) / "part.jsonl", f"documents-{number:04}.jsonl")
            file.path.write_text(part, encoding="utf-8")
            for report in _added(file, name, home):
                wanted |= set(report.document_ids)
    stale = [summary.id for summary in home.catalogue.summaries() if summary.id not in wanted]
    if stale:
        remove_documents(home.database, home.store, stale)
        vacuum(home.database, home.store, cited_versions)


def _added(file: FoundFile, name: str, home: Home) -> Iterator[FileReport]:
    return add_files([file], home.catalogue, lambda: home.indexer, origin=lambda found: f"{name}/{found.relative}")


def _parts(rows: Iterable[DocumentRow]) -> Iterator[str]:
    lines: list[str] = []
    num_bytes = 0
    for row in rows:
        lines.append(json.dumps(row) + "\n")
        num_bytes += len(lines[-1])
        if num_bytes >= _PART_BYTES:
            yield "".join(lines)
            lines, num_bytes = [], 0
    if lines:
        yield "".join(lines)


def _public_cases(format_: Format, path: Path, home: Home) -> tuple[list[Case], list[Finding]]:
    return _sorted_out(format_.cases(path), {summary.id for summary in home.catalogue.summaries()})


def _sorted_out(found: Iterable[Case], known: set[str]) -> tuple[list[Case], list[Finding]]:
    """The cases whose documents are known and whose ids are their own, and how many others there were."""
    cases: dict[str, Case] = {}
    num_left_out = 0
    for case in found:
        if case.id in cases or any(judgement.document_id not in known for judgement in case.judgements):
            num_left_out += 1
        else:
            cases[case.id] = case
    said = f"{num_left_out} cases are left out: their documents could not be added, or their ids are used twice"
    return list(cases.values()), [Finding(0, WARNING, said)] if num_left_out else []


def _nothing_kept(findings: list[Finding]) -> str:
    if findings:
        said = [finding.message for finding in findings[:_NUM_SHOWN]]
        return "\n".join(["none of the kept turns can be judged:", *said])
    return "nothing is kept yet: keep a turn in the chat, or rate one with a thumb"
