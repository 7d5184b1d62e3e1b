"""Traces go where the environment says, and nowhere without a word."""

import subprocess
import sys

import pytest

from assistant.observing.tracing import exporters_of, traced

ENDPOINT = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4317"}


@pytest.mark.parametrize(
    ("environment", "names"),
    [
        ({}, []),
        ({"OTEL_SERVICE_NAME": "ours"}, []),
        ({"OTEL_TRACES_EXPORTER": "none"}, []),
        ({"OTEL_TRACES_EXPORTER": ""}, []),
        (ENDPOINT, ["otlp"]),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:4317"}, ["otlp"]),
        (ENDPOINT | {"OTEL_TRACES_EXPORTER": "none"}, []),
        (ENDPOINT | {"OTEL_SDK_DISABLED": "TRUE"}, []),
        ({"OTEL_TRACES_EXPORTER": "console, otlp,console"}, ["console", "otlp"]),
    ],
    ids=lambda value: ",".join(value) or "nothing",
)
def test_what_turns_traces_on(environment: dict[str, str], names: list[str]) -> None:
    """An exporter, or an address to send to; nothing is sent to where the user sent nothing."""
    assert exporters_of(environment) == names


def test_without_a_word_nothing_is_imported() -> None:
    """Who sets no variable pays for no tracing, not even for its import."""
    source = """
import sys
from assistant.observing.tracing import traced
with traced({}):
    pass
assert not [name for name in sys.modules if name.startswith(("opentelemetry", "llama_index"))]
"""
    subprocess.run([sys.executable, "-c", source], check=True, timeout=60)


def test_an_exporter_that_is_not_there_is_refused_in_one_line() -> None:
    source = """
from assistant.observing.tracing import traced
with traced({"OTEL_TRACES_EXPORTER": "zipkin"}):
    pass
"""
    ended = subprocess.run([sys.executable, "-c", source], check=False, timeout=60, capture_output=True, text=True)
    last = ended.stderr.strip().splitlines()[-1]
    assert last == (
        "assistant.errors.InvalidCall: OTEL_TRACES_EXPORTER asks for 'zipkin', which is not installed: "
        "pip install 'communique[otel]', or set OTEL_TRACES_EXPORTER=none"
    )


@pytest.mark.usefixtures("provided")
def test_a_provider_that_is_there_is_kept() -> None:
    """A program that traces already goes on tracing as it does, after us too."""
    from opentelemetry import trace

    provider = trace.get_tracer_provider()
    with traced({"OTEL_TRACES_EXPORTER": "console"}):
        assert trace.get_tracer_provider() is provider
    assert trace.get_tracer_provider() is provider
