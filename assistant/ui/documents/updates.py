"""What becomes of the components of the Documents tab: while a job is at work, and when what is looked at changes.

The jobs themselves are `documents_adding` and `documents_mending`, the HTML is `documents_html`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.ui.documents import markup as shown
from assistant.ui.documents.adding import Adding, Row
from assistant.ui.documents.job import Job, Progress
from assistant.ui.documents.listed import View, listing
from assistant.ui.documents.mending import Mending, removing
from assistant.ui.documents.tab import Tab
from assistant.ui.documents.uploads import uploaded_name
from assistant.ui.wording import Language
from corpus.errors import UnknownDocument
from corpus.reading.files import FoundFile
from index.adding import Origin
from index.reports import FileReport

Updates = dict[Any, Any]
"""What becomes of components, by component."""


@dataclass(frozen=True, slots=True)
class Reader:
    """How a reader sees the tab: in which language, and in which `epoch`, after which selections are forgotten."""

    epoch: int
    language: Language


def adding_updates(
    tab: Tab, files: Sequence[FoundFile], reader: Reader, *, origin: Origin, refused: Sequence[FileReport] = ()
) -> Iterator[Updates]:
    """Adds files; `refused` are reports on others of the same upload."""
    uploads = [found.path for found in files] if origin is uploaded_name else []
    adding = Adding(tab.home, files, origin=origin, keeping=lambda: tab.copies.kept(uploads))
    rows = [Row(report) for report in refused]

    def look(progress: Progress) -> tuple[str, str]:
        report = shown.report_html([*rows, *adding.rows], progress, reader.language)
        return shown.adding_html(progress, reader.language), report

    yield from _at_work(tab, adding.job, look, reader)


def removing_updates(tab: Tab, chosen: Sequence[str], reader: Reader) -> Iterator[Updates]:
    """Removes the documents of these ids that the home has."""
    import gradio as gr

    known = {summary.id for summary in tab.home.catalogue.summaries()}
    doomed = [id_ for id_ in dict.fromkeys(chosen) if id_ in known]

    def look(progress: Progress) -> tuple[str, str]:
        result = shown.removed_html(len(doomed), progress, reader.language) if progress.ended else ""
        return shown.waiting_html(progress, reader.language), result

    closed = {tab.removal: gr.update(visible=False), tab.reader: gr.update(visible=False)}
    for updates in _at_work(tab, removing(tab.home, doomed), look, reader):
        yield {**updates, **closed}


def mending_updates(tab: Tab, reader: Reader) -> Iterator[Updates]:
    """Checks the index, and makes what is missing."""
    mending = Mending(tab.home)

    def look(progress: Progress) -> tuple[str, str]:
        result = ""
        if progress.ended:
            result = shown.mended_html(mending.state, mending.num_made, progress, reader.language)
        return shown.mending_html(progress, reader.language), result

    yield from _at_work(tab, mending.job, look, reader)


def list_updates(tab: Tab, view: View, reader: Reader, *, busy: bool) -> Updates:
    """The list as it is now; the samples are offered to an empty home, unless a job is at work (`busy`)."""
    import gradio as gr

    listed = listing(tab.home.catalogue.summaries(), view)
    return {
        tab.table: shown.list_html(listed, view, reader.language, epoch=reader.epoch),
        tab.previous_page: gr.update(visible=listed.num_pages > 1, interactive=listed.page > 0),
        tab.next_page: gr.update(visible=listed.num_pages > 1, interactive=listed.page + 1 < listed.num_pages),
        tab.samples: gr.update(visible=listed.num_documents == 0 and not busy),
    }


def reader_updates(tab: Tab, document_id: str, part: int, *, language: Language) -> Updates:
    """A document, opened at a part of its text."""
    import gradio as gr

    hidden = gr.update(visible=False)
    try:
        document = tab.home.catalogue.document(document_id)
    except UnknownDocument:
        gone = {tab.text: shown.gone_html(language), tab.previous_part: hidden, tab.next_part: hidden, tab.opened: None}
        return {tab.reader: gr.update(visible=True), **gone}
    parts = shown.num_parts(document)
    part = min(max(part, 0), parts - 1)
    return {
        tab.reader: gr.update(visible=True),
        tab.text: shown.document_html(document, part, language),
        tab.previous_part: gr.update(visible=parts > 1, interactive=part > 0),
        tab.next_part: gr.update(visible=parts > 1, interactive=part + 1 < parts),
        tab.opened: (document.id, part),
    }


def _at_work(tab: Tab, job: Job, look: Callable[[Progress], tuple[str, str]], reader: Reader) -> Iterator[Updates]:
    """Runs a job and shows how far it is; the list is to be looked at anew after it. A closed page ends the job.

    Each time all that has changed since the beginning is said, because a busy browser skips what it has no time for.
    """
    import gradio as gr

    hidden, idle = gr.update(visible=False), gr.update(interactive=False)
    started = {tab.job: job, tab.samples: hidden, tab.remove: idle, tab.chosen: []}
    going_on = {tab.upload: gr.update(value=None, visible=False), tab.mend: idle, tab.stop: gr.update(visible=True)}
    report = ""
    try:
        job.start()
        for progress in job.moments():
            line, report = look(progress)
            yield {**started, **going_on, tab.progress: line, tab.report: report}
    finally:
        job.stop()
    yield {
        **started,
        tab.report: report,
        tab.progress: "",
        tab.upload: gr.update(value=None, visible=True),
        tab.mend: gr.update(interactive=True),
        tab.stop: gr.update(visible=False, interactive=True),
        tab.epoch: reader.epoch + 1,  # the job may have taken away what was selected
    }
