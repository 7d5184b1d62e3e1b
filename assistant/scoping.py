"""Which documents a question or a search stays within, as people and programs say it, and the scope that this makes.

Nothing is searched here.
"""

import re
from collections.abc import Iterable
from typing import TypedDict

from assistant.answering import is_text
from assistant.errors import InvalidCall
from corpus.catalogue import Catalogue
from index.scope import Scope

MAX_NAME_CHARS = 10_000
"""Longer than any name that is kept; the database's patterns may be 50,000 bytes long."""
_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", re.ASCII)


class Within(TypedDict, total=False):
    """Conditions that a document must meet, all that are given; None, or leaving one out, is no condition.

    `documents` are ids; `since` and `until` days, months or years, inclusive; `kinds` and `languages` as
    `index.scope` has them. One name may stand for a list of one.
    """

    documents: Iterable[str] | str | None
    since: str | None
    until: str | None
    kinds: Iterable[str] | str | None
    languages: Iterable[str] | str | None


def scope_of(catalogue: Catalogue, within: Within) -> Scope:
    """The scope of these conditions.

    Raises `InvalidCall` for what is no date and for an empty list of documents, which nothing could be within, and
    `UnknownDocument` for an id that is not in the catalogue.
    """
    for name, date in (("since", within.get("since")), ("until", within.get("until"))):
        if date is not None and not _DATE.fullmatch(date):
            raise InvalidCall(f"{name} {date[:40]!r} is no date: write 2021, 2021-03 or 2021-03-16")
    documents = within.get("documents")
    ids = None if documents is None else names_of(documents)
    if ids == ():
        raise InvalidCall("no document is named: name some, or leave the condition out to ask all of them")
    for document_id in ids or ():
        catalogue.document(document_id)
    return Scope(
        document_ids=ids,
        since=within.get("since"),
        until=within.get("until"),
        kinds=names_of(within.get("kinds")),
        languages=names_of(within.get("languages")),
    )


def names_of(given: Iterable[str] | str | None) -> tuple[str, ...]:
    """The names of documents, kinds or languages, none where none are given.

    Raises `InvalidCall` for one that is no text, or longer than any name is.
    """
    names = (given,) if isinstance(given, str) else tuple(given or ())
    for name in names:
        if not is_text(name):
            raise InvalidCall(f"{name[:40]!a} is no name: it has half of a character")
        if len(name) > MAX_NAME_CHARS:
            raise InvalidCall(f"{name[:40]!r}… is no name: it has {len(name):,} characters")
    return names
