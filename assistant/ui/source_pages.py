"""Where in the source panel a rule says that a page begins, and which. A rule is no text of the document."""

from bisect import bisect_left
from collections.abc import Sequence

from assistant.ui.rendering import escape
from corpus.document import Document
from corpus.structure import printed_numbers


def page_rules(
    document: Document, runs: Sequence[tuple[int, int]], label: str
) -> tuple[dict[int, str], list[tuple[int, str]]]:
    """The rules of the pages that begin before one of the runs of a text, by where that starts, and of those that begin
    within one, in order.

    Of several pages before one run it is the last; `label` says "page {number}" in the reader's language.
    """
    printed = printed_numbers(document)
    starts = [start for start, _ in runs]
    before: dict[int, int] = {}
    within: list[tuple[int, str]] = []
    for start, page in _page_starts(document):
        at = bisect_left(starts, start)
        if at and starts[at - 1] < start < runs[at - 1][1]:
            within.append((start, _rule(label.format(number=printed.get(page, page)), "span")))
        elif at < len(starts):
            before[starts[at]] = page
        else:
            break
    return {at: _rule(label.format(number=printed.get(page, page)), "div") for at, page in before.items()}, within


def _page_starts(document: Document) -> list[tuple[int, int]]:
    """Where each page begins, as far as sections know it: `(start, page)` in order."""
    starts: list[tuple[int, int]] = []
    for section in sorted(document.sections, key=lambda section: section.start):
        if section.page is not None and (not starts or starts[-1][1] != section.page):
            starts.append((section.start, section.page))
    return starts


def _rule(label: str, tag: str) -> str:
    """A rule that says which page begins, a line or, within a paragraph, some of one."""
    label = escape(label)
    return f'<{tag} class="page-rule" role="separator" aria-label="{label}" data-label="{label}"></{tag}>'
