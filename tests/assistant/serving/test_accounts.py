"""Users as a home keeps them."""

import pytest

from assistant.errors import InvalidCall
from assistant.home import Home
from assistant.serving.accounts import MAX_TOKENS, Accounts, Role
from assistant.serving.passwords import Cost
from assistant.serving.sessions import Sessions
from assistant.serving.tokens import new_token

CHEAP = Cost(n=2, r=1, p=1)
PASSWORD = "twelve crowns"  # noqa: S105


@pytest.fixture
def accounts(home: Home) -> Accounts:
    return Accounts(home.database, cost=CHEAP)


def test_a_home_without_users_has_nobody(accounts: Accounts) -> None:
    """Nobody is found in it, and asking for somebody is refused in one line."""
    assert not accounts.any()
    assert list(accounts.list()) == []
    assert accounts.by_token(new_token().text) is accounts.by_password("ann", PASSWORD) is None
    with pytest.raises(InvalidCall, match=r"^there is no user 'ann': `communique users list` names those there are$"):
        accounts.get("ann")


def test_a_user_is_added_listed_and_removed(accounts: Accounts) -> None:
    ann, bob = accounts.add("Ann", Role.ADMIN), accounts.add("bob", Role.READER)
    assert accounts.any()
    assert [(one.name, one.role) for one in accounts.list()] == [("ann", Role.ADMIN), ("bob", Role.READER)]
    assert accounts.get("ＡＮＮ") == ann and ann.secret != bob.secret and len(ann.secret) == 64
    assert ann.secret not in repr(ann)
    assert accounts.remove("ANN").id == ann.id
    assert [one.name for one in accounts.list()] == ["bob"]


@pytest.mark.parametrize("name", ["Ann", "ann", "ＡＮＮ", " ann "])
def test_a_name_is_given_once(accounts: Accounts, name: str) -> None:
    accounts.add("ann", Role.READER)
    with pytest.raises(InvalidCall, match=r"^there is a user 'ann' already: choose another name, or remove them$"):
        accounts.add(name, Role.ADMIN)


def test_the_name_of_this_machines_own_user_is_nobodys(accounts: Accounts) -> None:
    with pytest.raises(InvalidCall, match="'local' is kept for"):
        accounts.add("LOCAL", Role.READER)


def test_a_password_lets_in_whoever_has_it(accounts: Accounts) -> None:
    """By any spelling of the name; a name that is none, or a user without a password, lets nobody in."""
    accounts.add("ann", Role.READER)
    accounts.add("bob", Role.READER)
    assert accounts.by_password("bob", "") is None
    assert accounts.set_password("ann", PASSWORD).has_password
    assert accounts.by_password("ANN", PASSWORD) == accounts.get("ann")
    tries = [("ann", PASSWORD + "x"), ("ann", ""), ("bob", PASSWORD), ("carl", PASSWORD), ("a\x00nn", PASSWORD)]
    assert [accounts.by_password(*one) for one in tries] == [None] * 5


def test_a_token_lets_in_whoever_has_it(accounts: Accounts) -> None:
    """Not one of the same beginning, nor one that was replaced, nor a removed user's."""
    accounts.add("ann", Role.ADMIN)
    accounts.add("bob", Role.READER)
    first, second, bobs = accounts.make_token("ann"), accounts.make_token("ann"), accounts.make_token("bob")
    found = [accounts.by_token(one) for one in (first, second, bobs)]
    assert [one.name if one else None for one in found] == ["ann", "ann", "bob"]
    assert accounts.by_token(first[:-1] + ("a" if first[-1] != "a" else "b")) is None
    assert accounts.by_token(first[:17] + second[17:]) is None
    third = accounts.make_token("ann", replace=True)
    assert accounts.by_token(first) is accounts.by_token(second) is None
    assert accounts.get("ann").num_tokens == 1
    accounts.remove("ann")
    assert accounts.by_token(third) is None and accounts.by_token(bobs)


@pytest.mark.embedded
def test_tokens_and_passwords_are_not_in_the_files_of_the_home(accounts: Accounts, home: Home) -> None:
    accounts.add("ann", Role.READER)
    accounts.set_password("ann", PASSWORD)
    token, key = accounts.make_token("ann"), Sessions(home.database).start(accounts.get("ann"))
    content = b"".join(path.read_bytes() for path in home.path.rglob("*") if path.is_file())
    assert b"ann" in content
    assert not any(secret.encode() in content for secret in (PASSWORD, token, token[17:], key))


def test_somebody_of_the_same_name_is_somebody_else(accounts: Accounts) -> None:
    """Neither the number nor the secret of who was removed comes back, nor do their tokens."""
    before = accounts.add("ann", Role.ADMIN)
    token = accounts.make_token("ann")
    accounts.remove("ann")
    after = accounts.add("ann", Role.READER)
    assert before.id != after.id and before.secret != after.secret
    assert accounts.by_token(token) is None


def test_tokens_are_not_without_end(accounts: Accounts) -> None:
    accounts.add("ann", Role.READER)
    for _ in range(MAX_TOKENS):
        accounts.make_token("ann")
    with pytest.raises(InvalidCall, match=r"^'ann' has 100 tokens: end them with --replace$"):
        accounts.make_token("ann")
    assert accounts.make_token("ann", replace=True)


def test_users_stay_when_the_home_is_opened_again(accounts: Accounts, home: Home) -> None:
    accounts.add("ann", Role.READER)
    again = Home(home.path, load_encoder=home.load_encoder)
    assert Accounts(again.database).any()
    again.close()
