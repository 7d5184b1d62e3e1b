"""Answers and sources as HTML, as strings: everything that comes from a document, a question or a model is escaped
here.

Gradio reads a message as Markdown with HTML in it, so every character that either could take for markup is written as a
character reference. Nothing here knows Gradio.
"""

import re
from collections.abc import Sequence

from assistant.answer import Answer, Citation, Claim, Refusal, is_items
from corpus.document import NUMBERED_PARAGRAPH, Document

WINDOW_CHARS = 100_000
"""How much of a long document is shown on each side of the cited words."""

_MARKUP = re.compile(r"[^A-Za-z0-9\s]")
_VERDICTS = {"supported": ("✓", "supported by its source"), "partly": ("◐", "partly supported by its source")}


def escape(text: str) -> str:
    """The text with every character that means something to HTML, Markdown or a template as a reference.

    >>> escape("<b>*a* {_x}")
    '&#60;b&#62;&#42;a&#42; &#123;&#95;x&#125;'
    """
    return _MARKUP.sub(lambda match: f"&#{ord(match.group())};", text)


def answer_html(answer: Answer, turn: int) -> str:
    """A whole answer as the turn of that number: how the question was understood, and the claims or the refusal."""
    understood = status_html(f"Understood as: {answer.standalone_question}") + "<br>"
    head = understood if answer.standalone_question != answer.question else ""
    notes = "".join(f"<br>{status_html(note)}" for note in answer.notes)
    if answer.refusal:
        return head + refusal_html(answer.refusal, turn) + notes
    between = "<br>" if is_items(answer) else " "
    return head + between.join(claim_html(claim, turn) for claim in answer.claims) + notes


def claim_html(claim: Claim, turn: int) -> str:
    """A sentence of an answer with its markers; its verdict as a shape with words for those who cannot see it.

    A sentence that cites nothing says nothing of the documents, and has no verdict to show.
    """
    if not claim.citations:
        return f'<span class="claim">{escape(claim.text)}</span>'
    markers = "".join(_marker(turn, number) for number in claim.citations)
    shape, words = _VERDICTS[claim.verdict]
    verdict = f'<span class="verdict {claim.verdict}" title="{words}" aria-label="{words}">{shape}</span>'
    return f'<span class="claim">{escape(claim.text)} {markers}{verdict}</span>'


def refusal_html(refusal: Refusal, turn: int) -> str:
    """A refusal with what could have been meant, and the nearest passages, each with a marker that opens it."""
    lines = [f'<span class="refusal">{escape(refusal.message)}</span>']
    lines += [f"– {escape(candidate)}" for candidate in refusal.candidates]
    if refusal.nearest:
        lines.append("The nearest passages:")
    lines += [
        f"{_marker(turn, citation.number)} {escape(' '.join(citation.quote.split()))}" for citation in refusal.nearest
    ]
    return "<br>".join(lines)


def status_html(text: str) -> str:
    """A line about what is going on."""
    return f'<span class="status">{escape(text)}</span>'


def source_html(citation: Citation, document: Document) -> str:
    """A document around the words that a citation cites, which are marked; other text verbatim, headings set off."""
    first = max(citation.start - WINDOW_CHARS, 0)
    last = min(citation.end + WINDOW_CHARS, len(document.text))
    headings = [
        (section.start, section.start + len(section.heading), "strong", "heading")
        for section in document.sections
        if section.level < NUMBERED_PARAGRAPH and document.text.startswith(section.heading, section.start)
    ]
    marks = [span for span in headings if span[1] <= citation.start or span[0] >= citation.end]
    marks.append((citation.start, citation.end, "mark", "cited"))
    details = [
        document.published,
        citation.heading,
        f"page {citation.page}" if citation.page else None,
        document.source,
    ]
    return (
        f'<article class="source"><h2>{escape(document.title)}</h2>'
        f'<p class="details">{escape(" · ".join(detail for detail in details if detail))}</p>'
        f'<div class="text" lang="{document.language}">'
        f"{_marked(document.text, first, last, sorted(marks))}</div></article>"
    )


def changed_source_html(citation: Citation) -> str:
    """What is left to show when the document is no longer in the home: the words as they were cited."""
    return (
        f'<article class="source"><h2>{escape(citation.title)}</h2>'
        f'<p class="details">This document was removed; these are the words that were cited.</p>'
        f'<div class="text"><mark class="cited" tabindex="-1">{escape(citation.quote)}</mark></div></article>'
    )


def _marker(turn: int, number: int) -> str:
    return (
        f'<a class="cite" href="#cite-{turn}-{number}" role="button" tabindex="0" '
        f'aria-label="Show source {number}">&#91;{number}&#93;</a>'
    )


def _marked(text: str, first: int, last: int, spans: Sequence[tuple[int, int, str, str]]) -> str:
    """`text[first:last]` escaped, with an element around each span."""
    parts = []
    position = first
    for start, end, tag, name in spans:
        if start < position or end > last:
            continue
        parts.append(escape(text[position:start]))
        parts.append(f'<{tag} class="{name}" tabindex="-1">{escape(text[start:end])}</{tag}>')
        position = end
    return "".join([*parts, escape(text[position:last])])
