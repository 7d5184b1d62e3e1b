"""The page: its tabs, and how it joins the application that is served.

What a tab holds and does stands in the module of its name. Plugins may add tabs of their own. Serving is done by
`assistant.serving`.
"""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from assistant.answerers import Answerers
from assistant.home import Home
from assistant.plugins import TabPlugin, plugins
from assistant.ui import account, chat, compare, settings_tab
from assistant.ui.documents import wiring as documents
from assistant.ui.theme import theme
from assistant.ui.wording import label, translations

if TYPE_CHECKING:
    import gradio as gr

TITLE = "Communiqué"
MAX_UPLOAD = "256mb"
"""The largest file that may be uploaded: as large as any that is read."""
_FOLDER = Path(__file__).parent
_CACHE_SECONDS = (3600, 3600)
"""How often, and from what age on, files are deleted that were uploaded and never taken."""
_PLACE_SECONDS = 2.0
"""How often those who wait are told their place: by itself, Gradio tells each of them whenever one is served."""


@dataclass(frozen=True, slots=True)
class Mounted:
    """The page within another application: an application too, and what ends the connections that open pages hold."""

    app: Any
    close: Callable[[], None]


def mount(app: Any, home: Home, answerers: Answerers) -> Mounted:
    """Puts the page at "/" of a FastAPI application, behind the routes that it has."""
    page = build(home, answerers)  # which settles the environment that Gradio is imported in
    import gradio as gr

    gr.mount_gradio_app(
        app,
        page,
        path="/",
        css_paths=[str(path) for path in sorted(_FOLDER.rglob("*.css"))],
        theme=theme(),
        i18n=translations(),
        max_file_size=MAX_UPLOAD,
        footer_links=[],
        show_error=False,
        ssr_mode=False,
        enable_monitoring=False,
    )
    page.has_launched = True  # else a file that a client names is read wherever it lies, not only among the uploads
    mounted = app.router.routes[-1].app

    def close() -> None:
        page.is_running = False
        mounted.stop_event.set()

    return Mounted(mounted, close)


def build(home: Home, answerers: Answerers) -> "gr.Blocks":
    """The page over one home, not yet served."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = str(sys.maxsize)  # else it makes tables of its events at each one
    import gradio as gr

    with gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True, delete_cache=_CACHE_SECONDS) as page:
        with gr.Row(elem_id="head"):
            gr.Markdown(f"# {TITLE}", padding=False)
            gr.Markdown(label("page.tagline"), padding=False)
            account.build()
        with gr.Tabs():
            with gr.Tab(label("page.chat"), id="chat"):
                chat.build(home, answerers)
            with gr.Tab(label("page.documents"), id="documents"):
                documents.build(home)
            with gr.Tab(label("page.compare"), id="compare"):
                compare.build(home)
            for plugin in plugins():
                if isinstance(plugin, TabPlugin):
                    with gr.Tab(plugin.tab_title, id=plugin.name):
                        plugin.build_tab(home)
            with gr.Tab(label("page.settings"), id="settings"):
                settings_tab.build(home)
    return cast("gr.Blocks", page.queue(status_update_rate=_PLACE_SECONDS))
