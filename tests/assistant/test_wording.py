import pytest

from assistant.wording import is_said

QUOTE = (
    "In 2021 the Tide Office in Port Elin moved to Bergen, and Mara Quist leads it; its budget is 12 million crowns."
)


@pytest.mark.parametrize(
    "claim",
    [
        QUOTE,
        QUOTE.replace(" ", "\n  ").lower(),
        QUOTE.rstrip("."),
        "In 2021 the Tide Office in Port Elin moved to Bergen.",
        "Mara Quist leads it",
        "Its budget is 12 million crowns.",
        "12 million crowns",
        "Mara Quist",
    ],
)
def test_words_of_the_quote_are_said(claim: str) -> None:
    assert is_said(claim, ["Something else.", f"It rained. {QUOTE} It rained again."])


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("It rained.", "They denied that it rained."),
        ("The king was old.", "The brother of the king was old."),
        ("They will meet in Paris", "If funds allow, they will meet in Paris."),
        ("Anna signed it", "It is false that nobody left, and Anna signed it."),
        ("All members voted", "All members voted, except Norway."),
        ("students passed", "Only three of the students passed."),
        ("12 million crowns", "It did not get 12 million crowns."),
        ("the harbour grew", "It rained. The harbours grew."),
        ("", "It rained."),
        ("...", "It rained ..."),
        ("rained. The", "It rained. The harbours grew."),
    ],
)
def test_a_part_that_says_something_else_than_the_whole_is_not_said(claim: str, quote: str) -> None:
    """Cutting a sentence can turn what it says; such a claim is for the model."""
    assert not is_said(claim, [quote])


def test_japanese_is_said_by_whole_sentences_only() -> None:
    """Without spaces a run of characters is no run of words."""
    quote = "会合は東京で開かれた。日本は参加しなかった。"
    assert is_said("会合は東京で開かれた。", [quote])
    assert is_said("日本は参加しなかった", [quote])
    assert not is_said("日本は参加し", [quote])
    assert not is_said("東京で開かれた", [quote])


def test_without_quotes_nothing_is_said() -> None:
    assert not is_said("It rained.", [])
    assert not is_said("It rained.", ["", "  "])
