"""Running a suite: each case asked in its own right, scored, and kept before the next one is asked.

A run that was killed goes on where it stopped; a case that a finished run asked under the same fingerprint is taken
from there. One case that fails, or one measure, leaves the others intact. Nothing here reads a suite or makes a report.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from assistant.answer import Answer
from assistant.answering import answer
from assistant.cited_versions import cited_versions
from assistant.home import Home, open_home
from assistant.settings import IN_THE_FOLDER, LLM_NONE, Settings
from assistant.verifying import FeatureVerifier, Verifier
from corpus.reading.files import find_files
from evals.agreement import JUDGED_CLAIMS, agreement, agreement_line, read_judged
from evals.case import Case, Score, case_sha256
from evals.errors import InvalidSuite
from evals.judges import Judge, VerifierJudge
from evals.measures import MEASURES, Measure, measures_with
from evals.runs.kept_runs import Run, Runs, digest
from evals.runs.results import TRACED_EVIDENCE, Result
from index.adding import SAMPLE_FOLDER, add_files, sample_origin
from index.indexing import remove_documents
from index.vacuuming import vacuum

logger = logging.getLogger(__name__)

COSTS = frozenset({"latency (ms)", "tokens"})
"""Measures of what an answer cost rather than how good it is: not those of a case that was taken from another run, and
no gate looks at them unless it is told to."""

Progress = Callable[[int, int], None]
"""Told how many cases are done, and of how many."""


@dataclass(frozen=True, slots=True)
class Options:
    """Which cases of a suite are asked: the first `limit` of those with one of the `tags`; drafts only where wanted.

    `judges` name LLMs that grade the citations beside the built-in verifier; `anew` asks every case, whatever other
    runs hold.
    """

    limit: int | None = None
    tags: tuple[str, ...] = ()
    drafts: bool = False
    judges: tuple[str, ...] = ()
    anew: bool = False


def chosen(cases: Sequence[Case], options: Options) -> list[Case]:
    """The cases to ask, in order. Raises `InvalidSuite` where none is left."""
    tagged = [case for case in cases if not options.tags or set(options.tags) & set(case.tags)]
    left = tagged[: options.limit if options.limit is None else max(0, options.limit)]
    if not left:
        tags = ", ".join(sorted({tag for case in cases for tag in case.tags})) or "none"
        raise InvalidSuite(f"no case is left of {len(cases)}: --limit is 1 or more, and the tags are {tags}")
    return left


def measures_for(home: Home, judges: Sequence[Judge] = ()) -> dict[str, Measure]:
    """All that is measured of an answer over this home: by itself, by the built-in verifier, by the home's own checker
    where that is another, and by these judges.
    """
    return measures_with([*map(VerifierJudge, _checkers(home)), *judges], home.catalogue.document)


def run_cases(cases: Sequence[Case], home: Home, *, measures: Mapping[str, Measure] | None = None) -> list[Result]:
    """Asks every case, in order, and keeps nothing; one that fails gets its error and no scores."""
    return [ask(case, home, MEASURES if measures is None else measures) for case in cases]


def keep_running(  # noqa: PLR0913  (what is run, and how it is watched)
    run: Run,
    cases: Sequence[Case],
    home: Home,
    runs: Runs,
    *,
    measures: Mapping[str, Measure],
    anew: bool = False,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Run:
    """Brings a run to its end and returns it; unfinished where it was cancelled between two cases.

    Cases that the run has already are left alone; those that were answered before under its fingerprint are copied.
    """
    tell = progress or (lambda done, total: None)
    done = runs.case_digests(run)
    before = {} if anew else runs.answered_before(run.suite, run.record)
    for position, case in enumerate(cases):
        if cancelled():
            return runs.get(run.id)
        tell(position, len(cases))
        if case.id not in done:
            sha256 = case_sha256(case)
            found = before.get(sha256)
            result = _taken(runs.result(*found), found[0]) if found else ask(case, home, measures)
            runs.keep(run, position, sha256, result)
    tell(len(cases), len(cases))
    return runs.finish(run)


def begin(
    runs: Runs,
    suite: str,
    record: Mapping[str, Any],
    *,
    anew: bool = False,
    trust: Callable[[], Sequence[str]] = lambda: (),
) -> Run:
    """The run to go on with: one of the same record that was not brought to its end, else a new one.

    `trust` says, a line each, how far the judges agree with people; it is asked for a new run only.
    """
    found = None if anew else runs.unfinished(suite, record)
    return found or runs.start(suite, {**record, "judges": list(trust())})


def trust_in(home: Home) -> list[str]:
    """How far the checkers that judge citations agree with people's labels, a line each: see `agreement.py`."""
    claims = read_judged(JUDGED_CLAIMS)
    return [agreement_line(agreement(VerifierJudge(checker), claims)) for checker in _checkers(home)]


def ask(case: Case, home: Home, measures: Mapping[str, Measure]) -> Result:
    """The result of one case; an error, its own or a measure's, stays in it."""
    document_text = lru_cache(maxsize=None)(lambda document_id: home.catalogue.document(document_id).text)
    try:
        wanted = tuple(document_text(one.document_id)[one.start : one.end] for one in case.judgements)
        got = answer(case.question, home.sources, history=case.history)
    except Exception as error:  # the edge of a run: one case must not end the others
        logger.exception("the case %r failed", case.id)
        return Result(case, None, {}, f"{type(error).__name__}: {error}")
    scores = {name: _scored(name, measure, case, got) for name, measure in measures.items()}
    return Result(case, replace(got, trace=_with_words(got.trace, document_text)), scores, wanted=wanted)


@contextmanager
def suite_home(users_home: Path, suite_name: str, settings: Settings | None = None) -> Iterator[Home]:
    """The home of a suite, holding the sample documents as they are now and nothing else.

    It lies inside the user's, so that a second run indexes nothing, one for each embedder.
    """
    folder = users_home / "suites" / _folder_name(suite_name, settings)
    home = open_home(replace(settings or Settings(users_home), home=folder, engines=IN_THE_FOLDER))
    try:
        reports = add_files(find_files(str(SAMPLE_FOLDER)), home.catalogue, lambda: home.indexer, origin=sample_origin)
        wanted = {document_id for report in reports for document_id in report.document_ids}
        stale = [summary.id for summary in home.catalogue.summaries() if summary.id not in wanted]
        if stale:
            remove_documents(home.database, home.store, stale)
            vacuum(home.database, home.store, cited_versions)
        yield home
    finally:
        home.close()


def _folder_name(suite_name: str, settings: Settings | None) -> str:
    embedder = settings and settings.embedder
    return f"{suite_name}-{digest(embedder)[:8]}" if embedder else suite_name


def with_llm(settings: Settings, llm: str | None) -> Settings:
    """The settings with another LLM; "none" for quoting."""
    return replace(settings, llm=llm or LLM_NONE)


def _checkers(home: Home) -> list[Verifier]:
    """The built-in verifier, and what checks in its place where that is another."""
    found = (FeatureVerifier(lambda: home.encoder), home.verifier)
    return list({checker.name: checker for checker in found}.values())


def _scored(name: str, measure: Measure, case: Case, got: Answer) -> Score:
    try:
        return measure(case, got)
    except Exception as error:  # the edge of a measure: a judge that fails must not take the others' scores along
        logger.exception("the measure %r failed on the case %r", name, case.id)
        return Score(None, f"the measure failed: {type(error).__name__}: {error}")


def _with_words(trace: Mapping[str, Any], document_text: Callable[[str], str]) -> dict[str, Any]:
    """The trace with the words of the most probable sentences, for readers of a report."""
    shown = [
        row | {"text": document_text(row["document_id"])[row["start"] : row["end"]]}
        for row in trace.get("evidence", ())[:TRACED_EVIDENCE]
    ]
    return {**trace, "evidence": shown}


def _taken(result: Result, run_id: str) -> Result:
    """A result of another run, without what its asking cost there."""
    unmeasured = Score(None, f"taken from the run {run_id}: not measured")
    scores = {name: unmeasured if name in COSTS else score for name, score in result.scores.items()}
    return replace(result, scores=scores, cached_from=result.cached_from or run_id)
