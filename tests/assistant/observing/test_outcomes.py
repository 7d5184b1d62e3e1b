"""What is told of an answer are numbers, and names from fixed lists."""

from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Answer, Citation, Claim, Refusal
from assistant.kinds.telling import KINDS
from assistant.observing.outcomes import OTHER, OUTCOMES, TASKS, Asking, Outcome, outcome_of

CITATION = Citation(1, "d", "0" * 64, "Title", "d.md", 0, 3, "abc")
ANSWER = Answer(
    "Who?",
    "Who?",
    claims=(Claim("A.", (1,), "supported", 1.0), Claim("B.", (1,), "partly", 0.7), Claim("C.", (1,), "supported", 0.9)),
    citations=(CITATION,),
    writer="llm:qwen",
    timings_ms={"rewrite": 1.0, "write": 250.0, "total": 300.0},
    trace={
        "kind": "look-up",
        "num_claims_dropped": 2,
        "hits": [{}, {}, {}],
        "evidence": [{}],
        "llm": [
            {"task": "write", "failure": "", "usage": {"prompt_tokens": 11, "completion_tokens": 5}},
            {"task": "rewrite", "failure": "it was late", "usage": None},
        ],
    },
)


def test_an_answer_is_counted_by_hand() -> None:
    assert outcome_of(ANSWER) == Outcome(
        kind="look-up",
        outcome="answered",
        num_supported=2,
        num_partly=1,
        num_dropped=2,
        num_citations=1,
        num_hits=3,
        num_evidence=1,
        has_llm_written=True,
        stage_seconds={"rewrite": 0.001, "write": 0.25},
        total_seconds=0.3,
        asked=(Asking("write", False, 11, 5), Asking("rewrite", True)),
    )


@pytest.mark.parametrize("kind", ["absent", "insufficient", "underspecified", "unsupported"])
def test_a_refusal_is_told_by_its_kind(kind: str) -> None:
    assert outcome_of(Answer("Who?", "Who?", refusal=Refusal(kind, "No."))).outcome == kind


@given(st.text(), st.text(), st.text())
def test_no_word_that_somebody_chose_gets_through(kind: str, refusal: str, task: str) -> None:
    """Whatever an answer holds: every string of what is told is from a fixed list, so that series stay bounded."""
    answer = Answer(kind, kind, refusal=Refusal(refusal, refusal), trace={"kind": kind, "llm": [{"task": task}]})
    told = asdict(outcome_of(answer))
    (asked,) = told.pop("asked")
    found = {value for value in (*told.values(), *asked.values()) if isinstance(value, str)}
    assert found <= {*KINDS, *OUTCOMES, *TASKS, OTHER}
