"""The turns that users kept or rated in the chat, as a list shows them; the suite of them is `evals.cases.kept`'s."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from corpus.database import Database
from corpus.schema import feedback
from evals.cases.kept import kept_rows


@dataclass(frozen=True, slots=True)
class KeptTurn:
    """A turn of the suite `kept`: `rating` is "up", "down" or None, where it was only kept; drafts are not run unless
    they are asked for.
    """

    question: str
    rating: str | None
    reason: str
    is_draft: bool


def kept_turns(database: Database) -> Sequence[KeptTurn]:
    """Every kept turn of a home, the latest first."""
    drafts = {str(row.get("id")): bool(row["draft"]) for row in kept_rows(database)}
    order = feedback.c.given_at.desc(), feedback.c.conversation_id, feedback.c.turn
    with database.reading() as connection:
        found = connection.execute(select(feedback).order_by(*order)).all()
    return [
        KeptTurn(str(one.case.get("question", "")), one.rating, one.reason, drafts.get(str(one.case.get("id")), True))
        for one in found
        if isinstance(one.case, dict)
    ]
