"""What users said of turns: thumbs up or down with a reason, or that the turn is worth keeping as a case.

Each is kept with the turn as a row of a suite, so that it outlives the conversation. Whose turn it is, is known to the
caller alone: this module looks at no owners.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import delete, select

from assistant.errors import InvalidCall
from corpus.database import Database
from corpus.dialects import upsert
from corpus.schema import feedback

Rating = Literal["up", "down"]
MAX_REASON_CHARS = 500
_RATINGS = ("up", "down", None)


@dataclass(frozen=True, slots=True)
class Given:
    """What was said of one turn. `rating` is None where the turn was only kept.

    `case` is the turn as `assistant.kept_case.case_row` makes it; `given_at` an ISO time, UTC, of the first time.
    """

    conversation_id: str
    turn: int
    rating: Rating | None
    reason: str
    case: Mapping[str, Any]
    given_at: str


class Feedback:
    """The feedback that one home keeps: at most one for a turn."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def give(
        self, conversation_id: str, turn: int, *, rating: Rating | None, reason: str, case: Mapping[str, Any]
    ) -> None:
        """Keeps what is said of a turn, in place of what was said before.

        The reason is kept on one line, its first 500 characters. Raises `InvalidCall` for another rating.
        """
        if rating not in _RATINGS:
            raise InvalidCall(f"{rating!r} is no rating: say 'up', 'down' or None")
        said = {"rating": rating, "reason": _one_line(reason), "case": dict(case)}
        now = datetime.now(UTC).isoformat(timespec="microseconds")
        with self._database.writing() as connection:
            row = upsert(connection, feedback).values(conversation_id=conversation_id, turn=turn, given_at=now, **said)
            connection.execute(row.on_conflict_do_update(index_elements=["conversation_id", "turn"], set_=said))

    def list(self, conversation_id: str | None = None) -> Sequence[Given]:
        """Everything that was said, of one conversation or of all, in the order in which it was first said."""
        order = feedback.c.given_at, feedback.c.conversation_id, feedback.c.turn
        query = select(feedback).order_by(*order)
        if conversation_id is not None:
            query = query.where(feedback.c.conversation_id == conversation_id)
        with self._database.reading() as connection:
            return [Given(**row) for row in connection.execute(query).mappings()]

    def take_back(self, conversation_id: str, turn: int) -> bool:
        """Forgets what was said of a turn; False where nothing was."""
        those = feedback.c.conversation_id == conversation_id, feedback.c.turn == turn
        with self._database.writing() as connection:
            return bool(connection.execute(delete(feedback).where(*those)).rowcount)


def _one_line(reason: str) -> str:
    """The reason without line ends, and with U+FFFD for what UTF-8 cannot hold."""
    whole = reason.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return " ".join(whole.split())[:MAX_REASON_CHARS].rstrip()
