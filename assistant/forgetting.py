"""What kept conversations hold of documents that are no longer in the home, found and deleted.

A turn keeps the words that it cites, and beside them, in its trace, whole passages that it only found. The traces go
with the documents; what cites them goes when that is asked for. Results of evaluations are not looked at.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, select, update

from corpus.database import Database
from corpus.schema import conversations, feedback, turns, versions


@dataclass(frozen=True, slots=True)
class Memories:
    """What holds words of documents that are gone: `traces`, as (conversation, turn); `conversations` that cite them;
    `cases`, kept turns that rest on them, as (conversation, turn).
    """

    traces: tuple[tuple[str, int], ...]
    conversations: tuple[str, ...]
    cases: tuple[tuple[str, int], ...]


def find_memories(connection: Connection, *, without: Collection[str] = ()) -> Memories:
    """What holds words of documents that the home has no version of, or none but those of the ids `without`."""
    known = set(connection.execute(select(versions.c.document_id).distinct()).scalars()) - set(without)
    traces, citing = [], dict[str, None]()
    for row in connection.execute(select(turns).order_by(turns.c.conversation_id, turns.c.number)):
        answer = dict(row.answer)
        if set(_document_ids(answer.pop("trace", None))) - known:
            traces.append((row.conversation_id, row.number))
        if set(_document_ids(answer)) - known:
            citing[row.conversation_id] = None
    cases = [
        (row.conversation_id, row.turn)
        for row in connection.execute(select(feedback))
        if set(_document_ids(row.case)) - known
    ]
    return Memories(tuple(traces), tuple(citing), tuple(cases))


def forget(database: Database, *, citing: bool) -> Memories:
    """Deletes the traces with words of documents that are gone, and returns what was found.

    Where `citing`, conversations that cite such documents are deleted whole, and the cases kept from them.
    """
    with database.writing() as connection:
        found = find_memories(connection)
        for conversation_id, number in found.traces:
            turn = (turns.c.conversation_id == conversation_id, turns.c.number == number)
            answer = dict(connection.execute(select(turns.c.answer).where(*turn)).scalar_one())
            answer["trace"] = {}
            connection.execute(update(turns).where(*turn).values(answer=answer))
        if citing:
            _delete(connection, found)
    return found


def _delete(connection: Connection, found: Memories) -> None:
    for conversation_id in found.conversations:
        connection.execute(delete(turns).where(turns.c.conversation_id == conversation_id))
        connection.execute(delete(conversations).where(conversations.c.id == conversation_id))
    for conversation_id, number in found.cases:
        those = feedback.c.conversation_id == conversation_id, feedback.c.turn == number
        connection.execute(delete(feedback).where(*those))


def _document_ids(content: Any) -> Iterator[str]:
    """Every document id that is named anywhere within."""
    if isinstance(content, dict):
        for key, value in content.items():
            if key == "document_id" and isinstance(value, str):
                yield value
            else:
                yield from _document_ids(value)
    elif isinstance(content, list):
        for value in content:
            yield from _document_ids(value)
