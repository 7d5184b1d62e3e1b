"""Each claim held against the words that it cites, before anybody sees it.

What is checked here needs no model: a citation's quote must be, character for character, what its snapshot holds, and
a claim that repeats a quote, or the phrase marked in it, is supported by it. A claim in other words is not supported by
this check, whatever it says.
"""

from collections.abc import Callable, Sequence

from assistant.answer import Citation, Claim
from corpus.document import Document


def exact(citation: Citation, document: Callable[[str], Document], quoted: str) -> bool:
    """Whether the citation's span of its document holds exactly the words that were found, and is not empty."""
    source = document(citation.document_id)
    return bool(quoted) and source.sha256 == citation.sha256 and source.text[citation.start : citation.end] == quoted


def phrase_of(citation: Citation) -> str:
    """The words of the phrase that is marked in the quote; empty where none is."""
    if citation.phrase is None:
        return ""
    start, end = citation.phrase
    return citation.quote[start - citation.start : end - citation.start]


def verify(text: str, citations: Sequence[Citation]) -> Claim:
    """The claim with its verdict: "supported" when its words are those of a quote or of the phrase in it, else
    "unsupported".
    """
    words = text.split()
    supported = bool(words) and any(words in (c.quote.split(), phrase_of(c).split()) for c in citations)
    numbers = tuple(citation.number for citation in citations)
    return Claim(text, numbers, "supported" if supported else "unsupported", 1.0 if supported else 0.0)
