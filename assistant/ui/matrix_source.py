"""The source beside the matrix: the document around the words of one cell, which are marked.

A cell has one citation, so there is nothing to go on to; the source panel of the chat is the one that does that.
"""

from assistant.answer import Citation
from assistant.ui.rendering import escape, place_parts
from assistant.ui.source_text import Mark, text_html, window_around
from assistant.ui.wording import Language, text
from corpus.document import Document


def cell_source_html(citation: Citation, document: Document, language: Language) -> str:
    """The document around the cited words."""
    mark = Mark(citation.start, citation.end, "", citation.number, is_cited=True, phrase=citation.phrase)
    window = window_around(document.text, citation.start, citation.end)
    details = " · ".join([*place_parts(citation, document.published, language), document.source])
    shown = text_html(document, window, [mark], page_label=text("source.page", language, number="{number}"))
    return (
        f'<article class="source"><h2 lang="{document.language}">{escape(document.title)}</h2>'
        f'<p class="details">{escape(details)}</p>'
        f'<div class="text" lang="{document.language}" role="region" tabindex="0" '
        f'aria-label="{escape(text("source.text", language))}">{shown}</div></article>'
    )


def removed_source_html(citation: Citation, language: Language) -> str:
    """What is left to show when the document is no longer in the home: the words as they were cited."""
    return (
        f'<article class="source"><h2>{escape(citation.title)}</h2>'
        f'<p class="details">{escape(text("source.removed", language))}</p>'
        f'<div class="text"><mark class="cited" tabindex="-1">{escape(citation.quote)}</mark></div></article>'
    )
