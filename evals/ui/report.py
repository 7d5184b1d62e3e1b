"""The report of a run, or two runs compared, as the tab shows it and as files to download."""

from dataclasses import dataclass

from assistant.ui.wording import text
from corpus.database import Database
from evals.comparing.run_comparison import compare
from evals.errors import UnknownRun
from evals.reports.comparison_page import comparison_page
from evals.reports.html_report import run_page
from evals.reports.junit import run_junit
from evals.runs.kept_runs import Run, Runs
from evals.ui.panels import frame_html, line_html
from evals.ui.reader import Reader

_MAX_SHOWN_CHARS = 8_000_000
_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Report:
    """What is shown of a run, or of a comparison; `page` is the whole HTML page, `junit` None for a comparison."""

    run: Run
    title: str
    page: str
    junit: str | None

    def shown(self, reader: Reader) -> str:
        """The page in a frame; a line where it is too much for one."""
        if len(self.page) > _MAX_SHOWN_CHARS:
            size = round(len(self.page) / _MEGABYTE)
            return line_html(text("evaluate.too_long", reader.language, size=size))
        return frame_html(self.title, self.page)


def report_of(database: Database, run_id: str, reader: Reader) -> Report:
    """The report of a run. Raises `UnknownRun` for one that is not kept, or not for this reader."""
    runs = Runs(database)
    run = _run_for(runs, run_id, reader)
    results = runs.results(run)
    title = text("evaluate.report_of", reader.language, run=run.id)
    return Report(run, title, run_page(run, results), run_junit(run.suite, results))


def comparison_of(database: Database, baseline_id: str, run_id: str, reader: Reader) -> Report:
    """Two runs compared. Raises `UnknownRun` and `Incomparable`."""
    runs = Runs(database)
    baseline, run = (_run_for(runs, id_, reader) for id_ in (baseline_id, run_id))
    title = text("evaluate.comparison_of", reader.language, run=run.id, baseline=baseline.id)
    return Report(run, title, comparison_page(compare(baseline, run, runs)), None)


def runs_for(database: Database, reader: Reader, *, suite: str | None = None) -> list[Run]:
    """The runs that a reader may see, of one suite or of all, the latest first."""
    return [run for run in Runs(database).list(suite) if reader.may_see(run)]


def _run_for(runs: Runs, run_id: str, reader: Reader) -> Run:
    run = runs.get(run_id)
    if not reader.may_see(run):
        raise UnknownRun(f"there is no run {run_id!r}")
    return run
