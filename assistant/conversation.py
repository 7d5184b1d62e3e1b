"""Conversations: turns kept with their whole answers, reloaded exactly.

A history given from outside (a batch row, an API call) is a list of messages; a kept conversation becomes one.
"""

import hashlib
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ScalarSelect, Select, delete, func, insert, select, update

from assistant.answer import Answer, answer_from_json, answer_json
from assistant.errors import InvalidCall, UnknownConversation
from corpus.database import Database
from corpus.dialects import AsBytes
from corpus.schema import conversations, turns

_TITLE_CHARS = 80


@dataclass(frozen=True, slots=True)
class Message:
    """One side's words in a history; `role` is "user" or "assistant"."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and what came of it; `number` counts from 1.

    `asked_at` is an ISO time, UTC; two turns are equal whenever they were asked.
    """

    number: int
    answer: Answer
    asked_at: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation as a list shows it; times are ISO, UTC."""

    id: str
    title: str
    started_at: str
    updated_at: str
    num_turns: int


class Conversations:
    """The conversations of one home; with an owner, that owner's alone: there are no others then.

    An owner is any text that nobody else can know or guess. Only its digest is kept.
    """

    def __init__(self, database: Database, *, owner: str | None = None) -> None:
        self._database = database
        self._owner = hashlib.sha256(owner.encode()).hexdigest() if owner is not None else None

    def of(self, owner: str) -> "Conversations":
        """The conversations of this owner."""
        return Conversations(self._database, owner=owner)

    def hand_over(self, before: str, owner: str) -> None:
        """Has everything that is kept for one owner be another's."""
        old, new = (hashlib.sha256(one.encode()).hexdigest() for one in (before, owner))
        theirs = conversations.c.owner == old
        with self._database.reading() as connection:
            if connection.execute(select(conversations.c.id).where(theirs).limit(1)).first() is None:
                return
        with self._database.writing() as connection:
            connection.execute(update(conversations).where(theirs).values(owner=new))

    def list(self) -> Sequence[Conversation]:
        """Every conversation with its number of turns, the one used last first."""
        with self._database.reading() as connection:
            return [Conversation(**row) for row in connection.execute(self._listed()).mappings()]

    def get(self, name: str) -> Conversation:
        """The conversation of this id; "last" is the one used last.

        Raises `UnknownConversation` for an id that is not kept, and for "last" when there is none.
        """
        query = self._listed().limit(1)
        if name != "last":
            whole = name.encode("utf-8", "replace").decode()  # no id holds a "?", what cannot be stored is not kept
            query = query.where(conversations.c.id == whole)
        with self._database.reading() as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            raise UnknownConversation(f"there is no conversation {name!r}: `communique conversations` lists them")
        return Conversation(**row)

    def search(self, words: str) -> Sequence[Conversation]:
        """The conversations that hold every one of the words, in their titles, questions or answers, as `list` orders
        them; no words find all.

        A word is found within others, as Japanese is written; case and width make no difference.
        """
        wanted, kept = _folded(words).split(), self.list()
        if not wanted:
            return kept
        texts = {conversation.id: [conversation.title] for conversation in kept}
        keys = ("question", "standalone_question", "answer", "refusal.message")
        # as bytes: the half of a character that a kept answer may hold cannot be read as text
        parts = [AsBytes(func.json_extract(turns.c.answer, f"$.{key}")) for key in keys]
        query = select(turns.c.conversation_id, *parts).join(conversations)
        if self._owner:
            query = query.where(conversations.c.owner == self._owner)
        with self._database.reading() as connection:
            for id_, *found in connection.execute(query):
                texts.get(id_, []).extend(part.decode("utf-8", "replace") for part in found if part)
        return [one for one in kept if all(word in _folded("\n".join(texts[one.id])) for word in wanted)]

    def rename(self, name: str, title: str) -> str:
        """Gives a conversation another title, and returns it as it is kept: on one line, 80 characters at most.

        Raises `UnknownConversation`, and `InvalidCall` for a title that is empty or no text.
        """
        new = _title(title)
        if not new or new.encode("utf-8", "replace").decode() != new:
            raise InvalidCall(f"{title!r} is no title: give some words")
        change = update(conversations).where(conversations.c.id == self.get(name).id).values(title=new)
        with self._database.writing() as connection:
            connection.execute(change)
        return new

    def delete(self, *names: str) -> Sequence[str]:
        """Deletes conversations with their turns, and returns their ids.

        Raises `UnknownConversation` when one of them is not kept; then none is deleted.
        """
        ids = list(dict.fromkeys(self.get(name).id for name in names))
        with self._database.writing() as connection:
            for id_ in ids:
                connection.execute(delete(turns).where(turns.c.conversation_id == id_))
                connection.execute(delete(conversations).where(conversations.c.id == id_))
        return ids

    def start(self, title: str) -> str:
        """A new conversation's id."""
        id_, now = secrets.token_hex(6), _now()
        times = {"started_at": now, "updated_at": now, "used": _next_use()}
        with self._database.writing() as connection:
            values = {"id": id_, "title": _title(title), "owner": self._owner, **times}
            connection.execute(insert(conversations).values(values))
        return id_

    def resolve(self, name: str, *, title: str) -> str:
        """The id that `name` stands for: an id itself, "last" for the one used last, "new" for a new one.

        Raises `UnknownConversation` for an id that is not kept, and for "last" when there is none.
        """
        return self.start(title) if name == "new" else self.get(name).id

    def turns(self, conversation_id: str) -> Sequence[Turn]:
        """The turns of a conversation, in order; none of one that is not kept."""
        query = select(turns).where(turns.c.conversation_id == conversation_id).order_by(turns.c.number)
        if self._owner:
            query = query.join(conversations).where(conversations.c.owner == self._owner)
        with self._database.reading() as connection:
            return [Turn(row.number, answer_from_json(row.answer), row.asked_at) for row in connection.execute(query)]

    def add(self, conversation_id: str, answer: Answer) -> int:
        """Keeps a turn, and returns its number. Raises `UnknownConversation` where it was deleted meanwhile."""
        now = _now()
        with self._database.writing() as connection:
            used = update(conversations).where(conversations.c.id == conversation_id)
            used = used.values(updated_at=now, used=_next_use())
            if self._owner:
                used = used.where(conversations.c.owner == self._owner)
            if not connection.execute(used).rowcount:
                raise UnknownConversation(f"the conversation {conversation_id!r} is no longer kept: start a new one")
            last = select(func.max(turns.c.number)).where(turns.c.conversation_id == conversation_id)
            number = (connection.execute(last).scalar() or 0) + 1
            content = answer_json(answer, conversation_id=conversation_id, turn=number, trace=True)
            connection.execute(
                insert(turns).values(conversation_id=conversation_id, number=number, asked_at=now, answer=content)
            )
        return number

    def _listed(self) -> Select[Any]:
        """The conversations with their numbers of turns, the one used last first."""
        shown = [conversations.c[field.name] for field in fields(Conversation) if field.name != "num_turns"]
        query = (
            select(*shown, func.count(turns.c.number).label("num_turns"))
            .outerjoin(turns)
            .group_by(conversations.c.id)
            .order_by(conversations.c.used.desc(), conversations.c.id)
        )
        return query.where(conversations.c.owner == self._owner) if self._owner else query


def _next_use() -> ScalarSelect[int]:
    """A number above those of all uses before: a clock may go back."""
    others = conversations.alias()
    return select(func.coalesce(func.max(others.c.used), 0) + 1).scalar_subquery()


def history_of(kept: Sequence[Turn]) -> list[Message]:
    """A kept conversation as messages, each question in its standalone form."""
    return [
        message
        for turn in kept
        for message in (Message("user", turn.answer.standalone_question), Message("assistant", turn.answer.text))
    ]


def _title(text: str) -> str:
    return " ".join(text.split())[:_TITLE_CHARS]


def _folded(text: str) -> str:
    """The text without differences of case and width."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def cited_in(kept: Sequence[Turn]) -> list[str]:
    """The ids of the documents that a kept conversation cites, the last one last."""
    return [citation.document_id for turn in kept for citation in turn.answer.citations]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")
