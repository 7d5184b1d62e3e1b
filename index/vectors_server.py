"""Vectors on a Chroma server, for homes that have outgrown one machine: how it is asked, and what may be wrong with it.

Several homes may share a server: the collections of each bear its name. What fails on the way is tried again a few
times, as every call may be; a server that stays away is left alone for some seconds, so that whoever can do without it
does not wait for it with each question. It keeps what Chroma keeps in a folder, no words of documents.
"""

from collections.abc import Callable
from time import monotonic, sleep
from typing import Any, TypeVar
from urllib.parse import urlsplit

from index.errors import VectorStoreError
from index.http_address import http_parts
from index.vectors_folder import HNSW

VARIABLE = "CHROMA_URL"
_PAUSES_SECONDS = (0.1, 0.3, 1.0)
_REST_SECONDS = 5.0
_CONNECT_SECONDS = 5.0
_ANSWER_SECONDS = 60.0
_PASSING = {429, 502, 503, 504}  # what a server, or a proxy before it, says while it is busy or starts
_WHY_CHARS = 200
_AWAY = f"see that it runs and that {VARIABLE} is its address, and try again"
_ANEW = "`communique doctor --repair` makes them anew"
_REFUSED = "it asks for a key: set CHROMA_CLIENT_AUTH_PROVIDER and CHROMA_CLIENT_AUTH_CREDENTIALS, as Chroma has it"
_FAILED = f"see what the server's log says; {_ANEW}, if it has lost them"

_Answer = TypeVar("_Answer")


class VectorsServer:
    """The vectors of one home's indexes on the Chroma server at an address. Any thread may use it."""

    def __init__(
        self, url: str, *, home: str, answer_seconds: float = _ANSWER_SECONDS, rest_seconds: float = _REST_SECONDS
    ) -> None:
        """`home` is what this home is called there; an answer is waited for `answer_seconds`, and after nobody could be
        reached, nobody is asked for `rest_seconds`. Raises `VectorStoreError` for an address that is none.
        """
        self.url = _checked(url)
        self._answer_seconds = answer_seconds
        self._rest_seconds = rest_seconds
        self.prefix = f"communique-{home}-"
        self._client: Any = None
        self._rests_until = 0.0
        self._fault = VectorStoreError("")

    def name(self, generation: int) -> str:
        """What the collection of an index is called."""
        return f"{self.prefix}{generation}"

    def state(self) -> object:
        """The same as long as the same connections are used: whether a collection is still there is found out by asking
        for it.
        """
        return self._client

    def opened(self, name: str, *, again: bool) -> tuple[Any, Any]:
        """The server's client and a collection of it, made where there is none; but `again`, for what was in use
        before, it is never made anew, empty.
        """
        client = self._client = self._client or self.asked(lambda: _connected(self.url, self._answer_seconds))
        if again:
            return client, self.asked(lambda: client.get_collection(name, embedding_function=None))
        return client, self.asked(lambda: client.get_or_create_collection(name, embedding_function=None, metadata=HNSW))

    def asked(self, work: Callable[[], _Answer]) -> _Answer:
        """What the server answers; tried again a few times where it is busy, or there is nobody.

        After that has been in vain, nobody is asked for some seconds, and what was wrong is said again.
        """
        if monotonic() < self._rests_until:
            raise VectorStoreError(str(self._fault), remedy=self._fault.remedy)
        for pause in _PAUSES_SECONDS:
            try:
                return work()
            except Exception as error:  # whatever it was, it is raised again
                if not _is_passing(error):
                    self._rest_after(error)
                    raise
                sleep(pause)
        try:
            return work()
        except Exception as error:
            self._rest_after(error)
            raise

    def close(self) -> None:
        """Lets go of the connections; the next call makes new ones."""
        client, self._client = self._client, None
        if client is not None:
            client.close()
            client._server._session.close()  # which Chroma leaves open

    def is_stale(self, error: Exception) -> bool:
        """Whether what is open is of no use after that error: the collection is gone, or another has its name."""
        from chromadb.errors import NotFoundError

        return isinstance(error, NotFoundError)

    def explained(self, error: Exception) -> VectorStoreError | None:
        """Whatever came of asking as ours, with the remedy: what stands at an address may answer anything."""
        return None if isinstance(error, VectorStoreError) else self._error(error)

    def _error(self, error: Exception) -> VectorStoreError:
        remedy = _remedy(error)
        why = " ".join(str(error).split())[:_WHY_CHARS] or type(error).__name__
        message = f"the vectors on the Chroma server {self.url} cannot be used ({why}): {remedy}"
        return VectorStoreError(message, remedy=remedy)

    def _rest_after(self, error: Exception) -> None:
        """Has nobody asked for some seconds, where nobody answered."""
        if _is_passing(error) or _is_too_late(error):
            self._fault, self._rests_until = self._error(error), monotonic() + self._rest_seconds


def _checked(url: str) -> str:
    """The address without a slash at its end. Raises `VectorStoreError` for what is none, or holds a password."""
    parts = http_parts(url)
    if parts and "@" in parts.netloc:
        raise VectorStoreError(
            f"{VARIABLE} is shown in errors and holds no password: leave it out; {_REFUSED}", remedy=_REFUSED
        )
    if not parts or parts.query or parts.fragment or any(c.isspace() or not c.isprintable() for c in url):
        remedy = f"set {VARIABLE} to http://host:port, or leave it out"
        raise VectorStoreError(f"{VARIABLE} names no Chroma server ({url!r}): {remedy}", remedy=remedy)
    return url.rstrip("/")


def _connected(url: str, answer_seconds: float) -> Any:
    """Chroma's client of the server, which waits for an answer so long and no longer."""
    import chromadb
    import httpx
    from chromadb.config import Settings

    limits = httpx.Timeout(answer_seconds, connect=_CONNECT_SECONDS)
    with httpx.Client(timeout=limits) as first:  # Chroma's own waits for ever while it is being made
        first.get(f"{url}/api/v2/heartbeat")
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    settings = Settings(anonymized_telemetry=False)
    client: Any = chromadb.HttpClient(url, port, ssl=parts.scheme == "https", settings=settings)
    client._server._session.timeout = limits
    client._admin_client._server._session.close()  # a second one, which has done its work
    return client


def _is_passing(error: Exception) -> bool:
    """Whether trying again may help: nobody was reached, or who was says that it is busy."""
    import httpx
    from chromadb.errors import RateLimitError

    said = error.__context__  # Chroma raises a bare `Exception` for what is not its own server's words
    if isinstance(said, httpx.HTTPStatusError):
        return said.response.status_code in _PASSING
    return isinstance(error, RateLimitError) or (isinstance(error, httpx.TransportError) and not _is_too_late(error))


def _is_too_late(error: Exception) -> bool:
    """Whether an answer was waited for in vain, long enough."""
    import httpx

    return isinstance(error, httpx.TimeoutException)


def _remedy(error: Exception) -> str:
    import httpx
    from chromadb.errors import AuthorizationError, ChromaAuthError, NotFoundError

    if isinstance(error, httpx.TransportError) or _is_passing(error):
        return _AWAY
    if isinstance(error, NotFoundError):
        return _ANEW
    return _REFUSED if isinstance(error, AuthorizationError | ChromaAuthError) else _FAILED
