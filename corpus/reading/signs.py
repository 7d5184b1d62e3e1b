"""What kind of file some bytes are, by their content alone: the suffix that such files usually have.

Knows no reader: `formats.py` decides what is done with a kind. It looks at beginnings and at the list of files in a
ZIP; it proves nothing about the rest.
"""

import re
import struct
import zipfile
import zlib
from io import BytesIO

_HEAD_BYTES = 1024
_PAGE_BYTES = 64 * 1024
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_IN_OLE = (
    ("EncryptedPackage", ".encrypted"),
    ("__substg1.0_", ".msg"),
    ("__properties_version1.0", ".msg"),
    ("WordDocument", ".doc"),
    ("PowerPoint Document", ".ppt"),
    ("Workbook", ".xls"),
    ("\x04\x00Book", ".xls"),
)
_SIGNS = (
    (b"%PDF-", ".pdf"),
    (b"{\\rtf", ".rtf"),
    (b"\x1f\x8b", ".gz"),
    (b"7z\xbc\xaf\x27\x1c", ".7z"),
    (b"Rar!\x1a\x07", ".rar"),
    (b"\xfd7zXZ\0", ".xz"),
    (b"BZh", ".bz2"),
    (b"\x28\xb5\x2f\xfd", ".zst"),
    (b"MSCF\0", ".cab"),
    (b"\x89PNG\r\n\x1a\n", ".png"),
    (b"\xff\xd8\xff", ".jpg"),
    (b"GIF87a", ".gif"),
    (b"GIF89a", ".gif"),
    (b"II*\0", ".tif"),
    (b"MM\0*", ".tif"),
    (b"\0\0\1\0", ".ico"),
    (b"ID3", ".mp3"),
    (b"OggS", ".ogg"),
    (b"fLaC", ".flac"),
    (b"\x1aE\xdf\xa3", ".mkv"),
    (b"\x7fELF", ".exe"),
    (b"\xcf\xfa\xed\xfe", ".exe"),
    (b"\xca\xfe\xba\xbe", ".exe"),
    (b"SQLite format 3\0", ".sqlite"),
    (b"!BDN", ".pst"),
)
_BINARY_ONLY = frozenset({".gz", ".bz2", ".mp3", ".exe", ".zst"})
"""Kinds with signs so short, or so like words, that a text may begin with them: their files have bytes of no text."""
_MIMETYPES = {
    "application/epub+zip": ".epub",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "application/vnd.oasis.opendocument.presentation": ".odp",
}
_MAIN_PARTS = (
    (re.compile(r"word/document\d*\.xml"), ".docx"),
    (re.compile(r"ppt/presentation\d*\.xml"), ".pptx"),
    (re.compile(r"xl/workbook\d*\.(?:xml|bin)"), ".xlsx"),
)
_PAGE = re.compile(r"<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_SPACE = re.compile(r"\s+")
_BEFORE_PAGE = (("<!--", "-->"), ("<?", "?>"))
_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, struct.error, RuntimeError)
_HEADER = re.compile(rb"[!-9;-~]+:[ \t]?[^\n]*|[ \t]+[^\n]*|From [^\n]*")


def kind_of(content: bytes) -> str | None:
    """The suffix of the kind of file that the bytes are; None where they do not tell, as a plain text does not.

    >>> kind_of(b"%PDF-1.7 ..."), kind_of(b"Two pages.")
    ('.pdf', None)
    """
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_of_zip(content)
    if content.startswith(_OLE):
        return next((kind for name, kind in _IN_OLE if name.encode("utf-16-le") in content), ".ole")
    signed = next((kind for sign, kind in _SIGNS if content.startswith(sign)), None)
    if signed and (signed not in _BINARY_ONLY or _is_binary(content)):
        return signed
    return _kind_of_media(content) or _kind_of_text(content)


def is_mail(content: bytes) -> bool:
    """Whether the bytes begin with the headers of an e-mail that has been sent."""
    head = content[: 16 * _HEAD_BYTES].lstrip(b"\xef\xbb\xbf\r\n").replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    lines = head.split(b"\n")
    names = {line.partition(b":")[0].lower() for line in lines if not line[:1].isspace()}
    has_names = b"from" in names and bool(names & {b"mime-version", b"message-id", b"received"})
    return has_names and all(_HEADER.fullmatch(line) for line in lines)


def _kind_of_zip(content: bytes) -> str:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = set(archive.namelist())
            if "mimetype" in names:
                with archive.open("mimetype") as file:
                    mimetype = file.read(100).decode("latin-1").strip()
                return _MIMETYPES.get(mimetype.removesuffix("-template"), ".zip")
    except _FAULTS:
        return ".zip"  # its reader says what is wrong
    if "META-INF/container.xml" in names:
        return ".epub"
    return next((kind for part, kind in _MAIN_PARTS if any(part.fullmatch(name) for name in names)), ".zip")


def _kind_of_media(content: bytes) -> str | None:
    if content[:4] == b"RIFF":
        return {b"WEBP": ".webp", b"WAVE": ".wav", b"AVI ": ".avi"}.get(content[8:12])
    if content[4:8] == b"ftyp":
        return ".heic" if content[8:12] in (b"heic", b"heix", b"mif1", b"avif") else ".mp4"
    if content[:2] == b"BM" and content[6:10] == b"\0\0\0\0":
        return ".bmp"
    if content[:2] == b"MZ" and _is_binary(content):
        return ".exe"
    if content[257:262] == b"ustar":
        return ".tar"
    return None


def _kind_of_text(content: bytes) -> str | None:
    head = content[:_PAGE_BYTES]
    encoding = "utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    if _is_page(head.decode(encoding, "replace")):
        return ".html"
    at = content.find(b"%PDF-", 0, _HEAD_BYTES)
    return ".pdf" if at > 0 and (_is_binary(content[:at]) or not content[:at].strip()) else None


def _is_page(text: str) -> bool:
    """Whether a text begins as HTML does, after comments and what XML says of itself."""
    start = 0
    while True:
        found = _SPACE.match(text, start)
        start = found.end() if found else start
        end = next((text.find(close, start) for begin, close in _BEFORE_PAGE if text.startswith(begin, start)), -1)
        if end < 0:
            return _PAGE.match(text, start) is not None
        start = text.index(">", end) + 1


def _is_binary(content: bytes) -> bool:
    """Whether the beginning has bytes that no text has."""
    head = content[:_HEAD_BYTES]
    return b"\0" in head or len(head.translate(None, bytes(range(1, 9)))) < len(head)
