"""XML of any kind as text: pages, feeds, articles and records, told by their elements' names.

A page (XHTML) is read as one. A feed gives its entries' titles, dates and words. Of anything else the words are read in
their order: an element with words of its own is a paragraph, one that holds only short values is a row with their
names. What attributes say is not read, and neither are styles, scripts and formulas' markup.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from corpus.blocks import Block, assemble
from corpus.cleaning import normalise
from corpus.dates import date_near_head
from corpus.document import Draft
from corpus.errors import UnreadableFile
from corpus.reading.html import read_html
from corpus.reading.page_body import parse_page
from corpus.reading.xml_tree import local, xml_tree

if TYPE_CHECKING:
    from lxml.etree import _Element

_TITLES = frozenset("title head heading article-title invention-title".split())
_PROSE = _TITLES | frozenset("p para paragraph li item line l content text td th entry cell label caption".split())
_ROWS = frozenset("row tr".split())
_ENTRIES = frozenset("item entry".split())
_DATES = ("pubDate", "published", "date", "updated")
_BODIES = ("encoded", "content", "description", "summary")
_LEFT_OUT = frozenset("style script annotation tex-math".split())
_MARKUP = re.compile(r"<(?:p|div|span|table|br|ul|ol|h[1-6]|a|b|i|em|strong)\b[^<>]*>", re.IGNORECASE)
_MAX_VALUE_CHARS = 200
_MAX_LONE_CHARS = 60
_MAX_ELEMENTS = 60
_MAX_TITLE_CHARS = 300
_SENTENCE = re.compile(r"[.!?。！？]['\"”’)\]]*\s*$|<")
_MAX_PARAGRAPH_CHARS = 4_000


def read_xml(content: bytes, name: str) -> list[Draft]:
    """One draft: the title that the file states, else its name; all words in their order."""
    root, warnings = xml_tree(content)
    kind = local(root.tag)
    if kind == "html":
        return read_html(content, name)
    is_feed = kind in ("rss", "feed", "RDF") and any(local(e.tag) in _ENTRIES for e in root.iter())
    blocks = list(_feed(root) if is_feed else _texts(root))
    text, sections = assemble(blocks)
    if not text:
        raise UnreadableFile("there are no words in the file, only markup")
    published = None if is_feed else date_near_head(text)
    return [
        Draft(
            title=_title(root) or name,
            text=text,
            published=published,
            sections=sections,
            metadata={"published_is_guessed": True} if published else {},
            warnings=warnings,
        )
    ]


def _title(root: "_Element") -> str:
    titles = (normalise(_words(e)) for e in root.iter() if local(e.tag) in _TITLES)
    return next((words for words in titles if words), "")[:_MAX_TITLE_CHARS].strip()


def _feed(root: "_Element") -> Iterator[Block]:
    """Of a feed (RSS, Atom) its title, and each entry's title, date and words, which may be HTML."""
    title = _title(root)
    if title:
        yield Block(title, level=1)
    for entry in (e for e in root.iter() if local(e.tag) in _ENTRIES):
        parts = {local(child.tag): child for child in reversed(entry)}
        heading = _words(parts["title"]) if "title" in parts else ""
        yield Block(heading, level=2)
        yield from (Block(_words(parts[key])) for key in _DATES[:3] if key in parts)
        body = next((parts[key] for key in _BODIES if key in parts and _words(parts[key])), None)
        if body is not None:
            yield from _marked_up("".join(body.itertext()) if len(body) == 0 else _inner(body))


def _inner(element: "_Element") -> str:
    from lxml import etree

    return str(etree.tostring(element, encoding="unicode", method="html"))


def _marked_up(words: str) -> Iterator[Block]:
    """The blocks of words that are HTML within XML, as those of feeds and of accounts often are."""
    if _MARKUP.search(words):
        yield from (Block(b.text, max(b.level, 3) if b.level else 0, b.tight) for b in parse_page(words).close())
    else:
        yield Block(" ".join(words.split()))


def _texts(root: "_Element") -> Iterator[Block]:
    """The blocks of a tree, in document order, without walking any element twice."""
    waiting: list[tuple[_Element | str, int]] = [(root, 0)]
    while waiting:
        element, depth = waiting.pop()
        if isinstance(element, str):
            yield Block(" ".join(element.split()))
            continue
        if not isinstance(element.tag, str) or local(element.tag) in _LEFT_OUT:
            continue
        block = _block(element, depth)
        if block is not None:
            yield from block
            continue
        inner: list[tuple[_Element | str, int]] = [(element.text or "", depth)]
        for child in element:
            inner += [(child, depth + 1), (child.tail or "", depth)]
        waiting += [part for part in reversed(inner) if not isinstance(part[0], str) or part[0].strip()]


def _block(element: "_Element", depth: int) -> "list[Block] | None":
    """What an element says as a whole; None where what is in it is to be read part by part."""
    name = local(element.tag)
    if name in _TITLES:
        return [Block(words, level=min(max(depth - 1, 1), 6))] if (words := _words(element)) else []
    if name in _ROWS and len(element):
        return [Block(" | ".join(_words(cell) for cell in element), tight=True)]
    values = _values(element)
    if values:
        return [Block("; ".join(values), tight=True)]
    own = (element.text or "") + "".join(child.tail or "" for child in element)
    if not own.strip():
        return None
    if len(element) == 0:
        return list(_named(element, own))
    paragraph = _paragraph(element)
    return None if paragraph is None else [Block(paragraph)]


def _values(element: "_Element") -> list[str]:
    """The values of a record with their names: of an element in which there are only short ones, each but once."""
    values: dict[tuple[str, str], str] = {}
    for num_elements, child in enumerate(element.iterdescendants(), start=1):
        name, around = local(child.tag), (child.tail or "") + ((child.text or "") if len(child) else "")
        if num_elements > _MAX_ELEMENTS or around.strip() or name in _PROSE:
            return []
        if len(child) == 0 and (words := _words(child)):
            key = (local(child.getparent().tag), name)
            if key in values or len(words) > _MAX_VALUE_CHARS:
                return []
            values[key] = f"{name}: {words}"
    return list(values.values()) if len(values) > 1 and not (element.text or "").strip() else []


def _named(element: "_Element", words: str) -> Iterator[Block]:
    """An element without others in it: a value with its name where it is no more than that."""
    name = local(element.tag)
    if name in _PROSE or len(words) > _MAX_LONE_CHARS or _SENTENCE.search(words):
        yield from _marked_up(words)
    else:
        yield Block(f"{name}: {' '.join(words.split())}", tight=True)


def _words(element: "_Element") -> str:
    return " ".join("".join(element.itertext()).split())


def _paragraph(element: "_Element") -> str | None:
    """All the words of an element; None where they are too many for a paragraph."""
    pieces: list[str] = []
    num_chars = 0
    for piece in element.itertext():
        num_chars += len(piece)
        if num_chars > _MAX_PARAGRAPH_CHARS:
            return None
        pieces.append(piece)
    return " ".join("".join(pieces).split())
