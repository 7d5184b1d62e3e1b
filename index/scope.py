"""Which documents a search stays within: named ones, dates, kinds, languages. It searches nothing itself."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, func, or_, select

from corpus.schema import versions

_IDS_A_QUERY = 500  # SQLite limits the parameters of a statement


@dataclass(frozen=True, slots=True)
class Scope:
    """Every condition that is given must hold; an empty scope is every document.

    `since` and `until` are ISO dates, months or years, both inclusive; a document of a year alone is within every part
    of that year, and one without a date within none. A kind is what a document's metadata call its `kind`, or the
    ending of its file's name; languages are those of `corpus.language`.
    """

    document_ids: tuple[str, ...] | None = None
    since: str | None = None
    until: str | None = None
    kinds: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()

    @property
    def is_everything(self) -> bool:
        """Whether no condition is given."""
        return self == Scope()

    def resolve(self, connection: Connection) -> list[str] | None:
        """The ids of the current documents within the scope, sorted; None when that is every document."""
        if self.is_everything:
            return None
        query = select(versions.c.document_id).where(versions.c.status == "current", *self._conditions())
        if self.document_ids is None:
            return sorted(connection.execute(query).scalars())
        named = list(dict.fromkeys(self.document_ids))
        parts = [named[i : i + _IDS_A_QUERY] for i in range(0, len(named), _IDS_A_QUERY)]
        return sorted(
            id_ for part in parts for id_ in connection.execute(query.where(versions.c.document_id.in_(part))).scalars()
        )

    def _conditions(self) -> list[ColumnElement[bool]]:
        conditions: list[ColumnElement[bool]] = []
        if self.since:
            conditions.append(versions.c.published + "~" >= self.since)  # "~" sorts behind every digit and dash
        if self.until:
            conditions.append(versions.c.published <= self.until + "~")
        if self.kinds:
            kind = func.lower(func.json_extract(versions.c.metadata, "$.kind"))
            wanted = [name.lower().lstrip(".") for name in self.kinds]
            source = func.lower(versions.c.source)
            endings = [source.endswith(f".{name}", autoescape=True) for name in wanted]
            rows = [source.contains(f".{name}#", autoescape=True) for name in wanted]  # of a file of several documents
            conditions.append(or_(kind.in_(wanted), *endings, *rows))
        if self.languages:
            conditions.append(versions.c.language.in_(self.languages))
        return conditions
