"""Lines of a PDF page that belong together, and where among them paragraphs, list items and headings begin.

Told from sizes, gaps, indents and how far a line is filled; what becomes of them is told in `paragraphs.py`.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from corpus.reading.pdf.pieces import is_unspaced
from corpus.reading.pdf.rows import Line

BULLET = re.compile(r"(?:[•◦▪‣●○■□➢✓❖]|[·*–—-](?=\s)) ?")
NUMBERED = re.compile(
    r"(?:\d{1,3}[.)]|\([a-z0-9]{1,4}\)|[a-z]\)|[ivx]{1,5}[.)]|"
    r"\d{1,2}(?:\.\d{1,2}){1,3}[.:)]?|(?:Article|Art\.|Section|§) ?\d+\b)\s"
)
_HEADING_NUMBER = re.compile(r"(?:\d{1,2}(?:\.\d{1,2}){0,4}\.?|[IVX]{1,5}\.|[A-Z]\.)\s+\S")
SENTENCE_END = re.compile(r"[.!?。！？:;：；…]['\"”’)\]」』]*[\d⁰¹²³⁴-⁹]{0,2}$")
_TO_A_PAGE = re.compile(r" \.\.\. \S{1,6}$")
_APART = 1.22
SAME_SIZE = 0.08
_NEAR_SIZE = 0.25
INDENT = 0.8
_SHORT = 0.15
_SHORT_LINE = 0.75
_LARGER = 1.1


def body_size(lines: Sequence[Line]) -> float:
    """The size of most letters."""
    weights = Counter[float]()
    for line in lines:
        weights[line.size] += len(line.text)
    return weights.most_common(1)[0][0] if weights else 0.0


def _pitches(lines: Sequence[Line]) -> dict[int, float]:
    """Size → how far apart its lines mostly stand."""
    found: dict[int, Counter[float]] = {}
    for a, b in pairwise(lines):
        pitch = a.middle - b.middle
        if not a.is_row and not b.is_row and _is_same_size(a, b) and 0.5 * a.size < pitch < 3 * a.size:
            found.setdefault(round(a.size), Counter())[round(2 * pitch) / 2] += 1
    return {
        size: min(p for p, n in counts.items() if n >= 0.5 * max(counts.values())) for size, counts in found.items()
    }


def _is_same_size(a: Line, b: Line) -> bool:
    return abs(a.size - b.size) <= SAME_SIZE * max(a.size, b.size)


def line_groups(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Lines that stand together: no wider gap between them than usual, no other size, no new column."""
    pitches = _pitches(lines)
    held: list[Line] = []
    for line in lines:
        if held and _is_break(held[-1], line, pitches):
            yield held
            held = []
        held.append(line)
    if held:
        yield held


def _is_break(a: Line, b: Line, pitches: dict[int, float]) -> bool:
    if a.is_row or b.is_row:
        return not (a.is_row and b.is_row and 0 <= a.y0 - b.y1 < 3 * b.size)
    pitch = a.middle - b.middle
    if not _is_same_size(a, b):
        return not _runs_on(a, b, pitch)
    usual = pitches.get(round(a.size), 1.35 * a.size)
    if not 0.3 * a.size < pitch < max(_APART * usual, usual + 1.5):
        return True
    if b.bold != a.bold:
        return _fits(a, b, a.right) or bool(SENTENCE_END.search(a.text)) or b.left != a.left
    return b.x0 > a.right or b.x1 < a.left


def _runs_on(a: Line, b: Line, pitch: float) -> bool:
    """Whether a sentence goes on in letters that are a little larger or smaller, as after its first bold words."""
    is_near = abs(a.size - b.size) < _NEAR_SIZE * max(a.size, b.size) and 0.3 * a.size < pitch < 1.6 * a.size
    is_open = b.text[0].islower() and not SENTENCE_END.search(a.text) and not a.bold and not b.bold
    return is_near and is_open and a.left == b.left and abs(a.x0 - b.x0) < a.size


def parted(group: Sequence[Line], body: float) -> Iterator[tuple[list[Line], bool]]:
    """The paragraphs of a group, with whether each is one of several short lines that belong together."""
    right = _right(group)
    is_large = group[0].size > _LARGER * body
    found: list[list[Line]] = [[group[0]]]
    broken = [False]
    for line in group[1:]:
        is_broken = not is_large and _is_broken_off(found[-1][-1], line, right)
        if is_broken or _begins_paragraph(found[-1], line, right):
            broken.append(is_broken and not _marks(line))
            found.append([])
        found[-1].append(line)
    broken.append(False)
    for index, lines in enumerate(found):
        yield lines, broken[index] or broken[index + 1]


def _right(group: Sequence[Line]) -> float:
    """Where the lines of a group end, if they are long and two at least reach it; else where their column does."""
    ends = sorted((line.x1 for line in group), reverse=True)
    right = max(line.right for line in group)
    if (
        len(group) > 2
        and ends[0] - ends[1] < 2 * group[0].size
        and ends[0] - group[0].left > 0.6 * (right - group[0].left)
    ):
        return ends[0]
    return right


def _is_broken_off(last: Line, line: Line, right: float) -> bool:
    """Whether the last line was ended on purpose, and not because the next word had no room: an address, a verse."""
    if _TO_A_PAGE.search(last.text):
        return True
    width = right - last.left
    if _is_centred(last, line) and last.x0 - last.left > last.size:
        return width - (last.x1 - last.x0) > _first_width(line) + 2.2 * line.size and last.x1 - last.x0 < 0.7 * width
    return _fits(last, line, right) and last.x1 < last.left + _SHORT_LINE * width


def _begins_paragraph(held: Sequence[Line], line: Line, right: float) -> bool:
    """Whether the line begins a new paragraph."""
    last, first = held[-1], held[0]
    indent = INDENT * line.size
    is_ended = bool(SENTENCE_END.search(last.text))
    if _begins_item(held, line, is_open=not is_ended and not _fits(last, line, right)):
        return True
    if is_ended and last.x1 < right - max(_SHORT * (right - first.left), 3 * line.size):
        return True
    if _is_centred(last, line):
        return False
    if line.x0 > last.x0 + indent:
        return len(held) > 1 or (is_ended and not _marks(first))
    return len(held) > 1 and line.x0 < last.x0 - indent


def _begins_item(held: Sequence[Line], line: Line, *, is_open: bool) -> bool:
    """Whether the line begins a list item or a numbered heading; a number is none where the line above is open."""
    first = held[0]
    if NUMBERED.match(line.text):
        return not is_open or bool(NUMBERED.match(first.text) and abs(line.x0 - first.x0) < INDENT * line.size)
    if held[-1].bold and line.bold and _HEADING_NUMBER.match(line.text) and _HEADING_NUMBER.match(first.text):
        return True
    is_between = line.text[0] == "·" and " · " in held[-1].text  # one of the points that set words apart
    return bool(BULLET.match(line.text)) and not is_between


def _marks(line: Line) -> bool:
    return bool(BULLET.match(line.text) or NUMBERED.match(line.text))


def _is_centred(a: Line, b: Line) -> bool:
    """Whether both lines stand in the middle of the same strip, inset by different widths."""
    return abs((a.x0 + a.x1) - (b.x0 + b.x1)) < 0.6 * a.size and abs(a.x0 - b.x0) > INDENT * a.size


def _fits(a: Line, b: Line, right: float) -> bool:
    """Whether the first word of `b` would have found room at the end of `a`, so that the line was broken on purpose."""
    if is_unspaced(a.text[-1]) and is_unspaced(b.text[0]):
        return right - a.x1 > 3 * a.size
    return right - a.x1 > _first_width(b) + 2.2 * a.size


def _first_width(line: Line) -> float:
    """How wide its first word is, about."""
    return len(line.text.split(None, 1)[0]) / len(line.text) * (line.x1 - line.x0)
