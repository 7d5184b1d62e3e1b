"""A question and its stages as spans: when they were, what came of them, and no words."""

import json
import pickle
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from assistant.answering import STAGES, answer, answer_events
from assistant.errors import AssistantError
from assistant.events import Done
from assistant.home import Home
from assistant.observing.spans import CONTENT, question_span, retold
from assistant.sources import Sources
from tests.assistant.observing.conftest import Spans, attributes_of

QUESTION = "Who runs the Harbour Compact?"
SAID = ("Harbour", "Tide Office", "Port Elin", "crowns", "Zorblax")


def test_every_stage_is_a_span_below_the_question(
    coast: Home, certain: Callable[[Home], Sources], spans: Spans
) -> None:
    """One each, within the question's time and in order; with its seconds, as the answer has them."""
    found = answer(QUESTION, certain(coast))
    assert spans.tree() == [("question", None), *((stage, "question") for stage in STAGES)]
    whole = spans.named("question")
    for stage in STAGES:
        span = spans.named(stage)
        assert whole.start_time <= span.start_time <= span.end_time <= whole.end_time  # type: ignore[operator]
        assert attributes_of(span, "communique.seconds") == [pytest.approx(found.timings_ms[stage] / 1000)]
    assert dict(whole.attributes or {}) == {
        "gen_ai.operation.name": "invoke_workflow",
        "gen_ai.workflow.name": "communique",
        "communique.kind": "look-up",
        "communique.outcome": "answered",
        "communique.written_by_llm": False,
        "communique.claims": len(found.claims),
        "communique.claims.dropped": 0,
        "communique.citations": len(found.citations),
    }
    assert attributes_of(spans.named("retrieve"), "gen_ai.operation.name", "communique.hits") == ["retrieval", 2]


def test_spans_hold_no_words(coast: Home, certain: Callable[[Home], Sources], spans: Spans) -> None:
    """Neither of an answer nor of a refusal, with the passages that come nearest."""
    answer(QUESTION, certain(coast))
    assert answer("Does Zorblax trade with Yuggoth?", coast.sources).refusal
    assert len(spans.all()) == 2 * (1 + len(STAGES)) - 2  # nothing is written or verified of what is refused
    assert not [word for word in SAID if word in spans.text()]


def test_words_are_recorded_where_the_environment_says_so(
    coast: Home, certain: Callable[[Home], Sources], spans: Spans, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Question, query and answer, as the conventions write them."""
    monkeypatch.setenv(CONTENT, "true")
    found = answer(QUESTION, certain(coast))
    asked, said = attributes_of(spans.named("question"), "gen_ai.input.messages", "gen_ai.output.messages")
    assert json.loads(asked) == [{"role": "user", "parts": [{"type": "text", "content": QUESTION}]}]
    assert json.loads(said)[0]["parts"][0]["content"] == found.text
    assert attributes_of(spans.named("retrieve"), "gen_ai.retrieval.query.text") == [QUESTION]


def test_a_reader_who_leaves_ends_the_spans(coast: Home, spans: Spans) -> None:
    events = answer_events(QUESTION, coast.sources)
    next(events)
    events.close()
    assert spans.tree() == [("question", None), ("rewrite", "question")]
    assert attributes_of(spans.named("question"), "communique.outcome") == ["left"]


def test_who_has_the_answer_and_asks_for_no_more_has_not_left(coast: Home, spans: Spans) -> None:
    events = answer_events(QUESTION, coast.sources)
    assert any(isinstance(event, Done) for event in events)
    events.close()
    assert attributes_of(spans.named("question"), "communique.outcome") != ["left"]


def test_an_error_is_told_by_its_kind_alone(spans: Spans) -> None:
    """Of the stage and of the question; what it says may be anybody's words."""
    with pytest.raises(AssistantError), question_span(QUESTION) as span, span.stage("retrieve"):
        raise AssistantError("no Zorblax")
    for name in ("question", "retrieve"):
        found = spans.named(name)
        assert found.status.status_code.name == "ERROR"
        assert attributes_of(found, "error.type") == ["AssistantError"]
        assert not found.events
    assert attributes_of(spans.named("question"), "communique.outcome") == ["failed"]
    assert "Zorblax" not in spans.text()


def test_an_answer_of_another_process_has_its_spans_here(
    coast: Home, certain: Callable[[Home], Sources], spans: Spans
) -> None:
    """As long as they took, the stages one behind the other, the whole over when the answer is there."""
    events = pickle.loads(pickle.dumps(list(answer_events(QUESTION, certain(coast)))))  # noqa: S301  (our own)
    told, there = spans.tree(), time.time_ns()
    spans._exporter.clear()
    assert list(retold(events, QUESTION)) == events
    assert set(spans.tree()) == set(told)
    whole, spent = spans.named("question"), events[-1].answer.timings_ms
    assert whole.end_time >= there  # type: ignore[operator]
    assert whole.end_time - whole.start_time == pytest.approx(spent["total"] * 1e6, rel=0.1, abs=2e6)  # type: ignore[operator]
    begin = whole.start_time
    for stage in STAGES:
        span = spans.named(stage)
        assert span.start_time == begin
        begin = span.end_time
        assert begin - span.start_time == pytest.approx(spent[stage] * 1e6, abs=2)  # type: ignore[operator]
    assert attributes_of(whole, "communique.outcome") == ["answered"]


def test_where_nobody_listens_nothing_is_imported() -> None:
    """A question's span costs a look at what is loaded; the library itself stays unloaded."""
    source = """
import sys
from assistant.observing.spans import question_span, retold, tracer
with question_span("Who?") as span, span.stage("rewrite"):
    span.answered(None)
assert list(retold([1, 2], "Who?")) == [1, 2]
assert tracer() is None
assert not [name for name in sys.modules if name.startswith(("opentelemetry", "llama_index"))]
import opentelemetry.trace
assert tracer() is None
"""
    subprocess.run([sys.executable, "-c", source], check=True, timeout=60)
