"""The types of evaluation. A judgement is a span of a document, so that labels survive re-chunking and re-indexing."""

from dataclasses import dataclass

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
    """A question with its history and what a right answer rests on; `references` are answers in a person's words."""

    id: str
    question: str
    history: tuple[Message, ...]
    judgements: tuple[Judgement, ...]
    references: tuple[str, ...]
    answerable: bool
    tags: tuple[str, ...] = ()

    @property
    def groups(self) -> dict[str, list[Judgement]]:
        """The judgements by group."""
        grouped: dict[str, list[Judgement]] = {}
        for judgement in self.judgements:
            grouped.setdefault(judgement.group, []).append(judgement)
        return grouped


@dataclass(frozen=True, slots=True)
class Score:
    """What a measure says of one case. `value` is None where the measure does not apply, which is not zero."""

    value: float | None
    reason: str = ""
