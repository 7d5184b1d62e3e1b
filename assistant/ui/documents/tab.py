"""The components of the Documents tab, laid out, and what is remembered for each reader.

What they do when they are used is said in `documents`.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.home import Home
from assistant.ui.documents.listed import MAX_QUERY_CHARS, View
from assistant.ui.documents.uploads import TemporaryCopies
from assistant.ui.wording import label

if TYPE_CHECKING:
    import gradio as gr

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True, eq=False)
class Tab:
    """The components of the tab, and what is remembered for each reader."""

    home: Home
    copies: TemporaryCopies
    upload: "gr.File"
    samples: "gr.Button"
    stop: "gr.Button"
    progress: "gr.HTML"
    report: "gr.HTML"
    search: "gr.Textbox"
    table: "gr.HTML"
    previous_page: "gr.Button"
    next_page: "gr.Button"
    remove: "gr.Button"
    mend: "gr.Button"
    removal: "gr.Column"
    question: "gr.HTML"
    remove_now: "gr.Button"
    keep: "gr.Button"
    reader: "gr.Column"
    text: "gr.HTML"
    previous_part: "gr.Button"
    next_part: "gr.Button"
    close: "gr.Button"
    job: "gr.State"
    view: "gr.State"
    chosen: "gr.State"
    epoch: "gr.State"
    opened: "gr.State"

    @property
    def outputs(self) -> list[Any]:
        """Every component that a job changes."""
        return [
            *(self.upload, self.samples, self.stop, self.progress, self.report, self.remove, self.mend),
            *(self.removal, self.reader, self.job, self.chosen, self.epoch),
        ]


def laid_out(home: Home) -> Tab:
    """The components, within the page that is being built."""
    import gradio as gr

    parts: dict[str, Any] = {
        "job": gr.State(None),
        "view": gr.State(View()),
        "chosen": gr.State([]),
        "epoch": gr.State(0),
        "opened": gr.State(None),
    }
    with gr.Row(equal_height=False):
        with gr.Column(scale=3, min_width=320):
            parts |= _adding_components() | _list_components()
        with gr.Column(scale=2, min_width=320, visible=False) as parts["reader"]:
            parts |= _reader_components()
    return Tab(home=home, copies=TemporaryCopies(), **parts)


def _adding_components() -> dict[str, Any]:
    import gradio as gr

    upload = gr.File(label=label("documents.upload"), file_count="multiple", height=150, elem_id="documents-upload")
    gr.Markdown(label("documents.upload_info"), elem_classes="documents-info")
    return {
        "upload": upload,
        "samples": gr.Button(label("documents.samples"), visible=False, variant="primary"),
        "progress": _panel("documents-progress"),
        "stop": _small_button("documents.stop", visible=False, variant="stop"),
        "report": _panel("documents-report"),
    }


def _list_components() -> dict[str, Any]:
    import gradio as gr

    parts: dict[str, Any] = {
        "search": gr.Textbox(
            label=label("documents.search"),
            placeholder=label("documents.search_placeholder"),
            max_lines=1,
            max_length=MAX_QUERY_CHARS,
        )
    }
    with gr.Row(elem_classes="documents-tools"):
        parts["remove"] = _small_button("documents.remove", interactive=False, elem_id="documents-remove")
        parts["mend"] = _small_button("documents.mend")
    with gr.Column(visible=False) as parts["removal"]:
        parts["question"] = _panel("documents-removal")
        with gr.Row(elem_classes="documents-tools"):
            parts["remove_now"] = _small_button("documents.remove_now", variant="stop")
            parts["keep"] = _small_button("documents.keep")
    parts["table"] = _panel("documents-list", js_on_load=(_FOLDER / "documents.js").read_text())
    with gr.Row(elem_classes="documents-tools"):
        parts["previous_page"] = _small_button("documents.previous_page", visible=False)
        parts["next_page"] = _small_button("documents.next_page", visible=False)
    return parts


def _reader_components() -> dict[str, Any]:
    import gradio as gr

    script = (_FOLDER / "documents_text.js").read_text()
    parts: dict[str, Any] = {"text": _panel("documents-text", js_on_load=script)}
    with gr.Row(elem_classes="documents-tools"):
        parts["previous_part"] = _small_button("documents.previous_part", visible=False)
        parts["next_part"] = _small_button("documents.next_part", visible=False)
        parts["close"] = _small_button("documents.close")
    return parts


def _panel(name: str, **options: Any) -> "gr.HTML":
    """A place for what Python renders, styled by `documents.css` alone."""
    import gradio as gr

    return gr.HTML(elem_id=name, elem_classes="documents-panel", apply_default_css=False, **options)


def _small_button(key: str, **options: Any) -> "gr.Button":
    import gradio as gr

    return gr.Button(label(key), size="sm", scale=0, min_width=140, **options)
