"""HTML: the main text of a page with its headings, lists and tables, without navigation, banners and comments.

What a page itself marks as its main part is read whole (`page_body.py`), and so is a page without navigation, such as a
saved document. Elsewhere trafilatura [1] finds the main text; it knows the page's own title and date too. It runs
nothing and fetches nothing. Where it finds no text, and there is some, all of the body is read.

[1] Barbaresi, "Trafilatura: A Web Scraping Library and Command-Line Tool for Text Discovery and Extraction", ACL 2021.
"""

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from corpus.blocks import Block, assemble
from corpus.cleaning import normalise
from corpus.dates import date_near_head
from corpus.document import Draft
from corpus.encodings import decode
from corpus.errors import UnreadableFile
from corpus.reading.page_body import Body, parse_page, read_element

if TYPE_CHECKING:
    from lxml.etree import _Element

_HEAD_BYTES = 64 * 1024
_CHARSET = re.compile(
    rb"""<meta\b[^>]{0,200}?\bcharset\s*=\s*["']?\s*(?P<charset>[\w.:-]{2,40})|"""
    rb"""<\?xml\b[^>]{0,100}?\bencoding\s*=\s*["'](?P<xml>[\w.:-]{2,40})""",
    re.IGNORECASE,
)
_FURNITURE_PATH = (
    "//nav | //header | //footer | //aside | "
    "//*[@role='navigation' or @role='banner' or @role='contentinfo' or @role='complementary' or @role='search'] | "
    "//*[contains(@class, 'sidebar') or contains(@class, 'breadcrumb') or contains(@class, 'cookie') or "
    "contains(@class, 'navbar') or contains(@id, 'sidebar') or contains(@class, 'menu')]"
)
_FURNITURE_WITHIN_PATH = (
    ".//nav | .//aside | .//footer | .//form | .//*[@role='navigation' or @role='complementary' or @role='search'] | "
    ".//*[contains(@class, 'breadcrumb') or contains(@class, 'cookie') or contains(@class, 'share') or "
    "contains(@class, 'related') or contains(@class, 'newsletter') or contains(@class, 'comments') or "
    "contains(@class, 'sidebar')]"
)
_LONG_CHARS = 80
_MENU_LENGTH = 6
_MENU_LINKS = 0.9
"""A list before the text that has so large a share of its characters in links is a menu, or the contents."""
_MIN_MAIN_SHARE = 0.5
"""Of the characters in paragraphs: a main part with fewer is none."""
_MAX_LINKS = 0.2
"""The share of its characters that a document has in links; a site's page has more."""
_DECLARATION = re.compile(r"\A\s*<\?xml\b[^>]*>")
_EMPHASIS = frozenset({"code", "del", "hi", "ref"})
_WITHIN_LINES = _EMPHASIS | {"lb"}
_WITHIN_ITEMS = _WITHIN_LINES | {"p", "quote"}


def read_html(content: bytes, name: str) -> list[Draft]:
    """One draft: the page's title, else the file's name; its stated date; what it says of its address in `metadata`."""
    html, warnings = decoded_page(content)
    page, warned = _extracted(html)
    warnings += warned
    text, sections = assemble(_marked_main(html))
    if not _has_words(text) and page is not None and page.body is not None:
        text, sections = assemble(_child_blocks(page.body))
    if not _has_words(text):
        return [_whole_body(html, name, warnings)]
    found = {key: value for key in ("url", "sitename", "author") if (value := getattr(page, key, None))}
    published = getattr(page, "date", None)
    guessed = None if published else date_near_head(text)
    return [
        Draft(
            title=" ".join(normalise(getattr(page, "title", None) or "").split()) or name,
            text=text,
            published=published or guessed,
            sections=sections,
            metadata=found | ({"published_is_guessed": True} if guessed else {}),
            warnings=warnings,
        ),
    ]


def _extracted(html: str) -> tuple[Any, tuple[str, ...]]:
    """What trafilatura finds, None where that is nothing, and a warning where it breaks off: its words are read then,
    and its title and date are not known.
    """
    from trafilatura import bare_extraction

    try:
        page = bare_extraction(
            html,
            favor_recall=True,
            include_tables=True,
            include_comments=False,
            with_metadata=True,
            deduplicate=False,
            date_extraction_params={"extensive_search": False, "original_date": True},
        )
    except (AssertionError, AttributeError, LookupError, TypeError, ValueError) as error:
        return None, (f"what the page says of its title and date cannot be read ({type(error).__name__})",)
    return page, ()


def _marked_main(html: str) -> list[Block]:
    """The blocks of the part that the page marks as its main one, or of all of a page without furniture; else none."""
    from lxml import etree

    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    root = etree.fromstring(html.encode("utf-8", "replace"), parser) if html.strip() else None
    if root is None:
        return []
    mains = root.xpath("//main | //*[@role='main']") or root.xpath("//article")
    has_furniture = bool(root.xpath(_FURNITURE_PATH))
    if len(mains) == 1 and _share(mains[0], root) >= _MIN_MAIN_SHARE:
        chosen = mains[0]
    elif not has_furniture and _num_chars(root.xpath("//a//text()")) <= _MAX_LINKS * _num_chars(root.itertext()):
        chosen = root
    else:
        return []
    openers = {opener.get("id") for opener in chosen.xpath(".//input[@aria-haspopup and @id]")}
    labels = [label for label in chosen.iter("label") if label.get("for") in openers]  # of menus that open at a click
    for element in (*labels, *chosen.xpath(_FURNITURE_WITHIN_PATH)):
        element.clear(keep_tail=True)
    _without_menus(chosen)
    return read_element(chosen, Body(keeps_lines=False)).blocks


def _without_menus(part: "_Element") -> None:
    """Takes the lists of links out that stand before the first paragraph of some length, if there is one."""
    menus: list[_Element] = []
    end: _Element | None = None
    for element in part.iter("p", "table", "ul"):
        if element.tag == "p" and _num_chars(element.itertext()) > _LONG_CHARS:
            for menu in menus:
                menu.clear(keep_tail=True)
            return
        if element.tag == "p" or (end is not None and end in element.iterancestors()):
            continue
        end = element
        if element.tag == "ul" and len(element) >= _MENU_LENGTH and _is_menu(element):
            menus.append(element)


def _is_menu(element: "_Element") -> bool:
    return _num_chars(element.xpath(".//a//text()")) >= _MENU_LINKS * _num_chars(element.itertext())


def _has_words(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _share(part: "_Element", root: "_Element") -> float:
    return _num_chars(part.itertext()) / max(_num_chars(root.xpath("//body//p//text()")), 1)


def _num_chars(texts: Iterable[str]) -> int:
    return sum(len(text.strip()) for text in texts)


def decoded_page(content: bytes) -> tuple[str, tuple[str, ...]]:
    """The text of a page and warnings about its encoding, which it may declare at its head."""
    declared = _CHARSET.search(content[:_HEAD_BYTES])
    html, warnings = decode(content, declared=(declared["charset"] or declared["xml"]).decode() if declared else None)
    return _DECLARATION.sub("", html), warnings


def _whole_body(html: str, name: str, warnings: tuple[str, ...]) -> Draft:
    body = parse_page(html)
    text, sections = assemble(body.close())
    if not _has_words(text):
        raise UnreadableFile("no main text was found in the page")
    return Draft(
        title=normalise(body.title).replace("\n", " ") or name,
        text=text,
        sections=sections,
        warnings=(*warnings, "no main text stands out in the page: all of it was read, menus too"),
    )


def _blocks(element: "_Element", *, within: frozenset[str] = _WITHIN_LINES) -> Iterator[Block]:
    """The blocks of trafilatura's tree, whose elements are those of TEI: head, p, list, item, table, row, cell.

    Words directly in an element, before, between or after its blocks, are blocks too; those of the elements that
    `within` names are parts of them.
    """
    words = element.text or ""
    for child in element:
        if child.tag in within:
            words += _flat(child) + (child.tail or "")
            continue
        yield from _paragraph(words)
        yield from _child_blocks(child)
        words = child.tail or ""
    yield from _paragraph(words)


def _child_blocks(child: "_Element") -> Iterator[Block]:
    match child.tag:
        case "head":
            yield Block(_words(child), level=_level(child.get("rend", "")))
        case "item":
            marker = _marker(child)
            for position, block in enumerate(_blocks(child, within=_WITHIN_ITEMS)):
                yield block if position or block.tight else block.marked(marker)
        case "row":
            yield Block(" | ".join(_words(cell) for cell in child.findall("cell")), tight=True)
        case "code":
            yield from _paragraph(_flat(child))
        case "body" | "div" | "table":
            yield from _blocks(child, within=_WITHIN_LINES - {"code"})  # two listings in a row stay two
        case _:
            yield from _blocks(child)


def _marker(item: "_Element") -> str:
    """What stands before the item of a list: its number in a numbered one."""
    parent = item.getparent()
    if parent is None or parent.get("rend") != "ol":
        return "•"
    return f"{len(list(item.itersiblings('item', preceding=True))) + 1}."


def _paragraph(words: str) -> Iterator[Block]:
    """One block, or none where there are no words."""
    if words.strip():
        yield Block(" ".join(words.split()))


def _words(element: "_Element") -> str:
    return " ".join(_flat(element).split())


def _flat(element: "_Element") -> str:
    """The text of an element; a line break or a block in it sets words apart, emphasis and the like do not."""
    pieces = [element.text or "", *(_flat(child) + (child.tail or "") for child in element)]
    return "".join(pieces) if element.tag in _EMPHASIS else f" {''.join(pieces)} "


def _level(rend: str) -> int:
    return int(rend[1]) if rend[:1] == "h" and rend[1:2].isdecimal() else 2
