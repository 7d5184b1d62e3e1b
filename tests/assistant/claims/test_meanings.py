import numpy as np
import pytest

from assistant.claims.meanings import _soft_pairs


def _words(*numbers: int) -> np.ndarray:
    """Words that are alike where they have the same number."""
    return np.eye(8, dtype=np.float32)[list(numbers)]


@pytest.mark.parametrize(
    ("sentence", "together", "ordered"),
    [
        (_words(0, 1), 1, 1),
        (_words(1, 0), 1, 0),
        (_words(0, 5, 5, 5, 5, 1), 1, 1),
        (_words(0, 5, 5, 5, 5, 5, 1), 0, 0),
        (_words(0, 5), 0, 0),
    ],
    ids=["neighbours", "turned", "five words apart", "six words apart", "one alone"],
)
def test_two_words_are_near_where_both_stand_within_five_words(
    sentence: np.ndarray, together: float, ordered: float
) -> None:
    """Of the two similarities the lower one counts."""
    found = _soft_pairs(_words(0, 1), [sentence])
    assert found[0] == pytest.approx([together])
    assert found[1] == pytest.approx([ordered])


def test_the_best_sentence_counts_and_without_one_nothing_is_near() -> None:
    assert _soft_pairs(_words(0, 1), [_words(5), _words(0, 1)])[0] == pytest.approx([1])
    assert _soft_pairs(_words(0), [_words(0)])[0].size == 0
