"""The page: its tabs, and how it is served.

What a tab holds and does stands in the module of its name. Plugins may add tabs of their own.
"""

import os
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, cast

from assistant.answering import answer
from assistant.errors import InvalidCall
from assistant.home import Home
from assistant.plugins import TabPlugin, plugins
from assistant.ui import chat, compare, settings_tab
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


def serve(home: Home, *, host: str, port: int) -> None:
    """Serves the page until the process is interrupted. Raises `InvalidCall` when the port is taken."""
    answer("Is everything loaded?", home.sources)  # so that the first question need not wait for the models
    page = build(home)
    try:
        page.launch(
            server_name=host,
            server_port=port or None,
            css_paths=[str(path) for path in sorted(_FOLDER.rglob("*.css"))],
            theme=theme(),
            i18n=translations(),
            max_file_size=MAX_UPLOAD,
            footer_links=[],
            quiet=True,
            prevent_thread_lock=True,
        )
    except OSError as error:
        raise InvalidCall(f"port {port} cannot be used ({error}): choose another with --port") from error
    print(f"Communiqué answers at {page.local_url}  (Ctrl-C ends it)", flush=True)
    try:
        threading.Event().wait()
    finally:
        page.close(verbose=False)


def build(home: Home) -> "gr.Blocks":
    """The page over one home, not yet served."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = str(sys.maxsize)  # else it makes tables of its events at each one
    import gradio as gr

    with gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True, delete_cache=_CACHE_SECONDS) as page:
        with gr.Row(elem_id="head"):
            gr.Markdown(f"# {TITLE}", padding=False)
            gr.Markdown(label("page.tagline"), padding=False)
        with gr.Tabs():
            with gr.Tab(label("page.chat"), id="chat"):
                chat.build(home)
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
    return cast("gr.Blocks", page)
