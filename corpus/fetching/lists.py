"""Feeds (RSS, Atom) and sitemaps [1] as lists of addresses. Only what they link to is read, none of their texts.

Entities and outside parts are refused by the parser, no tree is built, and what is beyond the limits is not read.

[1] sitemaps.org, "Sitemaps XML format": a sitemap may list pages of its own host only, an index sitemaps.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urljoin

from corpus.errors import UnreadableFile

MAX_ADDRESSES = 50_000
MAX_ELEMENTS = 400_000
MAX_LINK_CHARS = 4_000
_PIECE_BYTES = 16 * 1024
_ROOTS: dict[str, Literal["feed", "sitemap", "index"]] = {
    "rss": "feed",
    "rdf": "feed",
    "feed": "feed",
    "urlset": "sitemap",
    "sitemapindex": "index",
}
_ENTRIES = {"item", "entry", "url", "sitemap"}


@dataclass(frozen=True, slots=True)
class PageList:
    """The addresses in a list, each once, in its order, as they stand there; those of an index are lists themselves."""

    kind: Literal["feed", "sitemap", "index"]
    addresses: tuple[str, ...]


def list_in(content: bytes, base: str) -> PageList | None:
    """The list that came from `base`, or None where the content is no list. A broken one counts as far as it goes.

    Raises `UnreadableFile` when it is a list, and there is nothing in it.
    """
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import DefusedXMLParser, ParseError

    if not content[:100].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return None
    links = _Links(base)
    parser: Any = DefusedXMLParser(target=links)
    try:
        for start in range(0, len(content), _PIECE_BYTES):
            parser.feed(content[start : start + _PIECE_BYTES])
            if links.is_done:
                break
    except (ParseError, DefusedXmlException, ValueError):  # a charset that is none is a ValueError
        pass
    kind = _ROOTS.get(links.root or "")
    if kind is None:
        return None
    if not links.found:
        raise UnreadableFile("no page is listed in this list, or it is broken: add the pages by their own addresses")
    return PageList(kind, tuple(links.found)[:MAX_ADDRESSES])


class _Links:
    """What each entry links to, gathered while the parser goes through the list."""

    def __init__(self, base: str) -> None:
        self.root: str | None = None
        self.found: dict[str, None] = {}
        self._base = base
        self._depth = self._num_elements = 0
        self._entry_depth: int | None = None
        self._child: tuple[str, Mapping[str, str]] | None = None
        self._words = self._link = self._guid = ""

    @property
    def is_done(self) -> bool:
        """Whether it is no list, or its end or a limit is reached."""
        is_none = self.root is not None and self.root not in _ROOTS
        return is_none or len(self.found) >= MAX_ADDRESSES or self._num_elements > MAX_ELEMENTS

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        name = tag.rpartition("}")[2].lower()
        self._depth += 1
        self._num_elements += 1
        if self.root is None:
            self.root = name
        elif self._entry_depth is None:
            if name in _ENTRIES:
                self._entry_depth, self._link, self._guid = self._depth, "", ""
        elif self._depth == self._entry_depth + 1:
            self._child, self._words = (name, attributes), ""

    def data(self, text: str) -> None:
        if self._child and len(self._words) < MAX_LINK_CHARS:
            self._words += text

    def end(self, _: str) -> None:
        if self._entry_depth is not None and self._depth == self._entry_depth:
            self._entry_depth = None
            self._keep(self._link or self._guid)
        elif self._child and self._entry_depth is not None and self._depth == self._entry_depth + 1:
            self._hear(*self._child, self._words.strip())
            self._child = None
        self._depth -= 1

    def _hear(self, name: str, attributes: Mapping[str, str], words: str) -> None:
        """A child of an entry: the first that links to the page counts, before what only names it."""
        if name == "loc" or (name == "link" and (words or attributes.get("rel", "alternate") == "alternate")):
            self._link = self._link or words or attributes.get("href", "").strip()
        elif name == "guid" and attributes.get("isPermaLink", "true") == "true" and words.startswith("http"):
            self._guid = words

    def _keep(self, link: str) -> None:
        if not link or len(link) > MAX_LINK_CHARS:
            return
        try:
            self.found[urljoin(self._base, link)] = None
        except ValueError:
            return  # "http://[" leads nowhere
