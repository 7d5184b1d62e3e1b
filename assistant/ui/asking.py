"""Ways to ask in the chat, and to stop: the question, what was understood, a candidate of a refusal, a turn anew.

The list of conversations comes with the whole answer: an event of its own would cost the server half as much again.
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.answering import valid_question
from assistant.errors import InvalidCall, UnknownConversation
from assistant.ui import source
from assistant.ui.chat_state import QUIET, Chat, last_turn, opened, shown
from assistant.ui.messages import Messages, growing
from assistant.ui.rendering import message_html, status_html
from assistant.ui.wording import language_of, text

if TYPE_CHECKING:
    import gradio as gr

_CONCURRENT_ANSWERS = 4
_TAKE = """(typed) => {
    const update = (props) => ({__type__: "update", ...props});
    return document.querySelector("#question .stop-button")
        ? [update({}), "", update({})]
        : [update({value: "", submit_btn: false, stop_btn: true}), typed, update({visible: false})];
}"""
"""The question leaves its box in the browser, unless one is being answered: of what a quick answer has the page show on
the way, only the last may be shown."""
_BEGIN = "() => [{__type__: 'update', submit_btn: false, stop_btn: true}, {__type__: 'update', visible: false}]"
_LATER = "async (...kept) => { await new Promise(done => setTimeout(done, 700)); return kept; }"
"""With the answer that is stopped the page's connection may be closed; what is asked for meanwhile would get lost."""
_REST = "() => ({__type__: 'update', submit_btn: true, stop_btn: false})"


@dataclass(frozen=True, slots=True)
class _Reader:
    """Who asks: the open conversation, the key that only this browser holds, what the list is searched for."""

    kept: str
    key: str
    words: str | None
    request: "gr.Request"


def wire_asking(chat: Chat, panel: "gr.HTML") -> None:
    """Connects them."""
    import gradio as gr

    def ask(question: str, kept: str, key: str, words: str, request: gr.Request) -> Iterator[Any]:
        yield from _ask(chat, question, _Reader(kept, key, words, request))

    def ask_again(standalone: str, kept: str, key: str, words: str, request: gr.Request) -> Iterator[Any]:
        turn = last_turn(chat.home, kept, key)
        if turn:
            yield from _ask(chat, turn.answer.question, _Reader(kept, key, words, request), standalone=standalone)

    def ask_candidate(kept: str, key: str, words: str, event: gr.EventData, request: gr.Request) -> Iterator[Any]:
        asked = source.question_again(chat.home, key, kept, source.event_id(event))
        if asked:
            yield from _ask(chat, asked, _Reader(kept, key, words, request), standalone=asked)

    def retry(kept: str, key: str, words: str, event: gr.RetryData, request: gr.Request) -> Iterator[Any]:
        turns = chat.home.conversations.of(key).turns(kept)
        number = (event.index if isinstance(event.index, int) else event.index[0]) // 2
        if number < len(turns):
            yield from _ask(chat, turns[number].answer.question, _Reader(kept, key, words, request))

    taken = gr.Textbox(visible=False)
    box = [chat.question, chat.understood]
    chat.question.submit(None, [chat.question], [box[0], taken, box[1]], js=_TAKE, api_visibility="private")
    for trigger in (chat.understood.submit, panel.ask, chat.messages.retry):
        trigger(None, None, box, js=_BEGIN, api_visibility="private")
    kept = [chat.conversation, chat.owner, chat.conversations.search]
    limited = {**QUIET, "concurrency_limit": _CONCURRENT_ANSWERS, "concurrency_id": "answers"}
    asked = [
        chat.question.submit(ask, [taken, *kept], chat.asking, **limited),
        chat.understood.submit(ask_again, [chat.understood, *kept], chat.asking, **limited),
        panel.ask(ask_candidate, kept, chat.asking, **limited),
        chat.messages.retry(retry, kept, chat.asking, **limited),
    ]
    for event in asked:
        event.then(None, None, [chat.question], js=_REST, api_visibility="private")
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

    listing = chat.conversations
    chat.question.stop(None, cancels=asked, api_visibility="private").then(
        stopped, [chat.conversation, chat.owner], [chat.messages], js=_LATER, **QUIET
    ).then(listing.refreshed, listing.inputs, listing.outputs, **QUIET)

    def gone(request: gr.Request) -> None:
        chat.answerers.depart(request.session_hash or "")

    if Context.root_block:
        Context.root_block.unload(gone)


def _ask(chat: Chat, question: str, reader: _Reader, *, standalone: str | None = None) -> Iterator[tuple[Any, ...]]:
    """Yields what `Chat.asking` becomes while the answer grows."""
    import gradio as gr

    try:
        question = valid_question(question)
    except InvalidCall as error:
        gr.Info(str(error))
        yield question, *(gr.skip() for _ in chat.asking[1:])
        return
    home, key = chat.home, reader.key or secrets.token_urlsafe(24)
    kept = opened(home, reader.kept, key) or home.conversations.of(key).start(question)
    understood: Any = ""
    listed = (gr.skip(), gr.skip())  # what is skipped is made anew on the server, a value is not
    try:
        for step in growing(
            home,
            chat.answerers,
            key,
            kept,
            question,
            reader=reader.request.session_hash or "",
            standalone=standalone,
            language=language_of(reader.request),
        ):
            if step.turn:
                listed = chat.conversations.refreshed(reader.words, kept, key, reader.request)
                if step.turn.answer.standalone_question != question:
                    understood = gr.update(visible=True, value=step.turn.answer.standalone_question)
            yield gr.skip(), step.messages, kept, key, understood, *listed
    except UnknownConversation as error:  # it was deleted in another window
        gr.Info(str(error))
        listed = chat.conversations.refreshed(reader.words, "", key, reader.request)
        yield question, [], "", key, gr.update(visible=False), *listed


def _note(key: str, request: "gr.Request") -> dict[str, str]:
    return {"role": "assistant", "content": message_html([status_html(text(key, language_of(request)))])}
