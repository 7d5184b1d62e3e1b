"""From the text of a file to the text that a careful person would keep.

For plain text and extracted text; Markdown, HTML and JSONL have structure of their own and pass only through
`normalise` or, for JSONL, through nothing. The order of the steps matters: characters, then lines that are not the
author's (furniture), then sentences that a page break cut in two. `NORMALISER` names this behaviour in the manifest
of a home. It does not correct spelling and never reorders.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from itertools import pairwise

NORMALISER = "1"

_LINE_BREAKS = re.compile(r"\r\n?|[\u0085\u2028\u2029\f\v]")
_SPACES = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u205f]+")
_INVISIBLE = re.compile(r"[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\u00ad\u200b\u2060\ufeff]")
_SITE_PARTS = r"(?:latest|news|publications?|press|articles?|topics?)\b"
_BREADCRUMB = re.compile(rf"home\s*[>»/|›]\s*{_SITE_PARTS}.*(?<![.。])", re.IGNORECASE)
_BREADCRUMB_OF_WORDS = re.compile(rf"home {_SITE_PARTS} (?P<rest>.+)", re.IGNORECASE)
_PAGE_NUMBER = re.compile(
    r"page\s+[-–]?\s*\d{1,4}\s*[-–]?(?:\s*(?:/|of)\s*\d{1,4})?|"
    r"[-–]\s*\d{1,4}\s*[-–]|\d{1,4}\s*(?:/|of)\s*\d{1,4}",
    re.IGNORECASE,
)
_BARE_NUMBER = re.compile(r"\d{1,3}")
_FURNITURE = re.compile(
    r"source link|read more|share this(?: page| article)?|print this page|skip to (?:main )?content|back to top|"
    r"please enter your (?:comment|name here|name|email(?: address)?(?: here)?)!?|leave a (?:reply|comment)|"
    r"cancel reply|subscribe(?: now)?|sign (?:in|up)|log in|advertisement|"
    r"accept (?:all )?cookies|cookie (?:policy|settings)|"
    r"previous article|next article|related articles?|all rights reserved\.?",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?。！？:;：；…]['\"”’)\]」』]*$")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
_RUNNING_WORDS = 4
_RUNNING_HEAD_WORDS = 12
_REPEATS_OF_FURNITURE = 3
_HEAD_LINES = 10
_TITLE_CHARS = 200


def clean(raw: str) -> str:
    """The raw text of a plain-text file without site furniture and page breaks, its paragraphs one blank line apart."""
    lines = normalise(raw).split("\n")
    blocks = _blocks(_without_furniture(lines))
    return "\n\n".join(_rejoined(blocks))


def normalise(raw: str) -> str:
    r"""The same words in NFC, with plain spaces and line breaks, no control or invisible characters, no trailing space.

    >>> normalise("caf\u0065\u0301\u00a0 au\r\nlait ")
    'café au\nlait'
    """
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", _LINE_BREAKS.sub("\n", raw)))
    return "\n".join(_SPACES.sub(" ", line).strip() for line in text.split("\n")).strip()


def title_lines(text: str) -> list[str]:
    """The lines at the head of a cleaned text that state its title; none when it begins with a sentence.

    "Discussion Summary" alone names a kind of paper, so the line below it belongs to the title too.
    """
    lines: list[str] = []
    for block in text.split("\n\n", 3)[:2]:
        line = block.strip()
        if not line or "\n" in line or len(line) > _TITLE_CHARS or _SENTENCE_END.search(line) or _is_label(line):
            break
        lines.append(line)
        if len(line.split()) > _RUNNING_WORDS:
            break
    return lines


def _without_furniture(lines: list[str]) -> list[str]:
    """The lines less breadcrumbs, prompts, page numbers, repeated running heads and repeated titles."""
    counts = Counter(line for line in lines if line)
    last_at = {line: at for at, line in enumerate(lines)}
    page_numbers = _page_numbers(lines)
    kept: list[str] = []
    seen: set[str] = set()
    last, num_kept, is_apart = "", 0, True
    for at, line in enumerate(lines):
        if line:
            running_head = is_apart and line in seen and counts[line] >= _REPEATS_OF_FURNITURE and _is_head(line)
            doubled_title = line == last and num_kept <= _HEAD_LINES and _is_title(line)
            is_apart = running_head or doubled_title or at in page_numbers or _is_furniture(line, at, last_at)
            if is_apart:
                continue
            last, num_kept = line, num_kept + 1
            seen.add(line)
        else:
            is_apart = True
        kept.append(line)
    return kept


def _is_furniture(line: str, at: int, last_at: Mapping[str, int]) -> bool:
    """Whether a line is a site's or a printer's by its form, or a breadcrumb whose end a later line repeats."""
    if _FURNITURE.fullmatch(line) or _BREADCRUMB.fullmatch(line) or _PAGE_NUMBER.fullmatch(line):
        return True
    breadcrumb = _BREADCRUMB_OF_WORDS.fullmatch(line)
    return breadcrumb is not None and last_at.get(breadcrumb["rest"], -1) > at


def _page_numbers(lines: list[str]) -> set[int]:
    """Where bare numbers stand that count pages: one more than the bare number before or less than the next.

    There is running text between two pages' numbers. A number alone may be a row of a table, a larger one a year.
    """
    bare = [(at, int(line)) for at, line in enumerate(lines) if _BARE_NUMBER.fullmatch(line)]
    pairs = [(a, b) for (a, page), (b, following) in pairwise(bare) if following == page + 1]
    return {at for a, b in pairs if any(_is_running(line) for line in lines[a + 1 : b]) for at in (a, b)}


def _is_head(line: str) -> bool:
    """Whether a line could stand at the head of each page."""
    return len(line.split()) <= _RUNNING_HEAD_WORDS and not _SENTENCE_END.search(line)


def _is_title(line: str) -> bool:
    """Whether a line could be a title, and is too long to be a row of a table."""
    return _num_words(line) >= _RUNNING_WORDS and not _SENTENCE_END.search(line)


def _blocks(lines: list[str]) -> list[str]:
    """Runs of lines without a blank one between them."""
    return [block.strip("\n") for block in re.split(r"\n{2,}", "\n".join(lines)) if block.strip()]


def _rejoined(blocks: list[str]) -> list[str]:
    """The blocks with those joined that a page break cut in mid-sentence, the stray header between them dropped."""
    joined: list[str] = []
    position = 0
    while position < len(blocks):
        pieces = [blocks[position]]
        is_running = _is_running(pieces[0])
        position += 1
        while is_running and position < len(blocks):
            step = 2 if _is_stray(blocks[position]) and position + 1 < len(blocks) else 1
            following = blocks[position + step - 1]
            if not _is_continuation(pieces[-1], following):
                break
            pieces.append(following)
            is_running = "\n" not in following or _is_running(following)
            position += step
        joined.append(" ".join(pieces))
    return joined


def _is_running(block: str) -> bool:
    """Whether the last line of a block is long enough to be running text."""
    return _num_words(block.rsplit("\n", 1)[-1]) > _RUNNING_WORDS


def _num_words(line: str) -> int:
    """How many words a line has; two Chinese or Japanese characters count as one, since no spaces part them."""
    return len(line.split()) + len(_UNSPACED.findall(line)) // 2


def _is_continuation(before: str, after: str) -> bool:
    """Whether `after` goes on with the sentence that `before` leaves open."""
    return not _SENTENCE_END.search(before) and after[0].islower() and not _is_label(after)


def _is_stray(block: str) -> bool:
    """Whether a block could be a page's number or running head: one short line that is no sentence and no list item."""
    return (
        "\n" not in block
        and len(block.split()) <= _RUNNING_WORDS
        and not _SENTENCE_END.search(block)
        and (block[0].isupper() or _BARE_NUMBER.fullmatch(block) is not None)
    )


def _is_label(line: str) -> bool:
    """Whether a line says "Date and Time: …": a short label before its value."""
    label, colon, value = line.partition(":")
    return bool(colon) and bool(value.strip()) and len(label.split()) <= _RUNNING_WORDS and len(label) <= 40
