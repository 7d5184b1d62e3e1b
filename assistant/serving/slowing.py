"""Attempts that failed, and how long whoever made them has to wait before the next; what is remembered is bounded.

It knows neither passwords nor addresses: a key is any text.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

_QUIET_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class _Failures:
    """How often in a row, when last, and until when nothing is tried."""

    num: int
    last: float
    until: float


class Slowing:
    """The delays of one kind of key: none for the first `num_free` failures, then a second, two, … `most_seconds`.

    A key that was quiet for an hour begins anew. Of more keys than `max_keys` those are forgotten that failed longest
    ago. `clock` gives seconds that only grow.
    """

    def __init__(
        self,
        *,
        num_free: int = 5,
        most_seconds: float = 900.0,
        max_keys: int = 10_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._num_free = num_free
        self._most_seconds = most_seconds
        self._max_keys = max_keys
        self._clock = clock
        self._failures: OrderedDict[str, _Failures] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, key: str) -> float:
        """The seconds for which nothing by this key is tried; 0 when it may be."""
        with self._lock:
            found = self._failures.get(key)
            return max(0.0, found.until - self._clock()) if found else 0.0

    def failed(self, key: str) -> None:
        """Counts a failure. Called before the attempt, and taken back after it, it holds for attempts at once too."""
        with self._lock:
            now, found = self._clock(), self._failures.pop(key, None)
            num = found.num + 1 if found and now - found.last < _QUIET_SECONDS else 1
            excess = num - self._num_free
            delay = min(self._most_seconds, 2.0 ** min(excess - 1, 60)) if excess > 0 else 0.0
            self._failures[key] = _Failures(num, now, now + delay)
            while len(self._failures) > self._max_keys:
                self._failures.popitem(last=False)

    def forgive(self, key: str) -> None:
        """Takes back one failure, which was none."""
        with self._lock:
            found = self._failures.get(key)
            if found:
                self._failures[key] = _Failures(found.num - 1, found.last, self._clock())

    def succeeded(self, key: str) -> None:
        """Forgets the failures of a key."""
        with self._lock:
            self._failures.pop(key, None)

    def __len__(self) -> int:
        return len(self._failures)
