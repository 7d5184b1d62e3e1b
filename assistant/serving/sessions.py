"""Logins that last: a key in a browser's cookie, of which the home keeps the SHA-256 and when it was last used.

Cookies themselves are `login.py`. A session ends when it is not used for half a day, after a month, when its user logs
out, is removed or gets another password.
"""

import logging
import time
from collections.abc import Callable

from sqlalchemy import delete, insert, select, update

from assistant.serving.accounts import UNREADABLE, Account, account_of, users_with
from assistant.serving.tokens import digest, is_key, new_key
from corpus.database import Database
from corpus.schema import user_sessions, users

IDLE_SECONDS = 12 * 3600
MOST_SECONDS = 30 * 24 * 3600
MAX_SESSIONS = 50
"""So many browsers a user may be logged in with; one more ends the one used longest ago."""
_NOTED_SECONDS = 600
"""How often it is written down that a session is in use: not with each request."""

logger = logging.getLogger(__name__)


class Sessions:
    """The sessions of one home. `clock` gives the seconds since 1970."""

    def __init__(self, database: Database, *, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    def start(self, account: Account) -> str:
        """The key of a new session. Sessions that are over are deleted with this."""
        key, now = new_key(), int(self._clock())
        values = {"sha256": digest(key), "user": account.id, "started_at": now, "used_at": now}
        kept = user_sessions.c
        latest = (
            select(kept.sha256).where(kept.user == account.id).order_by(kept.used_at.desc()).limit(MAX_SESSIONS - 1)
        )
        too_many = (kept.user == account.id) & kept.sha256.not_in(latest)
        is_over = (kept.used_at <= now - IDLE_SECONDS) | (kept.started_at <= now - MOST_SECONDS)
        with self._database.writing() as connection:
            connection.execute(delete(user_sessions).where(too_many | is_over))
            connection.execute(insert(user_sessions).values(values))
        return key

    def account(self, key: str) -> Account | None:
        """Whose session it is; None for a key that was forged, has ended, or is no key."""
        if not is_key(key):
            return None
        kept = user_sessions.c
        query = users_with(kept.used_at, kept.started_at).join(user_sessions, kept.user == users.c.id)
        with self._database.reading() as connection:
            row = connection.execute(query.where(kept.sha256 == digest(key))).mappings().first()
        now = int(self._clock())
        if row is None or row["used_at"] <= now - IDLE_SECONDS or row["started_at"] <= now - MOST_SECONDS:
            return None
        if abs(now - row["used_at"]) >= _NOTED_SECONDS:
            self._note(key, now)
        return account_of(row)

    def end(self, key: str) -> None:
        """Ends a session, where it is one."""
        with self._database.writing() as connection:
            connection.execute(delete(user_sessions).where(user_sessions.c.sha256 == digest(key)))

    def _note(self, key: str, now: int) -> None:
        """Writes down that a session is in use; where that cannot be, on a full disk, it goes on all the same."""
        used = update(user_sessions).where(user_sessions.c.sha256 == digest(key)).values(used_at=now)
        try:
            with self._database.writing() as connection:
                connection.execute(used)
        except UNREADABLE:
            logger.warning("the use of a session cannot be written down", exc_info=True)
