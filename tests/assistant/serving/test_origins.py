"""Where a request says that it comes from."""

import pytest
from starlette.datastructures import Headers

from assistant.serving.origins import foreign_host, foreign_origin, foreign_with_cookie, is_plain_and_far


@pytest.mark.parametrize(
    ("scheme", "server", "is_far"),
    [
        ("http", "127.0.0.1", False),
        ("http", "::1", False),
        ("http", "localhost", False),
        ("http", "192.0.2.7", True),
        ("http", "0.0.0.0", True),  # noqa: S104
        ("http", "docs.example", True),
        ("https", "192.0.2.7", False),
    ],
)
def test_a_password_over_http_is_for_this_machine_alone(scheme: str, server: str, *, is_far: bool) -> None:
    assert is_plain_and_far({"scheme": scheme, "server": (server, 80)}) is is_far
    assert is_plain_and_far({"scheme": scheme, "server": None}) is (scheme == "http")


def test_a_browsers_word_on_the_site_counts_before_the_origin() -> None:
    """A proxy may change the host; a page cannot change what its browser says."""
    own, none = Headers({"sec-fetch-site": "same-origin", "origin": "https://x"}), Headers({"sec-fetch-site": "none"})
    assert foreign_with_cookie(own) is foreign_with_cookie(none) is None
    assert foreign_with_cookie(Headers({"sec-fetch-site": "cross-site", "host": "x", "origin": "http://x"}))
    assert foreign_with_cookie(Headers({"host": "x", "origin": "http://x"})) is None
    assert "does not" in str(foreign_with_cookie(Headers({"host": "x"})))


def test_hosts_and_origins() -> None:
    assert foreign_host(Headers({"host": "x:1"}), None) is foreign_host(Headers({"host": "X:1"}), ["x"]) is None
    assert foreign_host(Headers({"host": "y"}), ["x"]) == "this is not the server of 'y': ask under x"
    assert foreign_host(Headers({}), ["x"]) == "this is not the server of '': ask under x"
    assert foreign_origin(Headers({"host": "x:1", "origin": "https://X:1"})) is foreign_origin(Headers({})) is None
    assert foreign_origin(Headers({"host": "x", "origin": "null"}))
