"""A turn of the chat as a case: what was asked, and the words that the answer rests on, as a row of a suite.

The row is what `evals` reads and what users write by hand. Nothing here keeps it.
"""

from collections.abc import Sequence
from typing import Any

from assistant.answer import Answer


def case_row(
    answer: Answer, *, conversation_id: str, turn: int, tags: Sequence[str], draft: bool = False
) -> dict[str, Any]:
    """The turn as one JSON object: `id`, `question` (the one that stands alone), `answerable`, `answers`, `evidence`
    (span and quote of each citation), `tags`, `draft`, `cluster`.

    A refused turn is a case without an answer. Claims that cite nothing, such as a greeting's, cannot be judged: such a
    turn is a draft whatever is asked.
    """
    text = " ".join(claim.text for claim in answer.claims)
    return {
        "id": f"turn-{conversation_id}-{turn}",
        "question": answer.standalone_question or answer.question,
        "answerable": bool(answer.citations),
        "answers": [text] if text else [],
        "evidence": [
            {
                "document_id": citation.document_id,
                "start": citation.start,
                "end": citation.end,
                "quote": citation.quote,
            }
            for citation in answer.citations
        ],
        "tags": list(dict.fromkeys(tags)),
        "draft": draft or (bool(answer.claims) and not answer.citations),
        "cluster": conversation_id,
    }
