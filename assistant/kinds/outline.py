"""The types of what answers a kind of question: items that quote, notes, a refusal, or a short text.

An item is a sentence of a document, word for word; nothing here chooses or words anything.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from assistant.answer import Refusal
from assistant.evidence import Evidence
from corpus.document import Document
from corpus.structure import Places
from index.passage import Passage


@dataclass(frozen=True, slots=True)
class Item:
    """A sentence to show. `lead` stands before it and is not of its words: a date, a heading, a document's title."""

    evidence: Evidence
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Outline:
    """What answers a question of a kind: `items` in order, with `notes` for the reader; or a refusal.

    `text` is a few words of our own, which cite nothing and state nothing of the documents: small talk.
    """

    items: tuple[Item, ...] = ()
    notes: tuple[str, ...] = ()
    refusal: Refusal | None = None
    text: str = ""


def quoted(document: Document, start: int, end: int, *, lead: str = "", probability: float = 1.0) -> Item:
    """The item that quotes `document.text[start:end]`."""
    wording, places = document.text[start:end], Places(document)
    passage = Passage(
        id=f"{document.id}:{start}-{end}",
        document_id=document.id,
        start=start,
        end=end,
        text=wording,
        heading=places.heading(start),
        page=places.page(start),
        title=document.title,
    )
    return Item(Evidence(document.id, start, end, wording, probability, passage), lead)


def refused(kind: str, message: str, question: str, candidates: Iterable[str] = ()) -> Outline:
    """The outline that refuses."""
    return Outline(refusal=Refusal(kind, message, (question,), tuple(candidates)))
