import json

import pytest

from assistant.conversation import Message
from evals.case import Case, Judgement, Score
from evals.runs.results import Result, failing, result_from_json, result_json
from tests.fakes_runs import answered, made


def test_a_result_comes_back_from_json_as_it_was() -> None:
    """Case, answer, scores with their reasons, error: all survive the database, which stores JSON."""
    case = Case("ü", "Wer?", (Message("user", "Hi"),), (Judgement("a", 1, 2, "g"),), ("x",), True, ("t",), True, "c")
    result = Result(case, answered("Ja."), {"one": Score(0.5), "two": Score(None, "why")}, None, ("J",), "run-1")
    got = result_from_json(json.loads(json.dumps(result_json(result))))
    assert (got.case, got.scores, got.wanted, got.cached_from) == (case, result.scores, ("J",), "run-1")
    assert got.answer.claims == result.answer.claims
    assert got.answer.citations == result.answer.citations


def test_the_texts_of_passages_are_not_kept() -> None:
    """A run of a thousand cases must not hold every passage that was found a thousand times."""
    (hit,) = result_json(made("one"))["answer"]["trace"]["hits"]
    assert hit["passage"] == {"document_id": "a", "start": 0, "end": 90, "heading": None}
    assert (hit["score"], hit["lexical"]) == (1.5, None)


def test_an_error_has_no_answer_and_comes_back() -> None:
    got = result_from_json(json.loads(json.dumps(result_json(made("one", error="ValueError: no")))))
    assert (got.answer, got.error) == (None, "ValueError: no")


@pytest.mark.parametrize(
    ("result", "reason"),
    [
        (made("a", {"right words cited": 1.0}), None),
        (made("a", {"right words cited": 0.5}), None),
        (made("a", {"right words cited": 0.0}), "none of the right words is cited"),
        (made("a", {}), None),
        (made("a", refusal="absent"), "refused as absent, though the documents answer"),
        (made("a", answerable=False), "answered, though the documents do not answer"),
        (made("a", refusal="absent", answerable=False), None),
        (made("a", error="ValueError: no"), "the case could not be asked: ValueError: no"),
    ],
    ids=["right", "half", "wrong", "unmeasured", "refused", "answered", "rightly refused", "error"],
)
def test_failing_says_why_an_answer_is_wrong(result: Result, reason: str | None) -> None:
    assert failing(result) == reason
