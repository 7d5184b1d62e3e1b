"""The components of the Evaluate tab, laid out. What they do when they are used is said in `tab.py`."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.ui.wording import label

if TYPE_CHECKING:
    import gradio as gr

_FOLDER = Path(__file__).parent
POLL_SECONDS = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """The components of the tab; `opened` holds the id of the run whose report a reader looks at."""

    suite: "gr.Dropdown"
    own: "gr.Group"
    file: "gr.File"
    path: "gr.Textbox"
    limit: "gr.Number"
    drafts: "gr.Checkbox"
    anew: "gr.Checkbox"
    start: "gr.Button"
    stop: "gr.Button"
    check: "gr.Button"
    state: "gr.HTML"
    progress: "gr.HTML"
    findings: "gr.HTML"
    kept: "gr.HTML"
    runs: "gr.HTML"
    beside: "gr.Column"
    baseline: "gr.Dropdown"
    report_file: "gr.DownloadButton"
    junit_file: "gr.DownloadButton"
    said: "gr.HTML"
    report: "gr.HTML"
    timer: "gr.Timer"
    opened: "gr.State"

    @property
    def choice(self) -> list[Any]:
        """What says which suite is meant."""
        return [self.suite, self.file, self.path]

    @property
    def watching(self) -> list[Any]:
        """What shows the run that is on."""
        return [self.state, self.progress, self.start, self.stop, self.timer]

    @property
    def reading(self) -> list[Any]:
        """What shows a report."""
        return [
            *(self.runs, self.beside, self.baseline, self.report_file, self.junit_file, self.said, self.report),
            self.opened,
        ]


def laid_out() -> Layout:
    """The components, within the page that is being built."""
    import gradio as gr

    parts: dict[str, Any] = {"timer": gr.Timer(POLL_SECONDS, active=False), "opened": gr.State(None)}
    gr.Markdown(label("evaluate.intro"), elem_classes="intro")
    with gr.Row(equal_height=False):
        with gr.Column(scale=2, min_width=320):
            parts |= _suite_components() | _run_components()
        with gr.Column(scale=3, min_width=320):
            parts["runs"] = _panel("evaluate-runs", js_on_load=(_FOLDER / "runs.js").read_text(encoding="utf-8"))
            with gr.Accordion(label("evaluate.kept"), open=False):
                parts["kept"] = _panel("evaluate-kept")
    with gr.Column(visible=False) as parts["beside"]:
        parts |= _report_components()
    return Layout(**parts)


def _suite_components() -> dict[str, Any]:
    import gradio as gr

    parts: dict[str, Any] = {"suite": gr.Dropdown([], label=label("evaluate.suite"))}
    with gr.Group(visible=False) as parts["own"]:
        parts["file"] = gr.File(label=label("evaluate.file"), file_types=[".jsonl"], height=130)
        parts["path"] = gr.Textbox(
            label=label("evaluate.path"),
            placeholder=label("evaluate.path_placeholder"),
            info=label("evaluate.path_info"),
            max_lines=1,
            max_length=4096,
            visible=False,
        )
    with gr.Accordion(label("evaluate.options"), open=False):
        parts["limit"] = gr.Number(
            label=label("evaluate.limit"), info=label("evaluate.limit_info"), value=0, precision=0, minimum=0
        )
        parts["drafts"] = gr.Checkbox(label=label("evaluate.drafts"))
        parts["anew"] = gr.Checkbox(label=label("evaluate.anew"))
    return parts


def _run_components() -> dict[str, Any]:
    import gradio as gr

    parts: dict[str, Any] = {}
    with gr.Row():
        parts["start"] = gr.Button(label("evaluate.run"), variant="primary", scale=0, min_width=120)
        parts["stop"] = gr.Button(label("evaluate.stop"), variant="stop", scale=0, min_width=120, visible=False)
        parts["check"] = gr.Button(label("evaluate.check"), scale=0, min_width=140)
    return parts | {name: _panel(f"evaluate-{name}") for name in ("state", "findings", "progress")}


def _report_components() -> dict[str, Any]:
    import gradio as gr

    parts: dict[str, Any] = {}
    with gr.Row(equal_height=False):
        parts["baseline"] = gr.Dropdown(
            [], label=label("evaluate.baseline"), info=label("evaluate.baseline_info"), scale=3, min_width=320
        )
        with gr.Column(scale=1, min_width=200):
            parts["report_file"] = gr.DownloadButton(label("evaluate.download_report"), size="sm")
            parts["junit_file"] = gr.DownloadButton(label("evaluate.download_junit"), size="sm")
    return parts | {"said": _panel("evaluate-said"), "report": _panel("evaluate-report")}


def _panel(name: str, **options: Any) -> "gr.HTML":
    """A place for what Python renders, with the style of the tab."""
    import gradio as gr

    style = (_FOLDER / "evaluate.css").read_text(encoding="utf-8")
    return gr.HTML("", elem_id=name, css_template=style, apply_default_css=False, **options)
