import numpy as np
import pytest

from index.late_interaction import BYTES_A_TOKEN, NUM_DIRECTIONS, packed, projected, unpacked, word_similarities


def _rows(num: int, dimension: int, seed: int) -> np.ndarray:
    rows = np.random.default_rng(seed).standard_normal((num, dimension)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.mark.parametrize("dimension", [32, 384, 1024])
def test_what_is_packed_comes_back_about_the_same(dimension: int) -> None:
    """Four bits a direction lose little: a row and its copy have a cosine above 0.98."""
    rows = _rows(50, dimension, 1)
    assert packed(rows).shape == (50, BYTES_A_TOKEN)
    assert packed(rows).dtype == np.uint8
    back = unpacked(packed(rows))
    assert back.shape == (50, NUM_DIRECTIONS)
    assert (back * projected(rows)).sum(axis=1).min() > 0.98


def test_projecting_keeps_cosines_about() -> None:
    """Near rows stay near and others far, within what 128 directions allow."""
    rows = _rows(200, 384, 2)
    near = 0.8 * rows + 0.6 * _rows(200, 384, 3)
    near /= np.linalg.norm(near, axis=1, keepdims=True)
    true = (rows * near).sum(axis=1)
    kept = (projected(rows) * unpacked(packed(near))).sum(axis=1)
    assert np.abs(true - kept).mean() < 0.06


def test_a_word_counts_its_nearest_token_by_hand() -> None:
    sentence = np.array([[1, 0], [0, 1]], dtype=np.float32)
    words = [
        np.array([[1, 0]], dtype=np.float32),
        np.array([[0.6, 0.8], [1, 0]], dtype=np.float32),
        np.zeros((0, 2), dtype=np.float32),
    ]
    found = word_similarities(words, [sentence, sentence[:0], sentence[1:]])
    assert found == pytest.approx(np.array([[1.0, 0.9, 0.0], [0, 0, 0], [0.0, 0.4, 0.0]]))
    assert word_similarities(words, []).shape == (0, 3)
    assert word_similarities(words[2:], [sentence]) == pytest.approx(np.zeros((1, 1)))


def test_nothing_packs_to_nothing() -> None:
    empty = np.zeros((0, 384), dtype=np.float32)
    assert packed(empty).shape == (0, BYTES_A_TOKEN)
    assert unpacked(packed(empty)).shape == (0, NUM_DIRECTIONS)
