"""The characters of a PDF page, as pdfium finds them, gathered into pieces (`pieces.py`).

Words that run in another direction than most of the page (a stamp along the margin) are kept aside. Nothing is put in
order.
"""

import ctypes
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from corpus.reading.pdf.pieces import MAX_GAP, Box, PagePieces, Piece, is_right_to_left, is_unspaced
from corpus.reading.raised import raised

_MIN_SPACE = 0.05
_OVERLAP = 0.4
_SAME_CHARACTER = 0.3
_STRAIGHT = 0.25
_RAISE = 0.2
_RAISED_SIZE = 0.85
"""Raised digits stand so much of the letters' size above them, and are smaller than this share of it."""
_BOLD_WEIGHT = 520
_BOLD_NAME = re.compile(r"bold|black|heavy|demi|cmbx|[-,]bd\b", re.IGNORECASE)
_BULLETS = dict.fromkeys([0xF0B7, 0xF0A7, 0xF0A8, 0xF0D8, 0xF076, 0xF0FC, 0xF06C, 0xF06E, 0xF071], "•")
_HYPHENS = dict.fromkeys([0x02, 0xAD, 0x2010, 0x2011, 0xFFFE], "-")  # pdfium writes 2 or FFFE for one at a line's end
_FF = re.compile(r"(?<=[A-Za-z])\u21b5|\u21b5(?=[a-z])")
"""What fonts without a name for the ligature are read as."""
_SPACES = frozenset([9, 10, 13, 0x20, 0xA0, 0x2002, 0x2003, 0x2009, 0x200A, 0x202F])


def page_pieces(number: int, text_page: Any, box: Box) -> PagePieces:
    """The pieces of pdfium's text page within the page's `box`, turned so that most of them read left to right."""
    pieces = list(_once(_Builder(text_page, box).pieces()))
    weights = Counter[int]()
    for piece in pieces:
        weights[piece.turn] += len(piece.text)
    turn = weights.most_common(1)[0][0] if weights else 0
    return PagePieces(
        number,
        tuple(piece for piece in pieces if piece.turn == turn),
        _turned(box, turn),
        tuple(piece for piece in pieces if piece.turn != turn),
    )


def _once(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """The pieces, without those that were drawn again at the same place to look bold or have a shadow."""
    seen: set[tuple[str, int, int]] = set()
    for piece in pieces:
        x, y, step = piece.x0, piece.y0, max(piece.size * _SAME_CHARACTER, 0.5)
        places = {(piece.text, round(x / step + dx), round(y / step + dy)) for dx in (-0.5, 0.5) for dy in (-0.5, 0.5)}
        if not places & seen:
            yield piece
        seen |= places


def _turned(box: Box, turn: int) -> Box:
    """The box in coordinates that are turned with the words."""
    left, bottom, right, top = box
    if turn == 1:
        return bottom, -right, top, -left
    if turn == 2:
        return -right, -top, -left, -bottom
    if turn == 3:
        return -top, left, -bottom, right
    return box


class _Builder:
    """Goes through the characters of one page once."""

    def __init__(self, text_page: Any, box: Box) -> None:
        import pypdfium2.raw as pdfium

        self._pdfium = pdfium
        self._page = text_page.raw
        self._box = box
        self._name = ctypes.create_string_buffer(128)
        self._letters: list[str] = []
        self._line: Box = (0, 0, 0, 0)
        self._last: Box = (0, 0, 0, 0)
        self._raw: Box = (0, 0, 0, 0)
        self._indexes: list[int] = []
        self._size, self._turn = 0.0, 0
        self._is_vertical = False

    def pieces(self) -> Iterator[Piece]:
        rectangle = self._pdfium.FS_RECTF()
        reference = ctypes.byref(rectangle)
        unicode, box_of = self._pdfium.FPDFText_GetUnicode, self._pdfium.FPDFText_GetLooseCharBox
        left, bottom, right, top = self._box
        page, space = self._page, -1
        for index in range(self._pdfium.FPDFText_CountChars(page)):
            code = unicode(page, index)
            if code in _SPACES:
                space = index
                continue
            letter = _letter(code)
            if not letter or not box_of(page, index, reference):
                continue
            box = rectangle.left, rectangle.bottom, rectangle.right, rectangle.top
            if space < 0 and code < 0x7F and self._goes_straight_on(letter, box, index):
                continue
            if self._is_rest(code, index, box):
                self._put(letter, index)
                continue
            if box[2] < left or box[0] > right or box[3] < bottom or box[1] > top:
                continue  # outside of what is shown
            if not self._goes_on(letter, box, index, space):
                yield from self._ended()
                self._begin(letter, box, index)
            space = -1
        yield from self._ended()

    def _goes_straight_on(self, letter: str, box: Box, index: int) -> bool:
        """The answer of `_goes_on` for most letters, which stand beside another one of the same font: quick."""
        last, size = self._last, self._size
        if box[1] != last[1] or box[3] != last[3] or self._turn or not self._letters or letter == self._letters[-1]:
            return False
        if box[1] - self._line[1] > _RAISE * size:
            return False  # beside a raised one
        if not -_STRAIGHT * size < box[0] - last[2] < _STRAIGHT * size or self._is_vertical:
            return False
        self._letters.append(letter)
        self._indexes.append(index)
        self._last = self._raw = box
        return True

    def _goes_on(self, letter: str, box: Box, index: int, space: int) -> bool:
        """Whether the letter belongs to the piece at hand, and has been added to it."""
        if not self._letters:
            return False
        x0, y0, x1, y1 = box = _turned(box, self._turn) if self._turn else box
        last_x0, last_y0, last_x1, last_y1 = self._last
        height = min(y1 - y0, last_y1 - last_y0) or self._size or 1.0
        limit = MAX_GAP * max(self._size, 1.0)
        if self._is_vertical or min(y1, last_y1) - max(y0, last_y0) < _OVERLAP * height:
            return self._goes_down(letter, box, index)
        gap = x0 - last_x1
        before = self._letters[-1]
        if letter == before and abs(x0 - last_x0) < _SAME_CHARACTER * (x1 - x0):
            return True  # drawn twice to look bold
        if gap < -0.5 * height and is_right_to_left(letter + before):
            gap = last_x0 - x1
        if not -0.6 * height < gap < limit:
            return False
        if space >= 0 and self._is_space(space, gap, before + letter):
            self._put(" ", index)
        is_raised = letter.isdecimal() and y0 - self._line[1] > _RAISE * self._size and self._is_raised(index)
        self._add(raised(letter) if is_raised else letter, box, index)
        return True

    def _is_raised(self, index: int) -> bool:
        """Whether the letter is smaller than the first one of its piece, and stands higher."""
        if self._turn or self._size_and_turn(index)[0] > _RAISED_SIZE * self._size:
            return False
        return self._baseline(index) - self._baseline(self._indexes[0]) > _RAISE * self._size

    def _baseline(self, index: int) -> float:
        x, y = ctypes.c_double(), ctypes.c_double()
        self._pdfium.FPDFText_GetCharOrigin(self._page, index, ctypes.byref(x), ctypes.byref(y))
        return y.value

    def _goes_down(self, letter: str, box: Box, index: int) -> bool:
        """Whether the letter stands below the last one in vertical writing, and has been added."""
        x0, _, x1, y1 = box
        size = max(self._size, 1.0)
        may_be = self._is_vertical or (len(self._letters) == 1 and is_unspaced(self._letters[0]))
        if not may_be or not is_unspaced(letter) or not -0.4 * size < self._last[1] - y1 < 0.5 * size:
            return False
        if abs((x0 + x1) - (self._last[0] + self._last[2])) > 0.6 * size:
            return False
        self._is_vertical = True
        self._add(letter, box, index)
        return True

    def _is_space(self, index: int, gap: float, around: str) -> bool:
        """Whether the space is the author's: pdfium makes its own between Japanese characters, or where none is."""
        if gap > _MIN_SPACE * self._size and (around.isascii() or not all(map(is_unspaced, around))):
            return True
        return not self._pdfium.FPDFText_IsGenerated(self._page, index)

    def _is_rest(self, code: int, index: int, box: Box) -> bool:
        """Whether it is the rest of the character before it: of a ligature, or the second half of a surrogate pair."""
        if box != self._raw or not self._letters:
            self._raw = box
            return False
        if 0xDC00 <= code <= 0xDFFF:
            return True
        objects = (self._pdfium.FPDFText_GetTextObject(self._page, i) for i in (index - 1, index))
        one, other = (ctypes.cast(found, ctypes.c_void_p).value for found in objects)
        return one == other

    def _add(self, letter: str, box: Box, index: int) -> None:
        line = self._line
        self._line = min(line[0], box[0]), min(line[1], box[1]), max(line[2], box[2]), max(line[3], box[3])
        self._put(letter, index)
        self._last = box

    def _put(self, letter: str, index: int) -> None:
        self._letters.append(letter)
        self._indexes.append(index)

    def _begin(self, letter: str, box: Box, index: int) -> None:
        self._size, self._turn = self._size_and_turn(index)
        box = _turned(box, self._turn)
        if box[3] <= box[1]:  # a font that says nothing of its height
            box = box[0], box[1], box[2], box[1] + (self._size or 1.0)
        self._size = self._size or box[3] - box[1]
        self._letters, self._indexes, self._line, self._last = [letter], [index], box, box
        self._is_vertical = False

    def _size_and_turn(self, index: int) -> tuple[float, int]:
        matrix = self._pdfium.FS_MATRIX()
        self._pdfium.FPDFText_GetMatrix(self._page, index, ctypes.byref(matrix))
        size = self._pdfium.FPDFText_GetFontSize(self._page, index) * (matrix.c**2 + matrix.d**2) ** 0.5
        if abs(matrix.b) > abs(matrix.a):
            return size, 1 if matrix.b > 0 else 3
        return size, 2 if matrix.a < 0 and matrix.d < 0 else 0

    def _is_bold(self, index: int) -> bool:
        if self._pdfium.FPDFText_GetFontWeight(self._page, index) >= _BOLD_WEIGHT:
            return True
        flags = ctypes.c_int()
        length = self._pdfium.FPDFText_GetFontInfo(self._page, index, self._name, len(self._name), ctypes.byref(flags))
        return 0 < length <= len(self._name) and bool(_BOLD_NAME.search(self._name.value.decode("utf-8", "replace")))

    def _ended(self) -> Iterator[Piece]:
        if self._letters:
            left, bottom, right, top = self._line
            line = min(left, self._last[0]), bottom, max(right, self._last[2]), top
            text = "".join(self._letters).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
            text = _FF.sub("ff", text) if "\u21b5" in text else text
            middle = self._indexes[len(self._indexes) // 2]  # what most of the words look like
            size = self._size_and_turn(middle)[0] or self._size
            bold = self._is_bold(middle)
            yield Piece(text, *line, size, bold, self._indexes[0], self._turn, self._is_vertical)
            self._letters = []


def _letter(code: int) -> str:
    """What the character stands for: ligatures and the forms of Japanese radicals as their letters, or nothing."""
    if 0x20 < code < 0x7F:
        return chr(code)
    if code in _HYPHENS:
        return _HYPHENS[code]
    if 0x80 <= code < 0xA0:  # fonts that map their letters by Windows' code page
        return bytes([code]).decode("cp1252", "ignore")
    if code < 0xA0 or code > 0x10FFFF or code in (0x200B, 0x2060, 0xFEFF, 0xFFFF):
        return ""
    if 0xE000 <= code <= 0xF8FF:  # private use: what it looks like, only its font knows
        return _BULLETS.get(code, "")
    letter = chr(code)
    return unicodedata.normalize("NFKC", letter) if 0xFB00 <= code <= 0xFB06 or 0x2E80 <= code <= 0x2FDF else letter
