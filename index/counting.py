"""How much a home holds, counted in its database; neither vectors nor models are needed."""

from dataclasses import dataclass

from sqlalchemy import func, select

from corpus.database import Database
from corpus.schema import passages, versions


@dataclass(frozen=True, slots=True)
class Counts:
    """The current documents, and the passages of them that can be found."""

    num_documents: int
    num_passages: int


def counted(database: Database) -> Counts:
    """What a home holds just now, by two counts over indexes."""
    documents = select(func.count()).where(versions.c.status == "current")
    found = select(func.count()).where(passages.c.status == "indexed")
    with database.reading() as connection:
        return Counts(*(int(connection.execute(query).scalar_one()) for query in (documents, found)))
