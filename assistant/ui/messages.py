"""A conversation as the chat shows it: kept turns as messages, and an answer as it grows.

Everything that a user, a document or a model wrote is escaped on the way. Nothing is kept here but whole turns.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.answerers import Answerers
from assistant.conversation import Turn, cited_in, history_of
from assistant.events import Claimed, Done, Event, Found, Refused, Searching, Withdrawn
from assistant.freshness import current_states
from assistant.home import Home
from assistant.ui.rendering import (
    answer_html,
    cards_html,
    claim_html,
    escape,
    message_html,
    refusal_html,
    status_html,
)
from assistant.ui.rendering_dates import citations_of, published_dates
from assistant.ui.wording import Language, text

Messages = list[dict[str, str]]
_PAUSE_SECONDS = 0.05
"""Quotes come faster than anyone sees, and every look of the page costs as much as finding them."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a reader sees: the messages, and the turn that is whole now, None while it grows."""

    messages: Messages
    turn: Turn | None = None


def messages_of(home: Home, turns: Sequence[Turn], language: Language) -> Messages:
    """Two messages a turn: the question and its answer, as they were shown first; where a document has changed or gone
    since it was cited, the answer says so.
    """
    answers = _answers(home, turns, language)
    return [
        message
        for turn, told in zip(turns, answers, strict=True)
        for message in (_question(turn.answer.question), told)
    ]


def growing(  # noqa: PLR0913  (a question and its circumstances)
    home: Home,
    answerers: Answerers,
    owner: str,
    conversation: str,
    question: str,
    *,
    reader: str,
    standalone: str | None,
    language: Language,
) -> Iterator[Shown]:
    """The conversation with one more turn, again and again while its answer grows; the last one is kept.

    Who stops asking ends the work: what is not whole is not kept.
    """
    conversations = home.conversations.of(owner)
    turns = conversations.turns(conversation)
    before = [*messages_of(home, turns, language), _question(question)]
    parts: list[str] = []
    waiting: list[Event] = []
    pause, shown_at = 0.0 if home.writer else _PAUSE_SECONDS, 0.0
    events = answerers.events(
        question, reader=reader, history=history_of(turns), cited=cited_in(turns), standalone=standalone
    )
    for event in events:
        if isinstance(event, Done):
            turn = Turn(conversations.add(conversation, event.answer), event.answer)
            yield Shown([*before, *_answers(home, [turn], language)], turn)
        else:
            waiting.append(event)
            now = time.monotonic()
            shown_at = shown_at or now  # what another process answered comes all at once
            if now - shown_at >= pause:
                asked, number = standalone or question, len(turns) + 1
                for each in waiting:
                    content = _progress(home, each, parts, question=asked, number=number, language=language)
                waiting, shown_at = [], now
                yield Shown([*before, {"role": "assistant", "content": content}])


def _question(question: str) -> dict[str, str]:
    return {"role": "user", "content": escape(question)}


def _answers(home: Home, turns: Sequence[Turn], language: Language) -> Messages:
    """The messages of the turns' answers; the catalogue is asked once for all."""
    cited = [citations_of(turn.answer) for turn in turns]
    every = [citation for some in cited for citation in some]
    dates, states = published_dates(home.catalogue, every), iter(current_states(every, home.catalogue))
    contents = [
        answer_html(
            turn.answer,
            turn.number,
            dates=dates,
            states={citation.number: next(states) for citation in some},
            language=language,
        )
        for turn, some in zip(turns, cited, strict=True)
    ]
    return [{"role": "assistant", "content": content} for content in contents]


def _progress(  # noqa: PLR0913  (an event and where it belongs)
    home: Home, event: Event, parts: list[str], *, question: str, number: int, language: Language
) -> str:
    """The message while the answer grows; `parts` gathers its sentences."""
    match event:
        case Searching(standalone):
            return message_html([status_html(text("chat.searching", language, question=standalone))])
        case Found(num_passages, num_documents):
            counts = {"num_passages": num_passages, "num_documents": num_documents}
            return message_html([status_html(text("chat.reading", language, **counts))])
        case Claimed(claim, citations):
            dates = published_dates(home.catalogue, citations)
            cards = cards_html(citations, number, dates=dates, language=language)
            parts.append(f"{claim_html(claim, number, language=language)} {cards}")
        case Withdrawn():
            parts.clear()
        case Refused(refusal):
            dates = published_dates(home.catalogue, refusal.nearest)
            parts.append(refusal_html(refusal, number, question=question, dates=dates, language=language))
    return message_html(parts)
