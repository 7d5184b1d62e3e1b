"""What the page says of who is logged in."""

from assistant.serving.access import User
from assistant.ui.account import account_html


def test_the_page_names_its_user_and_the_way_out() -> None:
    """In the reader's language; a name is text, and without users there is nothing."""
    bob = User("bob & co", False, "secret")
    assert account_html(bob, "en") == '<p>bob &#38; co · <a href="/logout">Log out</a></p>'
    assert "ログアウト" in account_html(bob, "ja")
    assert account_html(User("local", True), "en") == account_html(None, "en") == ""
