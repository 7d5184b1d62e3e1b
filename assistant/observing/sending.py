"""Spans on their way to a collector that may be away: nobody waits for it, and one line says so.

The SDK's exporters try again for ten seconds, twice at the end, and log each try. Nothing here is imported where no
traces are asked for.
"""

import logging
import threading
from collections.abc import Sequence

from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

PATIENCE_SECONDS = 1.7
_LETTING_GO_SECONDS = 0.3
_EXPORTERS = "opentelemetry.exporter"

logger = logging.getLogger(__name__)


class Sender(SpanExporter):
    """An exporter that says once that spans are lost, and again only after some have come through."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter
        self._is_losing = self._is_sending = False
        self._lock = threading.Lock()
        logging.getLogger(_EXPORTERS).setLevel(logging.CRITICAL)  # this module says it, in one line

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """What became of the spans; an exporter that fails has lost them."""
        self._is_sending = True
        try:
            result = self._exporter.export(spans)
        except Exception as error:  # the edge of a thread of the SDK's, which would log it at length
            self._tell_lost(type(error).__name__)
            return SpanExportResult.FAILURE
        finally:
            self._is_sending = False
        if result is SpanExportResult.SUCCESS:
            with self._lock:
                self._is_losing = False
        else:
            self._tell_lost("the collector does not take them")
        return result

    def shutdown(self) -> None:
        """Lets go of the collector."""
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Whether all that waits was sent."""
        return self._exporter.force_flush(timeout_millis)

    def give_up(self) -> None:
        """Tries no longer to send what is on its way, where something is."""
        if self._is_sending:
            self._tell_lost("the collector does not answer")
            self._exporter.shutdown()

    def _tell_lost(self, why: str) -> None:
        with self._lock:
            is_new, self._is_losing = not self._is_losing, True
        if is_new:
            logger.warning("traces are lost (%s): see that what OTEL_EXPORTER_OTLP_ENDPOINT names can be reached", why)


def end_within(provider: TracerProvider, senders: Sequence[Sender], *, seconds: float = PATIENCE_SECONDS) -> None:
    """Sends what waits, and ends the provider; after so many seconds what has not been sent is given up."""
    ending = threading.Thread(target=provider.shutdown, name="traces", daemon=True)
    ending.start()
    ending.join(seconds)
    if ending.is_alive():
        for sender in senders:
            sender.give_up()
        ending.join(_LETTING_GO_SECONDS)
