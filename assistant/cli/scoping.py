"""The options that keep a question or a search within some documents, and the scope they make."""

import re
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.errors import InvalidCall

if TYPE_CHECKING:
    from assistant.home import Home
    from index.scope import Scope

Documents = Annotated[list[str] | None, typer.Option("--document", help="This document only; may be repeated.")]
Since = Annotated[str | None, typer.Option(help="Documents of this day, month or year and later: 2021-03.")]
Until = Annotated[str | None, typer.Option(help="Documents of this day, month or year and earlier.")]
Kinds = Annotated[
    list[str] | None, typer.Option("--kind", help="Documents of this kind, or with this file ending: html.")
]
Languages = Annotated[list[str] | None, typer.Option("--language", help="Documents in this language: en or ja.")]

_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", re.ASCII)


def scope_of(
    home: "Home",
    *,
    document: list[str] | None,
    since: str | None,
    until: str | None,
    kind: list[str] | None,
    language: list[str] | None,
) -> "Scope":
    """The scope that the options describe.

    Raises `InvalidCall` for what is no date or no name, and `UnknownDocument` for a document that is not in the home.
    """
    from assistant.scoping import names_of
    from index.scope import Scope

    for name, date in (("--since", since), ("--until", until)):
        if date is not None and not _DATE.fullmatch(date):
            raise InvalidCall(f"{name} {date!r} is no date: write 2021, 2021-03 or 2021-03-16")
    for document_id in document or []:
        home.catalogue.document(document_id)
    return Scope(
        document_ids=tuple(document) if document else None,
        since=since,
        until=until,
        kinds=names_of(kind),
        languages=names_of(language),
    )
