"""The Compare tab: the same questions put to several documents, in a table that grows row by row.

A comparison can be stopped, and what is done by then stays. How much may be asked at once is limited, so that one
reader's comparison is not everybody's wait; the command line has no such limit.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.answer import Citation
from assistant.comparing import Matrix, compare
from assistant.errors import AssistantError, InvalidCall
from assistant.exporting.formats import Format
from assistant.exporting.rendering import matrix_bytes
from assistant.home import Home
from assistant.ui.matrix import citation_at, extended, matrix_html, num_silent
from assistant.ui.matrix_source import cell_source_html, removed_source_html
from assistant.ui.rendering import escape
from assistant.ui.wording import Language, label, language_of, text
from corpus.errors import CorpusError, UnknownDocument
from index.errors import IndexRoomError

if TYPE_CHECKING:
    import gradio as gr

logger = logging.getLogger(__name__)

MAX_QUESTIONS = 20
MAX_CELLS = 400
"""The wording of the tab says both numbers, too."""
_CONCURRENT_COMPARISONS = 2
_FOLDER = Path(__file__).parent

Update = dict[str, Any]
Step = tuple[Any, ...]
"""What a step of a comparison changes: the table, the line below the buttons, the matrix, the button that stops."""


def build(home: Home) -> None:
    """The tab's components, within the page that is being built."""
    import gradio as gr

    gr.Markdown(label("compare.intro"), elem_classes="intro")
    documents, questions, start, stop, status = _asking_panel()
    made = gr.State(None)
    with gr.Row(equal_height=False):
        with gr.Column(scale=3, min_width=320):
            table = gr.HTML("", elem_id="matrix", label=label("compare.matrix"))
            downloads = _download_buttons()
        with gr.Column(scale=2, min_width=320, elem_id="compare-beside"):
            source = gr.HTML(
                "",
                elem_id="compare-source",
                label=label("compare.source"),
                container=True,
                padding=True,
                max_height=600,
                js_on_load=(_FOLDER / "compare.js").read_text(),
            )

    def run(ids: list[str], lines: str, request: gr.Request) -> Iterator[Step]:
        yield from _steps(home, ids, lines, language_of(request))

    def stopped(matrix: Matrix | None, request: gr.Request) -> tuple[str, Update]:
        rows = len(matrix.documents) if matrix else 0
        return _line(text("compare.stopped", language_of(request), rows=rows)), gr.update(visible=False)

    def cite(event: gr.EventData, matrix: Matrix | None, request: gr.Request) -> str:
        return _source(home, citation_at(matrix, str(event.id)), language_of(request))

    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    running = start.click(
        run,
        [documents, questions],
        [table, status, made, stop],
        concurrency_limit=_CONCURRENT_COMPARISONS,
        **quiet,
    )
    running.then(_files, [made], downloads, **quiet)
    start.click(lambda: "", None, [source], queue=False, **quiet)
    stop.click(stopped, [made], [status, stop], cancels=[running], **quiet).then(_files, [made], downloads, **quiet)
    source.cite(cite, [made], [source], **quiet)
    _keep_choices_fresh(home, documents, quiet)


def choices(home: Home) -> list[tuple[str, str]]:
    """The documents that can be chosen, in the catalogue's order, each as what is shown and its id."""
    summaries = home.catalogue.summaries()
    return [(f"{summary.published or '—'} · {summary.title or summary.id}", summary.id) for summary in summaries]


def plan(home: Home, ids: Sequence[str], lines: str, language: Language) -> tuple[list[str], list[str]]:
    """The documents and the questions of a comparison; all documents where none is named.

    Raises `InvalidCall`, in the reader's language, where there is nothing to compare or too much.
    """
    questions = list(dict.fromkeys(line.strip() for line in lines.splitlines() if line.strip()))
    if not questions:
        raise InvalidCall(text("compare.no_questions", language))
    if len(questions) > MAX_QUESTIONS:
        count = len(questions)
        raise InvalidCall(text("compare.too_many_questions", language, count=count, limit=MAX_QUESTIONS))
    documents = list(dict.fromkeys(ids)) or [summary.id for summary in home.catalogue.summaries()]
    if not documents:
        raise InvalidCall(text("compare.no_documents", language))
    cells = len(documents) * len(questions)
    if cells > MAX_CELLS:
        sizes = {"documents": len(documents), "questions": len(questions), "cells": cells, "limit": MAX_CELLS}
        raise InvalidCall(text("compare.too_many_cells", language, **sizes))
    return documents, questions


def _steps(home: Home, ids: Sequence[str], lines: str, language: Language) -> Iterator[Step]:
    """A step for each document that was read. What goes wrong ends the comparison, and what is done stays."""
    import gradio as gr

    matrix: Matrix | None = None
    table = ""
    try:
        documents, questions = plan(home, ids, lines, language)
        for row, id_ in enumerate(documents, start=1):
            reading = text("compare.progress", language, row=row, total=len(documents), title=_title(home, id_))
            yield table, _line(reading), matrix, gr.update(visible=True)
            matrix = extended(matrix, compare(home.sources, [id_], questions))
            table = matrix_html(matrix, language)
    except InvalidCall as error:
        yield table, _line(str(error), is_problem=True), matrix, gr.update(visible=False)
        return
    except (AssistantError, CorpusError, IndexRoomError) as error:
        failed = text("compare.failed", language, reason=error)
        yield table, _line(failed, is_problem=True), matrix, gr.update(visible=False)
        return
    cells = len(documents) * len(questions)
    done = text("compare.done", language, cells=cells, silent=num_silent(matrix) if matrix else 0)
    yield table, _line(done), matrix, gr.update(visible=False)


def _files(matrix: Matrix | None) -> list[Update]:
    """The download buttons, each with its file, which lies in Gradio's own folder under a name nobody can guess."""
    import gradio as gr
    from gradio.processing_utils import save_bytes_to_cache
    from gradio.utils import get_upload_folder

    if matrix is None:
        return [gr.update(visible=False) for _ in Format]
    folder = get_upload_folder()
    return [
        gr.update(value=save_bytes_to_cache(matrix_bytes(matrix, kind), f"comparison.{kind}", folder), visible=True)
        for kind in Format
    ]


def _source(home: Home, citation: Citation | None, language: Language) -> str:
    """The document around the words of a cell, which are marked; a hint where a marker stands for nothing any more."""
    if citation is None:
        return f'<p class="details">{escape(text("compare.hint", language))}</p>'
    try:
        document = home.catalogue.document(citation.document_id, citation.sha256)
    except UnknownDocument:
        return removed_source_html(citation, language)
    return cell_source_html(citation, document, language)


def _title(home: Home, document_id: str) -> str:
    return home.catalogue.document(document_id).title or document_id


def _line(words: str, *, is_problem: bool = False) -> str:
    """A line about what is going on, read out by screen readers as it changes."""
    role, name = ("alert", "status problem") if is_problem else ("status", "status")
    return f'<p role="{role}" class="{name}">{escape(words)}</p>'


def _asking_panel() -> tuple["gr.Dropdown", "gr.Textbox", "gr.Button", "gr.Button", "gr.HTML"]:
    """What is asked of which documents, with the buttons that start and stop it."""
    import gradio as gr

    with gr.Row(equal_height=True):
        documents = gr.Dropdown(
            [], value=[], multiselect=True, label=label("compare.documents"), info=label("compare.documents_info")
        )
        questions = gr.Textbox(
            lines=3,
            max_lines=8,
            label=label("compare.questions"),
            info=label("compare.questions_info"),
            placeholder=label("compare.questions_placeholder"),
        )
    with gr.Row():
        start = gr.Button(label("compare.compare"), variant="primary", scale=0, min_width=160)
        stop = gr.Button(label("compare.stop"), variant="stop", scale=0, min_width=120, visible=False)
    return documents, questions, start, stop, gr.HTML("", elem_id="compare-status")


def _download_buttons() -> list["gr.DownloadButton"]:
    import gradio as gr

    with gr.Row():
        return [
            gr.DownloadButton(label(f"compare.download_{kind}"), size="sm", min_width=120, visible=False)
            for kind in Format
        ]


def _keep_choices_fresh(home: Home, documents: "gr.Dropdown", quiet: dict[str, Any]) -> None:
    """Lists the documents when the page is loaded and whenever its tab is opened: they come and go meanwhile."""
    import gradio as gr

    def listed(chosen: list[str] | None) -> Update:
        found = choices(home)
        known = {id_ for _, id_ in found}
        return gr.update(choices=found, value=[id_ for id_ in chosen or [] if id_ in known])

    triggers: list[Callable[..., Any]] = []
    place = documents.parent
    while place is not None:
        if isinstance(place, gr.Tab | gr.Blocks):
            triggers.append(place.load if isinstance(place, gr.Blocks) else place.select)
        place = place.parent
    gr.on(triggers, listed, [documents], [documents], preprocess=False, queue=False, **quiet)
