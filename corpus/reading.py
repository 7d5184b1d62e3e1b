"""From a file to drafts of documents: which reader takes it, and what is refused before any reader sees it.

A reader is a function from the file's bytes to drafts; `READERS` maps suffixes to them, and a further format is a
further line there. Web addresses, archives and office formats are not read.
"""

import hashlib
import logging
import os
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from corpus.document import Draft
from corpus.errors import CorpusError, UnreadableFile
from corpus.reading_html import read_html
from corpus.reading_jsonl import read_jsonl
from corpus.reading_markdown import read_markdown
from corpus.reading_text import read_text

Reader = Callable[[bytes, str], list[Draft]]

READERS: dict[str, Reader] = {
    ".txt": read_text,
    ".text": read_text,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".jsonl": read_jsonl,
}
MAX_FILE_BYTES = 256 * 1024 * 1024

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file that an argument of `add` led to: where it is, and its name relative to that argument."""

    path: Path
    relative: str


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


def read_file(found: FoundFile, *, readers: Mapping[str, Reader] = READERS) -> tuple[list[Draft], str]:
    """The drafts in a file, and the sha256 of its bytes.

    Raises `UnreadableFile` with the reason when it is empty, binary, too large, of a format that has no reader, or in
    no encoding that can be told.
    """
    reader = readers.get(found.path.suffix.lower())
    if reader is None:
        known = " ".join(readers)
        raise UnreadableFile(
            f"no reader for {found.path.suffix or 'files without a suffix'!r}: convert it to one of {known}"
        )
    content = _content(found.path)
    try:
        drafts = reader(content, Path(found.relative).stem.encode("utf-8", "replace").decode())
    except UnreadableFile:
        raise
    except Exception as error:  # a parser that stumbles over one file must not stop the others
        logger.info("the reader of %s failed on %s", found.path.suffix, found.path, exc_info=True)
        raise UnreadableFile(
            f"its reader failed ({type(error).__name__}: {error}): convert it to plain text"
        ) from error
    return drafts, hashlib.sha256(content).hexdigest()


def _walk(root: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(folder, name) for name in sorted(names) if not name.startswith("."))


def _content(path: Path) -> bytes:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableFile("not a regular file: only files with content can be read")
        if status.st_size > MAX_FILE_BYTES:
            limit = MAX_FILE_BYTES // 1024**2
            raise UnreadableFile(f"{status.st_size // 1024**2} MiB is over the limit of {limit} MiB: split the file")
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"cannot be opened: {error.strerror}") from error
    if not content.strip():
        raise UnreadableFile("the file is empty")
    return content
