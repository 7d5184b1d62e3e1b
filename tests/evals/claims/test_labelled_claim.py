from random import Random

from assistant.pairs import PARTLY, SUPPORTED, UNSUPPORTED
from evals.claims.changes import CHANGES
from evals.claims.labelled_claim import Made

MADE = Made("It is open in May.", ("It is open in May. It is not open in June.",), "When?", "a", "set", "a/1")


def _random(seed: int) -> Random:
    return Random(seed)  # noqa: S311  (nothing here is secret)


def test_a_claim_keeps_its_quotes_and_its_question_whatever_is_true_of_it() -> None:
    right, wrong = MADE.supported("real"), MADE.unsupported("real-near")
    assert (right.label, wrong.label) == (SUPPORTED, UNSUPPORTED)
    assert right.pair == wrong.pair
    assert (right.pair.claim, right.pair.quotes, right.pair.question) == (MADE.claim, MADE.quotes, MADE.question)
    assert (right.group, right.base) == ("a", "a/1")


def test_a_change_that_a_quote_says_is_no_change() -> None:
    """June is in a quote, "It is open in June" is not; "It is not open in June" is."""
    made = Made("It is open in June.", MADE.quotes, "", "a", "set", "a/2")
    changed = [item for seed in range(60) for item in made.changed(_random(seed), [], 3)]
    assert changed
    assert {item.kind for item in changed} <= set(CHANGES)
    assert {item.label for item in changed} == {UNSUPPORTED}
    assert not any(item.pair.claim.rstrip(".") in quote for item in changed for quote in item.pair.quotes)


def test_what_is_added_makes_a_claim_true_in_part() -> None:
    others = ["The office closed in Bergen in 1990."]
    found = [item for seed in range(60) for item in MADE.extended(_random(seed), others)]
    assert {item.kind for item in found} == {"detail", "invention"}
    assert {item.label for item in found} == {PARTLY}
    assert all(item.pair.claim.startswith("It is open in May") for item in found)
