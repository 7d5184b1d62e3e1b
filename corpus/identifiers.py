"""Stable ids of documents: readable enough to type, unique enough to keep."""

import hashlib
import re
import unicodedata

_SLUG_CHARS = 60


def document_id(relative: str, source: str) -> str:
    """The id of the document that came from `source` and was met as `relative` within what was added.

    A slug of the relative path without its suffix, and eight hexadecimal digits of the source, which tell two files of
    one name apart. The slug keeps letters of every script.

    >>> document_id("2021/Joint Statement.txt", "/archive/2021/Joint Statement.txt")
    '2021-joint-statement-ce46cac0'
    >>> document_id("https://example.org/news/3.html", "https://example.org/news/3.html")
    'example-org-news-3-a98e99d1'
    """
    path = re.sub(r"^https?://", "", unicodedata.normalize("NFKC", relative))
    stem = re.sub(r"\.[^./]{1,9}$", "", path)
    slug = re.sub(r"[\W_]+", "-", stem.lower()).strip("-")[:_SLUG_CHARS].rstrip("-") or "document"
    return f"{slug}-{hashlib.sha256(source.encode('utf-8', 'surrogateescape')).hexdigest()[:8]}"
