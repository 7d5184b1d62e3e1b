"""What the commands `communique eval …` do: results on stdout, progress and remarks on stderr, the exit status.

0: done; 1: done, and a case could not be asked, a gate is closed, or a file of cases has errors. What the user can mend
is raised as `InvalidCall`, which the program explains in one line with status 2.
"""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm

from assistant.cli.context import quiet_libraries
from assistant.errors import InvalidCall
from assistant.exporting.escaping import json_visible, visible
from assistant.home import open_home
from assistant.settings import Settings
from corpus.database import open_database
from evals.agreement import JUDGED_CLAIMS, Agreement, agreement_line, read_judged
from evals.agreement import agreement as agreement_of
from evals.cases.csv_rows import rows_of_csv
from evals.cases.finding import ERROR
from evals.cases.kept import kept_rows
from evals.cases.opening import lint_suite
from evals.comparing import gating
from evals.comparing.run_comparison import compare as compare_runs
from evals.errors import EvaluationError
from evals.judges import Judge, VerifierJudge, llm_judge
from evals.reports.comparison_page import comparison_page
from evals.reports.comparison_report import comparison_json, comparison_text, gate_json, gate_markdown, gate_text
from evals.reports.html_report import run_page
from evals.reports.junit import gate_junit, run_junit
from evals.reports.reporting import report_json, report_table, summary_markdown
from evals.runs.evaluation import kept_runs, run_suite
from evals.runs.kept_runs import Run
from evals.runs.results import Result
from evals.runs.running import Options, with_llm
from evals.suites import SUITES, case_schema


@dataclass(frozen=True, slots=True)
class Files:
    """Where a command writes beside its result."""

    report: Path | None = None
    junit: Path | None = None
    summary: Path | None = None


def list_suites() -> int:
    """The suites that come along."""
    for suite in SUITES.values():
        print(f"{suite.name:12} {suite.about}")
    return 0


def print_schema() -> int:
    """The JSON schema of a case."""
    print(json.dumps(case_schema(), indent=2))
    return 0


def run(  # noqa: PLR0913  (the options of the command)
    suite: str, settings: Settings, *, llms: Sequence[str], options: Options, files: Files, as_json: bool
) -> int:
    """Runs a suite once, or once for each LLM, and prints its report."""
    quiet_libraries()
    if len(llms) > 1 and any((files.report, files.junit, files.summary)):
        raise InvalidCall("files are of one run: name one --llm, or use `communique eval show RUN` and `eval compare`")
    reports = []
    with _explained():
        for llm in llms or (settings.llm,):
            made = _watched(suite, with_llm(settings, llm), options)
            with kept_runs(settings) as runs:
                results = runs.results(made)
            reports.append(report_json(made.suite, results, run=made))
            write_run(made, results, reports[-1], files)
    if as_json:
        _print_json(reports[0] if len(reports) == 1 else {"runs": reports})
    else:
        print("\n\n".join(_headed(report) for report in reports))
    return 1 if any(report["num_errors"] for report in reports) else 0


def runs(settings: Settings, *, suite: str | None, delete: Sequence[str], as_json: bool) -> int:
    """The runs that are kept, or those that were deleted."""
    with _explained(), kept_runs(settings) as kept:
        if delete:
            deleted = kept.delete(*delete)
            _print_json({"deleted": deleted}) if as_json else print(f"{len(deleted)} deleted")
            return 0
        found = kept.list(suite)
    if as_json:
        _print_json({"runs": [asdict(one) for one in found]})
        return 0
    for one in found:
        state = "" if one.finished_at else f"unfinished, {one.num_done} of {one.num_cases}"
        llm = one.record.get("settings", {}).get("llm", "")
        line = f"{one.id}  {one.suite:14} {one.num_cases:5} cases  {one.record.get('commit') or '':20} {llm:8} {state}"
        print(visible(line.rstrip()))
    print(f"{len(found)} runs", file=sys.stderr)
    return 0


def show(name: str, settings: Settings, *, files: Files, as_json: bool) -> int:
    """The figures of a run that is kept."""
    with _explained():
        with kept_runs(settings) as kept:
            found = kept.get(name)
            results = kept.results(found)
        report = report_json(found.suite, results, run=found)
        write_run(found, results, report, files)
    _print_json(report) if as_json else print(_headed(report))
    return 0


def compare(baseline: str, name: str, settings: Settings, *, report: Path | None, as_json: bool) -> int:
    """Two runs compared."""
    with _explained():
        with kept_runs(settings) as kept:
            comparison = compare_runs(kept.get(baseline), kept.get(name), kept)
        _write(report, lambda: comparison_page(comparison))
    _print_json(comparison_json(comparison)) if as_json else print(comparison_text(comparison))
    return 0


def gate(  # noqa: PLR0913  (the options of the command)
    name: str, baseline: str | None, settings: Settings, *, measures: Sequence[str], files: Files, as_json: bool
) -> int:
    """The gate of a run against its baseline: 1 where it is closed."""
    if baseline is None:
        raise InvalidCall("--baseline is missing: name the run to hold this one against, from `communique eval runs`")
    with _explained():
        with kept_runs(settings) as kept:
            seen = gating.gate(compare_runs(kept.get(baseline), kept.get(name), kept), measures)
        _write(files.junit, lambda: gate_junit(seen))
        _write(files.summary, lambda: gate_markdown(seen))
    _print_json(gate_json(seen)) if as_json else print(gate_text(seen))
    return 0 if seen.is_open else 1


def lint(suite: str, settings: Settings, *, as_json: bool) -> int:
    """What is wrong or odd about cases: 1 where there is an error."""
    with _explained():
        findings = lint_suite(suite, settings)
    if as_json:
        _print_json({"findings": [asdict(finding) for finding in findings]})
    else:
        for finding in findings:
            print(visible(f"{finding.level}: {finding.said_of(Path(suite).name)}"))
    num = sum(finding.level == ERROR for finding in findings)
    print(f"{num} errors, {len(findings) - num} warnings", file=sys.stderr)
    return 1 if num else 0


def cases(source: str, settings: Settings) -> int:
    """Kept turns, or the rows of a table, as JSONL: 1 where a row of the table is left out."""
    with _explained():
        if source != "kept":
            found, findings = rows_of_csv(Path(source))
            for finding in findings:
                print(visible(f"{finding.level}: {finding.said_of(Path(source).name)}"), file=sys.stderr)
            _print_rows(row for _, row in found)
            return 1 if any(finding.level == ERROR for finding in findings) else 0
        with closing(open_database(settings.home, settings.engines.database)) as database:
            _print_rows(kept_rows(database))
    return 0


def draft(settings: Settings, *, num: int, documents: Sequence[str], llm: str | None) -> int:
    """Drafts of cases as JSONL, each as soon as it is found to be answerable."""
    from evals.cases.drafting import draft_cases

    quiet_libraries()
    chosen = with_llm(settings, llm) if llm else settings
    with _explained(), closing(open_home(chosen)) as home:
        _print_rows(draft_cases(home, num=num, document_ids=documents))
    return 0


def agreement(settings: Settings, *, labels: Path | None, judges: Sequence[str], as_json: bool) -> int:
    """How far the built-in verifier, and these LLMs, agree with people."""
    quiet_libraries()
    with _explained(), closing(open_home(settings)) as home:
        claims = read_judged(labels or JUDGED_CLAIMS)
        asked: list[Judge] = [VerifierJudge(home.verifier), *map(llm_judge, judges)]
        found = [agreement_of(judge, claims) for judge in asked]
    if as_json:
        _print_json({"judges": [_agreement_json(one) for one in found]})
    else:
        print("\n".join(visible(agreement_line(one)) for one in found))
    return 0


def write_run(made: Run, results: Sequence[Result], report: dict[str, Any], files: Files) -> None:
    """Writes the files that were asked for. Raises `InvalidCall` where one cannot be written."""
    _write(files.report, lambda: run_page(made, results))
    _write(files.junit, lambda: run_junit(made.suite, results))
    _write(files.summary, lambda: summary_markdown(report))


def _watched(suite: str, settings: Settings, options: Options) -> Run:
    """The run, with a bar on a terminal, and a word where it goes on with one that was broken off."""
    with tqdm(unit="case", disable=not sys.stderr.isatty(), file=sys.stderr) as bar:

        def progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        return run_suite(suite, settings, options=options, begun=_tell, progress=progress)


def _tell(made: Run) -> None:
    if made.num_done:
        print(f"going on with the run {made.id}: {made.num_done} cases are done", file=sys.stderr)


def _headed(report: dict[str, Any]) -> str:
    """The table under a line with the run's id and who wrote."""
    llm = report["record"].get("settings", {}).get("llm")
    state = "" if report["finished_at"] else "  (unfinished)"
    return f"run {report['run']}  llm {visible(str(llm))}{state}\n{report_table(report)}"


def _write(path: Path | None, content: Callable[[], str]) -> None:
    if path is None:
        return
    try:
        path.write_text(content(), encoding="utf-8", errors="replace")
    except OSError as error:
        raise InvalidCall(f"cannot write {str(path)!r}: {error.strerror}") from error
    print(f"wrote {path}", file=sys.stderr)


@contextmanager
def _explained() -> Iterator[None]:
    """What the user can mend about an evaluation, as what the program explains in one line."""
    try:
        yield
    except EvaluationError as error:
        raise InvalidCall(visible(str(error))) from error


def _print_json(content: Any) -> None:
    written = json.dumps(content, ensure_ascii=False).encode("utf-8", "replace").decode()
    sys.stdout.write(json_visible(written) + "\n")


def _print_rows(rows: Iterable[Mapping[str, Any]]) -> None:
    for row in rows:
        _print_json(row)
        sys.stdout.flush()


def _agreement_json(found: Agreement) -> dict[str, Any]:
    figures = {"accuracy": found.accuracy, "macro_f1": found.macro_f1, "kappa": found.kappa}
    shown = {
        name: figure and {"value": figure.value, "low": figure.low, "high": figure.high}
        for name, figure in figures.items()
    }
    return {"judge": found.judge, "num": found.num, "num_unscored": found.num_unscored} | shown
