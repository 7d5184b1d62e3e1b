"""From what an LLM wrote to plain words: the keys taken out, and whatever a reader must never be sent removed.

Links, images, HTML, entities, Markdown, control characters, addresses that no quote holds: none is left in the text, so
nothing that a document talked a model into can be clicked or loaded. It does not judge whether the words are true.
"""

import html
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

MAX_GROUP_CHARS = 60
OPENING, CLOSING = "[【［〔(（", "]】］〕)）"

_SQUARE = re.compile(r"[\[【［〔]([^\[\]【】［］〔〕\n]{0,60})[\]】］〕]")
_ROUND = re.compile(r"[(（]([^()（）\n]{0,60})[)）]")
_CUT_GROUP = re.compile(r"\s*[\[【［〔][^\]】］〕]{0,60}$")
_KEY_WORD = re.compile(r"[^\s,;:&/|#.†、，；：・()\[\]【】［］〔〕（）]+")
_NOISE = frozenset(
    "source sources quote quotes key keys ref refs reference see from cf evidence and 出典 引用 資料 キー".split()
)
_KEY_LIKE = re.compile(r"[a-z]{0,2}\d{1,3}[a-z]{0,2}|[a-z]{1,3}-?\d{1,3}")
_MAX_KEY_LIKE_CHARS = 12
_EMPTY = re.compile(r"[(（]\s*(?:(?:sources?|quotes?|see|cf|refs?|出典|引用)[:.：\s]*)?[,;\s]*[)）]", re.IGNORECASE)

_IMAGE = re.compile(r"!\[[^\]\n]{0,400}\]\([^)\n]{0,800}(?:\)|$)")
_LINK = re.compile(r"\[([^\[\]\n]{0,400})\]\(([^)\n]{0,800})(?:\)|$)")
_TAG = re.compile(r"<!--.*?(?:-->|$)|<[/!?]?[a-zA-Z|｜][^<>]*(?:>|$)", re.DOTALL)
_ADDRESS = re.compile(
    r"(?<![a-z0-9+.-])[a-z0-9+.-]*://[^\s<>\"'）】」]*|"
    r"(?<![a-z0-9])(?:javascript|data|mailto|vbscript|file|tel):[^\s<>\"'）】」]+|"
    r"\bwww\.[^\s<>\"'）】」]+|\b[\w-]{1,63}(?:\.[\w-]{1,63}){0,4}\.[a-z]{2,12}/[^\s<>\"'）】」]*|"
    r"\b[\w-]{2,63}\.(?:com|org|net|io|dev|app|info|xyz|ru|cn|co)\b",
    re.IGNORECASE,
)
_ESCAPED = re.compile(r"\\([\\`*_\[\](){}#+.!<>~|-])")
_FENCE = re.compile(r"^\s*(?:```|~~~)[\w+-]*\s*")
_LINE_START = re.compile(r"^\s*(?:>\s*){0,3}(?:#{1,6}\s+|[-*+•・‣]\s+|\d{1,3}[.)]\s+)?(?:\|\s*)?")
_EMPHASIS = re.compile(r"\*\*|__|~~|`+|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)")


@dataclass(frozen=True, slots=True)
class Plain:
    """A sentence in plain words, the keys that it named in their order, and how many it named that nobody gave out."""

    text: str
    keys: tuple[str, ...]
    num_unknown: int


def plain(raw: str, keys: Mapping[str, str], allows: Callable[[str], bool], *, starts_line: bool = False) -> Plain:
    """What one raw sentence says. `keys` maps a key in small letters to itself; `allows` says of an address whether a
    quote holds it. Markers of lists, headings and quotations go where the sentence `starts_line`.

    >>> plain("**Signed** in [2019](http://a.example) [q7f, x9x].", {"q7f": "q7f"}, lambda _: False)
    Plain(text='Signed in 2019.', keys=('q7f',), num_unknown=1)
    """
    text = _ESCAPED.sub(r"\1", html.unescape(raw))
    if starts_line:
        text = _LINE_START.sub("", _FENCE.sub("", text))
    text = _TAG.sub(" ", _LINK.sub(lambda m: _link_text(m, keys), _IMAGE.sub(" ", text)))
    found: list[str] = []
    unknown = 0

    def take(match: re.Match[str]) -> str:
        nonlocal unknown
        group = key_group(match.group(), keys)
        if group is None:
            return match.group(1) if match.group()[0] in "[【［〔" else match.group()
        found.extend(group[0])
        unknown += group[1]
        return " "

    text = _CUT_GROUP.sub("", _ROUND.sub(take, _SQUARE.sub(take, text)))
    text = _without_bare(text, keys, found)
    text = _ADDRESS.sub(lambda m: m.group() if allows(m.group().rstrip(".,;:!?")) else " ", text)
    return Plain(_tidy(_EMPHASIS.sub("", text)), tuple(dict.fromkeys(found)), unknown)


def key_group(group: str, keys: Mapping[str, str]) -> tuple[list[str], int] | None:
    """The keys in a bracket, brackets included, and how many more it names that are none; None where it is text.

    In round brackets only what names nothing but keys counts, for round brackets are prose.
    """
    content = unicodedata.normalize("NFKC", group).casefold()
    names = _KEY_WORD.findall(content)
    words = [word for word in names if word not in _NOISE]
    known = [keys[word] for word in words if word in keys]
    like = all(_KEY_LIKE.fullmatch(word) for word in words)
    if group[0] in "(（":
        is_named = len(words) < len(names) and words and like
        return (known, len(words) - len(known)) if (known and len(known) == len(words)) or is_named else None
    if known or like or (len(names) == 1 and len(content) <= _MAX_KEY_LIKE_CHARS + 2):
        return known, len(words) - len(known)
    return None


def visible(character: str) -> str:
    """The character as it may be shown: line ends as one newline, other white space as a space, invisible ones gone."""
    if character in "\n\u2028\u2029":
        return "\n"
    if character in "\t\u000b\u000c\u3000" or unicodedata.category(character) == "Zs":
        return " "
    return "" if unicodedata.category(character)[0] == "C" else character


def folded(text: str) -> str:
    """The letters and digits alone, in small letters: what two wordings of one sentence share."""
    return "".join(c for c in text.casefold() if c.isalnum())


def _link_text(match: re.Match[str], keys: Mapping[str, str]) -> str:
    """A link's words; its brackets stay where they hold keys."""
    text, target = match.groups()
    is_key = any(word in keys for word in _KEY_WORD.findall(text.casefold()))
    also = f" [{target}]" if target.casefold().strip() in keys else ""
    return (f"[{text}]" if is_key else text) + also


def _without_bare(text: str, keys: Mapping[str, str], found: list[str]) -> str:
    """The text without keys that stand in it without brackets; no quote holds one, so they can be nothing else."""
    if not keys:
        return text

    def take(match: re.Match[str]) -> str:
        found.append(keys[match.group().casefold()])
        return ""

    pattern = rf"(?<![^\W_])(?:{'|'.join(map(re.escape, keys))})(?![^\W_])"
    return re.sub(pattern, take, text, flags=re.IGNORECASE)


def _tidy(text: str) -> str:
    """The text without what taking things out left behind: empty brackets, doubled stops, spaces before stops."""
    text = "".join(map(visible, text)).replace("|", " ")
    text = " ".join(_EMPTY.sub(" ", text).split())
    text = re.sub(r"\s+([.,;:!?。、！？)）」』])", r"\1", text)
    return re.sub(r"(?<![.。])([.。])(?:\s*[.。])$", r"\1", text).strip()
