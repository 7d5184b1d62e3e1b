"""The users of a home: names, roles, passwords, tokens. A home without users asks nobody who they are.

Who is behind a request is found by `guard.py`, logins that last are `sessions.py`. Passwords and tokens are never kept
themselves, and never told again.
"""

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, delete, func, insert, select, update
from sqlalchemy.exc import DatabaseError, IntegrityError

from assistant.errors import InvalidCall
from assistant.serving.names import user_name
from assistant.serving.passwords import COST, Cost, hashed, matches, valid_password
from assistant.serving.tokens import digest, new_token, read_token
from corpus.database import Database
from corpus.errors import HomeError
from corpus.schema import user_sessions, user_tokens, users

UNREADABLE = (HomeError, DatabaseError, OSError)
"""What is raised where users cannot be read or written."""
MAX_TOKENS = 100
"""So many tokens a user may have at once."""
_RESERVED = frozenset({"local"})
"""Who asks where there are no users; what was kept for them is nobody's."""


class Role(StrEnum):
    """What a user may do: a reader asks and reads, an admin also changes what there is and starts what costs much."""

    READER = "reader"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Account:
    """A user as they are kept. `secret` is theirs alone: another user of the same name, later, has another."""

    id: int
    name: str
    role: Role
    secret: str = field(repr=False)
    has_password: bool
    num_tokens: int
    added_at: str


class Accounts:
    """The users of one home."""

    def __init__(self, database: Database, *, cost: Cost = COST) -> None:
        self._database = database
        self._cost = cost

    def any(self) -> bool:
        """Whether there are users."""
        with self._database.reading() as connection:
            return connection.execute(select(users.c.id).limit(1)).first() is not None

    def list(self) -> Sequence[Account]:
        """Every user, by name."""
        return self._found(users_with().order_by(users.c.name))

    def get(self, name: str) -> Account:
        """The user of that name. Raises `InvalidCall` where there is none."""
        wanted = user_name(name)
        found = self._found(users_with().where(users.c.name == wanted))
        if not found:
            raise InvalidCall(f"there is no user {wanted!r}: `communique users list` names those there are")
        return found[0]

    def add(self, name: str, role: Role) -> Account:
        """A new user, who has neither password nor token yet. Raises `InvalidCall` for a name that is taken."""
        wanted = user_name(name)
        if wanted in _RESERVED:
            raise InvalidCall(f"the name {wanted!r} is kept for this machine's own user: choose another")
        values = {"name": wanted, "role": role.value, "secret": secrets.token_hex(32), "added_at": _now()}
        try:
            with self._database.writing() as connection:
                connection.execute(insert(users).values(values))
        except IntegrityError as error:
            raise InvalidCall(f"there is a user {wanted!r} already: choose another name, or remove them") from error
        return self.get(wanted)

    def remove(self, name: str) -> Account:
        """The user who is one no more; their sessions and tokens end with this. Raises `InvalidCall`."""
        account = self.get(name)
        with self._database.writing() as connection:
            for table in (user_sessions, user_tokens):
                connection.execute(delete(table).where(table.c.user == account.id))
            connection.execute(delete(users).where(users.c.id == account.id))
        return account

    def set_password(self, name: str, password: str) -> Account:
        """The user, who logs in with this password from now on and anew wherever they were. Raises `InvalidCall`."""
        account, kept = self.get(name), hashed(valid_password(password), self._cost)
        with self._database.writing() as connection:
            connection.execute(update(users).where(users.c.id == account.id).values(password=kept))
            connection.execute(delete(user_sessions).where(user_sessions.c.user == account.id))
        return self.get(name)

    def make_token(self, name: str, *, replace: bool = False) -> str:
        """A new token, which is told this once; with `replace` the user's others end. Raises `InvalidCall`."""
        account, token = self.get(name), new_token()
        if account.num_tokens >= MAX_TOKENS and not replace:
            raise InvalidCall(f"{account.name!r} has {account.num_tokens} tokens: end them with --replace")
        values = {"prefix": token.prefix, "sha256": token.sha256, "user": account.id, "made_at": _now()}
        with self._database.writing() as connection:
            if replace:
                connection.execute(delete(user_tokens).where(user_tokens.c.user == account.id))
            connection.execute(insert(user_tokens).values(values))
        return token.text

    def by_token(self, text: str) -> Account | None:
        """Whose token it is; None for one that was forged, replaced, or is no token."""
        token = read_token(text)
        if token is None:
            return None
        query = users_with(user_tokens.c.sha256.label("kept")).join(user_tokens, user_tokens.c.user == users.c.id)
        with self._database.reading() as connection:
            row = connection.execute(query.where(user_tokens.c.prefix == token.prefix)).mappings().first()
        kept = row["kept"] if row else digest("")
        return account_of(row) if hmac.compare_digest(kept, token.sha256) and row else None

    def by_password(self, name: str, password: str) -> Account | None:
        """Who logs in by that name and password; None for all others, after the same work."""
        try:
            wanted = user_name(name)
        except InvalidCall:
            wanted = ""
        query = users_with(users.c.password.label("kept")).where(users.c.name == wanted)
        with self._database.reading() as connection:
            row = connection.execute(query).mappings().first()
        is_theirs = matches(password, row["kept"] if row else None, self._cost)
        return account_of(row) if row and is_theirs else None

    def _found(self, query: Select[Any]) -> Sequence[Account]:
        with self._database.reading() as connection:
            return [account_of(row) for row in connection.execute(query).mappings()]


def users_with(*more: Any) -> Select[Any]:
    """The rows of the users, each with how many tokens they have and with these columns."""
    counted = user_tokens.alias()
    num_tokens = (
        select(func.count(counted.c.prefix)).where(counted.c.user == users.c.id).correlate(users).scalar_subquery()
    )
    shown = [users.c.id, users.c.name, users.c.role, users.c.secret, users.c.added_at]
    made = [users.c.password.is_not(None).label("has_password"), num_tokens.label("num_tokens")]
    return select(*shown, *made, *more).select_from(users)


def account_of(row: Any) -> Account:
    """The user in such a row."""
    shown = {name: row[name] for name in ("id", "name", "secret", "num_tokens", "added_at")}
    return Account(role=Role(row["role"]), has_password=bool(row["has_password"]), **shown)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
