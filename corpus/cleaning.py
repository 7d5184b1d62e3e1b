"""From the text of a file to the text that a careful person would keep.

For plain text and extracted text; Markdown, HTML and JSONL have structure of their own and pass only through
`normalise` or, for JSONL, through nothing. The order of the steps matters: characters, then lines that are not the
author's (furniture), then sentences that a page break cut in two. `NORMALISER` names this behaviour in the manifest
of a home. It does not correct spelling and never reorders.
"""

import re
import unicodedata
from collections import Counter

NORMALISER = "1"

_LINE_BREAKS = re.compile(r"\r\n?|[\u0085\u2028\u2029\f\v]")
_SPACES = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u205f]+")
_INVISIBLE = re.compile(r"[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\u00ad\u200b\u2060\ufeff]")
_BREADCRUMB = re.compile(
    r"home\s*(?:[>»/|›]\s*)?(?:latest|news|publications?|press|articles?|topics?)\b.*", re.IGNORECASE
)
_PAGE_NUMBER = re.compile(r"(?:page\s+)?[-–]?\s*\d{1,4}\s*[-–]?(?:\s*(?:/|of)\s*\d{1,4})?", re.IGNORECASE)
_FURNITURE = re.compile(
    r"source link|read more|share this(?: page| article)?|print this page|skip to (?:main )?content|back to top|"
    r"please enter your (?:comment|name here|name|email(?: address)?(?: here)?)!?|leave a (?:reply|comment)|"
    r"cancel reply|subscribe(?: now)?|sign (?:in|up)|log in|advertisement|"
    r"accept (?:all )?cookies|cookie (?:policy|settings)|"
    r"previous article|next article|related articles?|all rights reserved\.?",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?。！？:;：；…]['\"”’)\]」』]*$")
_RUNNING_WORDS = 4
_REPEATS_OF_FURNITURE = 3
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
    text = _INVISIBLE.sub("", _LINE_BREAKS.sub("\n", unicodedata.normalize("NFC", raw)))
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
    kept: list[str] = []
    seen_titles: set[str] = set()
    for line in lines:
        running_head = (
            counts[line] >= _REPEATS_OF_FURNITURE and len(line.split()) <= 12 and not _SENTENCE_END.search(line)
        )
        if line and (_FURNITURE.fullmatch(line) or _BREADCRUMB.fullmatch(line) or _PAGE_NUMBER.fullmatch(line)):
            continue
        if (running_head or line == _last(kept)) and line in seen_titles:
            continue
        seen_titles.add(line)
        kept.append(line)
    return kept


def _last(lines: list[str]) -> str | None:
    return next((line for line in reversed(lines) if line), None)


def _blocks(lines: list[str]) -> list[str]:
    """Runs of lines without a blank one between them."""
    return [block.strip("\n") for block in re.split(r"\n{2,}", "\n".join(lines)) if block.strip()]


def _rejoined(blocks: list[str]) -> list[str]:
    """The blocks with those joined that a page break cut in mid-sentence, the stray header between them dropped."""
    joined: list[str] = []
    position = 0
    while position < len(blocks):
        block = blocks[position]
        position += 1
        while position < len(blocks):
            step = 2 if _is_stray(blocks[position]) and position + 1 < len(blocks) else 1
            following = blocks[position + step - 1]
            if not _is_continuation(block, following):
                break
            block = f"{block} {following}"
            position += step
        joined.append(block)
    return joined


def _is_continuation(before: str, after: str) -> bool:
    """Whether `after` goes on with the sentence that `before` leaves open."""
    long_enough = len(before.rsplit("\n", 1)[-1].split()) > _RUNNING_WORDS
    return long_enough and not _SENTENCE_END.search(before) and after[0].islower() and not _is_label(after)


def _is_stray(block: str) -> bool:
    """Whether a block could be a running head: one short line that is no sentence and no list item."""
    return (
        "\n" not in block
        and len(block.split()) <= _RUNNING_WORDS
        and not _SENTENCE_END.search(block)
        and block[0].isupper()
    )


def _is_label(line: str) -> bool:
    """Whether a line says "Date and Time: …": a short label before its value."""
    label, colon, value = line.partition(":")
    return bool(colon) and bool(value.strip()) and len(label.split()) <= _RUNNING_WORDS and len(label) <= 40
