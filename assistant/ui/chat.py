"""The Chat tab: a question, an answer that grows sentence by sentence, and beside it the source of the marker that was
clicked.

Every turn is kept in the home's conversations, under a key that only the reader's browser holds: the page shows nobody
anything but their own, and again after it was reloaded. Panels of their own: `conversations_panel.py`, `feedback.py`,
`source.py`, `xray.py`.
"""

import secrets
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from assistant.answerers import Answerers
from assistant.copying import answer_text
from assistant.examples import examples
from assistant.home import Home
from assistant.home_secret import BROWSER, home_secret
from assistant.ui import source, xray
from assistant.ui.asking import wire_asking
from assistant.ui.chat_state import QUIET, Chat, last_turn, opened, shown
from assistant.ui.conversations_panel import build_conversations
from assistant.ui.feedback_panel import build_feedback
from assistant.ui.rendering import escape
from assistant.ui.rendering_dates import citations_of, published_dates
from assistant.ui.wording import label, language_of, text

if TYPE_CHECKING:
    import gradio as gr

_COPY = "(text) => { if (text) navigator.clipboard.writeText(text); }"


def build(home: Home, answerers: Answerers) -> None:
    """The tab's components, within the page that is being built."""
    import gradio as gr

    secret = home_secret(home.path, BROWSER)
    owner = gr.BrowserState("", storage_key="communique-owner", secret=secret)
    conversation = gr.BrowserState("", storage_key="communique-conversation", secret=secret)
    with gr.Row(equal_height=False):
        with gr.Column(scale=3, min_width=320):
            new = gr.Button(label("chat.new"), size="sm", min_width=120, render=False)
            conversations = build_conversations(home, conversation, owner, new)
            messages = _messages()
            question = _question_box()
            understood = gr.Textbox(
                label=label("chat.understood"), visible=False, max_lines=4, submit_btn=label("chat.ask_again")
            )
            tried = gr.Dataset(components=[question], samples=[], label=label("chat.examples"), visible=False)
            with gr.Row():
                again = gr.Button(label("chat.edit"), size="sm", min_width=120)
                copy = gr.Button(label("chat.copy"), size="sm", min_width=120)
                keep = gr.Button(label("chat.keep"), size="sm", min_width=120)
                new.render()  # type: ignore[no-untyped-call]
            build_feedback(home, conversation, owner, messages, keep)
        with gr.Column(scale=2, min_width=320):
            panel = source.build_panel(home, conversation, owner)
    xray.build_xray(home, conversation, owner, panel)
    chat = Chat(home, answerers, owner, conversation, messages, question, understood, conversations)
    wire_asking(chat, panel)
    _wire_last_turn(chat, again, copy)
    _wire_opening(chat, panel)
    _wire_examples(chat, tried)


def _messages() -> "gr.Chatbot":
    """The conversation; what comes from documents, questions and models is text in it, whatever it holds."""
    import gradio as gr

    return gr.Chatbot(
        label=label("chat.conversation"),
        height="52vh",
        allow_tags=False,
        latex_delimiters=[],
        feedback_options=("Like", "Dislike"),
        buttons=[],
        group_consecutive_messages=False,
        elem_id="messages",
    )


def _question_box() -> "gr.Textbox":
    import gradio as gr

    return gr.Textbox(
        label=label("chat.question"),
        placeholder=label("chat.placeholder"),
        max_lines=6,
        submit_btn=True,
        autofocus=True,
        elem_id="question",
    )


def _wire_last_turn(chat: Chat, again: "gr.Button", copy: "gr.Button") -> None:
    """Editing the last question, and copying the last answer."""
    import gradio as gr

    def edited(kept: str, key: str, request: gr.Request) -> Any:
        turn = last_turn(chat.home, kept, key)
        if turn is None:
            gr.Info(text("chat.nothing", language_of(request)))
            return gr.skip()
        return turn.answer.question

    def copied(kept: str, key: str, request: gr.Request) -> str:
        turn = last_turn(chat.home, kept, key)
        gr.Info(text("chat.copied" if turn else "chat.nothing", language_of(request)))
        if turn is None:
            return ""
        return answer_text(turn.answer, published_dates(chat.home.catalogue, citations_of(turn.answer)))

    kept = [chat.conversation, chat.owner]
    again.click(edited, kept, [chat.question], **QUIET)
    copying = gr.Textbox(visible=False)
    copy.click(copied, kept, [copying], **QUIET).then(None, [copying], None, js=_COPY, api_visibility="private")


def _wire_opening(chat: Chat, panel: "gr.HTML") -> None:
    """Whatever brings another conversation before the reader: loading the page, choosing one, a new one, deleting."""
    import gradio as gr
    from gradio.context import Context

    conversations = chat.conversations

    def restored(kept: str, key: str, request: gr.Request) -> tuple[Any, ...]:
        chat.answerers.arrive(request.session_hash or "")
        if not kept:  # there is nothing to restore, and whoever asked at once has begun a conversation by now
            return tuple(gr.skip() for _ in range(5))
        key = key or secrets.token_urlsafe(24)
        return (*turned(opened(chat.home, kept, key), key, request), key)

    def turned(kept: str, key: str, request: gr.Request) -> tuple[Any, ...]:
        language = language_of(request)
        messages = shown(chat.home, kept, key, language)
        return opened(chat.home, kept, key), messages, source.welcome(language), gr.update(visible=False)

    whole = [chat.conversation, chat.messages, panel, chat.understood]
    if Context.root_block:
        loading = Context.root_block.load(
            restored, [chat.conversation, chat.owner], [*whole, chat.owner], concurrency_limit=None, **QUIET
        )
        loading.then(conversations.refreshed, conversations.inputs, conversations.outputs, **QUIET)
    for event in conversations.turning(chat.messages):
        event.then(turned, [chat.conversation, chat.owner], whole, concurrency_limit=None, **QUIET).then(
            conversations.refreshed, conversations.inputs, conversations.outputs, **QUIET
        )


def _wire_examples(chat: Chat, tried: "gr.Dataset") -> None:
    """Questions that the documents answer, made anew when the page is loaded; a click puts one into the box."""
    import gradio as gr
    from gradio.context import Context

    @lru_cache(maxsize=1)
    def made_for(_: tuple[tuple[str, str], ...]) -> list[str]:
        return examples(chat.home.sources)

    def offered(request: gr.Request) -> tuple[Any, Any]:
        documents = tuple((summary.id, summary.sha256) for summary in chat.home.catalogue.summaries())
        found = made_for(documents)
        if not found:
            line = "" if documents else text("chat.no_documents", language_of(request))
            return gr.update(visible=False), gr.update(placeholder=escape(line))
        return gr.update(samples=[[question] for question in found], visible=True), gr.update(placeholder="")

    if Context.root_block:
        Context.root_block.load(offered, None, [tried, chat.messages], concurrency_limit=1, **QUIET)
    tried.click(lambda sample: sample[0], [tried], [chat.question], **QUIET)
