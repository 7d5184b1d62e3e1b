"""Answers as HTML, as strings: everything that comes from a document, a question or a model is escaped here.

Gradio reads a message as Markdown with HTML in it and strips every `data-` and `aria-` attribute from it. So every
character that either could take for markup is written as a character reference, a message is one line, which Markdown
leaves alone, and what a marker's card shows travels in hidden elements. Nothing here knows Gradio, the server or the
source itself (`source_article.py`).
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from assistant.answer import Answer, Citation, Claim, Refusal, is_items
from assistant.freshness import State
from assistant.refusing import ABSENT, UNSUPPORTED
from assistant.rewriting import names_in
from assistant.ui.rendering_dates import Dates, citations_of, shown_date
from assistant.ui.wording import Language, text

_MARKUP = re.compile(r"[^\w\s\x80-\x9f]|[_\r]")
_SHAPES = {"supported": "✓", "partly": "◐"}


def escape(string: str) -> str:
    """The text with every character that means something to HTML, Markdown or a template as a reference.

    A browser reads each of them back as it was, but NUL, which HTML cannot hold and which becomes U+FFFD.

    >>> escape("<b>*a* {_x}")
    '&#60;b&#62;&#42;a&#42; &#123;&#95;x&#125;'
    """
    return _MARKUP.sub(lambda match: f"&#{ord(match.group()) or 0xFFFD};", string)


def line(string: str) -> str:
    """The text escaped and on one line, as a message needs it."""
    return escape(" ".join(string.split()))


def answer_html(
    answer: Answer,
    turn: int,
    *,
    dates: Dates | None = None,
    states: Mapping[int, State] | None = None,
    language: Language = "en",
) -> str:
    """A whole answer as the turn of that number: how the question was understood, the claims or the refusal, the notes,
    what the markers' cards show, and the button that shows how it came about.

    `states` are what became of the cited versions, by the numbers of the citations; a line says which are not current.
    """
    understood = text("source.understood", language, question=answer.standalone_question)
    parts = [status_html(understood) + "<br>"] if answer.standalone_question != answer.question else []
    if answer.refusal:
        question = answer.standalone_question
        parts.append(refusal_html(answer.refusal, turn, question=question, dates=dates, language=language))
    else:
        between = "<br>" if is_items(answer) else " "
        parts.append(between.join(claim_html(claim, turn, language=language) for claim in answer.claims))
        parts.append(cards_html(citations_of(answer), turn, dates=dates, language=language))
    notes = [*answer.notes, *_since(states or {}, language)]
    parts += [f"<br>{status_html(note)}" for note in notes]
    look = f'<button type="button" class="look" value="look-{turn}">{escape(text("source.look", language))}</button>'
    return message_html([*parts, f'<div class="under">{look}</div>'])


def message_html(parts: Iterable[str]) -> str:
    """The parts of an answer as one message, which Markdown leaves as it is."""
    return f'<div class="answer">{"".join(parts)}</div>'


def claim_html(claim: Claim, turn: int, *, language: Language = "en") -> str:
    """A sentence of an answer with its markers; its verdict as a shape with words for those who cannot see it.

    A sentence that cites nothing says nothing of the documents, and has no verdict to show.
    """
    if not claim.citations:
        return f'<span class="claim">{line(claim.text)}</span>'
    markers = "".join(marker_html(turn, number) for number in claim.citations)
    shape = _SHAPES[claim.verdict]
    support = text("source.support", language, percent=round(100 * claim.support))
    words = escape(f"{text(f'source.{claim.verdict}', language)} ({support})")
    verdict = f'<span class="verdict {claim.verdict}" role="img" title="{words}">{shape}</span>'
    return f'<span class="claim">{line(claim.text)} {markers}{verdict}</span>'


def cards_html(
    citations: Sequence[Citation], turn: int, *, dates: Dates | None = None, language: Language = "en"
) -> str:
    """What the cards of these citations' markers show, hidden: the quote, the document, its date, and the place.

    The script of the page finds a card by its id, `card-TURN-NUMBER`.
    """
    if not citations:
        return ""
    cards = []
    for citation in citations:
        published = (dates or {}).get((citation.document_id, citation.sha256))
        place = " · ".join(place_parts(citation, published, language))
        cards.append(
            f'<span id="card-{turn}-{citation.number}"><span class="card-quote">{_quote(citation)}</span>'
            f'<span class="card-title">{line(citation.title)}</span>'
            f'<span class="card-place">{line(place)}</span></span>'
        )
    return f'<span class="cards" hidden>{"".join(cards)}</span>'


def refusal_html(
    refusal: Refusal, turn: int, *, question: str = "", dates: Dates | None = None, language: Language = "en"
) -> str:
    """A refusal that helps: what was searched, what could have been meant, as buttons that ask it, the nearest
    passages, each with a marker that opens it, and what to try.
    """
    parts = [f'<span class="refusal">{line(refusal.message)}</span>']
    if refusal.searched:
        queries = " · ".join(f"“{query}”" for query in refusal.searched)
        parts.append(f'<p class="searched">{line(text("source.searched", language, queries=queries))}</p>')
    if refusal.candidates:
        buttons = [_ask(turn, number, title) for number, title in enumerate(refusal.candidates, start=1)]
        parts.append(f"<p>{escape(text('source.which', language))}</p>{_list('candidates', buttons)}")
    elif refusal.kind == UNSUPPORTED:
        parts.append(_list("candidates", [_ask(turn, 0, text("source.ask_again", language))]))
    parts.append(f'<p class="hint">{line(_hint(refusal, question, language))}</p>')
    if refusal.nearest:
        nearest = [f"{marker_html(turn, one.number)} {_quote(one)}" for one in refusal.nearest]
        parts.append(f"<p>{escape(text('source.nearest', language))}</p>{_list('nearest', nearest)}")
    parts.append(cards_html(refusal.nearest, turn, dates=dates, language=language))
    return f'<div class="refused">{"".join(parts)}</div>'


def status_html(string: str) -> str:
    """A line about what is going on."""
    return f'<span class="status">{line(string)}</span>'


def marker_html(turn: int, number: int) -> str:
    """The marker of a citation; the page's script gives it a name for screen readers."""
    return f'<a class="cite" href="#cite-{turn}-{number}" role="button" tabindex="0">&#91;{number}&#93;</a>'


def place_parts(citation: Citation, published: str | None, language: Language) -> list[str]:
    """Where the cited words stand: the document's date, the heading and the page, as far as they are known."""
    page = text("source.page", language, number=citation.page_number) if citation.page_number else None
    date = shown_date(published, language) if published else None
    return [part for part in (date, citation.heading, page) if part]


def _quote(citation: Citation) -> str:
    """The quote on one line, the phrase in it that answers set off."""
    if citation.phrase is None:
        return line(citation.quote)
    start, end = (place - citation.start for place in citation.phrase)
    before, phrase, after = citation.quote[:start], citation.quote[start:end], citation.quote[end:]
    return f"{_inner(before)}<strong>{_inner(phrase)}</strong>{_inner(after)}".strip()


def _inner(string: str) -> str:
    """Part of a line, with each run of white space as one blank."""
    return escape(re.sub(r"\s+", " ", string))


def _ask(turn: int, number: int, words: str) -> str:
    return f'<button type="button" class="ask" value="ask-{turn}-{number}">{line(words)}</button>'


def _list(name: str, items: Sequence[str]) -> str:
    return f'<ul class="{name}">{"".join(f"<li>{item}</li>" for item in items)}</ul>'


def _since(states: Mapping[int, State], language: Language) -> Iterator[str]:
    """What is to be said of the citations whose documents are not what they were, a line for each thing."""
    for state in ("changed", "removed"):
        numbers = [f"[{number}]" for number, found in states.items() if found == state]
        if numbers:
            yield text(f"source.since_{state}", language, markers=" ".join(numbers))


def _hint(refusal: Refusal, question: str, language: Language) -> str:
    """What a reader could try, by the kind of the refusal and the names in the question."""
    if not refusal.nearest and not refusal.candidates:
        return text("source.hint_empty", language)
    names = names_in(question)
    if refusal.kind == ABSENT and names:
        return text("source.hint_names", language, names=", ".join(f"“{name}”" for name in names))
    return text(f"source.hint_{refusal.kind}", language)
