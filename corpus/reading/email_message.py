"""E-mail as it is saved (.eml): who wrote to whom and when, the words, and what is attached.

Read with the standard library's parser, whose faults with broken headers are met here: a header that cannot be decoded
stands as it is written. Of a mail that is sent as plain words and as a page, the page is read, as mail programs show
it [1]. Nothing is decrypted, no signature is checked, pictures are not read. Quoted earlier mail is kept, since often
it is the only copy.

[1] RFC 2046, 5.1.4: the last of the alternatives is the best.
"""

import re
from base64 import b64decode
from codecs import BOM_UTF8
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from email import policy
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from io import BytesIO
from typing import TYPE_CHECKING

from corpus.blocks import Block, assemble
from corpus.cleaning import normalise
from corpus.document import Draft
from corpus.encodings import decode, python_encoding
from corpus.errors import UnreadableFile
from corpus.reading.html import decoded_page, read_html
from corpus.reading.members import Budget, Member
from corpus.reading.page_body import parse_page

if TYPE_CHECKING:
    Mail = Message[str, str]

_SHOWN = ("From", "To", "Cc", "Date")
_HEADERS_OF_MAIL = ("from", "to", "subject", "date", "received", "message-id", "return-path")
_MAX_HEADER_CHARS = 10_000
_FIRST_YEAR, _LAST_YEAR = 1971, 2100
_SUFFIXES = {
    "application/pdf": ".pdf",
    "application/json": ".json",
    "application/rtf": ".rtf",
    "application/xml": ".xml",
    "application/zip": ".zip",
    "text/calendar": ".ics",
    "text/csv": ".csv",
    "text/html": ".html",
    "text/markdown": ".md",
    "text/plain": ".txt",
    "text/rtf": ".rtf",
    "text/xml": ".xml",
}
_SIGNATURES = ("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature")
_NO_PARTS = ("message/delivery-status", "message/partial", "message/external-body")


@dataclass(frozen=True, slots=True)
class _Parts:
    """What a mail is made of, in order: the parts that are its words, and those that are files in it."""

    words: list["Mail"]
    files: list["Mail"]
    num_pictures: int = 0
    num_encrypted: int = 0


def read_email(content: bytes, name: str) -> list[Draft]:
    """One draft: its subject as title, its date as `published`, the sender and the receivers above the words."""
    mail = _parsed(content)
    parts = _parts(mail)
    subject = _header(mail, "Subject")
    heads = [Block(f"{key}: {value}", tight=True) for key in _SHOWN if (value := _header(mail, key))]
    body, warnings = _body(parts)
    text, sections = assemble([Block(subject, level=1), *heads, *body])
    if not body and not heads:
        raise UnreadableFile("there are no words in the e-mail")
    return [
        Draft(
            title=normalise(subject).replace("\n", " ") or name,
            text=text,
            published=_date(mail),
            sections=sections,
            metadata={"author": author} if (author := _header(mail, "From")) else {},
            warnings=(*warnings, *_left_out(parts)),
        )
    ]


def email_members(content: bytes, budget: Budget) -> Iterator[Member]:
    """The files that are attached to an e-mail, and the mails in it."""
    for number, part in enumerate(_parts(_parsed(content)).files, start=1):
        name = _file_name(part, number)
        inner = _inner(part)
        packed = _payload(part) if inner is None else _as_bytes(inner, part)
        yield Member(name, budget.read(BytesIO(packed)))


def read_saved_page(content: bytes, name: str) -> list[Draft]:
    """The drafts of a web page that a browser saved as one file (MHTML), which is built like an e-mail."""
    for part in _parts(_parsed(content)).words:
        if part.get_content_type() == "text/html":
            return read_html(_payload(part), name)
    raise UnreadableFile("there is no page in the file")


def _parsed(content: bytes) -> "Mail":
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in content[:64]:
        content = decode(content)[0].encode()
    try:
        mail = BytesParser(policy=policy.compat32).parsebytes(content.removeprefix(BOM_UTF8).lstrip())
    except RecursionError as error:
        raise UnreadableFile("its parts lie too deep in one another: save the innermost mail alone") from error
    if not any(mail[key] for key in _HEADERS_OF_MAIL) and not mail.is_multipart():
        raise UnreadableFile("not an e-mail: it names no sender, subject or date")
    return mail


def _parts(mail: "Mail") -> _Parts:
    words: list[Mail] = []
    files: list[Mail] = []
    num_pictures = num_encrypted = 0
    waiting = [mail]
    while waiting:
        part = waiting.pop()
        kind = part.get_content_type()
        if kind == "message/rfc822" and part is not mail:
            files.append(part)
        elif part.is_multipart() and kind not in _NO_PARTS:
            waiting += reversed(_chosen(part))
        elif kind.startswith("image/"):
            num_pictures += 1
        elif kind in ("application/pgp-encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"):
            num_encrypted += 1
        elif _is_file(part, kind):
            files += [part] if kind not in _SIGNATURES else []
        else:
            words.append(part)
    return _Parts(words, files, num_pictures, num_encrypted)


def _chosen(part: "Mail") -> list["Mail"]:
    """The parts of a part that are to be read: of alternatives the last that has words."""
    payload = part.get_payload()
    children = [child for child in payload if isinstance(child, Message)] if isinstance(payload, list) else []
    if part.get_content_subtype() == "encrypted":
        return [child for child in children if child.get_content_type() == "application/pgp-encrypted"]
    if part.get_content_subtype() != "alternative":
        return children
    shown = [c for c in children if c.get_content_type() in ("text/plain", "text/html") or c.is_multipart()]
    rest = [c for c in children if not c.get_content_type().startswith("text/") and not c.is_multipart()]
    best = next((c for c in reversed(shown) if _has_words(c)), None)
    return [best, *rest] if best is not None else [*(shown or children)[-1:], *(rest if shown else [])]


def _has_words(part: "Mail") -> bool:
    """Whether a reader sees any words in a part, or in what it is made of."""
    waiting = [part]
    while waiting:
        one = waiting.pop()
        payload = one.get_payload()
        if isinstance(payload, list):
            waiting += [child for child in payload if isinstance(child, Message)]
        elif one.get_content_type() == "text/html":
            if any(block.text.strip() for block in parse_page(_decoded(one)[0]).close()):
                return True
        elif one.get_content_type() == "text/plain" and _payload(one).strip():
            return True
    return False


def _is_file(part: "Mail", kind: str) -> bool:
    disposition = part.get_content_disposition()
    return disposition == "attachment" or bool(_stated_name(part)) or not kind.startswith(("text/", "message/"))


def _body(parts: _Parts) -> tuple[list[Block], list[str]]:
    blocks: list[Block] = []
    warnings: list[str] = []
    for part in parts.words:
        text, found = _decoded(part)
        warnings += found
        if part.get_content_type() == "text/html":
            blocks += parse_page(text).close()
        else:
            blocks += [Block(block) for block in re.split(r"\n\s*\n", _unflowed(text, part)) if block.strip()]
    return blocks, list(dict.fromkeys(warnings))


def _decoded(part: "Mail") -> tuple[str, tuple[str, ...]]:
    """The words of a part; what its charset does not have is shown as that, with a warning."""
    content = _payload(part)
    charset = str(part.get_content_charset("") or "")
    try:
        if part.get_content_type() == "text/html" and not charset:
            return decoded_page(content)
        return decode(content, declared=charset)
    except UnreadableFile:
        encoding = python_encoding(charset) or "utf-8"
        return content.decode(encoding, "replace"), (f"not in {encoding}, as it says: some characters are lost",)


def _unflowed(text: str, part: "Mail") -> str:
    """The text with the lines joined that a mail program broke and marked as such (RFC 3676)."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if part.get_param("format") != "flowed":
        return text
    return re.sub(r"(?m)^(?!>|-- $)(.*) \n(?!>|-- $|[^\S\n]*$)", r"\1 ", text)


def _payload(part: "Mail") -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _inner(part: "Mail") -> "Mail | None":
    """The mail that a part is; None where it is none."""
    payload = part.get_payload()
    inner = payload[0] if isinstance(payload, list) and payload else None
    return inner if part.get_content_type() == "message/rfc822" and isinstance(inner, Message) else None


def _as_bytes(inner: "Mail", part: "Mail") -> bytes:
    """A mail within a mail as it was sent; some programs pack it against the rules, and it is taken for words then."""
    content = inner.as_bytes(policy=policy.compat32)
    if inner.keys() or str(part["Content-Transfer-Encoding"]).strip().lower() != "base64":
        return content
    try:
        return b64decode(content)
    except ValueError:
        return content


def _left_out(parts: _Parts) -> Iterator[str]:
    if parts.num_pictures:
        yield f"{parts.num_pictures} picture{'s' if parts.num_pictures > 1 else ''} in it not read"
    if parts.num_encrypted:
        yield "its words are encrypted: open it in a mail program, and save them as text"


def _header(mail: "Mail", key: str) -> str:
    """A header's words on one line, as far as they can be decoded."""
    raw = ", ".join(str(value) for value in mail.get_all(key, []))[:_MAX_HEADER_CHARS]
    return " ".join(_unencoded(raw).split())


def _unencoded(raw: str) -> str:
    try:
        words = str(make_header(decode_header(raw)))
        return words.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    except (LookupError, ValueError, MessageError):  # an unknown or wrong charset, or what is no base64
        return raw.encode("utf-8", "replace").decode()


def _date(mail: "Mail") -> str | None:
    """The day it was sent, where the mail was sent; None where that is no date."""
    try:
        sent: date = parsedate_to_datetime(str(mail["Date"])).date()
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return sent.isoformat() if _FIRST_YEAR <= sent.year < _LAST_YEAR else None


def _stated_name(part: "Mail") -> str:
    try:
        return _unencoded(str(part.get_filename() or ""))
    except (LookupError, ValueError, TypeError, IndexError):
        return ""


def _file_name(part: "Mail", number: int) -> str:
    stated = " ".join(_stated_name(part).split())
    inner = _inner(part)
    if inner is not None:
        subject = _header(inner, "Subject")
        return re.sub(r"[/\\]", "_", stated.removesuffix(".eml") or subject or f"mail {number}")[:100] + ".eml"
    return stated or f"attachment {number}{_SUFFIXES.get(part.get_content_type(), '')}"
