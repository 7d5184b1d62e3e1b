"""Words on pictures of pages, read by RapidOCR where it is installed (the extra `ocr`); its models come with it.

They read Latin letters and Chinese; Japanese kana come out wrong. What is read so is never exact: whoever uses it says
so in a warning.
"""

import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from statistics import median
from typing import Any

from corpus.reading.pdf.pieces import PagePieces, Piece

PageReader = Callable[[Any, int], PagePieces | None]
"""From pdfium's page and its number to the words on its picture; None when there is no time left."""

SECONDS = 40.0
"""Computing time for the pages of one file; a page takes some three seconds, and a reader may not take long."""
_SCALE = 2.5  # 180 dots an inch
_MAX_PIXELS = 4_000
_MIN_SCORE = 0.5
_SIZE_OF_HEIGHT = 0.75
_PACKAGE = "rapidocr_onnxruntime"


def page_reader() -> PageReader | None:
    """What reads the pages of one file; None where the package is not installed."""
    if find_spec(_PACKAGE) is None:
        return None
    engine: list[Any] = []
    until = time.process_time() + SECONDS

    def read(page: Any, number: int) -> PagePieces | None:
        if time.process_time() > until:
            return None
        if not engine:
            engine.append(_engine())
        width, height = page.get_size()
        scale = min(_SCALE, _MAX_PIXELS / max(width, height, 1.0))
        found, _ = engine[0](page.render(scale=scale).to_numpy())
        return PagePieces(number, pieces_of(found or [], scale, height), (0.0, 0.0, width, height))

    return read


def pieces_of(found: Sequence[tuple[Any, str, float]], scale: float, height: float) -> tuple[Piece, ...]:
    """The pieces of what the engine found: corners in pixels from the top left, words, and how sure it is of them.

    Lines of nearly the same height are taken to be of one size, since boxes around letters differ.
    """
    sure = [(corners, text.strip()) for corners, text, score in found if float(score) >= _MIN_SCORE and text.strip()]
    boxes = [_box(corners, scale, height) for corners, _ in sure]
    usual = median(y1 - y0 for _, y0, _, y1 in boxes) if boxes else 0.0
    return tuple(
        Piece(text, x0, y0, x1, y1, _size(y1 - y0, usual), at=at)
        for at, ((_, text), (x0, y0, x1, y1)) in enumerate(zip(sure, boxes, strict=True))
    )


def _size(height: float, usual: float) -> float:
    return _SIZE_OF_HEIGHT * (usual if 0.7 * usual < height < 1.4 * usual else height)


def _box(corners: Sequence[Sequence[float]], scale: float, height: float) -> tuple[float, float, float, float]:
    across, down = zip(*((float(x), float(y)) for x, y in corners), strict=True)
    return min(across) / scale, height - max(down) / scale, max(across) / scale, height - min(down) / scale


def _engine() -> Any:
    from rapidocr_onnxruntime import RapidOCR

    return RapidOCR()
