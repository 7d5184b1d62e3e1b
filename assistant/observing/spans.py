"""The spans of a question and of its stages, for OpenTelemetry: `question`, and below it `rewrite`, `retrieve`,
`evidence`, `write`, `verify`.

A stage is one span, from its first beginning to its last end; the seconds that it worked are an attribute, since an LLM
writes while its sentences are checked. Where nobody has set a tracer provider (`tracing.py` does, or a program that
uses this package), nothing is imported and nothing recorded. Names of attributes are those of the GenAI conventions [1]
where there is one. Questions and answers are recorded only where `OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT`
says so.

[1] OpenTelemetry, "Semantic conventions for generative AI systems", https://opentelemetry.io/docs/specs/semconv/gen-ai/
"""

import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any, Protocol

from assistant.answer import Answer
from assistant.events import Done, Event
from assistant.observing.outcomes import FAILED, LEFT, outcome_of

if TYPE_CHECKING:
    from opentelemetry.trace import Span, Tracer

NAME = "communique"
CONTENT = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"
_ON = ("true", "1", "span_only", "span_and_event")


class QuestionSpan(Protocol):
    """Where a question's stages and its answer are told."""

    def stage(self, name: str) -> AbstractContextManager[object]:
        """Something within which the stage happens, as often as it goes on, on one thread each time."""

    def answered(self, answer: Answer) -> None:
        """Takes down what may be told of the answer."""


def tracer() -> "Tracer | None":
    """What makes spans; None where nobody listens. Imports nothing: who listens has imported the API already."""
    api = sys.modules.get("opentelemetry.trace")
    if api is None or isinstance(api.get_tracer_provider(), api.ProxyTracerProvider):
        return None
    found: Tracer = api.get_tracer(NAME)
    return found


def may_tell_content() -> bool:
    """Whether spans may hold what was asked, answered and written."""
    return os.environ.get(CONTENT, "").strip().casefold() in _ON


def question_span(question: str) -> AbstractContextManager[QuestionSpan]:
    """The span of a question while this lasts; no span where nobody listens.

    It may last over the steps of a generator: only its stages become the current span.
    """
    found = tracer()
    return nullcontext(_Untold()) if found is None else _telling(_Told(found, question))


def retold(events: Sequence[Event], question: str) -> Iterator[Event]:
    """The events of an answer that another process gave, with the spans that it would have had here.

    They end now; the stages are laid one behind the other, as long as they took.
    """
    found = tracer()
    done = next((event.answer for event in events if isinstance(event, Done)), None)
    if found is not None and done is not None:
        begin = time.time_ns() - round(done.timings_ms.get("total", 0.0) * 1e6)
        with _telling(_Told(found, question, begin)) as told:
            told.lay(done, begin)
            told.answered(done)
    yield from events


class _Untold:
    """A question that nobody watches."""

    def stage(self, _name: str) -> AbstractContextManager[object]:
        """Nothing."""
        return nullcontext()

    def answered(self, _answer: Answer) -> None:
        """Nothing."""


class _Told:
    """A question's span and those of its stages."""

    def __init__(self, tracer_: "Tracer", question: str, begin: int | None = None) -> None:
        """`begin` is when, in nanoseconds since 1970; None is now."""
        from opentelemetry import trace

        self._tracer = tracer_
        self.span = tracer_.start_span("question", attributes=_of_question(question), start_time=begin)
        self._context = trace.set_span_in_context(self.span)
        self._stages: dict[str, Span] = {}
        self._ends: dict[str, int] = {}
        self.has_answer = False

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """The stage's span as the current one."""
        from opentelemetry import context, trace

        span = self._stages.get(name) or self._begin(name)
        token = context.attach(trace.set_span_in_context(span, self._context))
        try:
            yield
        except Exception as error:
            fail(span, error)
            raise
        finally:
            context.detach(token)
            self._ends[name] = time.time_ns()

    def lay(self, answer: Answer, begin: int) -> None:
        """Makes the spans of stages that were over when they were heard of, the first from `begin` on."""
        for stage, milliseconds in answer.timings_ms.items():
            if stage != "total":
                self._begin(stage, begin)
                begin += round(milliseconds * 1e6)
                self._ends[stage] = begin

    def answered(self, answer: Answer) -> None:
        """Takes down kind, outcome and sizes, and of each stage the seconds that it worked."""
        told, self.has_answer = outcome_of(answer), True
        self.span.set_attributes(
            {
                "communique.kind": told.kind,
                "communique.outcome": told.outcome,
                "communique.written_by_llm": told.has_llm_written,
                "communique.claims": told.num_supported + told.num_partly,
                "communique.claims.dropped": told.num_dropped,
                "communique.citations": told.num_citations,
            }
        )
        if may_tell_content():
            said = answer.refusal.message if answer.refusal else answer.text
            self.span.set_attribute("gen_ai.output.messages", message_json("assistant", said))
        sizes = {"retrieve": ("communique.hits", told.num_hits), "evidence": ("communique.evidence", told.num_evidence)}
        for name, span in self._stages.items():
            span.set_attribute("communique.seconds", round((told.stage_seconds or {}).get(name, 0.0), 6))
            if name in sizes:
                span.set_attribute(*sizes[name])
            if name == "retrieve" and may_tell_content():
                span.set_attribute("gen_ai.retrieval.query.text", answer.standalone_question)

    def end(self) -> None:
        """Ends the stages, each when it last ended, and the question."""
        for name, span in self._stages.items():
            span.end(self._ends.get(name))
        self.span.end()

    def _begin(self, name: str, begin: int | None = None) -> "Span":
        attributes = {"gen_ai.operation.name": "retrieval"} if name == "retrieve" else {}
        span = self._tracer.start_span(name, self._context, attributes=attributes, start_time=begin)
        self._stages[name] = span
        return span


@contextmanager
def _telling(told: _Told) -> Iterator[_Told]:
    """The spans, ended whatever happens, and told why where no answer came."""
    try:
        yield told
    except GeneratorExit:  # nobody takes the next step
        if not told.has_answer:
            told.span.set_attribute("communique.outcome", LEFT)
        raise
    except BaseException as error:
        told.span.set_attribute("communique.outcome", FAILED)
        fail(told.span, error)
        raise
    finally:
        told.end()


def fail(span: "Span", error: BaseException) -> None:
    """Marks a span as failed, by the kind of the error: what it says may hold anybody's words."""
    from opentelemetry.trace import StatusCode

    span.set_attribute("error.type", type(error).__qualname__)
    span.set_status(StatusCode.ERROR)


def _of_question(question: str) -> dict[str, Any]:
    attributes = {"gen_ai.operation.name": "invoke_workflow", "gen_ai.workflow.name": NAME}
    return attributes | ({"gen_ai.input.messages": message_json("user", question)} if may_tell_content() else {})


def message_json(role: str, content: str) -> str:
    """A message as the conventions write it.

    >>> message_json("user", "Who?")
    '[{"role": "user", "parts": [{"type": "text", "content": "Who?"}]}]'
    """
    return json.dumps([{"role": role, "parts": [{"type": "text", "content": content}]}], ensure_ascii=False)
