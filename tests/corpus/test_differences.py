import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.differences import Piece, differences

_TEXTS = st.text("ab. \n日本é", max_size=60)


@given(_TEXTS, _TEXTS)
def test_both_texts_can_be_put_together_again(old: str, new: str) -> None:
    """Between the differences the texts are the same; in them, the pieces are exactly the two stretches."""
    found = differences(old, new)
    a = c = 0
    for difference in found:
        assert old[a : difference.old[0]] == new[c : difference.new[0]]
        for kind, text, span in (("added", old, difference.old), ("removed", new, difference.new)):
            assert "".join(piece.text for piece in difference.pieces if piece.kind != kind) == text[slice(*span)]
        a, c = difference.old[1], difference.new[1]
    assert old[a:] == new[c:]
    assert (found == []) == (old == new)


@pytest.mark.parametrize(
    ("old", "new", "pieces"),
    [
        ("It met.", "It met.\nIt ended.", [("removed", "It met."), ("added", "It met.\nIt ended.")]),
        (
            "The sum is 12 million crowns.",
            "The sum is 14 million crowns.",
            [("same", "The sum is "), ("removed", "12"), ("added", "14"), ("same", " million crowns.")],
        ),
        (
            "states shall pay in full",
            "states may give in full",
            [("same", "states "), ("removed", "shall pay"), ("added", "may give"), ("same", " in full")],
        ),
        (
            "日本は参加する。",
            "日本は参加しない。",
            [("same", "日本は参加"), ("removed", "する"), ("added", "しない"), ("same", "。")],
        ),
    ],
    ids=["a line more", "a number", "two words in a row", "Japanese"],
)
def test_changes_are_told_word_by_word(old: str, new: str, pieces: list[tuple[str, str]]) -> None:
    found = [piece for difference in differences(old, new) for piece in difference.pieces]
    merged = (
        "".join(piece.text for piece in found if piece.kind != "added"),
        "".join(piece.text for piece in found if piece.kind != "removed"),
    )
    assert merged == (old, new)
    if pieces[0][0] == "same":
        assert found == [Piece(kind, text) for kind, text in pieces]


def test_paragraphs_that_are_the_same_are_left_out() -> None:
    """Only what changed is shown, at its place in both texts."""
    old = "One.\n\nTwo.\n\nThree.\n"
    assert [(d.old, d.new) for d in differences(old, old.replace("Two", "Deux"))] == [((6, 11), (6, 12))]
    assert [(d.old, d.new) for d in differences(old, "Zero.\n" + old)] == [((0, 0), (0, 6))]


@pytest.mark.slow
@pytest.mark.parametrize("words", [[f"w{i}" for i in range(5_000)], ["a", "b"]], ids=["words", "two letters"])
def test_time_grows_with_the_length(words: list[str]) -> None:
    """A document of 500 pages, changed everywhere, is compared in seconds, however its words repeat."""
    chance = random.Random(7)  # noqa: S311  (words, not secrets)
    old = [" ".join(chance.choices(words, k=60)) for _ in range(4_000)]
    new = [line if chance.random() < 0.5 else f"{line[:90]} {chance.choice(words)} {line[93:]}" for line in old]
    start = time.process_time()
    assert differences("\n".join(old), "\n".join(new))
    assert differences(" ".join(old), " ".join(new))
    assert time.process_time() - start < 30
