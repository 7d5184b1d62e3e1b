"""The Evaluate tab: run a suite and watch it, read the report, compare two runs, see what was kept, check a suite.

Here stands what follows on what. A run belongs to the page, not to the reader who started it: a closed tab does not end
it, and whoever opens the tab again sees it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError
from assistant.home import Home
from assistant.settings import Settings, settings_from_environment
from assistant.ui.wording import text
from corpus.errors import CorpusError
from evals.cases.opening import lint_suite
from evals.errors import EvaluationError
from evals.runs.running import Options
from evals.ui.active_run import ActiveRun, Phase
from evals.ui.kept_turns import kept_turns
from evals.ui.layout import Layout, laid_out
from evals.ui.panels import findings_html, kept_html, line_html, progress_html, run_label, runs_html, state_html
from evals.ui.reader import OWN, Reader, reader_of
from evals.ui.report import Report, comparison_of, report_of, runs_for
from evals.ui.running_figures import RunningFigures
from index.errors import IndexRoomError

_QUICK: Mapping[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "queue": False}
_SLOW: Mapping[str, Any] = {"show_progress": "minimal", "api_visibility": "private", "concurrency_limit": 2}
_MENDABLE = (EvaluationError, AssistantError, CorpusError, IndexRoomError)
_MAX_RUNS = 200

Updates = dict[Any, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Tab:
    """The components, the home, the run that is on, and its figures."""

    home: Home
    settings: Settings
    layout: Layout
    active: ActiveRun
    figures: RunningFigures


def build(home: Home, active: ActiveRun) -> None:
    """The tab's components, within the page that is being built; others may start and stop `active` too."""
    settings = settings_from_environment(home=home.path)
    tab = Tab(home, settings, laid_out(), active, RunningFigures(home.database))
    _wire_arrival(tab)
    _wire_run(tab)
    _wire_reports(tab)


def _wire_arrival(tab: Tab) -> None:
    """Shows how things stand when the page is loaded and whenever the tab is opened."""
    import gradio as gr
    from gradio.context import Context, get_render_context

    parts = tab.layout

    def arrive(chosen: str | None, opened: str | None, request: gr.Request) -> Updates:
        reader = reader_of(request)
        names = [(text(f"evaluate.suite_{name}", reader.language), name) for name in reader.suites]
        value = chosen if chosen in reader.suites else reader.suites[0]
        turns = kept_turns(tab.home.database)
        return {
            parts.suite: gr.update(choices=names, value=value),
            parts.path: gr.update(visible=reader.is_local),
            parts.kept: kept_html(turns, reader.language, home=tab.home.path, with_words=reader.is_local),
            parts.runs: _listed(tab, reader, opened),
            **_watched(tab, reader),
        }

    outputs = [parts.suite, parts.path, parts.kept, parts.runs, *parts.watching]
    arrivals: list[Callable[..., Any]] = [Context.root_block.load] if Context.root_block else []
    if isinstance(around := get_render_context(), gr.Tab):
        arrivals.append(around.select)
    gr.on(arrivals, arrive, [parts.suite, parts.opened], outputs, **_QUICK, preprocess=False)
    parts.suite.change(lambda chosen: gr.update(visible=chosen == OWN), [parts.suite], [parts.own], **_QUICK)


def _wire_run(tab: Tab) -> None:
    """Starting, watching and stopping a run, and checking a suite without running it."""
    import gradio as gr

    parts = tab.layout

    def start(  # noqa: PLR0913, PLR0917  (Gradio gives what is asked for)
        chosen: str | None,
        uploaded: str | None,
        path: str | None,
        limit: int | None,
        drafts: bool,
        anew: bool,
        request: gr.Request,
    ) -> Updates:
        reader = reader_of(request)
        options = Options(limit=limit or None, drafts=drafts, anew=anew)
        return {**_started(tab, reader, (chosen, uploaded, path), options), parts.findings: ""}

    def stop(request: gr.Request) -> Updates:
        tab.active.stop()
        return _watched(tab, reader_of(request))

    def tick(opened: str | None, request: gr.Request) -> Updates:
        reader = reader_of(request)
        return _watched(tab, reader) | ({} if tab.active.seen.is_on else _just_over(tab, reader, opened))

    def check(chosen: str | None, uploaded: str | None, path: str | None, request: gr.Request) -> str:
        return _checked(tab, reader_of(request), (chosen, uploaded, path))

    options = [parts.limit, parts.drafts, parts.anew]
    parts.start.click(start, [*parts.choice, *options], [*parts.watching, parts.findings], **_QUICK)
    parts.stop.click(stop, None, parts.watching, **_QUICK)
    parts.timer.tick(tick, [parts.opened], [*parts.watching, *parts.reading], **_QUICK)
    parts.check.click(check, parts.choice, [parts.findings], **_SLOW)


def _wire_reports(tab: Tab) -> None:
    """Opening the report of a run, and comparing it with another run of its suite."""
    import gradio as gr

    parts = tab.layout

    def open_(event: gr.EventData, request: gr.Request) -> Updates:
        data = getattr(event, "_data", None)
        return _opened(tab, reader_of(request), str(data.get("id")) if isinstance(data, dict) else "")

    def compare(opened: str | None, baseline: str | None, request: gr.Request) -> Updates:
        reader = reader_of(request)
        if not baseline:
            return _opened(tab, reader, opened or "", chooses_baseline=False)
        return _shown(tab, reader, lambda: comparison_of(tab.home.database, baseline, opened or "", reader))

    parts.runs.open(open_, None, parts.reading, **_SLOW)
    parts.baseline.input(compare, [parts.opened, parts.baseline], parts.reading, preprocess=False, **_SLOW)


def _started(tab: Tab, reader: Reader, choice: tuple[str | None, str | None, str | None], options: Options) -> Updates:
    """A run begun, or a line on why not."""
    try:
        name = reader.suite(*choice)
    except AssistantError as error:
        return _watched(tab, reader) | {tab.layout.state: line_html(str(error), is_problem=True)}
    if tab.active.start(name, options):
        return _watched(tab, reader)
    busy = text("evaluate.busy", reader.language, suite=tab.active.seen.suite)
    return _watched(tab, reader) | {tab.layout.state: line_html(busy, is_problem=True)}


def _watched(tab: Tab, reader: Reader) -> Updates:
    """How far the run is that is on, or the last one."""
    import gradio as gr

    seen, parts = tab.active.seen, tab.layout
    rows = tab.figures.rows(seen.run_id, seen.done) if seen.is_on and seen.run_id and seen.done else {}
    return {
        parts.state: state_html(seen, reader.language),
        parts.progress: progress_html(seen, rows, reader.language),
        parts.start: gr.update(interactive=not seen.is_on),
        parts.stop: gr.update(visible=seen.is_on, interactive=seen.phase is not Phase.STOPPING),
        parts.timer: gr.update(active=seen.is_on),
    }


def _just_over(tab: Tab, reader: Reader, opened: str | None) -> Updates:
    """The list with the run that ended, and its report where the reader looks at no other."""
    run_id = tab.active.seen.run_id
    if opened is None and run_id is not None:
        return _opened(tab, reader, run_id)
    return {tab.layout.runs: _listed(tab, reader, opened)}


def _opened(tab: Tab, reader: Reader, run_id: str, *, chooses_baseline: bool = True) -> Updates:
    """The report of a run, with the runs that it can be compared with."""
    import gradio as gr

    updates = _shown(tab, reader, lambda: report_of(tab.home.database, run_id, reader))
    run_id = updates.get(tab.layout.opened, "")
    if not run_id or not chooses_baseline:
        return updates
    runs = runs_for(tab.home.database, reader)
    suite = next((run.suite for run in runs if run.id == run_id), None)
    others = [(run_label(run, reader.language), run.id) for run in runs if run.suite == suite and run.id != run_id]
    none = text("evaluate.no_baseline" if others else "evaluate.only_run", reader.language)
    choices = [(none, ""), *others[:_MAX_RUNS]]
    return updates | {
        tab.layout.baseline: gr.update(choices=choices, value="", interactive=bool(others)),
        tab.layout.runs: _listed(tab, reader, run_id),
    }


def _shown(tab: Tab, reader: Reader, made: Callable[[], Report]) -> Updates:
    """A report in its frame and as files, or a line on why there is none."""
    import gradio as gr

    parts = tab.layout
    try:
        report = made()
    except _MENDABLE as error:
        failed = text("evaluate.cannot_show", reader.language, reason=error)
        gone = {part: gr.update(visible=False) for part in (parts.report_file, parts.junit_file)}
        return {
            parts.beside: gr.update(visible=True),
            parts.said: line_html(failed, is_problem=True),
            parts.report: "",
        } | gone
    kind = "report" if report.junit is not None else "comparison"
    name = text(f"evaluate.download_{kind}", reader.language)
    return {
        parts.beside: gr.update(visible=True),
        parts.said: "",
        parts.report: report.shown(reader),
        parts.report_file: gr.update(
            label=name, value=_file(report.page, f"{kind}-{report.run.id}.html"), visible=True
        ),
        parts.junit_file: gr.update(
            value=_file(report.junit, f"junit-{report.run.id}.xml") if report.junit is not None else None,
            visible=report.junit is not None,
        ),
        parts.opened: report.run.id,
    }


def _file(content: str, name: str) -> str:
    """A file of Gradio's own folder, under a name that nobody can guess."""
    from gradio.processing_utils import save_bytes_to_cache
    from gradio.utils import get_upload_folder

    return str(save_bytes_to_cache(content.encode("utf-8", "replace"), name, get_upload_folder()))


def _listed(tab: Tab, reader: Reader, opened: str | None) -> str:
    return runs_html(runs_for(tab.home.database, reader)[:_MAX_RUNS], reader.language, opened=opened)


def _checked(tab: Tab, reader: Reader, choice: tuple[str | None, str | None, str | None]) -> str:
    """What a linter says about the suite that is chosen."""
    try:
        name = reader.suite(*choice)
        return findings_html(lint_suite(name, tab.settings), Path(name).name, reader.language)
    except _MENDABLE as error:
        return line_html(text("evaluate.checking_failed", reader.language, reason=error), is_problem=True)
