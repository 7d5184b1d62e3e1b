from typing import Any

import pytest

from assistant.answer import Answer
from evals.case import Case, Score
from evals.measures.costs import latency_ms, tokens

CASE = Case("c", "Q?", (), (), (), answerable=False)


def asked(*usages: dict[str, int] | None) -> Answer:
    """An answer after requests with these counts."""
    trace: dict[str, Any] = {"llm": [{"task": "write", "usage": usage} for usage in usages]}
    return Answer("Q?", "Q?", trace=trace)


@pytest.mark.parametrize(
    ("answer", "score"),
    [
        (
            asked(
                {"prompt_tokens": 300, "completion_tokens": 40},
                {"prompt_tokens": 120, "completion_tokens": 10},
            ),
            Score(470.0),
        ),
        (
            asked({"prompt_tokens": 300, "completion_tokens": 40}, None),
            Score(None, "the LLM's server did not count its tokens"),
        ),
        (asked(), Score(None, "no LLM was asked")),
        (Answer("Q?", "Q?"), Score(None, "no LLM was asked")),
    ],
    ids=["two requests", "one not counted", "none", "no trace"],
)
def test_tokens_are_those_of_every_request_or_unknown(answer: Answer, score: Score) -> None:
    """Part of a sum is no sum, and no request is not zero tokens of one."""
    assert tokens(CASE, answer) == score


def test_latency_is_the_whole_time() -> None:
    assert latency_ms(CASE, Answer("Q?", "Q?", timings_ms={"write": 3.0, "total": 14.5})) == Score(14.5)
    assert latency_ms(CASE, Answer("Q?", "Q?")) == Score(None, "it was not timed")
