"""Sessions, by a clock that the test turns."""

from dataclasses import dataclass

import pytest

from assistant.home import Home
from assistant.serving.accounts import Account, Accounts, Role
from assistant.serving.passwords import Cost
from assistant.serving.sessions import IDLE_SECONDS, MAX_SESSIONS, MOST_SECONDS, Sessions
from assistant.serving.tokens import new_key


@dataclass
class Clock:
    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def accounts(home: Home) -> Accounts:
    found = Accounts(home.database, cost=Cost(n=2, r=1, p=1))
    found.add("ann", Role.ADMIN)
    found.add("bob", Role.READER)
    return found


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sessions(home: Home, accounts: Accounts, clock: Clock) -> Sessions:
    return Sessions(home.database, clock=clock)


def named(account: Account | None) -> str | None:
    return account.name if account else None


def test_a_session_is_its_users(sessions: Sessions, accounts: Accounts) -> None:
    """One that was made up is nobody's."""
    anns, bobs = sessions.start(accounts.get("ann")), sessions.start(accounts.get("bob"))
    assert (named(sessions.account(anns)), named(sessions.account(bobs))) == ("ann", "bob")
    assert [sessions.account(key) for key in (new_key(), "", "x" * 43, anns[:-1], anns + "=", "\x00" * 43)] == [
        None
    ] * 6


def test_a_session_lasts_while_it_is_used(sessions: Sessions, accounts: Accounts, clock: Clock) -> None:
    """Half a day without use ends it, a month ends it in any case."""
    key = sessions.start(accounts.get("ann"))
    for _ in range(3):
        clock.now += IDLE_SECONDS - 1
        assert named(sessions.account(key)) == "ann"
    clock.now += IDLE_SECONDS
    assert sessions.account(key) is None
    key, started = sessions.start(accounts.get("ann")), clock.now
    while clock.now + IDLE_SECONDS / 2 < started + MOST_SECONDS:
        clock.now += IDLE_SECONDS / 2
        assert named(sessions.account(key)) == "ann"
    clock.now = started + MOST_SECONDS
    assert sessions.account(key) is None


def test_a_clock_that_jumps_back_ends_nothing(sessions: Sessions, accounts: Accounts, clock: Clock) -> None:
    """And what was used in the future is used now: it does not last longer for it."""
    key = sessions.start(accounts.get("ann"))
    clock.now -= 10 * IDLE_SECONDS
    assert named(sessions.account(key)) == "ann"
    clock.now += IDLE_SECONDS
    assert sessions.account(key) is None


def test_logging_out_ends_one_session(sessions: Sessions, accounts: Accounts) -> None:
    one, other = sessions.start(accounts.get("ann")), sessions.start(accounts.get("ann"))
    sessions.end(one)
    sessions.end(one)
    assert (sessions.account(one), named(sessions.account(other))) == (None, "ann")


@pytest.mark.parametrize("ending", ["remove", "password"])
def test_a_users_sessions_end_at_once(sessions: Sessions, accounts: Accounts, ending: str) -> None:
    """When they are removed, and when they get another password; nobody else's do."""
    anns, bobs = sessions.start(accounts.get("ann")), sessions.start(accounts.get("bob"))
    if ending == "remove":
        accounts.remove("ann")
    else:
        accounts.set_password("ann", "twelve crowns")
    assert (sessions.account(anns), named(sessions.account(bobs))) == (None, "bob")


def test_sessions_do_not_pile_up(sessions: Sessions, accounts: Accounts, home: Home, clock: Clock) -> None:
    """Of one more than there may be, the one used longest ago ends; those that are over are deleted."""
    keys = []
    for _ in range(MAX_SESSIONS + 1):
        clock.now += 1
        keys.append(sessions.start(accounts.get("ann")))
    assert [named(sessions.account(key)) for key in keys[:2]] == [None, "ann"]
    clock.now += IDLE_SECONDS
    sessions.start(accounts.get("bob"))
    with home.database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM user_sessions").scalar() == 1
