"""The source panel's content: a document's head, the way to the other citations of the answer, and its text with the
cited words marked. It fetches nothing (`source.py` does).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answer import Citation
from assistant.freshness import State
from assistant.ui.rendering import escape, line, place_parts
from assistant.ui.source_text import Mark, Window, before, disjoint, text_html, window_around, window_from
from assistant.ui.wording import Language, text
from corpus.document import Document

_URL_STARTS = ("https://", "http://")


@dataclass(frozen=True, slots=True)
class View:
    """What is to be shown: a citation of a turn, with all citations of its answer, or the document from `first` on."""

    citation: Citation
    turn: int
    citations: Sequence[Citation]
    state: State = "current"
    first: int | None = None
    language: Language = "en"

    def marker(self, citation: Citation) -> str:
        """The name of a citation on the page."""
        return f"cite-{self.turn}-{citation.number}"

    def say(self, key: str, **values: object) -> str:
        """The panel's words, escaped."""
        return line(text(f"source.{key}", self.language, **values))


def article_html(view: View, document: Document | None) -> str:
    """The panel for a citation; without the document, because it was removed, the words as they were cited."""
    if document is None:
        body = f'<div class="text"><p><mark class="cited" tabindex="-1">{escape(view.citation.quote)}</mark></p></div>'
        window = None
    else:
        window = _window(view, document)
        body = _body(view, document, window)
    return (
        f'<article class="source" data-marker="{view.marker(view.citation)}" aria-labelledby="source-title">'
        f"<header>{_bar(view)}{_head(view, document)}</header>"
        f'<div class="frame" tabindex="0" role="region" aria-label="{view.say("text")}">{body}</div></article>'
        f"{welcome_html(view.language)}"
    )


def welcome_html(language: Language) -> str:
    """What the panel says while no source is open."""
    return f'<p class="welcome">{line(text("source.welcome", language))}</p>'


def unknown_html(language: Language) -> str:
    """What the panel says of a marker that is none of the open conversation's."""
    return f'<p class="welcome" role="status">{line(text("source.unknown", language))}</p>'


def _bar(view: View) -> str:
    """Where the citation stands among the answer's, with buttons to the one before and the one after, and to close."""
    names = [citation.number for citation in view.citations]
    at = names.index(view.citation.number)
    position = view.say("position", number=at + 1, total=len(names))
    buttons = [
        _step(view, "previous", view.citations[at - 1] if at else None),
        _step(view, "next", view.citations[at + 1] if at + 1 < len(names) else None),
        f'<button type="button" class="close" title="{view.say("close_title")}">{view.say("close")}</button>',
    ]
    return f'<div class="bar"><span class="position" aria-live="polite">{position}</span>{"".join(buttons)}</div>'


def _step(view: View, name: str, to: Citation | None) -> str:
    key = {"previous": "p", "next": "n"}[name]
    leads = f'data-cite="{view.marker(to)}"' if to else "disabled"
    title = view.say(f"{name}_title")
    return (
        f'<button type="button" class="{name}" {leads} title="{title}" aria-keyshortcuts="{key}">'
        f"{view.say(name)}</button>"
    )


def _head(view: View, document: Document | None) -> str:
    """Title, date, heading, page and source, and what became of the document since it was cited."""
    citation = view.citation
    parts = [line(part) for part in place_parts(citation, document.published if document else None, view.language)]
    details = " · ".join([*parts, _source(citation.source)])
    notice = f'<p class="notice" role="note">{view.say(view.state)}</p>' if view.state != "current" else ""
    title = line(document.title if document else citation.title)
    return f'<h2 id="source-title">{title}</h2><p class="details">{details}</p>{notice}'


def _source(source: str) -> str:
    """Where the document came from; a link where that is a page of the web, opened only when it is followed."""
    if not source.startswith(_URL_STARTS):
        return line(source)
    return f'<a href="{escape(source)}" target="_blank" rel="noopener noreferrer">{line(source)}</a>'


def _window(view: View, document: Document) -> Window:
    if view.first is not None:
        return window_from(document.text, view.first)
    return window_around(document.text, view.citation.start, view.citation.end)


def _body(view: View, document: Document, window: Window) -> str:
    """The text with its marks, between buttons to the parts of a long document before and after it."""
    citation = view.citation
    cited = _mark(view, citation)
    others = [
        _mark(view, other)
        for other in view.citations
        if (other.document_id, other.sha256) == (citation.document_id, citation.sha256) and other != citation
    ]
    marks = [mark for mark in disjoint(cited, others) if mark.start < window.last and mark.end > window.first]
    shown = text_html(document, window, marks, page_label=text("source.page", view.language, number="{number}"))
    earlier = _part(view, "earlier", before(document.text, window)) if window.first else ""
    later = _part(view, "later", window.last) if window.last < len(document.text) else ""
    total = f"{len(document.text):,}"
    part = view.say("part", first=f"{window.first + 1:,}", last=f"{window.last:,}", total=total)
    where = f'<p class="part">{part}</p>' if earlier or later else ""
    return f'{where}{earlier}<div class="text" lang="{escape(document.language)}">{shown}</div>{later}'


def _part(view: View, name: str, first: int) -> str:
    leads = f'data-cite="{view.marker(view.citation)}-at-{first}"'
    return f'<button type="button" class="{name}" {leads}>{view.say(name)}</button>'


def _mark(view: View, citation: Citation) -> Mark:
    is_cited = citation.number == view.citation.number
    phrase = citation.phrase if is_cited else None
    return Mark(citation.start, citation.end, view.marker(citation), citation.number, is_cited, phrase)
