"""What a writer offers, before anybody has checked it."""

from dataclasses import dataclass

from assistant.evidence import Evidence


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence, and the evidence that the writer names for it: none where it names none.

    `lead` stands before the sentence and is not the writer's: the title or the date of the document that is cited.
    """

    text: str
    evidence: tuple[Evidence, ...] = ()
    lead: str = ""

    @property
    def shown(self) -> str:
        """The sentence as a reader sees it, on one line."""
        return " ".join(f"{self.lead}: {self.text}".split() if self.lead else self.text.split())
