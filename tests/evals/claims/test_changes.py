from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.claims.changes import CHANGES, names_in, names_of, swap_names


def _random(seed: int) -> Random:
    return Random(seed)  # noqa: S311  (nothing here is secret)


CLAIM = "In May 1990 Anna Berg of Oslo gave 12 million dollars to Mara Quist, and the fund is larger than some others."


@pytest.mark.parametrize("kind", [kind for kind in CHANGES if kind not in ("hedge", "roles", "overclaim", "cause")])
def test_a_change_changes_the_claim_and_is_the_same_for_the_same_seed(kind: str) -> None:
    changed = CHANGES[kind](CLAIM, _random(3), ["Port Elin"])
    assert changed is not None
    assert changed != CLAIM
    assert changed == CHANGES[kind](CLAIM, _random(3), ["Port Elin"])


@pytest.mark.parametrize("kind", list(CHANGES))
def test_a_claim_without_such_a_fact_is_left_alone(kind: str) -> None:
    assert CHANGES[kind]("rain fell there", _random(3), ["Port Elin"]) is None


@pytest.mark.parametrize(
    ("kind", "claim", "changed"),
    [
        ("hedge", "It may rain.", "It must rain."),
        ("roles", "The Gazette was bought by Mara Quist.", "The Gazette bought Mara Quist."),
        ("roles", "The Gazette was written by Mara Quist.", "The Gazette wrote Mara Quist."),
        ("cause", "It closed due to rain.", "It closed in spite of rain."),
        ("negation", "It is not open.", "It is open."),
        ("negation", "Anna Berg opened the office.", "Anna Berg did not open the office."),
        ("negation", "It had three offices.", "It did not have three offices."),
        ("unit", "It is 5 km long.", "It is 5 miles long."),
    ],
)
def test_a_change_says_something_else(kind: str, claim: str, changed: str) -> None:
    assert CHANGES[kind](claim, _random(1), []) == changed


def test_what_is_one_becomes_the_only_or_the_first() -> None:
    found = {CHANGES["overclaim"]("Bergen is a town.", _random(seed), []) for seed in range(9)}
    assert found == {f"Bergen is the {word} town." for word in ("only", "first", "world's largest")}


@pytest.mark.parametrize("claim", ["No one is open.", "He asked whether it is not open."])
def test_what_is_denied_twice_is_not_denied_again(claim: str) -> None:
    """It would be unclear what is true of it."""
    assert CHANGES["negation"](claim, _random(1), []) is None


@pytest.mark.parametrize(
    ("claim", "swapped"),
    [
        ("Anna Berg accused Mara Quist.", "Mara Quist accused Anna Berg."),
        ("They visited Anna Berg and Mara Quist.", None),
        ("Anna Berg met Mara Quist.", None),
        ("Anna Berg married Mara Quist in spring.", None),
        ("Under Berg the office moved.", None),
        ("Not all of Bergen agreed.", None),
    ],
    ids=["one accuses", "a list", "both met", "both married", "an opening word", "another"],
)
def test_names_are_swapped_where_their_order_says_something(claim: str, swapped: str | None) -> None:
    assert swap_names(claim, _random(1), []) == swapped


def test_a_word_that_opens_a_sentence_is_a_name_where_it_is_known_as_one() -> None:
    assert names_in("Bergen grew near Oslo.", ["Bergen"]) == [(0, 6), (17, 21)]
    assert names_in("Funding grew near Oslo.", ["Bergen"]) == [(18, 22)]
    assert names_of("Until May the town of Bergen grew. Not so Oslo.") == ["Bergen", "Oslo"]


@given(st.text(max_size=60), st.sampled_from(list(CHANGES)))
def test_any_claim_can_be_given(claim: str, kind: str) -> None:
    changed = CHANGES[kind](claim, _random(0), ["Port Elin"])
    assert changed is None or changed != claim
