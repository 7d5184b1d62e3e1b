"""The source panel: beside the chat, the cited version of a document with the cited words marked.

It answers the clicks on markers from the conversation that is kept, for its owner alone, so old markers work as new
ones do. Its scripts take the clicks wherever the markers stand; `source_article.py` makes what it shows.
"""

import re
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.conversation import Turn
from assistant.freshness import current_state
from assistant.home import Home
from assistant.ui.rendering_dates import citations_of
from assistant.ui.source_article import View, article_html, unknown_html, welcome_html
from assistant.ui.wording import Language, label, language_of
from corpus.errors import UnknownDocument

if TYPE_CHECKING:
    import gradio as gr

_CITE = re.compile(r"cite-(?P<turn>\d{1,6})-(?P<number>\d{1,6})(?:-at-(?P<first>\d{1,10}))?")
_ASK = re.compile(r"ask-(?P<turn>\d{1,6})-(?P<number>\d{1,6})")
_FOLDER = Path(__file__).parent


def build_panel(
    home: Home, conversation: "gr.State | gr.BrowserState", owner: "gr.State | gr.BrowserState"
) -> "gr.HTML":
    """The panel, which opens the sources of markers in the conversation whose id and whose owner's key these hold.

    Its other events are for the page: `ask`, when a candidate of a refusal is chosen (`question_again`), and `look`,
    when a reader wants to see how an answer came about (`xray.py`); each brings the `id` of what was clicked.
    """
    import gradio as gr

    script = "\n".join((_FOLDER / name).read_text() for name in ("markers.js", "source.js"))
    panel = gr.HTML(
        _welcome(),
        label=label("source.panel"),
        elem_id="source",
        apply_default_css=False,
        js_on_load=script,
    )

    def cite(kept: str | None, key: str | None, event: gr.EventData, request: gr.Request) -> str:
        shown = source_for(home, key, kept, event_id(event), language_of(request))
        return f"{shown}<!--{secrets.token_hex(4)}-->"  # so that the same source, asked for again, is brought back

    panel.cite(
        cite,
        [conversation, owner],
        [panel],
        show_progress="hidden",
        concurrency_limit=None,
        api_visibility="private",
    )
    return panel


def _welcome() -> str:
    """The panel's first value, which the browser puts into the reader's language: words from the server could come
    when a source is open already, and close it.
    """
    return f'<p class="welcome">{label("source.welcome")}</p>'


def welcome(language: Language) -> str:
    """The panel's value while no source is open."""
    return welcome_html(language)


def source_for(home: Home, owner: str | None, conversation: str | None, marker: str, language: Language = "en") -> str:
    """The panel's value for a marker `cite-TURN-NUMBER` of that owner's conversation; with `-at-N` behind it, for the
    document from there on. Says so where there is no such citation.
    """
    found = _CITE.fullmatch(marker)
    turn = turn_of(home, owner, conversation, int(found["turn"])) if found else None
    if found is None or turn is None:
        return unknown_html(language)
    citations = citations_of(turn.answer)
    citation = next((one for one in citations if one.number == int(found["number"])), None)
    if citation is None:
        return unknown_html(language)
    first = int(found["first"]) if found["first"] else None
    try:
        document = home.catalogue.document(citation.document_id, citation.sha256)
    except UnknownDocument:
        return article_html(View(citation, turn.number, citations, "removed", None, language), None)
    state = current_state(citation, home.catalogue)
    return article_html(View(citation, turn.number, citations, state, first, language), document)


def question_again(home: Home, owner: str | None, conversation: str | None, id_: str) -> str:
    """The question of a refused turn with the candidate `ask-TURN-NUMBER` added; number 0 is the question as it was.
    Empty where there is no such candidate.
    """
    found = _ASK.fullmatch(id_)
    turn = turn_of(home, owner, conversation, int(found["turn"])) if found else None
    if found is None or turn is None or turn.answer.refusal is None:
        return ""
    number, candidates = int(found["number"]), turn.answer.refusal.candidates
    question = turn.answer.standalone_question
    if number == 0:
        return question
    return f"{question} ({candidates[number - 1]})" if number <= len(candidates) else ""


def turn_of(home: Home, owner: str | None, conversation: str | None, number: int) -> Turn | None:
    """That turn of the owner's conversation; None where the owner has none such."""
    if not owner or not conversation:
        return None
    turns = home.conversations.of(owner).turns(conversation)
    return next((turn for turn in turns if turn.number == number), None)


def event_id(event: "gr.EventData") -> str:
    """The `id` that the page's script sent with an event; empty where something else came."""
    try:
        return str(event.id)
    except (AttributeError, TypeError):
        return ""
