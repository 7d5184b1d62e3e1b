"""Spans of what LlamaIndex does, a span each, below whatever is the current one: for the assistant's LLM, and for
programs that use its retriever and its engines.

A call of an LLM or of a retriever has the attributes of the GenAI conventions; a call that streams lasts until the
stream ends or is let go. `spans.py` says when texts are recorded. LlamaIndex itself need not be loaded.
"""

import weakref
from collections.abc import Mapping
from contextlib import suppress
from inspect import BoundArguments, isasyncgen, isgenerator
from threading import Lock
from typing import Any

from llama_index_instrumentation import root_dispatcher
from llama_index_instrumentation.base.event import BaseEvent
from llama_index_instrumentation.event_handlers import BaseEventHandler
from llama_index_instrumentation.span import BaseSpan
from llama_index_instrumentation.span_handlers import BaseSpanHandler
from opentelemetry import context, trace
from pydantic import PrivateAttr

from assistant.observing.spans import fail, may_tell_content, message_json, tracer

_OPERATIONS = {
    **dict.fromkeys(("chat", "achat", "stream_chat", "astream_chat"), "chat"),
    **dict.fromkeys(("complete", "acomplete", "stream_complete", "astream_complete"), "text_completion"),
    **dict.fromkeys(("retrieve", "aretrieve"), "retrieval"),
}
_OF_LLMS = ("chat", "text_completion")
_PROVIDERS = {"OpenAI": "openai", "Anthropic": "anthropic", "Ollama": "ollama"}


def follow_llama_index() -> None:
    """Has every call of LlamaIndex's make a span from now on, in this process; more than once is once."""
    if not any(isinstance(handler, LlamaSpans) for handler in root_dispatcher.span_handlers):
        spans = LlamaSpans()
        root_dispatcher.add_span_handler(spans)
        root_dispatcher.add_event_handler(_Ends(spans))


class Call(BaseSpan):
    """A call that is on: its span, the context that it was made in, and the operation that the conventions name.

    A method that only hands on to that of its parent class is a call too, with the span of the first.
    """

    span: Any
    outer: Any
    operation: str | None
    instance: int
    is_first: bool = True


class LlamaSpans(BaseSpanHandler[Call]):
    """What LlamaIndex tells of its calls as they begin and end. Its errors are swallowed by LlamaIndex."""

    _streams: dict[str, Call] = PrivateAttr(default_factory=dict)
    _guard: Lock = PrivateAttr(default_factory=Lock)

    def new_span(
        self,
        id_: str,
        bound_args: BoundArguments,
        instance: Any = None,
        parent_span_id: str | None = None,
        tags: Mapping[str, Any] | None = None,
        **_: Any,
    ) -> Call | None:
        """The call, with its span begun; None where nobody listens."""
        found, name = tracer(), id_.partition("-")[0]
        if found is None:
            return None
        operation = _operation(name, instance)
        parent = self.open_spans.get(parent_span_id or "")
        if operation and parent and (parent.operation, parent.instance) == (operation, id(instance)):
            return parent.model_copy(update={"id_": id_, "parent_id": parent_span_id, "is_first": False})
        outer = context.get_current()
        span = found.start_span(_title(name, operation, instance), outer, attributes=_told(operation, instance))
        if may_tell_content():
            span.set_attributes(_asked(operation, bound_args))
        context.attach(trace.set_span_in_context(span, outer))
        return Call(
            id_=id_, parent_id=parent_span_id, span=span, outer=outer, operation=operation, instance=id(instance)
        )

    def prepare_to_exit_span(
        self, id_: str, bound_args: BoundArguments, instance: Any = None, result: Any = None, **_: Any
    ) -> Call | None:
        """The call, ended; one whose result streams goes on until that has ended."""
        call = self.open_spans.get(id_)
        if call is None:
            return None
        _leave(call)
        if call.operation in _OF_LLMS and (isgenerator(result) or isasyncgen(result)):
            with self._guard:
                self._streams[id_] = call
            weakref.finalize(result, self.end_stream, id_)
        elif call.is_first:
            _end(call)
        return call

    def prepare_to_drop_span(
        self, id_: str, bound_args: BoundArguments, instance: Any = None, err: BaseException | None = None, **_: Any
    ) -> Call | None:
        """The call, ended and marked as failed."""
        call = self.open_spans.get(id_)
        if call is None:
            return None
        _leave(call)
        if call.is_first:
            fail(call.span, err or RuntimeError())
            _end(call)
        return call

    def call_of(self, id_: str) -> Call | None:
        """The call of an LLM that is on, or whose stream is."""
        return self.open_spans.get(id_) or self._streams.get(id_)

    def end_stream(self, id_: str) -> None:
        """Ends the call whose stream has ended; nothing where it has been ended before."""
        with self._guard:
            call = self._streams.pop(id_, None)
        if call is not None:
            _end(call)


class _Ends(BaseEventHandler):
    """What LlamaIndex tells of an LLM's answers: their tokens, and that a stream is over."""

    _spans: LlamaSpans = PrivateAttr()

    def __init__(self, spans: LlamaSpans) -> None:
        super().__init__()
        self._spans = spans

    def handle(self, event: BaseEvent, **_: Any) -> None:
        """Takes note of the event."""
        kind, call = event.class_name(), self._spans.call_of(event.span_id or "")
        if call is None:
            return
        if kind == "ExceptionEvent":
            error = getattr(event, "exception", RuntimeError())
            if not isinstance(error, GeneratorExit):  # who reads it has let it go
                fail(call.span, error)
            self._spans.end_stream(event.span_id or "")
        elif kind in ("LLMChatEndEvent", "LLMCompletionEndEvent"):
            call.span.set_attributes(_answered(getattr(event, "response", None)))
            self._spans.end_stream(event.span_id or "")


def _leave(call: Call) -> None:
    """Makes the outer span the current one again. A token could not be used: a stream may end on another thread."""
    if call.is_first and trace.get_current_span() is call.span:
        context.attach(call.outer)


def _end(call: Call) -> None:
    """Ends the span, where the method that hands on has not ended it."""
    if call.span.is_recording():
        call.span.end()


def _operation(name: str, instance: Any) -> str | None:
    """The operation of a method, as the conventions name it; None for one that they do not know."""
    operation = _OPERATIONS.get(name.rpartition(".")[2])
    return None if operation in _OF_LLMS and _model(instance) is None else operation


def _model(instance: Any) -> str | None:
    """The name of an LLM's model; None for what is no LLM, such as a chat engine."""
    name = getattr(getattr(instance, "metadata", None), "model_name", None)
    return name if isinstance(name, str) else None


def _title(name: str, operation: str | None, instance: Any) -> str:
    return f"{operation} {_model(instance)}".rstrip() if operation in _OF_LLMS else name


def _told(operation: str | None, instance: Any) -> dict[str, str]:
    if operation is None:
        return {}
    if operation not in _OF_LLMS:
        return {"gen_ai.operation.name": operation}
    kind = type(instance).__name__
    return {
        "gen_ai.operation.name": operation,
        "gen_ai.request.model": _model(instance) or "",
        "gen_ai.provider.name": _PROVIDERS.get(kind, kind.casefold()),
    }


def _asked(operation: str | None, bound_args: BoundArguments) -> dict[str, str]:
    """What was asked of an LLM or a retriever."""
    given = bound_args.arguments
    if operation == "retrieval":
        query = next(iter(given.values()), "")
        return {"gen_ai.retrieval.query.text": str(getattr(query, "query_str", query))}
    if operation == "text_completion":
        return {"gen_ai.input.messages": message_json("user", str(given.get("prompt", "")))}
    if operation == "chat" and given.get("messages"):
        last = given["messages"][-1]
        return {"gen_ai.input.messages": message_json(str(last.role.value), str(last.content))}
    return {}


def _answered(response: Any) -> dict[str, Any]:
    """What may be told of an LLM's answer."""
    attributes: dict[str, Any] = {}
    usage = _part(_part(response, "raw"), "usage")
    names = {"input": ("prompt_tokens", "input_tokens"), "output": ("completion_tokens", "output_tokens")}
    for side, keys in names.items():
        count = next((value for key in keys if isinstance(value := _part(usage, key), int)), None)
        if count is not None:
            attributes[f"gen_ai.usage.{side}_tokens"] = count
    if may_tell_content():
        said = getattr(getattr(response, "message", None), "content", None) or getattr(response, "text", "")
        attributes["gen_ai.output.messages"] = message_json("assistant", str(said or ""))
    return attributes


def _part(thing: object, name: str) -> Any:
    with suppress(AttributeError):
        return thing.get(name) if isinstance(thing, Mapping) else getattr(thing, name)
    return None
