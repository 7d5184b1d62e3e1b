"""Passwords: kept so that nobody reads them, and known again."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import InvalidCall
from assistant.serving.passwords import COST, Cost, hashed, matches, valid_password

CHEAP = Cost(n=2, r=1, p=1)


def test_what_is_kept_is_scrypt_with_its_cost_and_salt() -> None:
    """Another program with scrypt comes to the same key."""
    scheme, n, r, p, salt, key = hashed("a long password", Cost(n=16, r=2, p=1)).split("$")
    assert (scheme, n, r, p, len(salt)) == ("scrypt", "16", "2", "1", 32)
    assert hashlib.scrypt(b"a long password", salt=bytes.fromhex(salt), n=16, r=2, p=1, dklen=32).hex() == key
    assert (COST.n * COST.r * 128, COST.p) == (32 * 1024**2, 3)


def test_two_of_the_same_are_kept_differently() -> None:
    assert hashed("a long password", CHEAP) != hashed("a long password", CHEAP)


@given(st.text(st.characters(), min_size=1, max_size=30), st.text(st.characters(), max_size=30))
def test_the_password_is_known_again_and_no_other_is(password: str, other: str) -> None:
    """Whatever characters it has, halves of characters among them."""
    kept = hashed(password, CHEAP)
    assert matches(password, kept, CHEAP)
    assert not matches(password + "x", kept, CHEAP)
    assert not matches(other + "\x01", kept, CHEAP) or other + "\x01" == password


def test_how_it_was_composed_makes_no_difference() -> None:
    """Keyboards write é as one character or as two."""
    assert matches("e\u0301l\u00e8ve-long", hashed("\u00e9l\u00e8ve-long", CHEAP), CHEAP)


def test_the_cost_of_its_time_counts() -> None:
    """A password that was kept before the cost was raised is still known."""
    assert matches("a long password", hashed("a long password", CHEAP), COST)


def test_without_a_password_the_same_work_is_done() -> None:
    """An unknown name has scrypt computed at the same cost: one that scrypt refuses is refused for it, too."""
    assert not matches("another password", None, CHEAP)
    with pytest.raises(ValueError, match="power of 2"):
        matches("another password", None, Cost(n=3, r=1, p=1))


@pytest.mark.parametrize("text", ["", "ninechars", "x" * 1_001])
def test_short_and_endless_ones_are_refused_without_being_named(text: str) -> None:
    with pytest.raises(InvalidCall, match=rf"^a password of {len(text)} characters cannot be used: give 10 to 1000$"):
        valid_password(text)
