"""What differs between two wordings of a document, word by word.

Lines are aligned first, then the words of those that changed, both by patience [1]: what stands once in each text, in
the same order, is taken as unmoved, and what lies between is compared in the same way. Only short stretches without
such an anchor are compared word with word, so time grows with the length of the texts. It does not find what moved, nor
the least number of changes.

[1] B. Cohen, Patience Diff Advantages, 2010, https://bramcohen.livejournal.com/73318.html.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+|\s+|\W")
_MAX_COMPARED = 4_096  # products of lengths, below which every token is compared with every other
_MAX_DEPTH = 12

Kind = Literal["same", "removed", "added"]
_Block = tuple[int, int, int]  # where it begins in the old and in the new, and its length


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that both wordings have, or only the old one ("removed") or the new one ("added")."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A stretch of lines that changed, as half-open character spans of the old and the new text.

    The pieces that are not added, joined, are the old stretch; those that are not removed are the new one.
    """

    old: tuple[int, int]
    new: tuple[int, int]
    pieces: tuple[Piece, ...]


def differences(old: str, new: str) -> list[Difference]:
    r"""Where two texts differ, in order; empty when they are the same.

    >>> [found] = differences("It met in Oslo.\nIt ended.", "It met in Bergen.\nIt ended.")
    >>> [(piece.kind, piece.text) for piece in found.pieces]
    [('same', 'It met in '), ('removed', 'Oslo'), ('added', 'Bergen'), ('same', '.\n')]
    """
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    old_starts, new_starts = _starts(before), _starts(after)
    found = []
    for a, b, c, d in _gaps(_matching(before, after), len(before), len(after)):
        spans = (old_starts[a], old_starts[b]), (new_starts[c], new_starts[d])
        found.append(Difference(*spans, tuple(_pieces(old[slice(*spans[0])], new[slice(*spans[1])]))))
    return found


def _pieces(old: str, new: str) -> list[Piece]:
    """The words of two stretches, aligned; white space between two changes belongs to both of them."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    blocks = [
        block
        for block in _matching(before, after)
        if not _is_gap("".join(before[block[0] : block[0] + block[2]]), block, len(before), len(after))
    ]
    pieces: list[Piece] = []
    at, by = 0, 0
    for a, b, length in [*blocks, (len(before), len(after), 0)]:
        texts: list[tuple[Kind, str]] = [
            ("removed", "".join(before[at:a])),
            ("added", "".join(after[by:b])),
            ("same", "".join(before[a : a + length])),
        ]
        pieces += [Piece(kind, text) for kind, text in texts if text]
        at, by = a + length, b + length
    return pieces


def _is_gap(text: str, block: _Block, num_before: int, num_after: int) -> bool:
    """Whether a match is only white space with changes on both sides."""
    a, b, length = block
    is_first, is_last = a == b == 0, a + length == num_before and b + length == num_after
    return text.isspace() and not is_first and not is_last


def _matching(old: Sequence[str], new: Sequence[str]) -> list[_Block]:
    """Where the sequences are the same, as blocks that follow one another in both, as long as they can be."""
    pairs = sorted(_pairs(old, new))
    blocks: list[_Block] = []
    for a, b, length in pairs:
        if blocks and (a, b) == (blocks[-1][0] + blocks[-1][2], blocks[-1][1] + blocks[-1][2]):
            blocks[-1] = (*blocks[-1][:2], blocks[-1][2] + length)
        else:
            blocks.append((a, b, length))
    return blocks


def _pairs(old: Sequence[str], new: Sequence[str]) -> Iterator[_Block]:
    waiting = [(0, len(old), 0, len(new), 0)]
    while waiting:
        a, b, c, d, depth = waiting.pop()
        start = a
        while a < b and c < d and old[a] == new[c]:
            a, c = a + 1, c + 1
        if a > start:
            yield start, c - (a - start), a - start
        end = b
        while b > a and d > c and old[b - 1] == new[d - 1]:
            b, d = b - 1, d - 1
        if end > b:
            yield b, d, end - b
        if a == b or c == d:
            continue
        anchors = _anchors(old, new, (a, b, c, d)) if depth < _MAX_DEPTH else []
        if anchors:
            ends = [(a - 1, c - 1), *anchors, (b, d)]
            yield from ((i, j, 1) for i, j in anchors)
            waiting += [(i + 1, k, j + 1, m, depth + 1) for (i, j), (k, m) in pairwise(ends)]
        elif (b - a) * (d - c) <= _MAX_COMPARED:
            yield from _compared(old[a:b], new[c:d], a, c)


def _anchors(old: Sequence[str], new: Sequence[str], within: tuple[int, int, int, int]) -> list[tuple[int, int]]:
    """The longest run of tokens that stand once in each stretch and in the same order in both, as pairs of places."""
    a, b, c, d = within
    in_old, in_new = Counter(old[a:b]), Counter(new[c:d])
    places = {new[j]: j for j in range(c, d) if in_new[new[j]] == 1 and in_old[new[j]] == 1}
    pairs = [(i, places[old[i]]) for i in range(a, b) if old[i] in places]
    tails: list[int] = []  # the smallest place in the new that a run of each length ends at
    ends: list[int] = []
    before: list[int] = []
    for number, (_, j) in enumerate(pairs):
        length = bisect_left(tails, j)
        tails[length : length + 1] = [j]
        ends[length : length + 1] = [number]
        before.append(ends[length - 1] if length else -1)
    run, number = [], ends[-1] if ends else -1
    while number >= 0:
        run.append(pairs[number])
        number = before[number]
    return run[::-1]


def _compared(old: Sequence[str], new: Sequence[str], a: int, c: int) -> Iterator[_Block]:
    from difflib import SequenceMatcher

    for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
        if block.size:
            yield a + block.a, c + block.b, block.size


def _gaps(blocks: Sequence[_Block], num_old: int, num_new: int) -> Iterator[tuple[int, int, int, int]]:
    """What lies between the blocks, as spans of the old and of the new."""
    a = c = 0
    for i, j, length in [*blocks, (num_old, num_new, 0)]:
        if i > a or j > c:
            yield a, i, c, j
        a, c = i + length, j + length


def _starts(lines: Sequence[str]) -> list[int]:
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    return starts
