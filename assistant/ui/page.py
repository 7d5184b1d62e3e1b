"""The page: its tabs, and how it is served.

What a tab holds and does stands in the module of its name. Plugins may add tabs of their own.
"""

import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, cast

from assistant.answering import answer
from assistant.errors import InvalidCall
from assistant.home import Home
from assistant.plugins import TabPlugin, plugins
from assistant.ui import chat, compare, documents, settings_tab

if TYPE_CHECKING:
    import gradio as gr

TITLE = "Communiqué"
_FOLDER = Path(__file__).parent


def serve(home: Home, *, host: str, port: int) -> None:
    """Serves the page until the process is interrupted. Raises `InvalidCall` when the port is taken."""
    answer("Is everything loaded?", home.sources)  # so that the first question need not wait for the models
    page = build(home)
    try:
        page.launch(
            server_name=host,
            server_port=port or None,
            css_paths=[str(path) for path in sorted(_FOLDER.glob("*.css"))],
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
    import gradio as gr

    with gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True) as page:
        gr.Markdown(f"# {TITLE}\nEvery sentence carries the words it rests on.")
        with gr.Tabs():
            with gr.Tab("Chat", id="chat"):
                chat.build(home)
            with gr.Tab("Documents", id="documents"):
                documents.build(home)
            with gr.Tab("Compare", id="compare"):
                compare.build(home)
            for plugin in plugins():
                if isinstance(plugin, TabPlugin):
                    with gr.Tab(plugin.tab_title, id=plugin.name):
                        plugin.build_tab(home)
            with gr.Tab("Settings", id="settings"):
                settings_tab.build(home)
    return cast("gr.Blocks", page)
