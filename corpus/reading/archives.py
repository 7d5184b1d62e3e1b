"""Archives as a stream of the files in them: ZIP, tar and gzip. Nothing is written, no link is followed.

A member's name is shown as it is and never used as a path. What archives are abused for is met by rules: members that
lie over one another, that unpack to a multiple no text has, that are links or no files. Hidden files and the ones that
macOS adds are left out.
"""

import gzip
import re
import stat
import struct
import tarfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import IO, cast

from corpus.errors import UnreadableFile
from corpus.reading.files import MAX_FILE_BYTES
from corpus.reading.members import MAX_MEMBERS, MAX_RATIO, Budget, Member

_UTF_8_NAME = 0x800
_ENCRYPTED = 0x1
_UNIX = 3
_LOCAL_HEADER_BYTES = 30
_FREE_BYTES = 1024**2
_TAR_SIGN = slice(257, 262)
_BLOCK_BYTES = 512
_MAX_ENTRIES = 10 * MAX_MEMBERS
_BROKEN = "the archive is broken or not whole: pack or download it again"
_TOO_LARGE = "it unpacks to more than it may: if you trust it, unpack it yourself, and add the files"
_LINK = "a link to another file, which is not followed: add that file itself"
_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, struct.error, NotImplementedError)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_JAPANESE = re.compile(r"[\u3041-\u30fa\u4e00-\u9fff]{2}")


def zip_members(content: bytes, budget: Budget) -> Iterator[Member]:
    """The files in a ZIP archive in its order; one that is encrypted or a bomb has a reason in place of its bytes.

    Raises `UnreadableFile` when the archive is broken, its members overlap, or it unpacks to more than it may.
    """
    try:
        archive = zipfile.ZipFile(BytesIO(content))
    except _FAULTS as error:
        raise UnreadableFile(_BROKEN) from error
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if _overlap(entries):
        raise UnreadableFile("its files lie over one another, as in a bomb: if you trust it, unpack it yourself")
    names = _Names()
    for entry, name in zip(entries, _zip_names(entries), strict=True):
        if not _is_hidden(name):
            yield _zip_member(archive, entry, names.shown(name), budget)


def gzip_members(content: bytes, budget: Budget) -> Iterator[Member]:
    """The one file in a gzip file, which has no name of its own here; or the files of the tar archive that it is."""
    try:
        packed = cast("IO[bytes]", gzip.GzipFile(fileobj=BytesIO(content)))
        unpacked = budget.read(packed, max_bytes=MAX_FILE_BYTES)
    except (*_FAULTS, gzip.BadGzipFile) as error:
        raise UnreadableFile(_BROKEN) from error
    if is_tar(unpacked):
        yield from tar_members(unpacked, budget)
    else:
        yield Member("", unpacked)


def tar_members(content: bytes, budget: Budget) -> Iterator[Member]:
    """The regular files in a tar archive; links and devices have a reason in place of their bytes."""
    names = _Names()
    try:
        with tarfile.open(fileobj=BytesIO(content), mode="r:") as archive:
            for entry in _tar_entries(archive):
                if _is_hidden(entry.name) or entry.isdir():
                    continue
                name = names.shown(entry.name)
                packed = archive.extractfile(entry) if entry.isreg() and not entry.issparse() else None
                if packed is None:
                    reason = _LINK if entry.issym() or entry.islnk() else "not a regular file: only files are read"
                    yield Member(name, reason=reason)
                else:
                    yield Member(name, budget.read(packed))
    except (tarfile.TarError, *_FAULTS) as error:
        raise UnreadableFile(_BROKEN) from error


def is_tar(content: bytes) -> bool:
    """Whether the bytes are those of a tar archive."""
    return len(content) >= _BLOCK_BYTES and content[_TAR_SIGN] == b"ustar"


def _tar_entries(archive: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    """The entries, each behind the last: a broken size could lead back to the first for ever."""
    end, num_entries = -1, 0
    while (entry := archive.next()) is not None:
        num_entries += 1
        if entry.offset <= end or entry.size < 0:
            raise UnreadableFile(_BROKEN)
        if num_entries > _MAX_ENTRIES:
            raise UnreadableFile(f"it holds more than {_MAX_ENTRIES:,} entries: unpack it, and add the folder")
        end = entry.offset
        yield entry


def _zip_member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, budget: Budget) -> Member:
    if entry.flag_bits & _ENCRYPTED:
        return Member(name, reason="protected by a password: unpack the archive, and add the files")
    if entry.create_system == _UNIX and stat.S_ISLNK(entry.external_attr >> 16):
        return Member(name, reason=_LINK)
    if entry.file_size > min(MAX_FILE_BYTES, _FREE_BYTES + MAX_RATIO * entry.compress_size):
        return Member(name, reason=_TOO_LARGE)
    try:
        with archive.open(entry) as packed:
            return Member(name, budget.read(packed, max_bytes=entry.file_size))
    except NotImplementedError:
        return Member(name, reason="packed in a way that is not read: pack it as plain ZIP")
    except (*_FAULTS, RuntimeError):  # one that Python was built without, or lzma's own error
        return Member(name, reason="it is damaged in the archive: pack or download it again")


def _overlap(entries: Sequence[zipfile.ZipInfo]) -> bool:
    """Whether two members claim the same bytes, with which a small archive may unpack to any size."""
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            return True
        end = entry.header_offset + _LOCAL_HEADER_BYTES + entry.compress_size
    return False


def _zip_names(entries: Sequence[zipfile.ZipInfo]) -> list[str]:
    """The names as they were written: what does not say that it is UTF-8 may be that, or Japanese, or of old DOS."""
    old = [entry.orig_filename for entry in entries if not entry.flag_bits & _UTF_8_NAME]
    encoding = _encoding_of_names([name.encode("cp437", "replace") for name in old])
    return [
        entry.orig_filename
        if entry.flag_bits & _UTF_8_NAME
        else entry.orig_filename.encode("cp437", "replace").decode(encoding, "replace")
        for entry in entries
    ]


def _encoding_of_names(names: Sequence[bytes]) -> str:
    together = b"\n".join(names)
    if together.isascii():
        return "ascii"
    for encoding in ("utf-8", "cp932"):
        try:
            text = together.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "utf-8" or _JAPANESE.search(text):
            return encoding
    return _guessed(together)


def _guessed(names: bytes) -> str:
    """What names that are neither UTF-8 nor Japanese are in: of DOS, as the format has it, unless it is no Latin."""
    from corpus.guessing import likeliest_encodings

    likely = next(likeliest_encodings(names), "cp437")
    return "cp437" if likely.startswith(("cp125", "cp437", "cp85", "iso8859", "mac_")) else likely


def _is_hidden(name: str) -> bool:
    parts = re.split(r"[/\\]", name)
    return any((part.startswith(".") and part.strip(".")) or part == "__MACOSX" for part in parts)


class _Names:
    """The names of an archive's members as they are shown: one of a kind, with slashes, on one line."""

    def __init__(self) -> None:
        self._seen = Counter[str]()

    def shown(self, name: str) -> str:
        r"""The name, with "\x07" for a bell, and " (2)" before the suffix of the second of that name."""
        plain = _CONTROL.sub(lambda m: m.group().encode("unicode_escape").decode(), name.replace("\\", "/"))
        while True:
            self._seen[plain] += 1
            if self._seen[plain] == 1:
                return plain
            folder, slash, file = plain.rpartition("/")
            stem, dot, suffix = file.rpartition(".")
            number = f" ({self._seen[plain]})"
            plain = f"{folder}{slash}{stem}{number}.{suffix}" if dot and stem else f"{plain}{number}"
