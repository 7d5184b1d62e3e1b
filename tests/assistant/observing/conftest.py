"""What the tests of observing share: a tracer provider whose spans stay in memory, recorded only while a test asks."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, ALWAYS_ON, Sampler, SamplingResult


class Switch(Sampler):
    """Samples everything while it is on: a process has one tracer provider, and other tests are not watched."""

    def __init__(self) -> None:
        self.is_on = False

    def should_sample(self, *arguments: Any, **options: Any) -> SamplingResult:
        return (ALWAYS_ON if self.is_on else ALWAYS_OFF).should_sample(*arguments, **options)

    def get_description(self) -> str:
        return "Switch"


class Spans:
    """The spans that have ended, by the order of their beginnings."""

    def __init__(self, exporter: InMemorySpanExporter) -> None:
        self._exporter = exporter

    def all(self) -> list[ReadableSpan]:
        return sorted(self._exporter.get_finished_spans(), key=lambda span: span.start_time or 0)

    def named(self, name: str) -> ReadableSpan:
        (found,) = (span for span in self.all() if span.name == name)
        return found

    def tree(self) -> list[tuple[str, str | None]]:
        """Each span's name and its parent's."""
        names = {span.context.span_id: span.name for span in self.all() if span.context}
        return [(span.name, names.get(span.parent.span_id) if span.parent else None) for span in self.all()]

    def text(self) -> str:
        """All that was recorded."""
        return "".join(span.to_json() for span in self.all())


@pytest.fixture(scope="session")
def provided() -> tuple[Switch, InMemorySpanExporter]:
    """The tracer provider of this process, and LlamaIndex followed."""
    from assistant.observing.llama_spans import follow_llama_index

    switch, exporter = Switch(), InMemorySpanExporter()
    provider = TracerProvider(sampler=switch, shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    follow_llama_index()
    return switch, exporter


@pytest.fixture
def spans(provided: tuple[Switch, InMemorySpanExporter]) -> Iterator[Spans]:
    """What is recorded while a test runs."""
    switch, exporter = provided
    exporter.clear()
    switch.is_on = True
    yield Spans(exporter)
    switch.is_on = False


def attributes_of(span: ReadableSpan, *names: str) -> Sequence[Any]:
    return [(span.attributes or {}).get(name) for name in names]
