"""An LLM's answer as a stream of text that ends in time, or fails with a reason that a reader understands.

A thread reads the LLM's stream, so that a deadline holds whatever the LLM's own client does. Closing the stream shuts
its socket, and a server that dies is noticed as its socket closes. Nothing is asked twice. What an error says is never
repeated, since it may hold a key; what kind of error it is, is.
"""

import logging
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextvars import copy_context
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Event, Thread
from time import monotonic
from typing import Any

from assistant.writing.leaving import Leaving
from assistant.writing.llm import Connection, messages
from assistant.writing.request import Limits, Request, Usage, WriterFailed
from assistant.writing.wire import Call, NotAnLlm

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _End:
    """The stream ended as it should, for the reason that it gives."""

    ending: str
    usage: Usage | None


Queue = SimpleQueue[str | BaseException | _End]

_WITHHELD = frozenset({"content_filter", "refusal"})
_STATUS_REASONS = {
    401: "the LLM's service did not take the key (401)",
    403: "the LLM's service did not take the key (403)",
    404: "the LLM's server does not know the model {model!r} (404)",
    429: "the LLM's service has reached its limit (429)",
}


def stream(
    connection: Connection,
    request: Request,
    limits: Limits,
    *,
    grammar: str | None = None,
    leaving: Leaving | None = None,
) -> Generator[str]:
    """The text that the LLM writes, as it comes; `request` is filled in on the way.

    Closing the iterator closes the LLM's connection at once. Raises `WriterFailed`, also as soon as the reader leaves.
    """
    reading = _Reading(connection, request, limits.max_tokens, grammar)
    started = monotonic()
    Thread(target=copy_context().run, args=(reading.run,), name="llm", daemon=True).start()  # its span has a parent
    left = WriterFailed("nobody waits for the LLM's answer any more")
    try:
        with (leaving or Leaving()).ending(lambda: reading.queue.put(left)):
            yield from _in_time(reading.queue, request, limits, connection)
    except WriterFailed as failure:
        request.failure = failure.reason
        raise
    finally:
        request.seconds = round(monotonic() - started, 3)
        reading.stop()


class _Reading:
    """One reading of an LLM's stream, in a thread: pieces of text into `queue`, then how it ended."""

    def __init__(self, connection: Connection, request: Request, max_tokens: int, grammar: str | None) -> None:
        self.queue: Queue = SimpleQueue()
        self._connection = connection
        self._prompt = request.prompt
        self._options = connection.options(max_tokens, grammar)
        self._stopped = Event()
        self._call = Call()

    def stop(self) -> None:
        """Ends the reading and closes its connection, whatever it is waiting for."""
        self._stopped.set()
        self._call.cut()

    def run(self) -> None:
        """Reads until the stream ends, breaks, or is stopped."""
        try:
            end = self._read()
            if end.ending in _WITHHELD:
                raise WriterFailed("the LLM's service withheld the answer")
            if self._connection.tells_end and not end.ending and not self._call.saw_end:
                raise CutStream
            self.queue.put(end)
        except BaseException as error:  # the edge of a thread: its owner is told
            if not self._stopped.is_set():
                logger.warning("the LLM %s failed: %s", self._connection.model, type(error).__name__)
            self.queue.put(error)
        finally:
            self._call.close()

    def _read(self) -> _End:
        ending, usage = "", None
        with self._connection.binding(self._call):
            pieces = self._connection.llm.stream_chat(messages(self._prompt), **self._options)
            for piece in pieces:
                if self._stopped.is_set():
                    break
                ending = _ending(piece.raw) or ending
                usage = _usage(piece) or usage
                self.queue.put(piece.delta or "")
            if hasattr(pieces, "close"):
                pieces.close()
        return _End(ending, usage)


class CutStream(Exception):
    """The stream ended before the answer did."""


def _in_time(queue: Queue, request: Request, limits: Limits, connection: Connection) -> Generator[str]:
    """The pieces in the queue, each within its deadline; the first one's is longer, and thoughts count as a sign of
    life.
    """
    end = monotonic() + limits.total_seconds
    patience = limits.first_token_seconds
    while True:
        try:
            item = queue.get(timeout=max(0.0, min(patience, end - monotonic())))
        except Empty:
            raise WriterFailed(_lateness(request, limits, patience, is_over=monotonic() >= end)) from None
        if isinstance(item, _End):
            request.ending, request.usage = item.ending, item.usage
            return
        if isinstance(item, BaseException):
            raise WriterFailed(_reason(item, connection, has_begun=bool(request.output))) from None
        if item:
            request.output += item
            patience = limits.between_tokens_seconds
            yield item
        if monotonic() >= end:
            raise WriterFailed(_lateness(request, limits, patience, is_over=True))


def _lateness(request: Request, limits: Limits, patience: float, *, is_over: bool) -> str:
    if not request.output:
        return f"the LLM did not answer within {min(limits.total_seconds, patience):g} s"
    if is_over:
        return f"the LLM did not finish within {limits.total_seconds:g} s"
    return f"the LLM stopped in the middle of its answer: nothing came for {patience:g} s"


def _reason(error: BaseException, connection: Connection, *, has_begun: bool) -> str:
    """Why an LLM failed, in the reader's words, from the kinds of the errors that led to each other."""
    chain = list(_chain(error))
    for cause in chain:
        if isinstance(cause, WriterFailed):
            return cause.reason
        if isinstance(cause, NotAnLlm):
            return f"what answers at {connection.place} is no LLM server: {cause}"
    status = next((s for cause in chain if isinstance(s := getattr(cause, "status_code", None), int) and s > 0), None)
    if status is not None:
        return _STATUS_REASONS.get(status, f"the LLM answered with an error ({status})").format(model=connection.model)
    return "the LLM's answer broke off" if has_begun else _reason_before_answer(chain, connection)


def _reason_before_answer(chain: Sequence[BaseException], connection: Connection) -> str:
    import httpx

    if any(isinstance(cause, httpx.ConnectError | httpx.ConnectTimeout | ConnectionRefusedError) for cause in chain):
        return f"the LLM cannot be reached at {connection.place}"
    if any(isinstance(cause, httpx.TransportError | CutStream | ConnectionError) for cause in chain):
        return "the LLM broke off before it answered"
    if any(isinstance(cause, ValueError) for cause in chain):
        return f"what answers at {connection.place} does not speak an LLM's protocol"
    return f"the LLM failed ({type(chain[0]).__name__})"


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        yield cause
        cause = cause.__cause__ or cause.__context__


def _part(thing: object, name: str) -> Any:
    return thing.get(name) if isinstance(thing, Mapping) else getattr(thing, name, None)


def _ending(raw: object) -> str:
    """Why the LLM stopped, where this piece of its stream says so."""
    choices = _part(raw, "choices")
    if choices:
        return str(_part(choices[0], "finish_reason") or "")
    if _part(raw, "done") is True:
        return str(_part(raw, "done_reason") or "stop")
    return str(_part(_part(raw, "delta"), "stop_reason") or "")


def _usage(response: object) -> Usage | None:
    usage = _part(_part(response, "raw"), "usage")
    sent = _part(usage, "prompt_tokens")
    written = _part(usage, "completion_tokens")
    return Usage(sent, written) if isinstance(sent, int) and isinstance(written, int) else None
