"""An exported home on a disk, a folder or a .zip: written whole or not at all, and read with every byte checked.

Members of an archive are read by their names and never unpacked to a disk. What the files say is not known here.
"""

import hashlib
import os
import re
import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from corpus.errors import UnusableExport
from corpus.reading.members import MAX_RATIO

FORMAT, FORMAT_VERSION = "communique-home", 1
MANIFEST = "manifest.json"
TABLES = (
    "documents.jsonl",
    "edits.jsonl",
    "inputs.jsonl",
    "conversations.jsonl",
    "feedback.jsonl",
    "runs.jsonl",
    "run_results.jsonl",
)
MAX_TEXT_BYTES = 1_000_000_000
"""SQLite holds no longer text."""
MAX_MANIFEST_BYTES = 256 * 1024**2
_FREE_BYTES = 1024**2
_PIECE_BYTES = 1024**2
_NUM_NAMED = 3
_TEXT = re.compile(r"texts/([0-9a-f]{64})\.txt", re.ASCII)


class FileRow(BaseModel):
    """What the manifest says of a file."""

    model_config = ConfigDict(strict=True, frozen=True)

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    num_bytes: int = Field(ge=0)


class Manifest(BaseModel):
    """What an export holds."""

    model_config = ConfigDict(strict=True, frozen=True)

    format: Literal["communique-home"] = "communique-home"
    format_version: Literal[1] = 1
    exported_at: str
    program: str
    embedder: str | None
    counts: dict[str, int]
    files: dict[str, FileRow]


class Target(Protocol):
    """Where an export is written to."""

    def write(self, name: str, pieces: Iterable[bytes]) -> FileRow:
        """Writes a file, and returns what the manifest says of it."""


class Package:
    """An exported home opened for reading: `manifest`, and its files. Everything raises `UnusableExport`."""

    def __init__(self, files: "_Folder | _Archive") -> None:
        self._files = files
        self.manifest = _manifest(files)
        _check_names(self.manifest)
        total = sum(row.num_bytes for row in self.manifest.files.values())
        if isinstance(files, _Archive) and total > _FREE_BYTES + MAX_RATIO * files.num_bytes:
            raise UnusableExport(
                "it unpacks to more than an archive of its size may: if you trust it, unpack it yourself, and import "
                "the folder"
            )

    def check(self) -> None:
        """Reads every file; names those that are not there or not what the manifest says."""
        faults = [fault for name in self.manifest.files if (fault := self._fault(name))]
        if faults:
            more = f"; and {len(faults) - _NUM_NAMED} more" if len(faults) > _NUM_NAMED else ""
            raise UnusableExport(f"it is damaged: {'; '.join(faults[:_NUM_NAMED])}{more}: export the home again")

    def texts(self) -> list[str]:
        """The sha256 of every text, in order."""
        return sorted(match[1] for name in self.manifest.files if (match := _TEXT.fullmatch(name)))

    def text(self, sha256: str) -> str:
        """A text, its hash checked once more."""
        name = f"texts/{sha256}.txt"
        try:
            return b"".join(self.pieces(name)).decode()
        except UnicodeDecodeError as error:
            raise UnusableExport(f"{name} is not UTF-8") from error

    def pieces(self, name: str) -> Iterator[bytes]:
        """The bytes of a file, no more than the manifest says; raises at the end where they are others."""
        row = self.manifest.files[name]
        found, num_left = hashlib.sha256(), row.num_bytes
        with _explained(name), self._files.opened(name) as stream:
            while piece := stream.read(min(_PIECE_BYTES, num_left + 1)):
                num_left -= len(piece)
                if num_left < 0:
                    break
                found.update(piece)
                yield piece
        if num_left or found.hexdigest() != row.sha256:
            raise UnusableExport(f"{name} is not what it was when it was exported")

    def _fault(self, name: str) -> str | None:
        try:
            for _ in self.pieces(name):
                pass
        except UnusableExport as error:
            return str(error)
        return None


@contextmanager
def opened_package(path: Path) -> Iterator[Package]:
    """The export at this path. Raises `UnusableExport` where there is none, and for what its manifest says."""
    if path.is_dir():
        yield Package(_Folder(path))
        return
    with _explained(str(path)):
        archive = zipfile.ZipFile(path)
        num_bytes = path.stat().st_size
    with archive:
        yield Package(_Archive(archive, num_bytes))


@contextmanager
def written_package(path: Path) -> Iterator[Target]:
    """Where to write an export: a .zip, or else a folder, which is at `path` only when all of it is.

    Raises `UnusableExport` where something is there already, or nothing can be written.
    """
    path = path.expanduser().absolute()
    if path.exists() and not (path.is_dir() and not any(path.iterdir())):
        raise UnusableExport(f"there is something at {str(path)!r} already: name another place")
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix.lower() == ".zip":
            with zipfile.ZipFile(partial, "x", zipfile.ZIP_DEFLATED) as archive:
                yield _ArchiveTarget(archive)
        else:
            (partial / "texts").mkdir(parents=True)
            yield _FolderTarget(partial)
        partial.replace(path)
    except OSError as error:
        raise UnusableExport(f"{str(path)!r} cannot be written ({error.strerror}): name another place") from error
    finally:
        if partial.is_dir():
            shutil.rmtree(partial, ignore_errors=True)
        elif partial.exists():
            partial.unlink()


class _Folder:
    """Regular files in a folder; a link is none."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @contextmanager
    def opened(self, name: str) -> Iterator[IO[bytes]]:
        """The file of that name. Raises `OSError`."""
        if (self._path / name).parent.is_symlink():
            raise OSError("it is in a linked folder")
        number = os.open(self._path / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(number, "rb") as stream:
            if not stat.S_ISREG(os.fstat(number).st_mode):
                raise OSError("it is no file")
            yield stream


class _Archive:
    """Members of an archive, of `num_bytes`, whose names can lead nowhere else."""

    def __init__(self, archive: zipfile.ZipFile, num_bytes: int) -> None:
        self._archive = archive
        self.num_bytes = num_bytes
        names = archive.namelist()
        if len(set(names)) < len(names):
            raise UnusableExport("the archive holds two files of one name: nobody knows which one is meant")
        for name in names:
            if name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/"):
                raise UnusableExport(f"the archive holds the name {name!r}, which leads out of it: it is no export")

    @contextmanager
    def opened(self, name: str) -> Iterator[IO[bytes]]:
        """The member of that name. Raises `KeyError`, and what `zipfile` raises."""
        with self._archive.open(name) as stream:
            yield stream


class _FolderTarget:
    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, name: str, pieces: Iterable[bytes]) -> FileRow:
        """Writes a file to the disk itself."""
        with (self._path / name).open("xb") as stream:
            row = _written(stream, pieces)
            stream.flush()
            os.fsync(stream.fileno())
        return row


class _ArchiveTarget:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def write(self, name: str, pieces: Iterable[bytes]) -> FileRow:
        """Writes a member, packed, without a date."""
        member = zipfile.ZipInfo(name)
        member.compress_type, member.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
        with self._archive.open(member, "w", force_zip64=True) as stream:
            return _written(stream, pieces)


def _written(stream: IO[bytes], pieces: Iterable[bytes]) -> FileRow:
    found, num_bytes = hashlib.sha256(), 0
    for piece in pieces:
        stream.write(piece)
        found.update(piece)
        num_bytes += len(piece)
    return FileRow(sha256=found.hexdigest(), num_bytes=num_bytes)


def _manifest(files: _Folder | _Archive) -> Manifest:
    import json

    try:
        with _explained(MANIFEST), files.opened(MANIFEST) as stream:
            content = stream.read(MAX_MANIFEST_BYTES + 1)
        if len(content) > MAX_MANIFEST_BYTES:
            raise UnusableExport(f"its {MANIFEST} is longer than any that was ever written")
        fields = json.loads(content)
        if not isinstance(fields, dict) or fields.get("format") != FORMAT:
            raise UnusableExport(f"its {MANIFEST} is none of ours: name what `communique export-home` wrote")
        version = fields.get("format_version")
        if isinstance(version, int) and version > FORMAT_VERSION:
            raise UnusableExport(
                f"a newer Communiqué wrote it (its format is {version}, this one knows {FORMAT_VERSION}): upgrade "
                "Communiqué"
            )
        return Manifest.model_validate(fields)
    except ValidationError as error:
        raise UnusableExport(f"its {MANIFEST} is damaged: {first_fault(error)}") from error
    except (ValueError, RecursionError) as error:
        raise UnusableExport(f"its {MANIFEST} is not JSON") from error


def _check_names(manifest: Manifest) -> None:
    for name, row in manifest.files.items():
        match = _TEXT.fullmatch(name)
        if name not in TABLES and not match:
            raise UnusableExport(f"its {MANIFEST} names {name!r}, which no export has")
        if match and row.sha256 != match[1]:
            raise UnusableExport(f"its {MANIFEST} gives {name} another hash than its name")
        if match and row.num_bytes > MAX_TEXT_BYTES:
            raise UnusableExport(f"{name} is longer than {MAX_TEXT_BYTES:,} bytes: no home can hold it")
    missing = [name for name in TABLES if name not in manifest.files]
    if missing:
        raise UnusableExport(f"its {MANIFEST} does not name {missing[0]}: it is incomplete")


def first_fault(error: ValidationError) -> str:
    """What is wrong first, on one line, without the value."""
    found = error.errors(include_url=False, include_input=False, include_context=False)[0]
    return f"{'.'.join(map(str, found['loc'])) or 'it'}: {found['msg']}"


@contextmanager
def _explained(name: str) -> Iterator[None]:
    """What reading can meet, as ours."""
    try:
        yield
    except (FileNotFoundError, KeyError) as error:
        raise UnusableExport(f"{name} is missing") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError) as error:
        raise UnusableExport(f"{name} cannot be read ({error})") from error
