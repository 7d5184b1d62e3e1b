"""The Chat tab: a question, an answer that grows sentence by sentence, and beside it the source of the marker that was
clicked.

Every turn is kept in the home's conversations; a click is answered from there, so old markers work as new ones do.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.answering import answer_events, valid_question
from assistant.conversation import cited_in, history_of
from assistant.errors import InvalidCall
from assistant.events import Claimed, Done, Event, Found, Refused, Searching, Withdrawn
from assistant.home import Home
from assistant.ui.rendering import (
    answer_html,
    changed_source_html,
    claim_html,
    escape,
    refusal_html,
    source_html,
    status_html,
)
from corpus.errors import UnknownDocument

if TYPE_CHECKING:
    import gradio as gr

WELCOME = '<p class="details">Click a number in an answer: its source opens here, with the cited words marked.</p>'
EXAMPLES = (
    "How much money is behind NEXUS?",
    "Which areas did the Hiroshima Accord name for cooperation?",
    "When will Hyper-Kamiokande start operation?",
)
_CONCURRENT_ANSWERS = 4
_FOLDER = Path(__file__).parent

Messages = list[dict[str, str]]


def build(home: Home) -> None:
    """The tab's components, within the page that is being built."""
    import gradio as gr

    conversation = gr.State(None)
    with gr.Row(equal_height=False):
        with gr.Column(scale=3, min_width=320):
            chat = _chat_panel()
            question = gr.Textbox(
                label="Question", placeholder="Ask the documents", max_lines=6, submit_btn=True, autofocus=True
            )
            understood = gr.Textbox(
                label="Understood as (change it to ask again)", visible=False, max_lines=4, submit_btn="Ask again"
            )
            gr.Examples([[example] for example in EXAMPLES], question, label="Try")
        with gr.Column(scale=2, min_width=320):
            source = _source_panel()

    def ask(text: str, shown: Messages, kept: str | None) -> Iterator[tuple[Any, ...]]:
        yield from _ask(home, text, shown, kept)

    def ask_again(standalone: str, shown: Messages, kept: str | None) -> Iterator[tuple[Any, ...]]:
        asked = home.conversations.turns(kept or "")[-1].answer.question
        yield from _ask(home, asked, shown, kept, standalone=standalone)

    def cite(event: gr.EventData, kept: str | None) -> str:
        return _source(home, kept, str(event.id))

    for box, handler in ((question, ask), (understood, ask_again)):
        box.submit(
            handler,
            [box, chat, conversation],
            [question, chat, conversation, understood],
            concurrency_limit=_CONCURRENT_ANSWERS,
            show_progress="hidden",
            api_visibility="private",
        )
    chat.clear(
        lambda: (None, WELCOME, gr.update(visible=False)),
        None,
        [conversation, source, understood],
        api_visibility="private",
    )
    source.cite(cite, [conversation], [source], show_progress="hidden", api_visibility="private")


def _chat_panel() -> "gr.Chatbot":
    """The conversation; what comes from documents, questions and models is text in it, whatever it holds."""
    import gradio as gr

    return gr.Chatbot(
        label="Conversation",
        height="65vh",
        allow_tags=False,
        latex_delimiters=[],
        feedback_options=None,
        buttons=["copy"],
        group_consecutive_messages=False,
    )


def _source_panel() -> "gr.HTML":
    """The panel beside the chat; its script takes the clicks on markers everywhere and raises its `cite` event."""
    import gradio as gr

    script = (_FOLDER / "source.js").read_text()
    return gr.HTML(
        WELCOME, label="Source", elem_id="source", container=True, padding=True, max_height=600, js_on_load=script
    )


def _ask(
    home: Home, text: str, shown: Messages, kept: str | None, *, standalone: str | None = None
) -> Iterator[tuple[Any, ...]]:
    """Yields (question box, messages, conversation id, box with what was understood) while the answer grows."""
    import gradio as gr

    try:
        text = valid_question(text)
    except InvalidCall as error:
        gr.Info(str(error))
        yield text, shown, kept, gr.skip()
        return
    kept = kept or home.conversations.start(text)
    turns = home.conversations.turns(kept)
    shown = [*shown, {"role": "user", "content": escape(text)}]
    parts: list[str] = []
    understood = gr.update(visible=False)
    asked: dict[str, Any] = {"history": history_of(turns), "cited": cited_in(turns), "standalone": standalone}
    for event in answer_events(text, home.sources, **asked):
        if isinstance(event, Done):
            differs = event.answer.standalone_question != text
            understood = gr.update(visible=differs, value=event.answer.standalone_question)
            number = home.conversations.add(kept, event.answer)
            content = answer_html(event.answer, number)
        else:
            content = _progress(event, parts, turn=len(turns) + 1)
        yield "", [*shown, {"role": "assistant", "content": content}], kept, understood


def _progress(event: Event, parts: list[str], *, turn: int) -> str:
    """The message while the answer grows; `parts` gathers its sentences."""
    match event:
        case Searching(standalone):
            return status_html(f"Searching: {standalone}")
        case Found(num_passages, num_documents):
            return status_html(f"Reading {num_passages} passages in {num_documents} documents …")
        case Claimed(claim, _):
            parts.append(claim_html(claim, turn))
        case Withdrawn():
            parts.clear()
        case Refused(refusal):
            parts.append(refusal_html(refusal, turn))
    return " ".join(parts)


def _source(home: Home, conversation_id: str | None, marker: str) -> str:
    """The source panel for a marker "cite-TURN-NUMBER" of this conversation."""
    _, turn_number, number = marker.split("-")
    turns = {turn.number: turn for turn in home.conversations.turns(conversation_id or "")}
    answer = turns[int(turn_number)].answer
    citations = answer.refusal.nearest if answer.refusal else answer.citations
    citation = next(citation for citation in citations if citation.number == int(number))
    try:
        document = home.catalogue.document(citation.document_id, citation.sha256)
    except UnknownDocument:
        return changed_source_html(citation)
    return source_html(citation, document)
