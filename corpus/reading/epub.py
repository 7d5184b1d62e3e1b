"""EPUB books: their documents in reading order, and the printed pages where the book says where these begin.

Pages come from page marks in the text or from the page list in the navigation [1, 2], never from the documents that a
book is cut into. What its style sheets hide is left out. A book under copy protection is refused; fonts that are only
obfuscated do not matter.

[1] EPUB 3.3, "The page-list nav Element"; [2] OPF 2.0.1, "NCX pageList".
"""

import posixpath
import re
import struct
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import unquote, urldefrag

from corpus.blocks import Block, assemble
from corpus.cleaning import normalise
from corpus.dates import iso_date
from corpus.document import Draft
from corpus.errors import UnreadableFile
from corpus.reading.files import MAX_FILE_BYTES
from corpus.reading.html import decoded_page
from corpus.reading.members import Budget
from corpus.reading.page_body import Body, parse_page, read_element
from corpus.reading.style_sheets import hide
from corpus.reading.xml_tree import local, xml_tree

if TYPE_CHECKING:
    from lxml.etree import _Element

_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, struct.error, RuntimeError)
_BROKEN = "the book is broken or not whole: download it again, or convert it to HTML"
_PAGES = ("application/xhtml+xml", "text/html", "application/xml", "text/xml", "application/x-dtbook+xml")


@dataclass(frozen=True, slots=True)
class _Item:
    """A file of a book, as its manifest has it."""

    path: str
    kind: str
    properties: tuple[str, ...]


class _Package:
    """The files of a book by their paths."""

    def __init__(self, content: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(BytesIO(content))
            self._names = set(self._zip.namelist())
        except _FAULTS as error:
            raise UnreadableFile(_BROKEN) from error
        self._budget = Budget(len(content))
        self._sheets: dict[str, str] = {}

    def has(self, path: str) -> bool:
        return path in self._names

    def read(self, path: str) -> bytes:
        """The bytes of a file. Raises `UnreadableFile` where there is none or it is damaged."""
        try:
            with self._zip.open(path) as packed:
                return self._budget.read(packed, max_bytes=MAX_FILE_BYTES)
        except KeyError as error:
            raise UnreadableFile(f"{path!r}, of which the book speaks, is not in it: download it again") from error
        except _FAULTS as error:
            raise UnreadableFile(_BROKEN) from error

    def sheet(self, path: str) -> str:
        """The text of a style sheet; none where it is damaged: the book is readable without."""
        if path not in self._sheets:
            try:
                self._sheets[path] = self.read(path).decode("utf-8", "replace")
            except UnreadableFile:
                self._sheets[path] = ""
        return self._sheets[path]

    def tree(self, path: str) -> "_Element":
        return xml_tree(self.read(path))[0]


def read_epub(content: bytes, name: str) -> list[Draft]:
    """One draft: the book's own title and date, its text in reading order, its printed pages where it marks them."""
    package = _Package(content)
    path = _package_path(package)
    root = package.tree(path)
    items = _manifest(root, path)
    spine = [items[ref] for element in _all(root, "itemref") if (ref := element.get("idref", "")) in items]
    documents = [item for item in spine if item.kind in _PAGES and "nav" not in item.properties]
    _refuse_protected(package, {item.path for item in documents})
    blocks, labels, warnings = _read(package, documents, _page_list(package, items.values()))
    text, sections = assemble(blocks, page_labels=labels)
    if not text:
        raise UnreadableFile("there is no text in the book")
    creators = [words for element in _all(root, "creator") if (words := _words(element))]
    return [
        Draft(
            title=next((words for element in _all(root, "title") if (words := normalise(_words(element)))), name),
            text=text,
            published=_published(root),
            sections=sections,
            metadata={"author": ", ".join(creators[:5])} if creators else {},
            warnings=tuple(warnings),
        )
    ]


def _package_path(package: _Package) -> str:
    container = package.tree("META-INF/container.xml")
    path = next((path for element in _all(container, "rootfile") if (path := element.get("full-path"))), None)
    if not path:
        raise UnreadableFile(_BROKEN)
    return str(path)


def _manifest(root: "_Element", path: str) -> dict[str, _Item]:
    return {
        item.get("id", ""): _Item(
            _resolved(path, item.get("href", ""))[0],
            item.get("media-type", ""),
            tuple(item.get("properties", "").split()),
        )
        for item in _all(root, "item")
    }


def _refuse_protected(package: _Package, documents: set[str]) -> None:
    """Raises `UnreadableFile` when words, and not only fonts, are encrypted."""
    if not package.has("META-INF/encryption.xml"):
        return
    encrypted = {
        unquote(element.get("URI", "")) for element in _all(package.tree("META-INF/encryption.xml"), "CipherReference")
    }
    if encrypted & documents:
        raise UnreadableFile("the book is under copy protection (DRM), which is not removed: add an unprotected copy")


def _read(
    package: _Package, documents: list[_Item], pages: Mapping[str, Mapping[str, str]]
) -> tuple[list[Block], dict[int, str], list[str]]:
    blocks: list[Block] = []
    labels: dict[int, str] = {}
    warnings: list[str] = []
    page = None
    for item in documents:
        try:
            content = package.read(item.path)
        except UnreadableFile as error:
            warnings.append(f"{item.path} was left out: {error}")
            continue
        body = Body(page=page, breaks=pages.get(item.path, {}))
        warnings += (f"{item.path}: {warning}" for warning in _read_page(package, item.path, content, body))
        blocks += body.blocks
        labels |= body.labels
        page = body.page
    return blocks, labels, warnings


def _read_page(package: _Package, path: str, content: bytes, body: Body) -> tuple[str, ...]:
    """Has the body take the events of a page: of XML where it is that, so that an empty element is empty."""
    if b"\0" in content or b"xmlns" in content[:4096]:
        root, warnings = xml_tree(content)
        if not any("well-formed" in warning for warning in warnings):
            hide(root, _sheets(package, path, root))
            read_element(root, body)
            return warnings
    html, warnings = decoded_page(content)
    parse_page(html, body=body)
    return warnings


def _sheets(package: _Package, path: str, root: "_Element") -> Iterator[str]:
    """The style sheets of a page in their order: its own, and those of the book that it names."""
    for element in root.iter("*"):
        match local(element.tag):
            case "style":
                yield element.text or ""
            case "link" if "stylesheet" in element.get("rel", "").lower().split():
                sheet = _resolved(path, element.get("href", ""))[0]
                if package.has(sheet):
                    yield package.sheet(sheet)


def _page_list(package: _Package, items: Iterable[_Item]) -> Mapping[str, Mapping[str, str]]:
    """Where printed pages begin: for each document the ids of elements, or "" for its start, and the pages' numbers."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for item in items:
        if "nav" not in item.properties and item.kind != "application/x-dtbncx+xml":
            continue
        try:
            marks = list(_marks(package.tree(item.path)))
        except UnreadableFile:
            continue  # without its navigation a book is as readable
        for target, label in marks:
            path, fragment = _resolved(item.path, target)
            found[path].setdefault(fragment, label)
    return found


def _marks(root: "_Element") -> Iterator[tuple[str, str]]:
    for nav in _all(root, "nav"):
        if any(local(key) == "type" and "page-list" in value.split() for key, value in nav.attrib.items()):
            yield from ((link.get("href", ""), _words(link)) for link in _all(nav, "a"))
    for target in _all(root, "pageTarget"):
        label = next((words for element in _all(target, "text") if (words := _words(element))), target.get("value", ""))
        yield from ((element.get("src", ""), label) for element in _all(target, "content"))


def _published(root: "_Element") -> str | None:
    """The date that the book gives as that of its publication, else its first one."""
    dates = [
        (any(local(key) == "event" and value == "publication" for key, value in element.attrib.items()), date)
        for element in _all(root, "date")
        if (date := iso_date(_words(element)))
    ]
    return max(dates, key=lambda pair: pair[0])[1] if dates else None


def _resolved(base: str, href: str) -> tuple[str, str]:
    """The path in the book that a reference in the file `base` leads to, and the id in it; neither for what is none."""
    try:
        path, fragment = urldefrag(href)
    except ValueError:  # such as "http://["
        return "", ""
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(base), unquote(path))) if path else base
    return joined, unquote(fragment)


def _all(root: "_Element", name: str) -> Iterator["_Element"]:
    return (element for element in root.iter() if local(element.tag) == name)


def _words(element: "_Element") -> str:
    return re.sub(r"\s+", " ", normalise("".join(element.itertext())))
