"""The files that an argument of `add` leads to, and their bytes; what is refused before any reader sees it."""

import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from corpus.errors import CorpusError, UnreadableFile

MAX_FILE_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file that an argument of `add` led to: where it is, and its name relative to that argument."""

    path: Path
    relative: str


@dataclass(frozen=True, slots=True)
class FetchedFile:
    """What an address led to, held in memory; or the `reason` why nothing came.

    `relative` is the address that was asked for, `source` the one that answered; `name` says which reader takes it.
    """

    relative: str
    source: str
    name: str = ""
    content: bytes = b""
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ListedPages:
    """An address that led to a list of pages, which follow; `note` says what is done with it."""

    relative: str
    note: str
    num_pages: int


File = FoundFile | FetchedFile


def find_files(argument: str) -> list[FoundFile]:
    """Every file that an argument names, a folder's in the order of their names, hidden ones left out.

    Raises `CorpusError` when there is nothing at that path.
    """
    root = Path(argument)
    if root.is_dir():
        return [FoundFile(path, path.relative_to(root).as_posix()) for path in _walk(root)]
    if not os.path.lexists(root):
        raise CorpusError(
            f"no file or folder {argument!r}: check the path (relative paths start at {str(Path.cwd())!r})"
        )
    return [FoundFile(root, root.name)]


def content_of(path: Path) -> bytes:
    """The bytes of a file. Raises `UnreadableFile` when it has none, too many, or is no file with content; it never
    waits for a pipe's other end.
    """
    with _opened(path) as (file, num_bytes):
        content = file.read(num_bytes + 1)
    if len(content) > num_bytes:
        raise UnreadableFile("it grew while it was read: add it again when it is written whole")
    if not content.strip():
        raise UnreadableFile("the file is empty")
    return content


def sha256_of(found: File) -> str:
    """The sha256 of the bytes of a file. Raises as `content_of`, and with the reason why nothing was fetched."""
    if isinstance(found, FetchedFile):
        if found.reason is not None:
            raise UnreadableFile(found.reason)
        return hashlib.sha256(found.content).hexdigest()
    with _opened(found.path) as (file, num_bytes):
        if not num_bytes:
            raise UnreadableFile("the file is empty")
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _opened(path: Path) -> Iterator[tuple[BufferedReader, int]]:
    """The file, which is one and not too large, and its size."""
    try:
        with open(path, "rb", opener=_without_waiting) as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise UnreadableFile("not a regular file: only files with content can be read")
            if status.st_size > MAX_FILE_BYTES:
                limit = MAX_FILE_BYTES // 1024**2
                raise UnreadableFile(
                    f"{status.st_size // 1024**2} MiB is over the limit of {limit} MiB: split the file"
                )
            yield file, status.st_size
    except OSError as error:
        raise UnreadableFile(f"cannot be opened: {error.strerror}") from error


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _walk(root: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(folder, name) for name in sorted(names) if not name.startswith("."))
