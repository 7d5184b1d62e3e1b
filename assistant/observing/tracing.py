"""Traces, sent where the standard `OTEL_*` variables say; without one of them, nothing is imported and nothing sent.

`OTEL_TRACES_EXPORTER` (`otlp`, `console`, any that is installed; several with commas) or an `OTEL_EXPORTER_OTLP_…`
address turns them on, `OTEL_SDK_DISABLED` off. All else is the SDK's to read: address and headers, sampling, the
service's name. A program that has set a tracer provider of its own keeps it. What a span says is in `spans.py`, how it
is sent in `sending.py`.
"""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import entry_points, version
from typing import TYPE_CHECKING, Any

from assistant.errors import InvalidCall

if TYPE_CHECKING:
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace.export import SpanExporter

EXPORTER = "OTEL_TRACES_EXPORTER"
ADDRESSES = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
_GROUP = "opentelemetry_traces_exporter"
_NONE = "none"


@contextmanager
def traced(environment: Mapping[str, str] = os.environ) -> Iterator[None]:
    """While this lasts spans are made, where the environment says so; at the end those that wait are sent, as far as
    their collector takes them within two seconds.

    Raises `InvalidCall` for an exporter that is not installed.
    """
    names = exporters_of(environment)
    end = _provided(names, environment) if names else None
    try:
        yield
    finally:
        if end is not None:
            end()


def exporters_of(environment: Mapping[str, str]) -> list[str]:
    """The names of the exporters that the environment asks for.

    >>> exporters_of({}), exporters_of({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4317"})
    ([], ['otlp'])
    """
    if environment.get("OTEL_SDK_DISABLED", "").strip().casefold() == "true":
        return []
    default = "otlp" if any(environment.get(name) for name in ADDRESSES) else _NONE
    names = [name.strip() for name in (environment.get(EXPORTER) or default).split(",")]
    return [name for name in dict.fromkeys(names) if name and name != _NONE]


def collector_of(environment: Mapping[str, str]) -> str | None:
    """The address that traces are sent to; None where none are, or only shown.

    >>> collector_of({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://otel.example.org:4317"})
    'http://otel.example.org:4317'
    """
    names = [name for name in exporters_of(environment) if name != "console"]
    given = next((environment[name] for name in ADDRESSES if environment.get(name)), "localhost")
    return given if names else None


def _provided(names: list[str], environment: Mapping[str, str]) -> Callable[[], None] | None:
    """Sets the tracer provider of this process, and returns what ends it; None where it has one already, which is left
    as it is.
    """
    try:
        from opentelemetry import trace
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise InvalidCall(_missing(names[0])) from error
    from assistant.observing.llama_spans import follow_llama_index
    from assistant.observing.sending import Sender, end_within

    follow_llama_index()
    if not isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider):
        return None
    senders = [Sender(_exporter(name, environment)) for name in names]
    provider = TracerProvider(resource=_resource(), shutdown_on_exit=False)
    for sender in senders:
        provider.add_span_processor(BatchSpanProcessor(sender))
    trace.set_tracer_provider(provider)
    return lambda: end_within(provider, senders)


def _exporter(name: str, environment: Mapping[str, str]) -> "SpanExporter":
    if name == "console":
        from opentelemetry.sdk.trace.export import ConsoleSpanExporter

        return ConsoleSpanExporter(out=sys.stderr)  # stdout carries only results
    if name == "otlp":
        protocol = next((environment[each] for each in _PROTOCOLS if environment.get(each)), "grpc")
        name = "otlp_proto_http" if protocol.startswith("http") else "otlp_proto_grpc"
    found = list(entry_points(group=_GROUP, name=name))
    if not found:
        raise InvalidCall(_missing(name))
    made: Any = found[0].load()
    exporter: SpanExporter = made()
    return exporter


def _resource() -> "Resource":
    """What the environment says of this process; its name is ours where none is given."""
    from opentelemetry.sdk.resources import Resource

    found = Resource.create({"service.version": version("communique")})
    is_named = not str(found.attributes.get("service.name", "unknown_service")).startswith("unknown_service")
    return found if is_named else found.merge(Resource({"service.name": "communique"}))


def _missing(name: str) -> str:
    return (
        f"{EXPORTER} asks for {name[:80]!r}, which is not installed: "
        f"pip install 'communique[otel]', or set {EXPORTER}=none"
    )
