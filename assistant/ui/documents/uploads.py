"""Uploaded files: under which name each is kept, and the temporary copies, which are deleted when they have been read.

A document is known by the name of its file, so the same name uploaded again is its next version. Names are hostile
until handled: only the text of a name is used, never as a path.
"""

import threading
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.reading.files import FoundFile
from index.reports import FileReport

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_NAME_CHARS = 200
MAX_FILES = 1_000
"""In one upload; the server's reader of forms takes no more."""

REPEATED = "another file of this name is in the same upload: rename one of them, for a name stands for one document"


def plain_name(name: str) -> str:
    r"""The name as it is kept: without what steers a path or a terminal, composed as Unicode advises (NFC).

    >>> plain_name("../..\\etc/Joint\x07 Statement.md")
    'etc/Joint Statement.md'
    """
    composed = unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode())
    parts = composed.replace("\\", "/").split("/")
    kept = [
        part for part in ("".join(c for c in part if c.isprintable()).strip() for part in parts) if part.strip(". ")
    ]
    whole = "/".join(kept) or "document"
    stem, dot, suffix = whole.rpartition(".")
    if len(whole) <= MAX_NAME_CHARS:
        return whole
    return f"{stem[: MAX_NAME_CHARS - 10]}{dot}{suffix[:9]}" if stem else whole[:MAX_NAME_CHARS]


def found_uploads(payload: Sequence[Mapping[str, Any]]) -> tuple[list[FoundFile], list[FileReport]]:
    """The files of an upload as Gradio describes them, and reports on those that cannot be told apart by name.

    A file that was given twice is one copy. Of different files with one name none is taken: each would replace the
    other.
    """
    named = {str(item["path"]): plain_name(str(item.get("orig_name") or Path(item["path"]).name)) for item in payload}
    counts = Counter(named.values())
    found = [FoundFile(Path(path), name) for path, name in named.items() if counts[name] == 1]
    refused = [FileReport(name, status="refused", reason=REPEATED) for name in named.values() if counts[name] > 1]
    return found, refused


def uploaded_name(found: FoundFile) -> str:
    """The origin of an uploaded file: its name, wherever its copy was put."""
    return found.relative


class TemporaryCopies:
    """The temporary copies in use; the last one that uses a copy deletes it.

    Gradio puts files with the same name and bytes at the same place, for every user.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._uses: Counter[Path] = Counter()

    @contextmanager
    def kept(self, paths: Iterable[Path]) -> "Iterator[None]":
        """Keeps the copies there while the block runs, and deletes those that nobody else uses after it."""
        mine = list(paths)
        with self._lock:
            self._uses.update(mine)
        try:
            yield
        finally:
            with self._lock:
                self._uses.subtract(mine)
                for path in mine:
                    if self._uses[path] <= 0:
                        del self._uses[path]
                        _delete(path)


def _delete(path: Path) -> None:
    """Deletes a copy and the folder that was made for it; what is gone already is no matter."""
    try:
        path.unlink(missing_ok=True)
        path.parent.rmdir()
    except OSError:
        return
