"""The Chat tab: a question, an answer that grows sentence by sentence, and beside it the source of the marker that was
clicked.

Every turn is kept in the home's conversations, under a key that only the reader's browser holds: the page shows nobody
anything but their own, and again after it was reloaded. Panels of their own: `conversations_panel.py`, `feedback.py`,
`source.py`, `xray.py`.
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from assistant.answerers import Answerers
from assistant.answering import valid_question
from assistant.conversation import Turn
from assistant.copying import answer_text
from assistant.errors import InvalidCall, UnknownConversation
from assistant.examples import examples
from assistant.home import Home
from assistant.ui import source, xray
from assistant.ui.browser_secret import browser_secret
from assistant.ui.conversations_panel import ConversationsPanel, build_conversations
from assistant.ui.feedback_panel import build_feedback
from assistant.ui.messages import Messages, growing, messages_of
from assistant.ui.rendering import escape, message_html, status_html
from assistant.ui.rendering_dates import citations_of, published_dates
from assistant.ui.wording import Language, label, language_of, text

if TYPE_CHECKING:
    import gradio as gr

_CONCURRENT_ANSWERS = 4
_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
_COPY = "(text) => { if (text) navigator.clipboard.writeText(text); }"
_STOPPABLE = "{__type__: 'update', submit_btn: false, stop_btn: true}"
_RESTING = "{__type__: 'update', submit_btn: true, stop_btn: false}"
_TAKE = """(typed) => document.querySelector("#question .stop-button")
    ? [{__type__: "update"}, ""]
    : [{__type__: "update", value: "", submit_btn: false, stop_btn: true}, typed]"""
"""The question leaves its box in the browser, unless one is being answered: of what a quick answer has the page show on
the way, only the last may be shown."""


@dataclass(frozen=True, slots=True)
class Chat:
    """The tab's components that several of its parts use; `owner` and `conversation` live in the reader's browser."""

    home: Home
    answerers: Answerers
    owner: "gr.BrowserState"
    conversation: "gr.BrowserState"
    messages: "gr.Chatbot"
    question: "gr.Textbox"
    understood: "gr.Textbox"

    @property
    def asking(self) -> list[Any]:
        """What changes while an answer grows."""
        return [self.question, self.messages, self.conversation, self.owner, self.understood]


def build(home: Home) -> None:
    """The tab's components, within the page that is being built."""
    import gradio as gr

    secret = browser_secret(home.path)
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
    chat = Chat(home, Answerers(home), owner, conversation, messages, question, understood)
    _wire_asking(chat, panel, conversations)
    _wire_last_turn(chat, again, copy)
    _wire_opening(chat, panel, conversations)
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


def _wire_asking(chat: Chat, panel: "gr.HTML", conversations: ConversationsPanel) -> None:
    """Every way to ask: the question, what was understood, a candidate of a refusal, a turn anew; and stopping."""
    import gradio as gr

    def ask(question: str, kept: str, key: str, request: gr.Request) -> Iterator[Any]:
        yield from _ask(chat, question, kept, key, request=request)

    def ask_again(standalone: str, kept: str, key: str, request: gr.Request) -> Iterator[Any]:
        turn = last_turn(chat.home, kept, key)
        if turn:
            asked = turn.answer.question
            yield from _ask(chat, asked, kept, key, standalone=standalone, request=request)

    def ask_candidate(kept: str, key: str, event: gr.EventData, request: gr.Request) -> Iterator[Any]:
        asked = source.question_again(chat.home, key, kept, source.event_id(event))
        if asked:
            yield from _ask(chat, asked, kept, key, standalone=asked, request=request)

    def retry(kept: str, key: str, event: gr.RetryData, request: gr.Request) -> Iterator[Any]:
        turns = chat.home.conversations.of(key).turns(kept)
        number = (event.index if isinstance(event.index, int) else event.index[0]) // 2
        if number < len(turns):
            yield from _ask(chat, turns[number].answer.question, kept, key, request=request)

    taken = gr.Textbox(visible=False)
    chat.question.submit(None, [chat.question], [chat.question, taken], js=_TAKE, api_visibility="private")
    for trigger in (chat.understood.submit, panel.ask, chat.messages.retry):
        trigger(None, None, [chat.question], js=f"() => ({_STOPPABLE})", api_visibility="private")
    kept = [chat.conversation, chat.owner]
    limited = {**_QUIET, "concurrency_limit": _CONCURRENT_ANSWERS, "concurrency_id": "answers"}
    asked = [
        chat.question.submit(ask, [taken, *kept], chat.asking, **limited),
        chat.understood.submit(ask_again, [chat.understood, *kept], chat.asking, **limited),
        panel.ask(ask_candidate, kept, chat.asking, **limited),
        chat.messages.retry(retry, kept, chat.asking, **limited),
    ]
    for event in asked:
        event.then(None, None, [chat.question], js=f"() => ({_RESTING})", api_visibility="private")
        event.then(conversations.refreshed, conversations.inputs, conversations.outputs, **_QUIET)
    _wire_stopping(chat, asked)


def _wire_stopping(chat: Chat, asked: list[Any]) -> None:
    """The button that stops an answer, and the tab that is closed: nobody reads what is still being written."""
    import gradio as gr
    from gradio.context import Context

    def leave(request: gr.Request) -> None:
        chat.answerers.leave(request.session_hash or "")

    def stopped(kept: str, key: str, request: gr.Request) -> Messages:
        leave(request)
        return [*shown(chat.home, kept, key, language_of(request)), _note("chat.stopped", request)]

    chat.question.stop(stopped, [chat.conversation, chat.owner], [chat.messages], cancels=asked, **_QUIET)
    if Context.root_block:
        Context.root_block.unload(leave)


def _ask(  # noqa: PLR0913  (a question and its circumstances)
    chat: Chat, question: str, kept: str, key: str, *, standalone: str | None = None, request: "gr.Request"
) -> Iterator[tuple[Any, ...]]:
    """Yields what `Chat.asking` becomes while the answer grows."""
    import gradio as gr

    try:
        question = valid_question(question)
    except InvalidCall as error:
        gr.Info(str(error))
        yield question, *(gr.skip() for _ in range(4))
        return
    home, key = chat.home, key or secrets.token_urlsafe(24)
    kept = opened(home, kept, key) or home.conversations.of(key).start(question)
    understood = gr.update(visible=False)  # a new component each time, which takes longer than many a search
    try:
        for step in growing(
            home,
            chat.answerers,
            key,
            kept,
            question,
            reader=request.session_hash or "",
            standalone=standalone,
            language=language_of(request),
        ):
            if step.turn:
                meant = step.turn.answer.standalone_question
                understood = gr.update(visible=meant != question, value=meant)
            yield gr.skip(), step.messages, kept, key, understood
            understood = gr.skip()
    except UnknownConversation as error:  # it was deleted in another window
        gr.Info(str(error))
        yield question, [], "", key, gr.update(visible=False)


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
    again.click(edited, kept, [chat.question], **_QUIET)
    copying = gr.Textbox(visible=False)
    copy.click(copied, kept, [copying], **_QUIET).then(None, [copying], None, js=_COPY, api_visibility="private")


def _wire_opening(chat: Chat, panel: "gr.HTML", conversations: ConversationsPanel) -> None:
    """Whatever brings another conversation before the reader: loading the page, choosing one, a new one, deleting."""
    import gradio as gr
    from gradio.context import Context

    def restored(kept: str, key: str, request: gr.Request) -> tuple[Any, ...]:
        key = key or secrets.token_urlsafe(24)
        return (*turned(opened(chat.home, kept, key), key, request), key)

    def turned(kept: str, key: str, request: gr.Request) -> tuple[Any, ...]:
        language = language_of(request)
        messages = shown(chat.home, kept, key, language)
        return opened(chat.home, kept, key), messages, source.welcome(language), gr.update(visible=False)

    whole = [chat.conversation, chat.messages, panel, chat.understood]
    if Context.root_block:
        loading = Context.root_block.load(
            restored, [chat.conversation, chat.owner], [*whole, chat.owner], concurrency_limit=None, **_QUIET
        )
        loading.then(conversations.refreshed, conversations.inputs, conversations.outputs, **_QUIET)
    for event in conversations.turning(chat.messages):
        event.then(turned, [chat.conversation, chat.owner], whole, concurrency_limit=None, **_QUIET).then(
            conversations.refreshed, conversations.inputs, conversations.outputs, **_QUIET
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
        Context.root_block.load(offered, None, [tried, chat.messages], concurrency_limit=1, **_QUIET)
    tried.click(lambda sample: sample[0], [tried], [chat.question], **_QUIET)


def opened(home: Home, kept: str, key: str) -> str:
    """The conversation's id where it is that owner's, else ""."""
    try:
        return home.conversations.of(key).get(kept).id if kept and key else ""
    except UnknownConversation:
        return ""


def shown(home: Home, kept: str, key: str, language: Language) -> Messages:
    """The messages of the owner's conversation; none of anybody else's."""
    return messages_of(home, home.conversations.of(key).turns(kept), language) if kept and key else []


def last_turn(home: Home, kept: str, key: str) -> Turn | None:
    """The last turn of the owner's conversation, None where there is none."""
    turns = home.conversations.of(key).turns(kept) if kept and key else ()
    return turns[-1] if turns else None


def _note(key: str, request: "gr.Request") -> dict[str, str]:
    return {"role": "assistant", "content": message_html([status_html(text(key, language_of(request)))])}
