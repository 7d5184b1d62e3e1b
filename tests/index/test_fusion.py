import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.fusion import fuse

_SCORES = st.dictionaries(st.sampled_from("abcdefgh"), st.floats(-100, 100), max_size=8)


def test_fusion_by_hand() -> None:
    """The fused score is the weighted sum of standardised scores, an absent passage having the list's lowest.

    Dense a, b, c: 3, 1, 1 and d takes 1: mean 1.5, deviation sqrt(0.75), so a is sqrt(3), the others -1/sqrt(3).
    Lexical b, d: 8, 4 and a, c take 4: mean 5, deviation sqrt(3), so b is sqrt(3), the others -1/sqrt(3).
    """
    root = 3**0.5
    fused = fuse({"a": 3.0, "b": 1.0, "c": 1.0}, {"b": 8.0, "d": 4.0}, dense_weight=0.75)
    assert list(fused) == ["a", "b", "c", "d"]
    assert fused == pytest.approx(
        {
            "a": 0.75 * root - 0.25 / root,
            "b": 0.25 * root - 0.75 / root,
            "c": -1 / root,
            "d": -1 / root,
        }
    )


@pytest.mark.parametrize(
    ("dense", "lexical", "order"),
    [
        ({}, {}, []),
        ({"a": 1.0}, {}, ["a"]),
        ({}, {"a": 1.0, "b": 2.0}, ["b", "a"]),
        ({"a": 1.0, "b": 1.0}, {"b": 2.0, "a": 2.0}, ["a", "b"]),
    ],
    ids=["nothing", "one", "words only", "all alike"],
)
def test_short_lists(dense: dict[str, float], lexical: dict[str, float], order: list[str]) -> None:
    """A search that only one half of the index answers is answered, and equal scores keep one order."""
    assert list(fuse(dense, lexical)) == order


@given(_SCORES, _SCORES)
def test_every_candidate_is_in_the_order_once(dense: dict[str, float], lexical: dict[str, float]) -> None:
    """No candidate of either half is lost or listed twice, and the scores fall."""
    fused = fuse(dense, lexical)
    assert set(fused) == {*dense, *lexical}
    assert list(fused.values()) == sorted(fused.values(), reverse=True)


@given(_SCORES, _SCORES, st.floats(0.1, 10), st.floats(-10, 10))
def test_the_scale_of_a_list_does_not_matter(
    dense: dict[str, float], lexical: dict[str, float], factor: float, shift: float
) -> None:
    """Cosines and BM25 scores weigh what their weights say, whatever numbers they come in."""
    dense, lexical = ({k: round(v) for k, v in scores.items()} for scores in (dense, lexical))
    scaled = fuse(dense, {id_: factor * score + shift for id_, score in lexical.items()})
    assert scaled == pytest.approx(fuse(dense, lexical), abs=1e-6)
