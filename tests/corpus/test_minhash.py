import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.minhash import MIN_WORDS, bands, resemblance, shared_words, signature, words_of

_WORDS = [f"word{i}" for i in range(1_000)]


def _text(seed: int, num_words: int = 1_000) -> list[str]:
    return random.Random(seed).choices(_WORDS, k=num_words)  # noqa: S311  (words, not secrets)


@given(st.text())
def test_any_text_has_a_signature_and_resembles_itself(text: str) -> None:
    """Or none, when it is short; its bands are as many as it has."""
    made = signature(text)
    assert (len(made), len(bands(made))) == ((480, 40) if len(words_of(text)) >= MIN_WORDS else (0, 0))
    assert resemblance(made, made) == float(bool(made))
    assert shared_words(text, text) == float(bool(words_of(text)))


def test_a_signature_is_the_same_on_every_machine() -> None:
    """It is stored, and compared with those of later years."""
    made = signature(" ".join(str(i) for i in range(60)))
    assert made[:12].hex() == "41732b026c5d130232740600"


@pytest.mark.parametrize("num_changed", [0, 10, 50, 100, 1_000])
def test_the_estimate_is_near_the_share_of_runs_in_common(num_changed: int) -> None:
    """Within three standard errors of the share counted by hand."""
    old = _text(1)
    new = [f"new{i}" if i < num_changed * 10 and i % 10 == 5 else word for i, word in enumerate(old)]
    if num_changed == 1_000:
        new = _text(2)
    runs = [{tuple(text[i : i + 5]) for i in range(len(text) - 4)} for text in (old, new)]
    share = len(runs[0] & runs[1]) / len(runs[0] | runs[1])
    found = resemblance(signature(" ".join(old)), signature(" ".join(new)))
    assert found == pytest.approx(share, abs=3 * (share * (1 - share) / 120) ** 0.5 + 1e-9)


def test_case_and_signs_make_no_difference_and_characters_are_the_words_of_japanese() -> None:
    assert signature(" ".join(_text(3))) == signature(", ".join(_text(3)).upper())
    assert words_of("AIの研究") == ["ai", "の", "研", "究"]
    assert len(signature("日本と英国の科学技術協力に関する合同委員会" * 3)) == 480
