"""One conversation of a home, asked and kept turn by turn, as other programs hold it.

    conversation = assistant.conversation()
    conversation.ask("Who runs the Harbour Compact?")
    conversation.ask("Since when?")

What is kept, and how, is `conversation.py`'s work.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Unpack

from assistant.answer import Answer
from assistant.answering import answer_events, valid_question
from assistant.conversation import Conversations, Turn, cited_in, history_of
from assistant.events import Done, Event
from assistant.scoping import Within, scope_of
from assistant.sources import Sources
from corpus.catalogue import Catalogue


class KeptConversation:
    """Each question is understood in the light of the turns before it, those of other programs too.

    `id` is None until a new conversation has had its first question.
    """

    def __init__(
        self, conversations: Conversations, catalogue: Catalogue, sources: Callable[[], Sources], *, name: str
    ) -> None:
        """`name` is an id, "last" or "new". Raises `UnknownConversation`."""
        self.id = None if name == "new" else conversations.get(name).id
        self._conversations = conversations
        self._catalogue = catalogue
        self._sources = sources

    @property
    def turns(self) -> Sequence[Turn]:
        """The turns so far, in order."""
        return self._conversations.turns(self.id) if self.id else ()

    def ask(self, question: str, *, standalone: str | None = None, **within: Unpack[Within]) -> Answer:
        """The answer, kept as the next turn; options as for `Assistant.ask`."""
        events = self.events(question, standalone=standalone, **within)
        (answer,) = (event.answer for event in events if isinstance(event, Done))
        return answer

    def events(self, question: str, *, standalone: str | None = None, **within: Unpack[Within]) -> Iterator[Event]:
        """What happens on the way to it; the turn is kept when the last event comes, so who breaks off keeps nothing.

        Raises as `Assistant.ask`, and `UnknownConversation` where the conversation was deleted meanwhile.
        """
        question = valid_question(question)
        scope = scope_of(self._catalogue, within)
        turns = self.turns
        events = answer_events(
            question,
            self._sources(),
            history=history_of(turns),
            cited=cited_in(turns),
            scope=scope,
            standalone=standalone,
        )
        return self._kept(question, events)

    def _kept(self, question: str, events: Iterator[Event]) -> Iterator[Event]:
        for event in events:
            if isinstance(event, Done):
                self.id = self.id or self._conversations.start(question)
                self._conversations.add(self.id, event.answer)
            yield event
