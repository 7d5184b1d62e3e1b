"""The Documents tab: adding files with their progress and a report on each, the list, reading a document, removing
documents, and mending the index.

Here stands what follows on what; the work is done by jobs, one at a time for each reader, each of which ends when its
page is closed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from assistant.home import Home
from assistant.ui.documents.job import Job
from assistant.ui.documents.listed import View, sorted_by
from assistant.ui.documents.markup import removal_html
from assistant.ui.documents.tab import Tab, laid_out
from assistant.ui.documents.updates import (
    Reader,
    Updates,
    adding_updates,
    list_updates,
    mending_updates,
    reader_updates,
    removing_updates,
)
from assistant.ui.documents.uploads import found_uploads, uploaded_name
from assistant.ui.wording import language_of
from corpus.reading.files import find_files
from index.adding import SAMPLE_FOLDER, sample_origin

if TYPE_CHECKING:
    import gradio as gr

_MAX_JOBS = 8
_QUICK: Mapping[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "concurrency_limit": None}
_IN_TURN: Mapping[str, Any] = {**_QUICK, "concurrency_id": "documents-list", "concurrency_limit": 1}
"""Looks at the list are answered in the order in which they were asked for, so that the last one is what is seen."""
_LONG: Mapping[str, Any] = {**_QUICK, "concurrency_limit": _MAX_JOBS}


def build(home: Home) -> None:
    """The tab's components, within the page that is being built."""
    tab = laid_out(home)
    jobs = [*_wire_selection(tab), *_wire_jobs(tab)]
    _wire_list(tab, jobs)
    _wire_reader(tab)


def _wire_list(tab: Tab, jobs: Sequence[Any]) -> None:
    """Searching, sorting and paging; the list is read anew whenever the tab is opened and after each of the jobs."""
    import gradio as gr
    from gradio.context import Context, get_render_context

    def look(query: str | None, view: View, epoch: int, job: Job | None, request: gr.Request) -> Updates:
        reader = Reader(epoch, language_of(request))
        return list_updates(tab, replace(view, query=query or ""), reader, busy=_is_busy(job))

    def search(query: str | None, view: View, epoch: int, job: Job | None, request: gr.Request) -> Updates:
        return look_at(replace(view, page=0), query, epoch, job, request)

    def sort(  # noqa: PLR0913, PLR0917  # Gradio gives what is asked for
        query: str | None, view: View, epoch: int, job: Job | None, event: gr.EventData, request: gr.Request
    ) -> Updates:
        return look_at(sorted_by(view, str(_told(event, "column"))), query, epoch, job, request)

    def back(query: str | None, view: View, epoch: int, job: Job | None, request: gr.Request) -> Updates:
        return look_at(replace(view, page=view.page - 1), query, epoch, job, request)

    def forth(query: str | None, view: View, epoch: int, job: Job | None, request: gr.Request) -> Updates:
        return look_at(replace(view, page=view.page + 1), query, epoch, job, request)

    def look_at(view: View, query: str | None, epoch: int, job: Job | None, request: gr.Request) -> Updates:
        return {**look(query, view, epoch, job, request), tab.view: view}

    seen = [tab.search, tab.view, tab.epoch, tab.job]
    shown = [tab.table, tab.previous_page, tab.next_page, tab.samples]
    outputs = [*shown, tab.view]
    arrivals = [Context.root_block.load] if Context.root_block else []
    if isinstance(around := get_render_context(), gr.Tab):
        arrivals.append(around.select)
    gr.on(arrivals, look, seen, shown, trigger_mode="multiple", **_IN_TURN)
    for job in jobs:
        job.then(look, seen, shown, **_IN_TURN)
    tab.search.change(search, seen, outputs, trigger_mode="always_last", **_IN_TURN)
    tab.table.sort(sort, seen, outputs, **_IN_TURN)
    tab.previous_page.click(back, seen, outputs, **_IN_TURN)
    tab.next_page.click(forth, seen, outputs, **_IN_TURN)


def _wire_selection(tab: Tab) -> list[Any]:
    """Selecting documents, and asking before they are removed; gives the event that removes them."""
    import gradio as gr

    def choose(job: Job | None, event: gr.EventData) -> Updates:
        return {tab.remove: gr.update(interactive=bool(_told_ids(event)) and not _is_busy(job))}

    def ask(event: gr.EventData, request: gr.Request) -> Updates:
        titles = {summary.id: summary.title.strip() or summary.id for summary in tab.home.catalogue.summaries()}
        doomed = [id_ for id_ in _told_ids(event) if id_ in titles]
        question = removal_html([titles[id_] for id_ in doomed], language_of(request))
        return {tab.removal: gr.update(visible=bool(doomed)), tab.question: question, tab.chosen: doomed}

    def remove(chosen: list[str], epoch: int, request: gr.Request) -> Iterator[Updates]:
        yield from removing_updates(tab, chosen, Reader(epoch, language_of(request)))

    tab.table.choose(choose, [tab.job], [tab.remove], trigger_mode="always_last", **_QUICK)
    tab.table.ask(ask, None, [tab.removal, tab.question, tab.chosen], **_QUICK)
    tab.keep.click(lambda: gr.update(visible=False), None, [tab.removal], **_QUICK)
    return [tab.remove_now.click(remove, [tab.chosen, tab.epoch], tab.outputs, **_LONG)]


def _wire_reader(tab: Tab) -> None:
    """Opening a document, turning its parts, closing it."""
    import gradio as gr

    def show(event: gr.EventData, request: gr.Request) -> Updates:
        return reader_updates(tab, str(_told(event, "id")), 0, language=language_of(request))

    def back(opened: tuple[str, int] | None, request: gr.Request) -> Updates:
        document_id, part = opened or ("", 0)
        return reader_updates(tab, document_id, part - 1, language=language_of(request))

    def forth(opened: tuple[str, int] | None, request: gr.Request) -> Updates:
        document_id, part = opened or ("", 0)
        return reader_updates(tab, document_id, part + 1, language=language_of(request))

    outputs = [tab.reader, tab.text, tab.previous_part, tab.next_part, tab.opened]
    tab.table.show(show, None, outputs, **_QUICK)
    tab.previous_part.click(back, [tab.opened], outputs, **_QUICK)
    tab.next_part.click(forth, [tab.opened], outputs, **_QUICK)
    tab.close.click(lambda: gr.update(visible=False), None, [tab.reader], **_QUICK)


def _wire_jobs(tab: Tab) -> list[Any]:
    """Uploading, adding the samples, mending, and stopping whatever is at work; gives the events that begin a job."""
    import gradio as gr

    def upload(payload: list[dict[str, Any]] | None, epoch: int, request: gr.Request) -> Iterator[Updates]:
        files, refused = found_uploads(payload or [])
        reader = Reader(epoch, language_of(request))
        yield from adding_updates(tab, files, reader, origin=uploaded_name, refused=refused)

    def samples(epoch: int, request: gr.Request) -> Iterator[Updates]:
        files = find_files(str(SAMPLE_FOLDER))
        yield from adding_updates(tab, files, Reader(epoch, language_of(request)), origin=sample_origin)

    def mend(epoch: int, request: gr.Request) -> Iterator[Updates]:
        yield from mending_updates(tab, Reader(epoch, language_of(request)))

    def stop(job: Job | None) -> Updates:
        if job is not None:
            job.stop()
        return {tab.stop: gr.update(interactive=False)}

    tab.stop.click(stop, [tab.job], [tab.stop], **_QUICK)
    return [
        tab.upload.upload(upload, [tab.upload, tab.epoch], tab.outputs, preprocess=False, **_LONG),
        tab.samples.click(samples, [tab.epoch], tab.outputs, **_LONG),
        tab.mend.click(mend, [tab.epoch], tab.outputs, **_LONG),
    ]


def _is_busy(job: Job | None) -> bool:
    return job is not None and not job.progress.ended


def _told(event: "gr.EventData", name: str) -> Any:
    """What the browser said of an event, which may be anything; None for nothing."""
    data = getattr(event, "_data", None)
    return data.get(name) if isinstance(data, dict) else None


def _told_ids(event: "gr.EventData") -> list[str]:
    """The ids that the browser says are selected; what is no id is left out."""
    ids = _told(event, "ids")
    return [id_ for id_ in ids if isinstance(id_, str)] if isinstance(ids, list) else []
