"""What a server says that it sends: the name that the readers know such a file by, and its characters as UTF-8.

Whether a reader takes it is asked of the readers' own list, before the body is fetched.
"""

import codecs
import re
from dataclasses import dataclass
from email.message import Message
from pathlib import PurePosixPath
from urllib.parse import unquote

from corpus.errors import UnreadableFile
from corpus.fetching.addresses import Address
from corpus.reading.formats import FORMATS

XML = ".xml"
"""The suffix of what may be a feed, a sitemap or a page, which only its content tells."""
PACKED_XML = ".xml.gz"
_SUFFIXES = {
    "text/html": ".html",
    "application/xhtml+xml": ".xhtml",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/x-markdown": ".md",
    "application/jsonl": ".jsonl",
    "application/x-ndjson": ".jsonl",
    "application/pdf": ".pdf",
    "application/x-pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/msword": ".doc",
    "application/vnd.ms-powerpoint": ".ppt",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/rtf": ".rtf",
    "text/rtf": ".rtf",
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "application/epub+zip": ".epub",
    "message/rfc822": ".eml",
    "application/zip": ".zip",
    "application/x-zip-compressed": ".zip",
    "application/xml": XML,
    "text/xml": XML,
    "application/rss+xml": XML,
    "application/atom+xml": XML,
    "application/rdf+xml": XML,
}
_VAGUE = {"", "text/plain", "application/octet-stream", "binary/octet-stream", "application/x-download"}
"""Types that are sent where a server knows no better: the address says more."""
_PACKED = {"application/gzip", "application/x-gzip"}
_TEXT = {".html", ".htm", ".xhtml", ".txt", ".text", ".md", ".markdown", ".csv", ".tsv", ".jsonl"}
_SAFE_CODECS = re.compile(
    r"utf-8|utf-16(-[bl]e)?|iso8859-[0-9]+|iso2022_jp\w*|cp[0-9]+|koi8-.|mac-\w+|shift_jis\w*|euc_\w+|gb\w+|big5\w*|tis-620"
)
_OWN_CHARSET = re.compile(rb"""<meta[^>]{1,300}charset|<\?xml[^>]{1,100}encoding""", re.IGNORECASE)
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_HEAD_BYTES = 4_096


@dataclass(frozen=True, slots=True)
class Kind:
    """What a body is: the `name` that says which reader takes it, its `suffix`, and the charset of its header."""

    name: str
    suffix: str
    charset: str


def kind_of(content_type: str, address: Address) -> Kind:
    """What a body of that content type is, from there. Raises `UnreadableFile` where no reader takes it."""
    header = Message()
    header["content-type"] = content_type.replace("\n", " ").replace("\r", " ")
    media = header.get_content_type() if "/" in content_type else ""
    path = PurePosixPath(unquote(address.target.partition("?")[0]))
    suffix = _suffix(media, path)
    stem = re.sub(r"[/!\\\0]", " ", path.stem).strip() or address.host
    return Kind(f"{stem}{suffix}", suffix, str(header.get_param("charset") or ""))


def in_utf8(content: bytes, kind: Kind) -> bytes:
    """The body with the charset of its header replaced by UTF-8, where it is text and does not itself name another.

    What is not in that charset stays as it is: the readers guess, and say so.
    """
    states_its_own = content.startswith(_MARKS) or _OWN_CHARSET.search(content[:_HEAD_BYTES])
    if kind.suffix not in _TEXT or not kind.charset or states_its_own:
        return content
    try:
        codec = codecs.lookup(kind.charset.strip(" \"'")).name
        codec = "cp1252" if codec == "iso8859-1" else codec  # as browsers have it
        return content.decode(codec).encode() if _SAFE_CODECS.fullmatch(codec) else content
    except (LookupError, ValueError):
        return content


def _suffix(media: str, path: PurePosixPath) -> str:
    known = {suffix: each.advice for each in FORMATS for suffix in each.suffixes}
    own = path.suffix.lower()
    if path.name.lower().endswith(PACKED_XML) and media in _PACKED | _VAGUE:
        return PACKED_XML
    if media in _VAGUE and own in {*known, XML}:
        suffix = own
    elif media in _SUFFIXES:
        suffix = _SUFFIXES[media]
    elif not media:
        suffix = ".html"
    else:
        raise UnreadableFile(f"no reader for what is there ({media}): convert it, and add the file")
    if known.get(suffix):
        raise UnreadableFile(str(known[suffix]))
    if suffix not in known and suffix != XML:
        raise UnreadableFile(f"no reader for what is there ({media}): convert it, and add the file")
    return suffix
