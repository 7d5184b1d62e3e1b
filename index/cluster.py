"""A Ray cluster that reads files and embeds documents: what `communique add --ray ADDRESS` does.

The machine that adds is the only one that writes. Files travel to the nodes as bytes, and are read there by child
processes as they are here; documents that were cut travel to actors that hold the embedder. A worker that is lost costs
a retry. So many files are under way, and so many bytes of them, that memory is bounded by them and not by the folder.

The nodes need this program with the same models, and are trusted: Ray asks nobody who they are.
"""

import logging
import os
import socket
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Self

from corpus.document import Document
from corpus.errors import UnreadableFile
from corpus.inputs import READERS_VERSION
from corpus.reading.files import FetchedFile, File, content_of
from corpus.reading.isolation import borrowed_pool
from corpus.reading.parsing import Event, Met, Refused
from corpus.reading.wire import decoded, encoded
from index.chunking import Cut
from index.embedded import Embedded, embed
from index.embedding import Encoder, shared_encoder
from index.errors import ClusterError
from index.manifest import current_manifest

if TYPE_CHECKING:
    from types import ModuleType

THIS_MACHINE = "local"
BATCH_SEGMENTS = 256
"""So many segments go to each actor at once."""
_MAX_BYTES = 256 * 1024 * 1024
_FILES_A_CORE = 4
_CORES = 0.5  # a task's and an actor's: neither keeps the other from a core
_RETRIES = 5
_SILENT_SECONDS = 600
_CONNECT_SECONDS = 10


class Cluster:
    """A connection to a cluster: `read` in place of `ParserPool.read`, `embed` in place of `index.embedded.embed`."""

    def __init__(self, address: str, load_encoder: Callable[[], Encoder]) -> None:
        """Connects to "HOST:PORT", "ray://HOST:PORT" or "auto"; "local" starts a cluster on this machine for as long.

        Raises `ClusterError` where there is none, or its nodes have another version or cannot load the embedder.
        """
        self._ray = _connected(address)
        try:
            encoder = load_encoder()
            self._num_cores = max(int(self._ray.cluster_resources().get("CPU", 1)), 1)
            self._read = self._ray.remote(num_cpus=_CORES, max_retries=_RETRIES)(_read)
            actor = self._ray.remote(num_cpus=_CORES, max_restarts=-1, max_task_retries=_RETRIES)(_Embedder)
            self._embedders = [actor.remote(encoder.name) for _ in range(self._num_cores)]
            self._check(encoder)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def batch_segments(self) -> int:
        """How many segments keep all actors busy."""
        return BATCH_SEGMENTS * self._num_cores

    def close(self) -> None:
        """Lets go of the cluster, and ends one that was started for this."""
        self._ray.shutdown()

    def read(self, files: Iterable[File]) -> Iterator[tuple[File, Iterator[Event]]]:
        """Each file, in order, with what is in it. Raises `ClusterError` when the cluster is gone."""
        begun, num_bytes = deque[tuple[File, int, Any]](), 0
        left = iter(files)
        found = next(left, None)
        while found or begun:
            while found and len(begun) < _FILES_A_CORE * self._num_cores and (not begun or num_bytes < _MAX_BYTES):
                begun.append((found, *self._begin(found)))
                num_bytes += begun[-1][1]
                found = next(left, None)
            first, size, events = begun.popleft()
            num_bytes -= size
            yield first, iter(events if isinstance(events, list) else self._events(first, events))

    def embed(self, items: Sequence[tuple[Document, Cut]]) -> list[Embedded]:
        """The vectors of each document, in order; every actor takes a stretch of about as many segments.

        Raises `ClusterError` when the cluster is gone.
        """
        stretches = _stretches(items, len(self._embedders))
        asked = [
            embedder.embed.remote(some) for embedder, some in zip(self._embedders, stretches, strict=False) if some
        ]
        return [embedded for some in self._get(asked) for embedded in some]

    def _check(self, encoder: Encoder) -> None:
        found = self._get([embedder.about.remote() for embedder in self._embedders])
        if any(other != _about(encoder) for other in found):
            raise ClusterError("a node of the cluster has another version of Communiqué, or another embedder")

    def _begin(self, found: File) -> tuple[int, Any]:
        """How many bytes are under way for a file, and a reference to what it holds; or its events, where it cannot be
        opened.
        """
        if isinstance(found, FetchedFile):
            content, called = found.content, found.name
        else:
            try:
                content, called = content_of(found.path), found.relative
            except UnreadableFile as error:
                return 0, [Met(found.relative, ""), Refused(found.relative, str(error))]
        return len(content), self._read.remote(content, found.relative, called)

    def _events(self, found: File, reference: Any) -> list[Event]:
        from ray.exceptions import OutOfMemoryError, WorkerCrashedError

        try:
            return [decoded(line) for line in self._get([reference])[0]]
        except (OutOfMemoryError, WorkerCrashedError):
            reason = f"every node that read it was lost ({_RETRIES + 1} tries): add it without --ray"
            return [Met(found.relative, ""), Refused(found.relative, reason)]

    def _get(self, references: list[Any]) -> list[Any]:
        """What they refer to. Raises `ClusterError` when that cannot come any more."""
        from ray.exceptions import GetTimeoutError, OutOfMemoryError, RayError, WorkerCrashedError

        try:
            return list(self._ray.get(references, timeout=_SILENT_SECONDS))
        except (OutOfMemoryError, WorkerCrashedError):
            raise
        except GetTimeoutError as error:
            raise ClusterError(f"the cluster has said nothing for {_SILENT_SECONDS} seconds") from error
        except RayError as error:
            lines = str(error).strip().splitlines()
            raise ClusterError(f"the cluster broke off ({lines[-1] if lines else type(error).__name__})") from error


class _Embedder:
    """The actor: an embedder on a node."""

    def __init__(self, name: str) -> None:
        self._encoder = shared_encoder(name)

    def about(self) -> dict[str, str]:
        return _about(self._encoder)

    def embed(self, items: Sequence[tuple[Document, Cut]]) -> list[Embedded]:
        return embed(self._encoder, items)


def _read(content: bytes, name: str, called: str) -> list[bytes]:
    """The task: what is in a file, as lines of `wire.py`."""
    with borrowed_pool() as pool:
        return [encoded(e) for _, events in pool.read([FetchedFile(name, "", called, content)]) for e in events]


def _about(encoder: Encoder) -> dict[str, str]:
    """What must be the same on every node."""
    return {**current_manifest(encoder), "readers": READERS_VERSION, "version": version("communique")}


def _stretches(items: Sequence[tuple[Document, Cut]], num: int) -> list[list[tuple[Document, Cut]]]:
    """The items in `num` stretches, in order; each ends when it has its share of the segments."""
    total = sum(len(cut.segments) for _, cut in items)
    stretches: list[list[tuple[Document, Cut]]] = [[] for _ in range(num)]
    before = 0
    for document, cut in items:
        stretches[min(before * num // max(total, 1), num - 1)].append((document, cut))
        before += len(cut.segments)
    return stretches


def _connected(address: str) -> "ModuleType":
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray
    except ImportError as error:
        raise ClusterError("--ray needs a package more: pip install 'communique[ray]'") from error
    options: dict[str, Any] = {"include_dashboard": False} if address == THIS_MACHINE else {}
    try:
        _check_open(address)
        ray.init(address, log_to_driver=False, logging_level=logging.ERROR, **options)
    except (ConnectionError, RuntimeError, ValueError, OSError) as error:
        reason = str(error).partition("\n")[0]
        raise ClusterError(f"no Ray cluster at {address!r} ({reason}): `ray status` says where one is") from error
    return ray


def _check_open(address: str) -> None:
    """Raises `OSError` where nobody listens, which Ray takes minutes to say."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if host and port.isdecimal():
        socket.create_connection((host, int(port)), timeout=_CONNECT_SECONDS).close()
