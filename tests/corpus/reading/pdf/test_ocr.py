from importlib.util import find_spec

import pytest

from corpus.reading.pdf.ocr import page_reader, pieces_of


def test_words_on_a_picture_get_their_places_on_the_page() -> None:
    """Pixels from the top left become points from the bottom left, and lines of nearly one height are of one size."""
    found = [
        ([[20, 40], [220, 40], [220, 60], [20, 60]], "The ministers met", "0.98"),
        ([[20, 80], [200, 80], [200, 102], [20, 102]], "in Oslo.", 0.91),
        ([[20, 120], [200, 120], [200, 140], [20, 140]], "smudge", 0.2),
    ]
    one, other = pieces_of(found, scale=2, height=400)
    assert (one.text, one.x0, one.y0, one.x1, one.y1) == ("The ministers met", 10, 370, 110, 380)
    assert (other.text, other.y0, other.y1) == ("in Oslo.", 349, 360)
    assert one.size == other.size == 0.75 * 10.5


def test_a_picture_without_words_has_no_pieces() -> None:
    """Nothing comes of an empty picture."""
    assert pieces_of([], scale=2, height=400) == ()


@pytest.mark.skipif(find_spec("rapidocr_onnxruntime") is not None, reason="the extra is installed")
def test_without_the_extra_nothing_reads_pictures() -> None:
    """A plain installation asks for no engine."""
    assert page_reader() is None
