"""What keeps a home's database, a file or a server: the interface of both, and their errors said in our words."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from types import TracebackType
from typing import Any, Protocol

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from corpus.errors import HomeError


class Lock(Protocol):
    """What one thread of all programs on a home holds; it may take it again, and then lets go as often."""

    def acquire(self, timeout: float | None = None) -> AbstractContextManager[object]:
        """Takes it, and gives what lets go of it. Raises `filelock.Timeout` after so many seconds."""

    def __enter__(self) -> object:
        """Takes it, however long that lasts."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        """Lets go of it."""


class Store(ABC):
    """A file or a server; `place` is what it is called in errors, `lock` is held by whoever writes passages."""

    lock: Lock

    def __init__(self, engine: Engine, place: str) -> None:
        self.engine = engine
        self.place = place
        self._beside: list[Callable[[], None]] = []

    @abstractmethod
    def prepare(self) -> None:
        """Makes what must be there before anything is asked."""

    @abstractmethod
    def connected(self, **options: Any) -> Connection:
        """A connection with these options of execution; `writing` is one of ours."""

    @abstractmethod
    def version(self, connection: Connection) -> int:
        """The number of the schema that is there; 0 where there is none."""

    @abstractmethod
    def set_version(self, connection: Connection, number: int) -> None:
        """Writes down the number of the schema."""

    @abstractmethod
    def remedy(self, error: DBAPIError) -> tuple[str, str] | None:
        """What is wrong with the file or the server, and what helps; None where a statement is at fault."""

    def said(self, error: DBAPIError) -> str:
        """What the driver said, on one line."""
        return str(error.orig)

    def close(self) -> None:
        """Lets go of it; whoever uses it next opens it anew."""
        for let_go in self._beside:
            let_go()
        self.engine.dispose()

    def close_with(self, let_go: Callable[[], None]) -> None:
        """Has `let_go` called whenever this is let go of, by whoever keeps a connection of their own."""
        self._beside.append(let_go)

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Errors about the file or the server as ours, with the remedy; others are errors of a statement, and ours
        alone.

        It is opened anew after one: what was read of it while it could not be used is not relied on.
        """
        try:
            yield
        except DBAPIError as error:
            found = self.remedy(error)
            if found is None:
                raise
            self.close()
            what, remedy = found
            raise HomeError(f"the database of {self.place} {what} ({self.said(error)}): {remedy}") from error
