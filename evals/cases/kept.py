"""Turns that users kept or rated in the chat, as rows of a suite: the suite `kept`.

The chat stores each as a row already; here they are only read. A row whose document was changed so that its words are
gone, or was removed, is left out of a run and named.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from corpus.database import Database
from corpus.document import Document
from corpus.schema import feedback
from evals.case import Case
from evals.cases.finding import WARNING, Finding
from evals.cases.rows import cases_of

_REASON_CHARS = 80
_DOWN = "down"


def kept_rows(database: Database) -> list[dict[str, Any]]:
    """The rows of a home's kept turns, in the order in which they were kept. The reason that was given is a tag; a turn
    that was only rated down is a draft.
    """
    order = feedback.c.given_at, feedback.c.conversation_id, feedback.c.turn
    with database.reading() as connection:
        found = connection.execute(select(feedback).order_by(*order)).all()
    return [_row(one.case, one.rating, one.reason) for one in found if isinstance(one.case, dict)]


def kept_cases(database: Database, document: Callable[[str], Document]) -> tuple[list[Case], list[Finding]]:
    """The cases of the kept turns, drafts too, and what is to be said about them, by their number.

    What keeps one case from being judged is a warning: the others are good without it.
    """
    rows = [row for row in kept_rows(database) if row]
    cases, findings = cases_of(enumerate(rows, start=1), document)
    named = [(finding, rows[finding.line - 1].get("id")) for finding in findings]
    return cases, [Finding(finding.line, WARNING, f"{id_}: {finding.message}") for finding, id_ in named]


def _row(case: dict[str, Any], rating: str | None, reason: str) -> dict[str, Any]:
    tags = case.get("tags")
    said = " ".join(reason.split())[:_REASON_CHARS]
    known = list(tags) if isinstance(tags, list) else []
    is_draft = bool(case.get("draft", rating == _DOWN))
    return case | {"tags": known + ([said] if said and said not in known else []), "draft": is_draft}
