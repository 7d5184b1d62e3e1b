"""A small page over a kept conversation: its messages, the source panel, the view into each answer; no model, no chat.

Run as a module, it serves one: `python -m tests.fakes_page HOME CONVERSATION OWNER`.
"""

import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.answer import Answer, Citation
from assistant.home import Home
from assistant.ui import source, xray
from assistant.ui.rendering import answer_html, escape
from assistant.ui.rendering_dates import citations_of, published_dates
from assistant.ui.theme import theme
from assistant.ui.wording import translations
from tests.fakes import HashEncoder

_ROOT = Path(__file__).parents[1]
_STYLES = Path(source.__file__).parent


@contextmanager
def conversation_served(home: Home, conversation: str, *, owner: str) -> Iterator[str]:
    """The address of a page that shows the conversation to its owner."""
    command = [sys.executable, "-m", __name__, str(home.path), conversation, owner]
    server = subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True)
    try:
        yield server.stdout.readline().strip()
    finally:
        server.terminate()
        server.communicate(timeout=30)


def serve(home: Home, conversation: str, owner: str) -> None:
    """Serves the page and prints its address."""
    import gradio as gr

    messages = []
    for turn in home.conversations.of(owner).turns(conversation):
        dates = published_dates(home.catalogue, citations_of(turn.answer))
        content = answer_html(turn.answer, turn.number, dates=dates)
        messages += [
            {"role": "user", "content": escape(turn.answer.question)},
            {"role": "assistant", "content": content},
        ]
    with gr.Blocks(analytics_enabled=False, fill_width=True) as page:
        kept, key = gr.State(conversation), gr.State(owner)
        with gr.Row(equal_height=False):
            with gr.Column(scale=3, min_width=320):
                gr.Chatbot(
                    messages,
                    label="Conversation",
                    height="65vh",
                    allow_tags=False,
                    latex_delimiters=[],
                    buttons=["copy"],
                    group_consecutive_messages=False,
                )
                asked = gr.Textbox(label="Asked again")
            with gr.Column(scale=2, min_width=320):
                panel = source.build_panel(home, kept, key)
        xray.build_xray(home, kept, key, panel)

        def ask(current: str, one: str, event: gr.EventData) -> str:
            return source.question_again(home, one, current, source.event_id(event))

        panel.ask(ask, [kept, key], [asked], show_progress="hidden", api_visibility="private")
    page.launch(
        server_name="127.0.0.1",
        quiet=True,
        prevent_thread_lock=True,
        css_paths=[str(path) for path in sorted(_STYLES.glob("*.css"))],
        theme=theme(),
        i18n=translations(),
        footer_links=[],
    )
    print(page.local_url, flush=True)
    page.block_thread()


def kept_conversation(home: Home, owner: str, answers: Iterable[Answer]) -> str:
    """The id of a new conversation of that owner with these answers as its turns."""
    conversations = home.conversations.of(owner)
    id_ = conversations.start("A conversation")
    for answer in answers:
        conversations.add(id_, answer)
    return id_


def cited(home: Home, document_id: str, words: str, number: int, *, phrase: str = "", **fields: object) -> Citation:
    """A citation of the first such words of a document, in its current version."""
    document = home.catalogue.document(document_id)
    start = document.text.index(words)
    place = start + words.index(phrase)
    spans = {"start": start, "end": start + len(words), "phrase": (place, place + len(phrase)) if phrase else None}
    known = {"sha256": document.sha256, "title": document.title, "source": document.source, "quote": words}
    return Citation(number, document_id, **{**known, **spans, **fields})


if __name__ == "__main__":
    serve(Home(Path(sys.argv[1]), load_encoder=HashEncoder), *sys.argv[2:])
