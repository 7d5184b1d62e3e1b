"""A PDF page as pieces: words that stand side by side on one line, with their places, in the order of the file.

What is on the page is put in order by `layout.py`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

MAX_GAP = 0.8
"""Words of a line are less than so many times their size apart; the cells of a table and columns are more."""
_UNSPACED = re.compile(r"[\u2e80-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
_RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


@dataclass(frozen=True, slots=True)
class Piece:
    """Words on one line. `x` grows in reading direction and `y` upwards; `at` counts in the order of the file.

    `turn` counts quarter turns to the left of the direction in which the words run; `is_vertical` is said of words that
    run downwards without being turned.
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    bold: bool = False
    at: int = 0
    turn: int = 0
    is_vertical: bool = False


Box = tuple[float, float, float, float]
"""Left, bottom, right, top."""


@dataclass(frozen=True, slots=True)
class PagePieces:
    """The pieces of a page, its own number counted from 1, and its edges in the coordinates of the pieces."""

    number: int
    pieces: tuple[Piece, ...]
    box: Box
    aside: tuple[Piece, ...] = ()
    """What runs in another direction than most of the page."""


def is_unspaced(character: str) -> bool:
    """Whether it is of a script that puts no spaces between words."""
    return bool(_UNSPACED.match(character))


def is_right_to_left(text: str) -> bool:
    """Whether the text has letters that are read from right to left."""
    return bool(_RIGHT_TO_LEFT.search(text))


def merged(pieces: Sequence[Piece], separator: str = "") -> Piece:
    """One piece of several that stand side by side in this order; spaces where there is room for one."""
    text = pieces[0].text
    for before, after in pairwise(pieces):
        apart = max(after.x0 - before.x1, before.x0 - after.x1) > 0.12 * min(before.size, after.size)
        is_cjk = is_unspaced(before.text[-1]) and is_unspaced(after.text[0])
        text += (separator or (" " if apart and not is_cjk else "")) + after.text
    longest = max(pieces, key=lambda piece: len(piece.text))
    return replace(
        longest,
        text=text,
        x0=min(piece.x0 for piece in pieces),
        x1=max(piece.x1 for piece in pieces),
        bold=all(piece.bold for piece in pieces if len(piece.text) > 3 or piece is longest),
        at=min(piece.at for piece in pieces),
    )
