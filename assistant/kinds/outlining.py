"""From a question and its kind to what answers it: one function over the kinds."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.kinds.cataloguing import catalogue_outline
from assistant.kinds.comparing import comparison_outline
from assistant.kinds.listing import list_outline
from assistant.kinds.outline import Outline
from assistant.kinds.overview import overview_outline
from assistant.kinds.talking import talk_outline
from assistant.kinds.telling import CATALOGUE, COMPARE, LIST, OVERVIEW, SMALL_TALK, TIMELINE
from assistant.kinds.timeline import timeline_outline
from index.scope import Scope

if TYPE_CHECKING:
    from assistant.sources import Sources


def outline(
    kind: str, question: str, sources: "Sources", scope: Scope | None = None, *, cited: Sequence[str] = ()
) -> Outline | None:
    """What answers a question of this kind; None where it cannot be answered as such: then look it up.

    `cited` are the ids of the documents that the conversation cited, the last one last, for "summarise it".
    """
    if kind in (TIMELINE, OVERVIEW):
        with_history = timeline_outline if kind == TIMELINE else overview_outline
        return with_history(question, sources, scope, cited)
    answers = {SMALL_TALK: talk_outline, CATALOGUE: catalogue_outline, LIST: list_outline, COMPARE: comparison_outline}
    return answers[kind](question, sources, scope) if kind in answers else None
