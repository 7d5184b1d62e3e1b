from random import Random

import pytest

from evals.claim_changes import CHANGES, add_invention, reworded, swap_names


def _random(seed: int) -> Random:
    return Random(seed)  # noqa: S311  (nothing here is secret)


CLAIM = "In May 1990 Anna Berg of Oslo gave some 12 million dollars to Mara Quist, and the fund is larger than before."


@pytest.mark.parametrize("kind", [kind for kind in CHANGES if kind != "hedge"])
def test_a_change_changes_the_claim_and_is_the_same_for_the_same_seed(kind: str) -> None:
    changed = CHANGES[kind](CLAIM, _random(3), ["Port Elin"])
    assert changed is not None
    assert changed != CLAIM
    assert changed == CHANGES[kind](CLAIM, _random(3), ["Port Elin"])


@pytest.mark.parametrize("kind", list(CHANGES))
def test_a_claim_without_such_a_fact_is_left_alone(kind: str) -> None:
    assert CHANGES[kind]("rain fell there", _random(3), ["Port Elin"]) is None


def test_what_may_be_becomes_what_is() -> None:
    assert CHANGES["hedge"]("It may rain.", _random(0), []) == "It must rain."


def test_a_negation_is_put_in_or_taken_out() -> None:
    assert CHANGES["negation"]("It is open.", _random(1), []) in ("It is not open.", "It is never open.")
    assert CHANGES["negation"]("It is not open.", _random(1), []) == "It is open."


def test_two_names_take_each_others_places() -> None:
    assert swap_names("Anna Berg paid Mara Quist.", _random(1), []) == "Mara Quist paid Anna Berg."
    assert swap_names("They visited Anna Berg and Mara Quist.", _random(1), []) is None, (
        "the order of a list says nothing"
    )


def test_an_invented_clause_keeps_the_claim() -> None:
    assert add_invention("It is open.", _random(1), []).startswith("It is open")


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("In 1990, the fund grew.", {"The fund grew in 1990."}),
        ("The bridge was designed by Anna Berg.", {"Anna Berg designed the bridge."}),
        ("It was the oldest bridge.", {"Port Elin was the oldest bridge."}),
    ],
)
def test_other_words_say_the_same(sentence: str, words: set[str]) -> None:
    assert {reworded(sentence, _random(seed), "Port Elin") for seed in range(5)} == words
