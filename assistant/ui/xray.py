"""The view into how an answer came about, for any turn of the open conversation: an accordion with a choice of turns.

It opens from the button at an answer's end, too. What it shows is made by `xray_html.py` from the kept turn, for the
conversation's owner alone.
"""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from assistant.conversation import Turn
from assistant.home import Home
from assistant.ui.source import event_id
from assistant.ui.wording import Language, label, language_of
from assistant.ui.xray_html import empty_html, xray_html

if TYPE_CHECKING:
    import gradio as gr

_LOOK = re.compile(r"look-(?P<turn>\d{1,6})")
_MAX_CHOICE_CHARS = 100
_SHOW = """() => {
  let tries = 40;
  const show = () => {
    const view = document.querySelector("#xray .xray");
    if (view && view.getClientRects().length) {
      view.scrollIntoView({ block: "start" });
      view.focus({ preventScroll: true });
    } else if (tries--) setTimeout(show, 50);
  };
  show();
}"""
"""Brings the view before the reader, as soon as the accordion has opened."""


def build_xray(
    home: Home, conversation: "gr.State | gr.BrowserState", owner: "gr.State | gr.BrowserState", panel: "gr.HTML"
) -> "gr.Accordion":
    """The accordion, closed; `panel` is the source panel, whose `look` event opens it at a turn."""
    import gradio as gr

    box: gr.Accordion = gr.Accordion(label("xray.title"), open=False, elem_id="xray-box")
    with box:
        choice = gr.Dropdown([], label=label("xray.turn"), filterable=False, elem_id="xray-turn")
        view = gr.HTML("", elem_id="xray", apply_default_css=False, js_on_load=None)

    def look(kept: str | None, key: str | None, event: gr.EventData, request: gr.Request) -> tuple[Any, Any, str]:
        found = _LOOK.fullmatch(event_id(event))
        return gr.update(open=True), *shown(kept, key, int(found["turn"]) if found else None, request)

    def opened(number: int | None, kept: str | None, key: str | None, request: gr.Request) -> tuple[Any, Any]:
        if number is not None:  # `look` opened it, and shows that turn: an answer that comes late would hide the next
            return gr.skip(), gr.skip()
        return shown(kept, key, None, request)

    def chosen(number: int | None, kept: str | None, key: str | None, request: gr.Request) -> str:
        return shown(kept, key, number, request)[1]

    def shown(kept: str | None, key: str | None, number: int | None, request: gr.Request) -> tuple[Any, str]:
        turns = turns_of(home, key, kept)
        value, content = turn_shown(turns, number, language_of(request))
        return gr.update(choices=choices(turns), value=value), content

    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "concurrency_limit": None}
    panel.look(look, [conversation, owner], [box, choice, view], **quiet).then(
        None, None, None, js=_SHOW, api_visibility="private"
    )
    box.expand(opened, [choice, conversation, owner], [choice, view], **quiet)
    box.collapse(lambda: gr.update(value=None), None, [choice], **quiet)  # so that it opens at the last turn again
    choice.input(chosen, [choice, conversation, owner], [view], **quiet)
    return box


def turns_of(home: Home, owner: str | None, conversation: str | None) -> Sequence[Turn]:
    """The turns of the owner's conversation; none of anybody else's."""
    return home.conversations.of(owner).turns(conversation) if owner and conversation else ()


def choices(turns: Sequence[Turn]) -> list[tuple[str, int]]:
    """The turns as a choice shows them: "2. Who runs it?"."""
    return [(f"{turn.number}. {turn.answer.question[:_MAX_CHOICE_CHARS]}", turn.number) for turn in turns]


def turn_shown(turns: Sequence[Turn], number: int | None, language: Language) -> tuple[int | None, str]:
    """The turn of that number, else the last, as its number and the view of it."""
    if not turns:
        return None, empty_html(language)
    turn = next((turn for turn in turns if turn.number == number), turns[-1])
    return turn.number, xray_html(turn.answer, language)
