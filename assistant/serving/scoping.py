"""The fields that keep a question or a search within some documents, and the scope they make."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from assistant import scoping
from assistant.home import Home
from assistant.scoping import Within
from index.scope import Scope

MAX_DOCUMENTS = 200
_DATE = r"^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$"

Date = Annotated[str, Field(pattern=_DATE, examples=["2021-03"])]
Strict = ConfigDict(extra="forbid", strict=True)
"""Of a body: a field that is not known, or of another type, is refused."""


class Scoped(BaseModel):
    """Which documents are looked at; without any condition, all. Every condition that is given must hold."""

    model_config = Strict

    documents: list[str] | None = Field(None, description="These ids only.", min_length=1, max_length=MAX_DOCUMENTS)
    since: Date | None = Field(None, description="Of this day, month or year and later.")
    until: Date | None = Field(None, description="Of this day, month or year and earlier.")
    kinds: list[str] = Field([], description="Of these kinds, or with these file endings.", max_length=100)
    languages: list[str] = Field([], description="In these languages: en, ja.", max_length=100)


def scope_of(home: Home, body: Scoped) -> Scope:
    """The scope that a body describes. Raises `UnknownDocument` for a document that is not in the home."""
    conditions: Within = {
        "documents": body.documents,
        "since": body.since,
        "until": body.until,
        "kinds": body.kinds,
        "languages": body.languages,
    }
    return scoping.scope_of(home.catalogue, conditions)
