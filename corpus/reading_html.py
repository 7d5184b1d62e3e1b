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


def read_html(content: bytes, name: str) -> list[Draft]:
    """One draft: the page's title, else the file's name; its stated date; what it says of its address in `metadata`."""
    from trafilatura import bare_extraction

    page: Any = bare_extraction(
        content, favor_recall=True, include_tables=True, include_comments=False, with_metadata=True, deduplicate=False
    )
    if page is None or page.body is None:
        raise UnreadableFile("no main text was found in the page")
    text, sections = assemble(_blocks(page.body))
    if not text:
        raise UnreadableFile("no main text was found in the page")
    found = {key: value for key in ("url", "sitename", "author") if (value := getattr(page, key, None))}
    return [Draft(title=page.title or name, text=text, published=page.date, sections=sections, metadata=found)]


def _blocks(element: "_Element") -> Iterator[Block]:
    """The blocks of trafilatura's tree, whose elements are those of TEI: head, p, list, item, table, row, cell."""
    for child in element:
        match child.tag:
            case "head":
                yield Block(_words(child), level=_level(child.get("rend", "")))
            case "list":
                for item in child.iter("item"):
                    yield Block(_words(item)).marked("•")
            case "row":
                yield Block(" | ".join(_words(cell) for cell in child.iter("cell")), tight=True)
            case "table" | "quote" | "body" | "div":
                yield from _blocks(child)
            case _:
                yield Block(_words(child))


def _words(element: "_Element") -> str:
    return " ".join("".join(element.itertext()).split())


def _level(rend: str) -> int:
    return int(rend[1]) if rend[:1] == "h" and rend[1:2].isdigit() else 2
