"""Whose a browser tab is."""

from assistant.serving.access import User
from assistant.serving.claims import Claims

ANN, BOB = User("ann", False, "a"), User("bob", False, "b")


def test_a_tab_is_whose_it_was_first() -> None:
    """Nobody else may name it, not even another of the same name."""
    claims = Claims()
    assert claims.claim("tab", ANN) and claims.claim("tab", ANN)
    assert not claims.claim("tab", BOB)
    assert not claims.claim("tab", User("ann", True, "c"))
    assert claims.claim("other", BOB) and claims.claim("x" * 1_000_000, BOB)


def test_what_is_remembered_is_bounded() -> None:
    claims = Claims(max_sessions=10)
    for number in range(100):
        assert claims.claim(f"tab {number}", ANN)
        assert claims.claim("tab 0", ANN)  # in use, it is not forgotten
    assert len(claims) == 10
    assert not claims.claim("tab 0", BOB)
