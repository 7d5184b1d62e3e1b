"""Names of users: one spelling for all that look the same, and no tricks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import InvalidCall
from assistant.serving.names import MAX_CHARS, user_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ann", "ann"),
        ("  Ann\tLee ", "ann lee"),
        ("ＡＮＮ", "ann"),
        ("ﬁona", "fiona"),
        ("Straße", "strasse"),
        ("e\u0301lise", "élise"),
        ("mara.quist+test@example.org", "mara.quist+test@example.org"),
        ("港の係カナabc", "港の係カナabc"),
        ("Мария", "мария"),
        ("user-7", "user-7"),
    ],
)
def test_one_spelling(text: str, name: str) -> None:
    assert user_name(text) == name


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "a" * (MAX_CHARS + 1),
        "\ufdfa" * 200,
        "ann\x00",
        "ann\u200b",
        "\u202enna",
        "ann\u0000bob",
        "\ud800",
        "\ue000",
        "\u0430dmin",
        "αnn",
        "ann<script>",
        "ann/../bob",
        "'; drop table users",
        "-rf",
        "\u0301x",
        "😀",
    ],
)
def test_what_is_no_name_is_refused_in_one_line(text: str) -> None:
    """Of a mark that hides, a letter of another script, or a sign of another language nothing is taken."""
    with pytest.raises(InvalidCall, match=r"^.{1,400} is no name for a user: give 1 to 64 [ -~]+$"):
        user_name(text)


@given(st.text(max_size=80))
def test_a_name_is_its_own_name(text: str) -> None:
    """Whatever is taken is taken again as it is, so that a kept name is always found."""
    try:
        name = user_name(text)
    except InvalidCall:
        return
    assert user_name(name) == name
    assert 1 <= len(name) <= MAX_CHARS and name.isprintable()
