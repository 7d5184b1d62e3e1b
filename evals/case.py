"""The types of evaluation. A judgement is a span of a document, so that labels survive re-chunking and re-indexing."""

import hashlib
import json
from dataclasses import asdict, dataclass

from assistant.conversation import Message


@dataclass(frozen=True, slots=True)
class Judgement:
    """Words that answer a case: the half-open character span `[start, end)` of a document.

    Judgements of one `group` are alternatives; a case is answered in full when every group is met.
    """

    document_id: str
    start: int
    end: int
    group: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """A question with its history and what a right answer rests on; `references` are answers in a person's words.

    A `draft` was made by a program and kept by nobody yet. Cases of one `cluster`, such as the turns of a conversation
    or the questions about one article, are not independent of each other; an empty one is nobody's.
    """

    id: str
    question: str
    history: tuple[Message, ...]
    judgements: tuple[Judgement, ...]
    references: tuple[str, ...]
    answerable: bool
    tags: tuple[str, ...] = ()
    draft: bool = False
    cluster: str = ""

    @property
    def groups(self) -> dict[str, list[Judgement]]:
        """The judgements by group."""
        grouped: dict[str, list[Judgement]] = {}
        for judgement in self.judgements:
            grouped.setdefault(judgement.group, []).append(judgement)
        return grouped


def case_sha256(case: Case) -> str:
    """The sha256 of all that a case says: equal for equal cases, whatever file they came from."""
    content = json.dumps(asdict(case), sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(content.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Score:
    """What a measure says of one case. `value` is None where the measure does not apply, which is not zero."""

    value: float | None
    reason: str = ""
