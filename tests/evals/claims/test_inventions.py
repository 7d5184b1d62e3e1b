from random import Random

from evals.claims.inventions import add_detail, add_invention


def _random(seed: int) -> Random:
    return Random(seed)  # noqa: S311  (nothing here is secret)


def test_an_invented_clause_keeps_the_claim() -> None:
    added = add_invention("It is open.", _random(1))
    assert added.startswith("It is open")
    assert len(added) > len("It is open.")


def test_a_detail_is_taken_from_another_sentence() -> None:
    assert add_detail("It is open.", _random(1), ["The office closed in 1990."]) == "It is open in 1990."
    assert add_detail("It is open in 1990.", _random(1), ["The office closed in 1990."]) is None
    assert add_detail("It is open.", _random(1), ["Rain fell."]) is None
