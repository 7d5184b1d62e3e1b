"""An answer as plain text for the clipboard: its sentences with their numbers, and below them what they rest on.

Nothing in it is markup. Whole conversations, with sha256 and places in characters, are `assistant.exporting`'s work.
"""

from collections.abc import Mapping

from assistant.answer import Answer, Citation, Claim, Refusal, is_items, marked
from assistant.exporting.escaping import visible

_PARTLY = "partly"


def answer_text(answer: Answer, published: Mapping[tuple[str, str], str]) -> str:
    """The answer, a blank line, and a line for each citation: the quote, the document, heading, page and date.

    A refusal is its message with the passages that come nearest. `published` are the dates by document id and sha256.
    Control characters, which a terminal would obey, are shown as U+FFFD.
    """
    if answer.refusal:
        said, cited = _refusal(answer.refusal), answer.refusal.nearest
    else:
        said = ("\n" if is_items(answer) else " ").join(_claim(claim) for claim in answer.claims)
        cited = answer.citations
    lines = [
        _source(citation, published.get((citation.document_id, citation.sha256)))
        for citation in sorted(cited, key=lambda citation: citation.number)
    ]
    return "\n\n".join(part for part in (said, "\n".join(lines)) if part)


def _claim(claim: Claim) -> str:
    """The claim with its markers, and a word where it is not wholly supported."""
    remark = " (partly supported)" if claim.verdict == _PARTLY and claim.citations else ""
    return _line(marked(claim)) + remark


def _refusal(refusal: Refusal) -> str:
    candidates = "".join(f"\n- {_line(candidate)}" for candidate in refusal.candidates)
    nearest = "\n\nNearest passages:" if refusal.nearest else ""
    return f"{_line(refusal.message)}{candidates}{nearest}"


def _source(citation: Citation, published: str | None) -> str:
    """A citation on one line."""
    page = f"page {citation.page_number}" if citation.page_number else None
    parts = (citation.title or citation.document_id, citation.heading, page, published)
    place = ", ".join(_line(part) for part in parts if part)
    return f"[{citation.number}] “{_line(citation.quote)}” {place}"


def _line(text: str) -> str:
    """The text on one line."""
    return " ".join(visible(text).split())
