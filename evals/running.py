"""Running a suite: each case asked in its own right, over a home that belongs to the suite alone.

The home of a suite lies inside the user's, so that a second run indexes nothing. Results are not kept.
"""

import logging
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from assistant.answer import Answer
from assistant.answering import answer
from assistant.home import Home
from corpus.reading import find_files
from evals.case import Case, Score
from evals.measures import MEASURES
from index.adding import SAMPLE_FOLDER, add_files, sample_origin
from index.indexing import remove_documents

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Result:
    """A case, its answer, and its score by measure; `error` instead of an answer where asking it failed."""

    case: Case
    answer: Answer | None
    scores: dict[str, Score]
    error: str | None = None


@contextmanager
def suite_home(users_home: Path, suite_name: str) -> Iterator[Home]:
    """The home of a suite, holding the sample documents as they are now and nothing else."""
    home = Home(users_home / "suites" / suite_name)
    try:
        reports = add_files(find_files(str(SAMPLE_FOLDER)), home.catalogue, lambda: home.indexer, origin=sample_origin)
        wanted = {document_id for report in reports for document_id in report.document_ids}
        stale = [summary.id for summary in home.catalogue.summaries() if summary.id not in wanted]
        if stale:
            remove_documents(home.database, home.store, stale)
        yield home
    finally:
        home.close()


def run_cases(cases: Sequence[Case], home: Home) -> list[Result]:
    """Asks every case, in order; one that fails gets its error and no scores, and the rest goes on."""
    bar = tqdm(cases, unit="case", disable=not sys.stderr.isatty(), file=sys.stderr)
    return [_run_case(case, home) for case in bar]


def _run_case(case: Case, home: Home) -> Result:
    try:
        got = answer(case.question, home.sources, history=case.history)
    except Exception as error:  # the edge of a run: one case must not end the others
        logger.exception("the case %r failed", case.id)
        return Result(case, None, {}, f"{type(error).__name__}: {error}")
    return Result(case, got, {name: measure(case, got) for name, measure in MEASURES.items()})
