"""What the parts of the Chat tab share: its components, and the conversation that is open in the reader's browser."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.answerers import Answerers
from assistant.conversation import Turn
from assistant.errors import UnknownConversation
from assistant.home import Home
from assistant.ui.conversations_panel import ConversationsPanel
from assistant.ui.messages import Messages, messages_of
from assistant.ui.wording import Language

if TYPE_CHECKING:
    import gradio as gr

QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
"""Events of the page itself: without a sign of work, and no part of the interface for programs."""


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
    conversations: ConversationsPanel

    @property
    def asking(self) -> list[Any]:
        """What changes while an answer grows; the list of conversations when it is whole."""
        shown = [self.question, self.messages, self.conversation, self.owner, self.understood]
        return [*shown, *self.conversations.outputs]


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
