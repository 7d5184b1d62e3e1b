from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.case import Judgement
from evals.measures.spans import Place, holds_any, joined, num_chars, num_shared, share_half

PLACES = st.lists(
    st.tuples(st.sampled_from("ab"), st.integers(0, 30), st.integers(0, 12)).map(lambda p: (p[0], p[1], p[1] + p[2])),
    max_size=8,
)


def characters(places: list[Place]) -> set[tuple[str, int]]:
    """The characters of the places, one by one."""
    return {(id_, at) for id_, start, end in places for at in range(start, end)}


@pytest.mark.parametrize(
    ("span", "met"),
    [
        (("a", 10, 30), True),
        (("a", 11, 31), False),
        (("a", 0, 500), True),
        (("a", 18, 22), True),
        (("a", 19, 22), False),
        (("a", 20, 30), False),
        (("b", 0, 20), False),
        (("a", 5, 5), False),
    ],
    ids=[
        "half",
        "less than half",
        "all around",
        "half of a shorter one",
        "a third of it",
        "beside",
        "elsewhere",
        "empty",
    ],
)
def test_spans_meet_with_half_of_the_shorter_one(span: Place, met: bool) -> None:
    assert share_half(Judgement(*span), Judgement("a", 0, 20)) is met
    assert share_half(Judgement("a", 0, 20), Judgement(*span)) is met


@given(PLACES)
def test_joined_places_hold_the_same_characters_once(places: list[Place]) -> None:
    """They touch no more, and stand in order."""
    found = joined(places)
    assert characters(found) == characters(places)
    assert num_chars(place for place in found) == len(characters(places))
    assert all(one[0] != other[0] or one[2] < other[1] for one, other in pairwise(found))


@given(PLACES, PLACES)
def test_shared_characters_are_counted_once(ones: list[Place], others: list[Place]) -> None:
    assert num_shared(ones, others) == len(characters(ones) & characters(others))


def test_joined_places_touch_no_more() -> None:
    assert joined([("b", 0, 5), ("a", 5, 9), ("a", 0, 5), ("a", 20, 22)]) == [("a", 0, 9), ("a", 20, 22), ("b", 0, 5)]


def test_an_answer_over_two_neighbouring_places_was_read() -> None:
    assert holds_any([("a", 0, 10), ("a", 10, 20)], [("a", 5, 15)])
    assert not holds_any([("a", 0, 10)], [("a", 5, 15)])
    assert not holds_any([("b", 0, 20)], [("a", 5, 15)])
