import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evidence import Evidence
from assistant.writing.quote import MAX_QUOTES, quotes
from index.passage import Passage

PASSAGE = Passage("p", "d", 0, 100, "")


def evidence(*probabilities: float) -> list[Evidence]:
    return [Evidence("d", i, i + 1, f"s{i}", probability, PASSAGE) for i, probability in enumerate(probabilities)]


@given(st.lists(st.floats(0, 1), max_size=20))
def test_an_answer_has_at_most_six_sentences_and_always_the_best_one(probabilities: list[float]) -> None:
    """What is shown is the beginning of the evidence, in its order: nothing better is ever skipped."""
    some = evidence(*sorted(probabilities, reverse=True))
    chosen = quotes(some)
    assert chosen == some[: len(chosen)]
    assert min(1, len(some)) <= len(chosen) <= MAX_QUOTES == 6


@pytest.mark.parametrize(
    ("probabilities", "num_quotes"),
    [
        ([], 0),
        ([0.05], 1),
        ([0.99, 0.4, 0.3], 1),
        ([0.99, 0.9, 0.8, 0.4], 3),
        ([0.9] * 8, 6),
        ([0.4, 0.3, 0.2, 0.2, 0.2], 3),
        ([0.4, 0.019, 0.01], 1),
        ([0.4, 0.021, 0.01], 2),
    ],
    ids=[
        "nothing found",
        "one weak sentence",
        "the first is enough",
        "all that are probable, however sure the first",
        "six at most",
        "three where none is sure",
        "one much weaker than the best is left out",
        "one just strong enough stays",
    ],
)
def test_as_many_sentences_as_are_worth_reading(probabilities: list[float], num_quotes: int) -> None:
    assert len(quotes(evidence(*probabilities))) == num_quotes
