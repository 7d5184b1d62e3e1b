"""How long each stage of an answer took: milliseconds, a stage within a stage counted once, to the inner one."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from time import perf_counter
from typing import TypeVar

Item = TypeVar("Item")
Within = Callable[[str], AbstractContextManager[object]]
"""What a stage happens in, given its name."""


def _nothing(_stage: str) -> AbstractContextManager[object]:
    return nullcontext()


class Clock:
    """Counts time to the stage that is open innermost; none open, to none."""

    def __init__(self, stages: Sequence[str], *, within: Within = _nothing) -> None:
        """`within` is entered whenever a stage opens, and left when it closes, on the same thread."""
        self._within = within
        self._start = self._last = perf_counter()
        self._spent = dict.fromkeys(stages, 0.0)
        self._open: list[str] = []

    @contextmanager
    def timing(self, stage: str) -> Iterator[None]:
        """What happens within is counted to the stage."""
        self._count()
        self._open.append(stage)
        try:
            with self._within(stage):
                yield
        finally:
            self._count()
            self._open.pop()

    def through(self, stage: str, items: Iterable[Item]) -> Iterator[Item]:
        """The items; the time that making them takes is counted to the stage, what is done with them is not."""
        iterator = iter(items)
        while True:
            with self.timing(stage):
                try:
                    item = next(iterator)
                except StopIteration:
                    return
            yield item

    def milliseconds(self) -> dict[str, float]:
        """The stages, and "total" since the clock was made."""
        total = perf_counter() - self._start
        return {stage: round(1000 * spent, 2) for stage, spent in (self._spent | {"total": total}).items()}

    def _count(self) -> None:
        now = perf_counter()
        if self._open:
            self._spent[self._open[-1]] += now - self._last
        self._last = now
