"""How the requests of a reader who has gone are ended: an LLM may write for minutes, and nobody reads it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock


class Leaving:
    """Whether a reader has left, and whom that ends. Any thread may say so."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._ends: list[Callable[[], None]] = []
        self.has_left = False

    def leave(self) -> None:
        """Ends what is under way, and at once whatever is begun later."""
        with self._lock:
            self.has_left = True
            ends = list(self._ends)
        for end in ends:
            end()

    @contextmanager
    def ending(self, end: Callable[[], None]) -> Iterator[None]:
        """While this lasts, leaving calls `end`, which only says so and waits for nothing."""
        with self._lock:
            self._ends.append(end)
            has_left = self.has_left
        if has_left:
            end()
        try:
            yield
        finally:
            with self._lock:
                self._ends.remove(end)
