"""HTML: the main text of a page with its headings, lists and tables, without navigation, banners and comments.

trafilatura [1] finds the main text and the page's own title and date. It runs nothing and fetches nothing.

[1] Barbaresi, "Trafilatura: A Web Scraping Library and Command-Line Tool for Text Discovery and Extraction", ACL 2021.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from corpus.blocks import Block, assemble
from corpus.document import Draft
from corpus.errors import UnreadableFile

if TYPE_CHECKING:
    from lxml.etree import _Element

_EMPHASIS = frozenset({"code", "del", "hi", "ref"})
_WITHIN_LINES = _EMPHASIS | {"lb"}
_WITHIN_ITEMS = _WITHIN_LINES | {"p", "quote"}


def read_html(content: bytes, name: str) -> list[Draft]:
    """One draft: the page's title, else the file's name; its stated date; what it says of its address in `metadata`."""
    from trafilatura import bare_extraction

    page: Any = bare_extraction(
        content, favor_recall=True, include_tables=True, include_comments=False, with_metadata=True, deduplicate=False
    )
    if page is None or page.body is None:
        raise UnreadableFile("no main text was found in the page")
    text, sections = assemble(_child_blocks(page.body))
    if not text:
        raise UnreadableFile("no main text was found in the page")
    found = {key: value for key in ("url", "sitename", "author") if (value := getattr(page, key, None))}
    return [Draft(title=page.title or name, text=text, published=page.date, sections=sections, metadata=found)]


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
            for position, block in enumerate(_blocks(child, within=_WITHIN_ITEMS)):
                yield block if position or block.tight else block.marked("•")
        case "row":
            yield Block(" | ".join(_words(cell) for cell in child.findall("cell")), tight=True)
        case "code":
            yield from _paragraph(_flat(child))
        case "body" | "div" | "table":
            yield from _blocks(child, within=_WITHIN_LINES - {"code"})  # two listings in a row stay two
        case _:
            yield from _blocks(child)


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
    return int(rend[1]) if rend[:1] == "h" and rend[1:2].isdigit() else 2
