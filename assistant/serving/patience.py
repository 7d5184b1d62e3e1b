"""The protocol of the server with two limits more: how long, and how large, the head of a request may be.

Bodies have theirs in `bodies_read.py`. The time between two requests is the server's own to limit.
"""

import asyncio
from typing import Any

from assistant.serving.limits import Limits


def patient_protocol(limits: Limits) -> type[asyncio.Protocol]:
    """The server's own protocol, which closes a connection whose request has not its whole head in time."""
    from uvicorn.protocols.http.auto import AutoHTTPProtocol

    class PatientProtocol(AutoHTTPProtocol):  # type: ignore[misc, valid-type]
        """One connection."""

        _deadline: asyncio.TimerHandle | None = None
        _head_bytes = 0

        def connection_made(self, transport: Any) -> None:
            """Waits for the first request from now on."""
            super().connection_made(transport)
            self._await_head()

        def data_received(self, data: bytes) -> None:
            """Waits on while it has no request, and no longer once it has one."""
            super().data_received(data)
            if self.cycle is not None and not self.cycle.response_complete:
                self._stop_waiting()
                return
            self._head_bytes += len(data)
            if self._head_bytes > limits.max_head_bytes:
                self.transport.close()
            elif self._deadline is None:
                self._await_head()

        def connection_lost(self, exc: Exception | None) -> None:
            """Waits for nothing any more."""
            self._stop_waiting()
            super().connection_lost(exc)

        def _await_head(self) -> None:
            self._deadline = self.loop.call_later(limits.head_seconds, self.transport.close)

        def _stop_waiting(self) -> None:
            self._head_bytes = 0
            if self._deadline is not None:
                self._deadline.cancel()
                self._deadline = None

    return PatientProtocol
