"""Which paragraphs of a PDF are headings, and of which level: what its outline says, else what their letters say.

A heading is larger than the running text, or as large and all bold. The largest letters that head something are level
1. A PDF says nothing of this itself, so that a bold line of the text can be taken for a heading.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from corpus.blocks import PAGE_BREAK
from corpus.reading.pdf.hyphens import DOUBTFUL
from corpus.reading.pdf.paragraphs import Paragraph

Outline = Mapping[tuple[int, str], int]
"""(page counted from 1, the letters and digits of the heading) → level."""

MAX_LEVEL = 6
_LARGER = 1.1
_MAX_CHARS = 250
_MAX_BOLD_CHARS = 130
_MAX_LINES = 4
_ALIKE = 0.04
_LETTER = re.compile(r"[^\W\d_]")
_NOT_WORDS = re.compile(r"[\W_]+")
_SENTENCE_END = re.compile(r"[.!?,;。！？][\"”’)]*$")
_NUMBER = re.compile(r"^(?:\d{1,3}(?:\.\d{1,3})*\.?|[IVX]{1,5}\.|[A-Z]\.)\s+")


def heading_levels(paragraphs: Sequence[Paragraph], outline: Outline) -> list[int]:
    """The level of each paragraph, 1 to 6, or 0 for one that is no heading."""
    weights, bold = Counter[float](), Counter[float]()
    for paragraph in paragraphs:
        weights[paragraph.size] += len(paragraph.text)
        bold[paragraph.size] += len(paragraph.text) * paragraph.bold
    if not weights:
        return []
    body = weights.most_common(1)[0][0]
    is_bold_body = 2 * bold[body] > weights[body]
    large = Counter[float](p.size for p in paragraphs if _could_be(p) and p.size > _LARGER * body)
    ranks = _ranks(large)
    bold_level = min(max(ranks.values(), default=0) + 1, MAX_LEVEL)
    levels = []
    for paragraph in paragraphs:
        level = ranks.get(paragraph.size, 0) if _could_be(paragraph) and paragraph.size > _LARGER * body else 0
        is_other = not is_bold_body and _is_bold_heading(paragraph, body)
        if not level and (is_other or _is_numbered_in_capitals(paragraph)):
            level = bold_level
        levels.append(_stated(paragraph, outline) or level)
    return levels


def outline_key(page: int, heading: str) -> tuple[int, str]:
    """What an entry of the outline and a heading on the page have in common."""
    return page, _NOT_WORDS.sub("", _NUMBER.sub("", heading.strip())).casefold()


def _could_be(paragraph: Paragraph) -> bool:
    text = paragraph.text
    return (
        not paragraph.is_row
        and len(text) <= _MAX_CHARS
        and paragraph.num_lines <= _MAX_LINES
        and not text.startswith("• ")
        and PAGE_BREAK not in text
        and len(_LETTER.findall(text)) > 1
    )


def _is_bold_heading(paragraph: Paragraph, body: float) -> bool:
    return (
        paragraph.bold
        and _could_be(paragraph)
        and len(paragraph.text) <= _MAX_BOLD_CHARS
        and paragraph.num_lines <= 2
        and paragraph.size >= 0.95 * body
        and not _SENTENCE_END.search(paragraph.text)
    )


def _is_numbered_in_capitals(paragraph: Paragraph) -> bool:
    """Whether it reads "II. THE MEETING"."""
    if paragraph.num_lines > 1 or not _could_be(paragraph):
        return False
    rest = _NUMBER.sub("", paragraph.text)
    return rest != paragraph.text and rest.isupper() and len(rest) > 5


def _ranks(sizes: Mapping[float, int]) -> dict[float, int]:
    """Size → level: the largest is 1; sizes that no eye tells apart are one."""
    ranks: dict[float, int] = {}
    rank, before = 0, float("inf")
    for size in sorted(sizes, reverse=True):
        if size < before * (1 - _ALIKE):
            rank, before = rank + 1, size
        ranks[size] = min(rank, MAX_LEVEL)
    return ranks


def _stated(paragraph: Paragraph, outline: Outline) -> int:
    """The level that the outline gives the paragraph, 0 where it does not name it."""
    if not outline or not _could_be(paragraph):
        return 0
    key = outline_key(paragraph.page, paragraph.text.replace(DOUBTFUL, ""))
    return outline.get(key, 0) if key[1] else 0
