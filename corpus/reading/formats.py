"""The formats that are read: which reader takes a file, by what it holds where that can be told, else by its name.

A further format is a further line of `FORMATS`. Formats whose `advice` is set are known and not read.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from corpus.document import Draft
from corpus.errors import UnreadableFile
from corpus.reading.archives import gzip_members, tar_members, zip_members
from corpus.reading.csv_table import read_csv
from corpus.reading.email_message import email_members, read_email, read_saved_page
from corpus.reading.epub import read_epub
from corpus.reading.html import read_html
from corpus.reading.jsonl import read_jsonl
from corpus.reading.markdown import read_markdown
from corpus.reading.members import Budget, Member
from corpus.reading.office.slides import read_slides
from corpus.reading.office.spreadsheet import read_spreadsheet
from corpus.reading.office.word import read_word
from corpus.reading.open_document.reader import read_open_document
from corpus.reading.pdf.reader import read_pdf
from corpus.reading.plain_text import read_text
from corpus.reading.rtf import read_rtf
from corpus.reading.signs import is_mail, kind_of
from corpus.reading.xml_text import read_xml

_PICTURES = tuple(".png .jpg .jpeg .gif .tif .tiff .bmp .webp .heic .ico .svg".split())
_RECORDINGS = tuple(".mp3 .wav .ogg .flac .m4a .mp4 .mkv .avi .mov .webm".split())
_PROTECTED = "it is protected by a password: open it, take the password away, and save it"
_UNPACK = "archives of this kind are not unpacked: unpack it, and add the folder"

Reader = Callable[[bytes, str], list[Draft]]
"""From a file's bytes, and its name without folders and suffix, to drafts. Raises `UnreadableFile`."""
Unpacker = Callable[[bytes, Budget], Iterator[Member]]
"""From an archive's bytes to the files in it. Raises `UnreadableFile`."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format: what people call it, how its files' names end, and how it is read.

    A file may be a document and hold others: an e-mail.
    """

    name: str
    suffixes: tuple[str, ...]
    reader: Reader | None = None
    members: Unpacker | None = None
    advice: str | None = None


def _old(program: str, suffix: str) -> str:
    return f"{program}'s old format is not read: open it in {program} or LibreOffice and save it as {suffix}"


FORMATS = (
    Format("plain text", (".txt", ".text"), read_text),
    Format("Markdown", (".md", ".markdown"), read_markdown),
    Format("HTML", (".html", ".htm", ".xhtml"), read_html),
    Format("JSONL", (".jsonl",), read_jsonl),
    Format("PDF", (".pdf",), read_pdf),
    Format("Word", (".docx", ".docm", ".dotx", ".dotm"), read_word),
    Format("PowerPoint", (".pptx", ".pptm", ".ppsx", ".ppsm", ".potx"), read_slides),
    Format("Excel", (".xlsx", ".xlsm", ".xltx", ".xltm"), read_spreadsheet),
    Format("separated values", (".csv", ".tsv"), read_csv),
    Format("OpenDocument", (".odt", ".ott", ".ods", ".ots", ".odp", ".otp"), read_open_document),
    Format("RTF", (".rtf",), read_rtf),
    Format("old Word", (".doc", ".dot"), advice=_old("Word", ".docx")),
    Format("old Excel", (".xls", ".xlt", ".xlsb"), advice=_old("Excel", ".xlsx")),
    Format("old PowerPoint", (".ppt", ".pps", ".pot"), advice=_old("PowerPoint", ".pptx")),
    Format("Outlook message", (".msg",), advice="Outlook's own format is not read: open it and save it as .eml"),
    Format("e-mail", (".eml",), read_email, email_members),
    Format("saved page", (".mht", ".mhtml"), read_saved_page),
    Format("EPUB", (".epub",), read_epub),
    Format("XML", (".xml", ".rss", ".atom"), read_xml),
    Format("ZIP", (".zip",), members=zip_members),
    Format("tar", (".tar",), members=tar_members),
    Format("gzip", (".gz", ".tgz"), members=gzip_members),
    Format("encrypted Office file", (".encrypted",), advice=_PROTECTED),
    Format("old Office file", (".ole",), advice="Office's old formats are not read: save it in a new one, or as PDF"),
    Format("Outlook folder", (".pst", ".ost"), advice="Outlook's folders are not read: save the mails as .eml"),
    Format("archive", (".7z", ".rar", ".xz", ".bz2", ".zst", ".cab"), advice=_UNPACK),
    Format("picture", _PICTURES, advice="a picture: what stands in it is not read; save its text as a file of its own"),
    Format("recording", _RECORDINGS, advice="sound and film are not read: add a transcript of what is said"),
    Format("program", (".exe", ".dll", ".so"), advice="a program, not a document: nothing in it can be quoted"),
    Format("database", (".sqlite", ".db"), advice="a database, not a document: export its tables as CSV"),
)


def format_of(content: bytes, name: str) -> tuple[Format, tuple[str, ...]]:
    """The format of a file, and a warning where its name says another one than its content.

    Raises `UnreadableFile` with the remedy when no reader takes it.
    """
    suffix = PurePosixPath(name).suffix.lower()
    by_name = _of_suffix(suffix)
    found = (
        _by_content(content, by_name) or by_name or (_of_suffix(".txt") if not suffix and _is_text(content) else None)
    )
    if found is None:
        known = " ".join(f.suffixes[0] for f in FORMATS if not f.advice)
        raise UnreadableFile(f"no reader for {suffix or 'files without a suffix'!r}: convert it to one of {known}")
    if found.advice:
        raise UnreadableFile(found.advice)
    is_known = found is by_name or not suffix
    return found, () if is_known else (f"its name does not say what it is: read as {found.name}",)


def _by_content(content: bytes, by_name: Format | None) -> Format | None:
    """The format that the content has; none where it does not tell, or where the name tells it more exactly."""
    kind = kind_of(content)
    is_text = by_name in (None, _of_suffix(".txt"))
    if kind is None and is_text:
        kind = ".eml" if is_mail(content) else ".xml" if by_name is None and _is_xml(content) else None
    found = _of_suffix(kind) if kind else None
    if found is None or by_name is None or by_name is found:
        return found
    if kind in (".ole", ".encrypted") and (by_name.advice or kind == ".encrypted"):
        return by_name if kind == ".ole" else found
    is_near = (
        (kind == ".zip" and by_name.reader is not None and b"[Content_Types].xml" in content)
        or (kind == ".html" and by_name.suffixes[0] in (".mht", ".eml", ".md", ".jsonl"))
        or (kind == ".pdf" and not content.startswith(b"%PDF-"))
    )
    return None if is_near else found


def _of_suffix(suffix: str) -> Format | None:
    return next((f for f in FORMATS if suffix in f.suffixes), None)


def _is_xml(content: bytes) -> bool:
    return content[:64].lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<?xml")


def _is_text(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\0" not in content
