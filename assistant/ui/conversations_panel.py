"""The reader's own conversations: listed, searched, opened, renamed, deleted, downloaded.

It changes what is open and leaves it to the chat to show it. Nobody's conversations but the owner's are ever read.
"""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import InvalidCall, UnknownConversation
from assistant.exporting.formats import Format
from assistant.exporting.pack import pack_of
from assistant.exporting.rendering import pack_bytes
from assistant.home import Home
from assistant.ui.rendering import escape
from assistant.ui.wording import Language, label, language_of, text

if TYPE_CHECKING:
    import gradio as gr

_SAVE = """() => setTimeout(() => document.querySelector("#export-file").click(), 250)"""
"""Presses the button that holds the file, which the page has just been given."""
_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "concurrency_limit": None}


@dataclass(frozen=True, slots=True)
class ConversationsPanel:
    """The panel's components; `refreshed`, which takes `inputs` and gives `outputs`, makes the list as it is now."""

    home: Home
    conversation: "gr.BrowserState"
    owner: "gr.BrowserState"
    search: "gr.Textbox"
    choice: "gr.Dropdown"
    title: "gr.Textbox"
    new: "gr.Button"
    delete_now: "gr.Button"
    refreshed: Callable[..., tuple[Any, Any]]

    @property
    def inputs(self) -> list[Any]:
        """What `refreshed` is given."""
        return [self.search, self.conversation, self.owner]

    @property
    def outputs(self) -> list[Any]:
        """What `refreshed` changes."""
        return [self.choice, self.title]

    def turning(self, messages: "gr.Chatbot") -> list[Any]:
        """The events after which another conversation, or none, is open."""

        def deleted(kept: str, key: str) -> str:
            try:
                self.home.conversations.of(key).delete(kept)
            except UnknownConversation:
                return ""  # it was deleted in another window
            return ""

        return [
            self.choice.input(lambda chosen: chosen or "", [self.choice], [self.conversation], **_QUIET),
            self.new.click(lambda: "", None, [self.conversation], **_QUIET),
            messages.clear(lambda: "", None, [self.conversation], **_QUIET),
            self.delete_now.click(deleted, [self.conversation, self.owner], [self.conversation], **_QUIET),
        ]


def build_conversations(
    home: Home, conversation: "gr.BrowserState", owner: "gr.BrowserState", new: "gr.Button"
) -> ConversationsPanel:
    """The panel, closed; `new` begins a conversation and stands elsewhere."""
    import gradio as gr

    with gr.Accordion(label("chat.conversations"), open=False, elem_id="conversations"):
        with gr.Row():
            search = gr.Textbox(label=label("chat.search"), elem_id="conversations-search")
            choice = gr.Dropdown([], label=label("chat.found"), filterable=False, elem_id="conversations-choice")
        title = gr.Textbox(label=label("chat.title"), max_length=80, submit_btn=label("chat.rename"))
        delete = gr.Button(label("chat.delete"), size="sm", min_width=120)
        with gr.Column(visible=False) as asking:
            sure = gr.HTML("")
            with gr.Row():
                delete_now = gr.Button(label("chat.delete_yes"), variant="stop", size="sm", min_width=100)
                keep = gr.Button(label("chat.delete_no"), size="sm", min_width=100)
        with gr.Row():
            downloads = [
                gr.Button(f".{form.value}", size="sm", min_width=80, elem_id=f"export-{form}") for form in Format
            ]
            file = gr.DownloadButton(visible="hidden", elem_id="export-file")

    def refreshed(words: str | None, kept: str, key: str, request: gr.Request) -> tuple[Any, Any]:
        listed = home.conversations.of(key).search(words or "") if key else []
        offered = choices(listed, language_of(request))
        title = next((one.title for one in listed if one.id == kept), "")
        value = kept if any(id_ == kept for _, id_ in offered) else None
        return gr.update(choices=offered, value=value), title

    panel = ConversationsPanel(home, conversation, owner, search, choice, title, new, delete_now, refreshed)
    _wire_changes(panel, delete, asking, sure, keep)
    _wire_downloads(panel, downloads, file)
    return panel


def choices(listed: "Sequence[Any]", language: Language) -> list[tuple[str, str]]:
    """The conversations as a choice shows them: "Who pays? (3)"."""
    return [(text("chat.turns", language, title=one.title, num_turns=one.num_turns), one.id) for one in listed]


def _wire_changes(
    panel: ConversationsPanel, delete: "gr.Button", asking: "gr.Column", sure: "gr.HTML", keep: "gr.Button"
) -> None:
    """Searching, renaming, and asking before a conversation is deleted."""
    import gradio as gr

    def renamed(title: str, kept: str, key: str) -> None:
        try:
            panel.home.conversations.of(key).rename(kept, title)
        except (InvalidCall, UnknownConversation) as error:
            gr.Info(str(error))

    def ask(kept: str, key: str, request: gr.Request) -> tuple[Any, str]:
        try:
            title = panel.home.conversations.of(key).get(kept).title
        except UnknownConversation:
            return gr.update(visible=False), ""
        return gr.update(visible=True), escape(text("chat.delete_sure", language_of(request), title=title))

    kept = [panel.conversation, panel.owner]
    panel.search.change(panel.refreshed, panel.inputs, panel.outputs, trigger_mode="always_last", **_QUIET)
    named = panel.title.submit(renamed, [panel.title, *kept], None, **_QUIET)
    named = named.then(lambda: None, None, [panel.choice], **_QUIET)  # else the choice would show the old title
    named.then(panel.refreshed, panel.inputs, panel.outputs, **_QUIET)
    delete.click(ask, kept, [asking, sure], **_QUIET)
    gr.on([keep.click, panel.delete_now.click], lambda: gr.update(visible=False), None, [asking], **_QUIET)


def _wire_downloads(panel: ConversationsPanel, downloads: "Sequence[gr.Button]", file: "gr.DownloadButton") -> None:
    """A click makes the file of the open conversation; only then can a button that holds it be pressed."""
    for button, form in zip(downloads, Format, strict=True):

        def made(kept: str, key: str, form: Format = form) -> str | None:
            return exported(panel.home, kept, key, form)

        button.click(made, [panel.conversation, panel.owner], [file], **_QUIET).success(
            None, None, None, js=_SAVE, api_visibility="private"
        )


def exported(home: Home, kept: str, key: str, form: Format) -> str | None:
    """Where the owner's conversation lies as a file of that format; None where it is not theirs or has no turn."""
    conversations = home.conversations.of(key)
    turns = conversations.turns(kept) if kept and key else ()
    if not turns:
        return None
    pack = pack_of(conversations.get(kept), turns, home.catalogue)
    path = Path(tempfile.mkdtemp(prefix="communique-")) / f"conversation-{kept}.{form.value}"
    path.write_bytes(pack_bytes(pack, form))
    return str(path)
