"""Where sentences begin and end, as exact spans of the text they are in.

Stands in front of pysbd [1], so that it can be replaced: nothing else knows which library splits. It splits one
paragraph; finding paragraphs is `structure.py`'s work.

[1] Sadvilkar & Neumann, "PySBD: Pragmatic Sentence Boundary Disambiguation", NLP-OSS 2020.
"""

import re
from functools import cache
from typing import TYPE_CHECKING

from corpus.language import JAPANESE

if TYPE_CHECKING:
    from pysbd import Segmenter

MAX_SENTENCE_CHARS = 600
"""No sentence is longer: a longer one is cut at the best place before that."""

_SENTENCE_END = re.compile(r"[.!?…。！？]['\"”’)\]」』]*\s*$")
_PLAIN_END = re.compile(
    r"(?<![\w.'’])((?:[A-Za-z]+-)*[A-Za-z][a-z]{3,}|[a-z]+(?:ed|es|ly|al|ng|on)|[12]\d{3})\.\s+(?=[A-Z])"
)
"""A full stop after a word that is long or has a usual ending, or after a year, and then a capital."""
_NOT_PLAIN = re.compile(r"\s(?:\d{1,3}|[A-Za-z])[.)]\s|‘|(?<!\w)'(?=\w)|''|``|\"\"")
"""Numbered items and single quotation marks: what a full stop means there depends on more than what is beside it."""
_MORE_TO_SPLIT = re.compile(r"[.!?…。！？](?!$)|\d\)|\([a-z]+\)|[•⁃]")
_BRACKETS = {'"': 0} | dict.fromkeys("([“«「", 1) | dict.fromkeys(")]”»」", -1)
_SEGMENT_CHARS = 8_000  # pysbd's expressions are slow on text without sentence ends: never hand it more at once
_CUTS = (re.compile(r"[;:；：]\s+|[。！？]"), re.compile(r"[,，、]\s*|\s[–—-]\s"), re.compile(r"\s+"))


def sentence_spans(
    text: str, start: int, end: int, *, language: str, max_chars: int = MAX_SENTENCE_CHARS
) -> list[tuple[int, int]]:
    """The sentences of `text[start:end]`, in order, as half-open spans of `text` without white space at their ends.

    Spans never overlap, none is empty or longer than `max_chars`, and every character outside them is white space.

    >>> text = "Dr. Ueyama led it. It met online."
    >>> [text[a:b] for a, b in sentence_spans(text, 0, len(text), language="en")]
    ['Dr. Ueyama led it.', 'It met online.']
    """
    spans: list[tuple[int, int]] = []
    for piece_start, piece_end in _pieces(text, start, end, _SEGMENT_CHARS):
        for a, b in _segment(text[piece_start:piece_end], language):
            spans += [
                trimmed
                for piece in _pieces(text, piece_start + a, piece_start + b, max_chars)
                if (trimmed := trim(text, *piece)) is not None
            ]
    return spans


def trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The span without white space at either end; None when nothing is left."""
    stripped = text[start:end].strip()
    if not stripped:
        return None
    start += text[start:end].index(stripped)
    return start, start + len(stripped)


def _segment(paragraph: str, language: str) -> list[tuple[int, int]]:
    """Pysbd's boundaries, each sentence reaching to the start of the next, so that nothing falls between two.

    It is asked only about what lies between plain sentence ends, which halves its time and, over 8 million
    characters of English, changed no boundary (`evals/LOG.md`).
    """
    flat = re.sub(r"\s", " ", paragraph)  # one line, the same offsets
    starts = [0] if language == JAPANESE else _plain_starts(flat)
    spans: list[tuple[int, int]] = []
    for start, end in zip(starts, [*starts[1:], len(flat)], strict=True):
        if language != JAPANESE and not _MORE_TO_SPLIT.search(flat[start:end].rstrip()):
            spans.append((start, end))
        else:
            spans += [(start + a, start + b) for a, b in _asked(flat[start:end], language)]
    return spans


def _plain_starts(flat: str) -> list[int]:
    """Where sentences surely begin: 0, and behind each plain end outside brackets and quotation marks."""
    starts = [0]
    if _NOT_PLAIN.search(flat):
        return starts
    position, depth, num_quotes = 0, 0, 0
    for match in _PLAIN_END.finditer(flat):
        for character in flat[position : match.start()]:
            if character in _BRACKETS:
                depth += _BRACKETS[character]
                num_quotes += character == '"'
        position = match.start()
        word = match.group(1).rpartition("-")[2].lower()
        if depth == 0 and num_quotes % 2 == 0 and word not in _abbreviations():
            starts.append(match.end())
    return starts


def _asked(flat: str, language: str) -> list[tuple[int, int]]:
    """Pysbd's own boundaries. Where it cuts before an item such as "(a)" in mid-sentence, the parts stay together."""
    starts, position = [0], 0
    for sentence in _segmenter(JAPANESE if language == JAPANESE else "en").processor(flat).process():
        start = flat.find(sentence.strip(), position)  # the library's own way to offsets doubles its time
        if start < 0:
            continue  # it changed the wording: what it says here is no place in the text
        position = start + len(sentence.strip())
        if start > starts[-1] and _SENTENCE_END.search(flat, 0, start):
            starts.append(start)
    return list(zip(starts, [*starts[1:], len(flat)], strict=True))


@cache
def _abbreviations() -> frozenset[str]:
    from pysbd.lang.common.standard import Standard

    return frozenset(word.lower() for word in Standard.Abbreviation.ABBREVIATIONS)


@cache
def _segmenter(language: str) -> "Segmenter":
    from pysbd import Segmenter

    return Segmenter(language=language, clean=False, char_span=False)


def _pieces(text: str, start: int, end: int, max_chars: int) -> list[tuple[int, int]]:
    """The span in pieces of at most `max_chars`, cut after the last clause end in reach, else at a space, else hard."""
    pieces = []
    while end - start > max_chars:
        cut = start + max_chars
        for pattern in _CUTS:
            ends = [match.end() for match in pattern.finditer(text, start + max_chars // 3, start + max_chars)]
            if ends:
                cut = ends[-1]
                break
        pieces.append((start, cut))
        start = cut
    return [*pieces, (start, end)]
