"""What LlamaIndex does is in the trace: the assistant's LLM below its stage, and our retriever in others' engines."""

import gc
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from assistant.answering import answer
from assistant.conversation import Message
from assistant.home import Home
from assistant.observing.spans import CONTENT
from assistant.sources import Sources
from assistant.writing.loading import load_llm
from tests.assistant.observing.conftest import Spans, attributes_of
from tests.fakes_llm import Script, serving

QUESTION = "Who runs the Harbour Compact?"
WRITTEN = ["The Tide Office in Port Elin ", "runs the Harbour Compact."]

pytestmark = pytest.mark.slow  # importing LlamaIndex takes longer than all of these


def written_by(url: str, home: Home, certain: Callable[[Home], Sources], **options: Any) -> Any:
    sources = replace(certain(home), writer=load_llm(f"server:scripted@{url}"))
    return answer(QUESTION, sources, **options)


def test_an_llm_is_a_span_below_the_stage_that_asks_it(
    coast: Home, certain: Callable[[Home], Sources], spans: Spans
) -> None:
    """As long as it writes, with model and tokens; and no words."""
    with serving(Script(pieces=WRITTEN, chunk_seconds=0.05)) as server:
        written_by(server.url, coast, certain, history=[Message("user", "What is the compact?")])
    calls = [(name, parent) for name, parent in spans.tree() if name.startswith("chat")]
    assert calls == [("chat scripted", "rewrite"), ("chat scripted", "write")]
    call = [span for span in spans.all() if span.name == "chat scripted"][-1]
    assert dict(call.attributes or {}) == {
        "gen_ai.operation.name": "chat",
        "gen_ai.request.model": "scripted",
        "gen_ai.provider.name": "openailike",
        "gen_ai.usage.input_tokens": 11,
        "gen_ai.usage.output_tokens": 5,
    }
    assert call.end_time - call.start_time >= 0.1e9  # type: ignore[operator]
    assert not [word for word in ("Harbour", "Tide", "compact?") if word in spans.text()]


def test_words_of_an_llm_are_recorded_where_the_environment_says_so(
    coast: Home, certain: Callable[[Home], Sources], spans: Spans, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(CONTENT, "true")
    with serving(Script(pieces=WRITTEN)) as server:
        written_by(server.url, coast, certain)
    asked, said = attributes_of(spans.named("chat scripted"), "gen_ai.input.messages", "gen_ai.output.messages")
    assert QUESTION in asked
    assert "".join(WRITTEN) in said


def test_an_llm_that_fails_is_a_failed_span_that_ends(
    coast: Home, certain: Callable[[Home], Sources], spans: Spans
) -> None:
    """Whether it answers with an error or breaks off; what the error says is not repeated."""
    for script in (Script(raw=b"Zorblax", status=500), Script(pieces=WRITTEN, cut_after=1, resets=True)):
        with serving(script) as server:
            assert written_by(server.url, coast, certain).notes
    gc.collect()
    calls = [span for span in spans.all() if span.name == "chat scripted"]
    assert [call.status.status_code.name for call in calls] == ["ERROR", "ERROR"]
    assert "Zorblax" not in spans.text()


def test_a_query_engine_over_our_retriever_makes_spans(coast: Home, spans: Spans) -> None:
    """LlamaIndex's own engine, with its own fake of an LLM: retrieval and completion below the query."""
    from llama_index.core.llms import MockLLM
    from llama_index.core.query_engine import RetrieverQueryEngine

    from index.llama import CommuniqueRetriever

    retriever = CommuniqueRetriever(coast.sources.retriever, k=2)
    engine = RetrieverQueryEngine.from_args(retriever, llm=MockLLM(max_tokens=5))
    assert str(engine.query(QUESTION)) == "text text text text text"
    tree = dict(spans.tree())
    assert tree["RetrieverQueryEngine.query"] is None
    assert tree["CommuniqueRetriever.retrieve"] == "RetrieverQueryEngine._query"
    assert tree["text_completion unknown"] == "MockLLM.predict"
    assert attributes_of(spans.named("CommuniqueRetriever.retrieve"), "gen_ai.operation.name") == ["retrieval"]
    assert QUESTION not in spans.text()


def test_our_query_engine_has_the_question_below_it(coast: Home, spans: Spans) -> None:
    """And once it has answered, what follows is not below it any more."""
    from assistant import Assistant
    from assistant.llama import CommuniqueQueryEngine

    assistant = Assistant(coast)
    CommuniqueQueryEngine(assistant).query(QUESTION)
    assistant.ask(QUESTION)
    assert [parent for name, parent in spans.tree() if name == "question"] == ["CommuniqueQueryEngine._query", None]


@pytest.mark.parametrize("num_read", [0, 1])
def test_a_stream_that_is_let_go_ends_its_span(coast: Home, spans: Spans, num_read: int) -> None:
    """Whether anything was read of it or not; it has not failed."""
    from llama_index.core.llms import MockLLM

    stream = MockLLM(max_tokens=5).stream_complete("Who?")
    for _ in range(num_read):
        next(stream)
    assert spans.all() == []
    del stream
    gc.collect()
    call = spans.named("text_completion unknown")
    assert call.status.status_code.name == "UNSET"
