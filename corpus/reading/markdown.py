"""Markdown: what a reader sees of it, without the markup, its headings as sections, its front matter as metadata.

Parsed by markdown-it (CommonMark and tables). HTML inside Markdown is shown as the text that it is, pictures by their
alternative text, links by their words.
"""

import math
from collections.abc import Iterator
from textwrap import shorten
from typing import TYPE_CHECKING, Any

from corpus.blocks import Block, assemble
from corpus.cleaning import normalise
from corpus.dates import date_near_head, iso_date
from corpus.document import Draft
from corpus.encodings import decode
from corpus.errors import UnreadableFile

if TYPE_CHECKING:
    from markdown_it.token import Token
    from markdown_it.tree import SyntaxTreeNode

_MAX_INTEGER_BITS = 10_000  # Python writes no integer of more than 4,300 digits (14,280 bits) in decimals


def read_markdown(content: bytes, name: str) -> list[Draft]:
    """One draft: title from the front matter, else from the first heading, else the file's name.

    `date` of the front matter becomes `published`, else the first date near the head, as a guess; every other key is
    kept in `metadata`, and so is a `date` that cannot be read, with a warning and nothing guessed in its place.
    """
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

    raw, warnings = decode(content)
    matter, body, trouble = _front_matter(normalise_breaks(raw))
    tokens = MarkdownIt("commonmark", {"html": False}).enable("table").parse(body)
    for token in tokens:
        if token.type == "inline":
            token.content, token.children = "".join(map(_words, token.children or ())), None
    text, sections = assemble(_blocks(SyntaxTreeNode(tokens)))
    if not text:
        raise UnreadableFile("there is no text in the file")
    heading = next((s.heading for s in sections if s.level == 1), None)
    date = matter.pop("date", None)
    stated = iso_date(str(date))
    if not stated and date not in (None, ""):
        matter["date"] = date
        trouble += (f"the date {shorten(str(date), 40)!r} is not YYYY, YYYY-MM or YYYY-MM-DD and was not read",)
    guessed = None if stated or "date" in matter else date_near_head(text)
    if guessed:
        matter["published_is_guessed"] = True
    return [
        Draft(
            title=normalise(str(matter.pop("title", None) or heading or name)).replace("\n", " "),
            text=text,
            published=stated or guessed,
            sections=sections,
            metadata=matter,
            warnings=warnings + trouble,
        )
    ]


def normalise_breaks(raw: str) -> str:
    """The text with plain line breaks; blanks stay, since they mean something in Markdown."""
    return raw.replace("\r\n", "\n").replace("\r", "\n")


def _front_matter(text: str) -> tuple[dict[str, Any], str, tuple[str, ...]]:
    """The YAML between two `---` at the head of the file, the rest, and a warning where it is no YAML mapping."""
    if not text.startswith("---\n") or "\n---\n" not in text[3:]:
        return {}, text, ()
    import yaml

    head, body = text[4:].split("\n---\n", 1) if not text[4:].startswith("---\n") else ("", text[8:])
    try:
        if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(head)):
            raise ValueError("aliases are not read")  # a few lines of them can stand for billions of values
        matter = yaml.safe_load(head)
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # ValueError: a date such as 2024-13-45
        return {}, text, (f"the front matter is not YAML and was kept as text: {str(error).splitlines()[0]}",)
    if not isinstance(matter, dict):
        return {}, text, ()
    return _plain(matter), body, ()


def _plain(value: Any) -> Any:
    """A YAML value as JSON can keep it."""
    if isinstance(value, dict):
        return {str(_plain(key)): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, set):
        return sorted((_plain(item) for item in value), key=str)
    if isinstance(value, int) and value.bit_length() > _MAX_INTEGER_BITS:
        return hex(value)
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value if isinstance(value, int | float | bool | None) else _storable(str(value))


def _storable(value: str) -> str:
    """The same string with pairs of surrogates, which YAML can spell, joined; a lone one cannot be kept: replaced."""
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _blocks(node: "SyntaxTreeNode") -> Iterator[Block]:
    """The blocks below a node in reading order; a list's items carry their marker, a table's rows are one line each."""
    for child in node.children:
        if child.type == "heading":
            yield Block(_inline(child), level=int(child.tag[1]))
        elif child.type in ("fence", "code_block", "html_block"):
            yield Block(child.content.rstrip("\n"))
        elif child.type in ("bullet_list", "ordered_list"):
            yield from _items(child)
        elif child.type == "tr":
            cells = [_inline(cell) for cell in child.children]
            yield Block(" | ".join(cells), tight=True)
        elif child.type == "paragraph":
            yield Block(_inline(child))
        else:
            yield from _blocks(child)


def _items(node: "SyntaxTreeNode") -> Iterator[Block]:
    number = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else None
    for item in node.children:
        marker = "•" if number is None else f"{number}."
        for position, block in enumerate(_blocks(item)):
            yield block.marked(marker) if position == 0 else block
        number = None if number is None else number + 1


def _inline(node: "SyntaxTreeNode") -> str:
    """The words of a heading, a paragraph or a cell, its emphasis, links and code without their marks."""
    return normalise("".join(child.content for child in node.children))


def _words(token: "Token") -> str:
    """The words of one token within a line: emphasis opens and closes by tokens of its own, however deep it is."""
    return " " if token.type in ("softbreak", "hardbreak") else token.content
