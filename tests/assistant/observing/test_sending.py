"""A collector that cannot be reached costs two seconds and one line, and nothing else."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence

import pytest

pytest.importorskip("opentelemetry.exporter.otlp.proto.grpc")

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

from assistant.observing.sending import Sender

TRACED = """
import time
from assistant.observing.tracing import traced
with traced():
    from opentelemetry import trace
    with trace.get_tracer("ours").start_as_current_span("question"):
        pass
    time.sleep(BEFORE)
    ending = time.monotonic()
print(time.monotonic() - ending)
"""


@pytest.fixture(params=["nobody listens", "nobody answers"])
def address(request: pytest.FixtureRequest) -> Iterator[str]:
    """An address of this machine at which no collector is."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        if request.param == "nobody answers":
            listener.listen()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.mark.slow
@pytest.mark.parametrize("seconds_before", [0, 6], ids=["at once", "while it is tried"])
def test_a_collector_that_is_away_is_not_waited_for(address: str, seconds_before: int) -> None:
    """The end takes two seconds, where the SDK took up to twenty; one line on stderr says that traces are lost."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OTEL_")}
    ended = subprocess.run(
        [sys.executable, "-c", TRACED.replace("BEFORE", str(seconds_before))],
        check=True,
        timeout=120,
        capture_output=True,
        text=True,
        env=environment | {"OTEL_EXPORTER_OTLP_ENDPOINT": address},
    )
    assert float(ended.stdout) < 4.0
    (line,) = ended.stderr.splitlines()
    assert line.startswith("traces are lost (the collector does not ")
    assert line.endswith("see that what OTEL_EXPORTER_OTLP_ENDPOINT names can be reached")


class Scripted(SpanExporter):
    """An exporter that does what it is told, one after the other."""

    def __init__(self, *results: SpanExportResult | Exception) -> None:
        self._results = list(results)

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        result = self._results.pop(0)
        if isinstance(result, Exception):
            raise result
        return result


def test_each_outage_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    """A server whose collector is away for a day has a line of it, and another when it is away again."""
    lost, sent = SpanExportResult.FAILURE, SpanExportResult.SUCCESS
    sender = Sender(Scripted(lost, OSError("away"), lost, sent, OSError("away"), lost))
    assert [sender.export([]) for _ in range(6)] == [lost, lost, lost, sent, lost, lost]
    assert [record.message.partition(":")[0] for record in caplog.records] == [
        "traces are lost (the collector does not take them)",
        "traces are lost (OSError)",
    ]
