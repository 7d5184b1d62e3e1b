"""What an answer can stand on: the evidence that was found, or the items that the question's kind asks for.

It decides whether there is enough to answer from, and writes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answer import Refusal
from assistant.answerable import nearest_cosine
from assistant.evidence import Evidence
from assistant.kinds.outline import Outline
from assistant.kinds.telling import LOOK_UP
from assistant.refusing import Doubt, doubt, unknown_names
from assistant.sources import Sources
from index.retrieval import Found
from index.scope import Scope


@dataclass(frozen=True, slots=True)
class Ground:
    """The ground of an answer to `question`, which stands alone.

    `evidence` is most probable first, or in the order of the outline's items where there is one; `doubt` says why there
    should be no answer, None where nothing speaks against one.
    """

    question: str
    kind: str
    scope: Scope | None
    found: Found
    evidence: Sequence[Evidence] = ()
    outline: Outline | None = None
    doubt: Doubt | None = None

    @property
    def refusal(self) -> Refusal | None:
        """The refusal that the question's kind has already led to."""
        return self.outline.refusal if self.outline else None


def look_up(question: str, found: Found, sources: Sources, scope: Scope | None) -> Ground:
    """The ground of a question that a sentence answers."""
    statistics = sources.retriever.word_statistics(question)
    evidence = sources.finder.find(question, found, statistics)
    unknown = unknown_names(question, statistics.passages_by_stem)
    against = doubt(question, evidence, unknown, cosine=nearest_cosine(found))
    return Ground(question, LOOK_UP, scope, found, evidence, doubt=against)


def outlined(question: str, kind: str, outline: Outline, scope: Scope | None) -> Ground:
    """The ground of a question whose kind says what answers it."""
    return Ground(question, kind, scope, Found(()), [item.evidence for item in outline.items], outline)
