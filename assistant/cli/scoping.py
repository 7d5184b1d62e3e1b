"""The options that keep a question or a search within some documents."""

from typing import TYPE_CHECKING, Annotated

import typer

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
    from assistant import scoping

    conditions: scoping.Within = {
        "documents": document or None,
        "since": since,
        "until": until,
        "kinds": kind,
        "languages": language,
    }
    return scoping.scope_of(home.catalogue, conditions)
