"""XML that may be hostile as a tree: nothing is fetched, no entity that the file defines is put in its place.

Encodings are told by `corpus.encodings`, since many files declare one and are in another.
"""

import re
from html.entities import html5
from typing import TYPE_CHECKING

from corpus.encodings import decode
from corpus.errors import UnreadableFile

if TYPE_CHECKING:
    from lxml.etree import XMLParser, _Element

_HEAD_BYTES = 1024
_DECLARED = re.compile(rb"""<\?xml\b[^>]{0,100}?\bencoding\s*=\s*["'](?P<charset>[\w.:-]{2,40})""")
_DECLARATION = re.compile(r"\A\s*<\?xml\b[^>]*\?>")
_NAMED = re.compile(r"&(?P<name>[A-Za-z][A-Za-z0-9]{1,31});")
_OF_XML = frozenset({"amp", "lt", "gt", "quot", "apos"})
_REFERENCE = re.compile(r"&#(?:[xX]0*(?P<hex>[0-9A-Fa-f]{1,6})|0*(?P<decimal>[0-9]{1,7}));?")
_DEFINED = re.compile(r"<!ENTITY\s+(?P<name>[^\s%]+)\s")


def xml_tree(content: bytes) -> tuple["_Element", tuple[str, ...]]:
    """The root of the tree, and warnings: about the encoding, entities that were left out, what is not well-formed.

    Elements lie at most 256 deep in one another. Raises `UnreadableFile` when there is no tree at all.
    """
    declared = _DECLARED.search(content[:_HEAD_BYTES])
    text, warnings = decode(content, declared=declared["charset"].decode() if declared else None)
    defined = set(_DEFINED.findall(text)) - _OF_XML
    text = _NAMED.sub(lambda m: _character(m, defined), _DECLARATION.sub("", text))
    found, root = _well_formed(text)
    if root is None:
        found, root = _recovered(text, found)
    _strip_entities(root)
    used = sum(f"&{name};" in text for name in sorted(defined)[:100])
    if used:
        found = (*found, "entities that the file defines itself were left out")
    return root, (*warnings, *found)


def local(name: object) -> str:
    """The name of an element or attribute without its namespace; none for what is no element.

    >>> local("{http://www.w3.org/2005/Atom}entry")
    'entry'
    """
    return name.rpartition("}")[2].rpartition(":")[2] if isinstance(name, str) else ""


def safe_parser(*, encoding: str | None = None, recover: bool = False) -> "XMLParser":
    """A parser that resolves no entity, fetches nothing, and takes elements at most 256 deep in one another."""
    from lxml.etree import XMLParser

    return XMLParser(
        recover=recover,
        encoding=encoding,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _character(entity: re.Match[str], defined: set[str]) -> str:
    """What a name of HTML's stands for: pages use them without the definitions, which are not fetched."""
    name = entity["name"]
    if name in _OF_XML or name in defined:
        return entity.group()
    return html5.get(f"{name};", entity.group())


def _half_replaced(reference: re.Match[str]) -> str:
    """A reference to half a character, of which the parser would make what is no text, as the sign that one is lost."""
    code = int(reference["hex"] or reference["decimal"], 16 if reference["hex"] else 10)
    return "\ufffd" if 0xD800 <= code < 0xE000 else reference.group()


def _well_formed(text: str) -> tuple[tuple[str, ...], "_Element | None"]:
    from lxml import etree

    try:
        return (), etree.fromstring(text.encode("utf-8", "replace"), safe_parser(encoding="utf-8"))
    except etree.XMLSyntaxError as error:
        return (f"not well-formed XML ({' '.join(str(error).split())[:200]}): read as far as it is",), None


def _recovered(text: str, warnings: tuple[str, ...]) -> tuple[tuple[str, ...], "_Element"]:
    from lxml import etree

    text = _REFERENCE.sub(_half_replaced, text)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), safe_parser(encoding="utf-8", recover=True))
    except etree.XMLSyntaxError:
        root = None
    if root is None:
        raise UnreadableFile(f"{warnings[0].partition(': read')[0]}: repair it, or save it as text")
    return warnings, root


def _strip_entities(root: "_Element") -> None:
    from lxml import etree

    etree.strip_tags(root, etree.Entity)
