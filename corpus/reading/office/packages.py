"""The zip packages that office files are: their parts, as bytes and as XML, unpacked within limits.

Serves Office Open XML [1] and OpenDocument. It knows parts and relations and no format: what a part says is the
readers' business. Files in the strict variant of Office Open XML are shown under the names of the usual one.

[1] ECMA-376, "Office Open XML File Formats", part 2: Open Packaging Conventions.
"""

import io
import posixpath
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.errors import UnreadableFile
from corpus.reading.members import MAX_MEMBERS, MAX_RATIO, MAX_UNPACKED_BYTES, Budget
from corpus.reading.xml_tree import safe_parser

if TYPE_CHECKING:
    from lxml.etree import _Element

RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_FREE_BYTES = 1024**2
_MAX_READS = 10 * MAX_MEMBERS
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    RuntimeError,
    NotImplementedError,
    ValueError,
    OverflowError,
)
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/(\w+)")


@dataclass(frozen=True, slots=True)
class Relation:
    """What a part says of another: `kind` is the last word of the relation's type, `target` the name of the part."""

    kind: str
    target: str


class Package:
    """An office file's parts by name. Names are compared without regard to case."""

    def __init__(self, content: bytes) -> None:
        """Raises `UnreadableFile` for what is no zip, has a password, or declares more than it may unpack to."""
        if content.startswith(_OLE):
            raise UnreadableFile(_ole_reason(content))
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except _DAMAGE as error:
            raise UnreadableFile("it is no office file or is damaged: open it and save it again") from error
        self._members = {_plain(member.filename): member for member in self._zip.infolist()}
        self._budget = Budget(len(content), max_members=_MAX_READS)
        self._check(len(content))

    def __contains__(self, name: str) -> bool:
        return _plain(name) in self._members

    @property
    def names(self) -> list[str]:
        """The names of the parts, in small letters."""
        return list(self._members)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the report should say of parts that no reader of a package reads."""
        found = []
        if any(name.endswith("vbaproject.bin") for name in self._members):
            found.append("it holds macros, which are not read")
        num_charts = sum("/charts/chart" in name for name in self._members)  # each brings the sheet it was drawn from
        num_files = sum("/embeddings/" in f"/{name}" for name in self._members) - num_charts
        if num_files > 0:
            found.append(f"{num_files} embedded files were not read: open it and save them as files of their own")
        return tuple(found)

    def part(self, name: str) -> bytes | None:
        """The bytes of a part; None where there is no such part. Raises `UnreadableFile` where it is damaged."""
        member = self._members.get(_plain(name))
        if member is None:
            return None
        try:
            with self._zip.open(member) as packed:
                return self._budget.read(packed)
        except _DAMAGE as error:
            raise UnreadableFile(f"it is damaged ({error}): open it and save it again") from error

    def xml(self, name: str) -> "_Element | None":
        """The root of a part that is XML; None where there is no such part."""
        content = self.part(name)
        return None if content is None else parsed(content)

    def relations(self, name: str = "") -> dict[str, Relation]:
        """The relations of a part to others, by their ids; those of the package itself for no name."""
        folder, _, file = name.rpartition("/")
        root = self.xml(posixpath.join(folder, "_rels", f"{file}.rels"))
        found = {}
        for relation in root if root is not None else ():
            target = relation.get("Target", "")
            if relation.get("TargetMode") != "External":
                path = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
                found[relation.get("Id", "")] = Relation(relation.get("Type", "").rpartition("/")[2], path)
        return found

    def related(self, name: str, kind: str) -> str | None:
        """The first part that a part stands in a relation of that kind to."""
        return next((relation.target for relation in self.relations(name).values() if relation.kind == kind), None)

    def _check(self, num_packed: int) -> None:
        if len(self._zip.infolist()) > MAX_MEMBERS:
            raise UnreadableFile(f"it holds more than {MAX_MEMBERS:,} parts: open it and save it again")
        members = self._zip.infolist()
        if sum(member.file_size for member in members) > min(MAX_UNPACKED_BYTES, _FREE_BYTES + MAX_RATIO * num_packed):
            raise UnreadableFile("it unpacks to more than it may: open it, if you trust it, and save its text")
        if any(member.flag_bits & 1 for member in members):
            raise UnreadableFile("it is protected by a password: save it without one")
        if any(member.compress_type not in _METHODS for member in members):
            raise UnreadableFile("it is packed in a way that office files are not: open it and save it again")


def parsed(content: bytes) -> "_Element":
    """The root of an XML text. Raises `UnreadableFile` where it is not well-formed or declares a document type.

    No entity is resolved and nothing is fetched; elements lie at most 256 deep in one another.
    """
    from lxml import etree

    try:
        root = etree.fromstring(usual(content), safe_parser())
    except etree.XMLSyntaxError as error:
        raise UnreadableFile(f"it is damaged ({error.msg}): open it and save it again") from error
    except ValueError as error:
        raise UnreadableFile(f"it is damaged ({error}): open it and save it again") from error
    if root.getroottree().docinfo.doctype:
        raise UnreadableFile("it declares a document type, which office files do not: open it and save it again")
    return root


def usual(content: bytes) -> bytes:
    """The XML with the names of the strict variant of Office Open XML replaced by the usual ones."""
    return _STRICT.sub(rb"http://schemas.openxmlformats.org/\1/2006/\2", content)


def local(element: "_Element") -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def _plain(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def _ole_reason(content: bytes) -> str:
    if _ENCRYPTED in content:
        return "it is protected by a password: open it, take the password away, and save it"
    return "it is a file of an old version under a new name: open it and save it in the format that its name says"
