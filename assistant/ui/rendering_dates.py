"""The dates of cited documents, and how a reader is shown a date. It decides nothing about what is cited."""

from collections.abc import Iterable, Mapping

from assistant.answer import Answer, Citation
from assistant.ui.wording import Language
from corpus.catalogue import Catalogue

Dates = Mapping[tuple[str, str], str]
"""ISO dates by document id and sha256."""

_MONTHS = "January February March April May June July August September October November December".split()
_ISO_CHARS = 10


def citations_of(answer: Answer) -> tuple[Citation, ...]:
    """What the markers of an answer open: its citations, or the nearest passages of its refusal."""
    return answer.refusal.nearest if answer.refusal else answer.citations


def published_dates(catalogue: Catalogue, citations: Iterable[Citation]) -> Dates:
    """When the cited versions were published, for those that are still kept and of which that is known."""
    return catalogue.published((citation.document_id, citation.sha256) for citation in citations)


def shown_date(published: str, language: Language) -> str:
    """An ISO date, month or year in words; anything else as it is.

    >>> shown_date("2019-05-04", "en"), shown_date("2019-05", "ja"), shown_date("spring 2019", "en")
    ('4 May 2019', '2019年5月', 'spring 2019')
    """
    parts = published.split("-")
    if not all(part.isascii() and part.isdigit() for part in parts) or len(parts) > 3 or len(published) > _ISO_CHARS:
        return published
    year, month, day = ([int(part) for part in parts] + [0, 0])[:3]
    if len(parts) > 1 and not 1 <= month <= 12:
        return published
    if language == "ja":
        return f"{year}年" + (f"{month}月" if month else "") + (f"{day}日" if day else "")
    return " ".join(([str(day)] if day else []) + ([_MONTHS[month - 1]] if month else []) + [str(year)])
