"""From bytes to text, with a word about how sure that is. It never replaces what it cannot read.

What a file says of itself comes first: a byte-order mark, the escapes of ISO-2022, the form of UTF-8, a charset that a
page or a mail declares. Only where there is nothing of that kind is the encoding guessed (`guessing.py`), and every
guess is a warning.
"""

import codecs
import re
import unicodedata
from contextlib import suppress

from corpus.errors import UnreadableFile
from corpus.guessing import likeliest_encodings

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ISO_2022 = re.compile(rb"\x1b\$\)?[@-Z]")
_WIDE = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
_WIDER = {
    "ascii": "cp1252",
    "big5": "cp950",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "shift_jis": "cp932",
}
"""What a file that declares the one is written in, as the Encoding Standard of browsers has it."""
_NO_CHARSETS = frozenset("idna punycode raw-unicode-escape unicode-escape utf-7".split())
"""Encodings of Python that no browser reads; what some of them make of bytes is no text that can be stored."""
_ASCII = bytes(range(128))
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1b"))
_STOPS = re.compile(r"[ \n,.、。]")
_STRAY_SHARE = 0.02
_SAMPLE_BYTES = 16_384


def decode(content: bytes, *, declared: str | None = None) -> tuple[str, tuple[str, ...]]:
    """The text of a file and the warnings about it; `declared` is the charset that the file, or who sent it, names.

    Raises `UnreadableFile` when the bytes are no text in any encoding.
    """
    marked = _marked(content)
    if marked is not None:
        return marked, ()
    has_zeros = b"\0" in content
    if (has_zeros or _has_controls(content)) and (found := _wide(content)):
        return found
    if has_zeros:
        raise UnreadableFile("the file is binary, not text: its name does not say what it is")
    said = _escaped(content), _strictly(content, "utf-8"), _declared(content, declared)
    text = next((text for text in said if text is not None), None)
    return (text, ()) if text is not None else _guess(content)


def python_encoding(charset: str) -> str | None:
    """Python's name for the encoding that browsers read under this name; None where there is none for text.

    >>> python_encoding("ISO-8859-1"), python_encoding("x-sjis"), python_encoding("rot13")
    ('cp1252', 'cp932', None)
    """
    name = charset.strip().lower().removeprefix("x-").replace("sjis", "shift_jis")
    try:
        found = codecs.lookup(name)
        bytes(4).decode(found.name)  # of nothing at all, Python does not ask
    except (LookupError, ValueError):  # ValueError: a name with U+0000
        return None
    return None if found.name in _NO_CHARSETS else _WIDER.get(found.name, found.name)


def _marked(content: bytes) -> str | None:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            try:
                return content.decode(encoding)
            except UnicodeDecodeError as error:
                raise UnreadableFile(
                    f"marked as {encoding} and is not ({error.reason} at byte {error.start})"
                ) from error
    return None


def _escaped(content: bytes) -> str | None:
    """Japanese or Korean in seven bits: to UTF-8 it would be plain letters and escapes."""
    if not _ISO_2022.search(content):
        return None
    texts = (_strictly(content, encoding) for encoding in ("iso2022_jp_2", "iso2022_jp_ext", "iso2022_kr"))
    return next((text for text in texts if text is not None), None)


def _declared(content: bytes, charset: str | None) -> str | None:
    encoding = python_encoding(charset or "")
    if encoding is None or encoding.startswith(("utf-16", "utf-32")):
        return None  # it would have been seen in the bytes
    return _strictly(content, encoding)


def _has_controls(content: bytes) -> bool:
    """Whether so many of the bytes are control characters that each of them is half of another one."""
    start = content[:4096]
    return len(start) > 64 and 10 * (len(start) - len(start.translate(None, _CONTROLS))) > len(start)


def _wide(content: bytes) -> tuple[str, tuple[str, ...]] | None:
    """Text of two or four bytes a character without a byte-order mark: what reads as writing, with the most stops."""
    likely: dict[str, int] = {}
    for encoding in _WIDE:
        with suppress(UnicodeDecodeError):
            start = codecs.getincrementaldecoder(encoding)().decode(content[:_SAMPLE_BYTES])
            if start and _is_written(start):
                likely[encoding] = len(_STOPS.findall(start))
    for encoding in sorted(likely, key=likely.__getitem__, reverse=True):
        if (text := _strictly(content, encoding)) is not None:
            return text, (f"it has no byte-order mark: read as {encoding}, which is a guess",)
    return None


def _is_written(text: str) -> bool:
    """Whether the characters are those of some writing: of few scripts, of more with spaces or line ends."""
    num_odd = sum(unicodedata.category(c) in ("Cc", "Cn", "Co", "Cs") and c not in "\t\n\r\f" for c in text)
    scripts = {ord(c) >> 8 for c in text if not 0x4E00 <= ord(c) < 0xD7A4}
    return 50 * num_odd <= len(text) and len(scripts) <= (12 if any(c in " \n\r\t" for c in text) else 4)


def _guess(content: bytes) -> tuple[str, tuple[str, ...]]:
    strays = _with_strays(content)
    if strays is not None:
        return strays
    for encoding in likeliest_encodings(content):
        if (text := _strictly(content, encoding)) is not None:
            return text, (f"not UTF-8: read as {encoding}, which is a guess",)
    raise UnreadableFile("in no encoding that can be told: save it as UTF-8")


def _with_strays(content: bytes) -> tuple[str, tuple[str, ...]] | None:
    """UTF-8 in which a few bytes are not, such as a file that was cut or pasted together; these are read as Western."""
    for part in (content[:_SAMPLE_BYTES], content):  # a text in another encoding is found out by its beginning
        num_strays = len(part) - len(part.decode("utf-8", "ignore").encode())
        num_beyond = len(part.translate(None, _ASCII))
        if num_strays > 4 + _STRAY_SHARE * num_beyond:
            return None
    if num_strays > _STRAY_SHARE * num_beyond:
        return None
    mended = re.sub("[\udc80-\udcff]", _western, content.decode("utf-8", "surrogateescape"))
    return mended, (f"UTF-8 but for {num_strays} bytes, which were read as cp1252: a guess",)


def _western(stray: re.Match[str]) -> str:
    byte = bytes([ord(stray.group()) - 0xDC00])
    return _strictly(byte, "cp1252") or byte.decode("latin-1")


def _strictly(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None
