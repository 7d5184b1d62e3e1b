import json
from pathlib import Path

import pytest

from assistant.answerable import AnswerableWeights, load_answerable_weights, log_odds, nearest_cosine, speaks_of_it
from index.passage import Hit, Passage
from index.retrieval import Found


def test_the_weights_are_read_by_name_and_give_a_logistic_curve(tmp_path: Path) -> None:
    path = tmp_path / "weights.json"
    path.write_text(json.dumps({"least": 0.5, "cosine": 2.0, "evidence": 1.0, "intercept": -1.0}))
    weights = load_answerable_weights(path)
    assert weights == AnswerableWeights(intercept=-1.0, evidence=1.0, cosine=2.0, least=0.5)
    assert weights.probability(0.5, 0.5) == pytest.approx(0.5)
    assert weights.probability(0.5, 1.0) == pytest.approx(1 / (1 + 2.718281828**-1))


def test_certainties_have_finite_odds() -> None:
    assert log_odds(0.0) == pytest.approx(-log_odds(1.0))


def test_a_near_passage_makes_up_for_words_that_are_not_shared() -> None:
    """A paraphrase has an improbable best sentence, as a question about other things has: the cosine tells which."""
    improbable = 0.004
    assert not speaks_of_it(improbable, 0.15)
    assert speaks_of_it(improbable, 0.7)
    assert speaks_of_it(0.5, 0.15)


def test_the_nearest_passage_is_the_one_of_the_highest_cosine() -> None:
    """Hits are in the order of their fused score; those of full text alone have no cosine."""

    def hit(dense: float | None) -> Hit:
        return Hit(Passage("p", "d", 0, 4, "text"), score=1.0, dense=dense, lexical=1.0)

    assert nearest_cosine(Found((hit(0.2), hit(None), hit(0.6)))) == 0.6
    assert nearest_cosine(Found((hit(None),))) is None
    assert nearest_cosine(Found(())) is None
