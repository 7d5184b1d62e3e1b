from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.claims.rewordings import joined, reworded


def _random(seed: int) -> Random:
    return Random(seed)  # noqa: S311  (nothing here is secret)


def _all(sentence: str) -> set[str]:
    """What forty seeds make of a sentence with one rule each."""
    return {reworded(sentence, _random(seed), most=1) for seed in range(40)}


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("In 1990, the fund grew.", "The fund grew in 1990."),
        ("The bridge was designed by Anna Berg.", "Anna Berg designed the bridge."),
        ("Anna Berg designed the bridge.", "The bridge was designed by Anna Berg."),
        ("Anna Berg designed the bridge.", "Anna Berg was the designer of the bridge."),
        ("It has five rooms for guests.", "It has 5 rooms for guests."),
        ("It opened on 12 March 2021 here.", "It opened on March 12, 2021 here."),
        ("It opened on 12 March 2021 here.", "It opened in 2021 here."),
        ("It stood there in 1934 already.", "It stood there in the 1930s already."),
        ("The mayor of Bergen left early.", "Bergen's mayor left early."),
        ("Although it rained, the fair was full.", "The fair was full although it rained."),
        ("It was not open on Sundays.", "It wasn't open on Sundays."),
        ("The town has 12,345 inhabitants today.", "The town has about 12,000 inhabitants today."),
        ("The bridge, which opened late, was closed again.", "The bridge was closed again."),
        ("However, the fund grew again.", "The fund grew again."),
    ],
)
def test_other_words_say_the_same_or_less(sentence: str, said: str) -> None:
    assert said in _all(sentence)


@pytest.mark.parametrize("sentence", ["Rain fell over there.", "Birds sang there."])
def test_a_sentence_without_a_rule_is_left_as_it_is_or_framed(sentence: str) -> None:
    assert all(said.lower().endswith(sentence.lower()) for said in _all(sentence))


def test_two_sentences_become_one_and_names_keep_their_capital() -> None:
    found = {joined("It rained.", "The fair was full.", _random(seed)) for seed in range(9)}
    assert found == {f"It rained{joint}the fair was full." for joint in (", and ", "; ", ", while ")}
    assert joined("It rained.", "Bergen flooded.", _random(0)).endswith("Bergen flooded.")


@given(st.text(max_size=80))
def test_any_text_can_be_given(text: str) -> None:
    assert isinstance(reworded(text, _random(0)), str)
