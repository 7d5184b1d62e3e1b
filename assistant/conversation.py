"""Conversations: turns kept with their whole answers, reloaded exactly.

A history given from outside (a batch row, an API call) is a list of messages; a kept conversation becomes one.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, insert, select, update

from assistant.answer import Answer, answer_from_json, answer_json
from assistant.errors import UnknownConversation
from corpus.database import Database
from corpus.schema import conversations, turns

_TITLE_CHARS = 80


@dataclass(frozen=True, slots=True)
class Message:
    """One side's words in a history; `role` is "user" or "assistant"."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and what came of it; `number` counts from 1."""

    number: int
    answer: Answer


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation as a list shows it; times are ISO, UTC."""

    id: str
    title: str
    started_at: str
    updated_at: str
    num_turns: int


class Conversations:
    """The conversations of one home."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(self) -> Sequence[Conversation]:
        """Every conversation with its number of turns, the one used last first."""
        query = (
            select(conversations, func.count(turns.c.number).label("num_turns"))
            .outerjoin(turns)
            .group_by(conversations.c.id)
            .order_by(conversations.c.updated_at.desc(), conversations.c.id)
        )
        with self._database.reading() as connection:
            return [Conversation(**row) for row in connection.execute(query).mappings()]

    def start(self, title: str) -> str:
        """A new conversation's id."""
        id_, now = secrets.token_hex(6), _now()
        title = " ".join(title.split())[:_TITLE_CHARS]
        with self._database.writing() as connection:
            connection.execute(insert(conversations).values(id=id_, title=title, started_at=now, updated_at=now))
        return id_

    def resolve(self, name: str, *, title: str) -> str:
        """The id that `name` stands for: an id itself, "last" for the one used last, "new" for a new one.

        Raises `UnknownConversation` for an id that is not kept, and for "last" when there is none.
        """
        if name == "new":
            return self.start(title)
        known = [conversation.id for conversation in self.list()]
        if name == "last" and known:
            return known[0]
        if name not in known:
            raise UnknownConversation(f"there is no conversation {name!r}: `communique conversations` lists them")
        return name

    def turns(self, conversation_id: str) -> Sequence[Turn]:
        """The turns of a conversation, in order."""
        query = select(turns).where(turns.c.conversation_id == conversation_id).order_by(turns.c.number)
        with self._database.reading() as connection:
            return [Turn(row.number, answer_from_json(row.answer)) for row in connection.execute(query)]

    def add(self, conversation_id: str, answer: Answer) -> int:
        """Keeps a turn, and returns its number."""
        with self._database.writing() as connection:
            last = select(func.max(turns.c.number)).where(turns.c.conversation_id == conversation_id)
            number = (connection.execute(last).scalar() or 0) + 1
            content = answer_json(answer, conversation_id=conversation_id, turn=number, trace=True)
            connection.execute(
                insert(turns).values(conversation_id=conversation_id, number=number, asked_at=_now(), answer=content)
            )
            connection.execute(
                update(conversations).where(conversations.c.id == conversation_id).values(updated_at=_now())
            )
        return number


def history_of(kept: Sequence[Turn]) -> list[Message]:
    """A kept conversation as messages, each question in its standalone form."""
    return [
        message
        for turn in kept
        for message in (Message("user", turn.answer.standalone_question), Message("assistant", turn.answer.text))
    ]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")
