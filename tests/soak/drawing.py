"""Texts of hostile letters and of pieces of a grammar, as the fuzzing draws them."""

from collections.abc import Sequence

from hypothesis import strategies as st

MAX_CHARS = 50_000
HOSTILE = (
    "\0", "\f", "\v", "\r", "\x1b$B", "\x85", "\u00a0", "\u00ad", "\u0301", "\u0345", "\u200b", "\u200d", "\u2028",
    "\u202e", "\u3000", "\u3099", "\ud7b0", "\ue000", "\ufb01", "\ufeff", "\uffff", "\U0001f600", "\U000e0041",
    "１２", "²", "٣", "Ⅷ", "İ", "ß", "ﾊﾟ", "각", "\\", "%", "&#0;", "&#xD800;", "&amp;", "]]>", "<!--", "\\u0000",
)  # fmt: skip
"""Letters that mean more than themselves to one parser or another."""
WORDS = (
    " ", "\n", "\n\n", "\t", ".", "。", "!", "?", "…", ":", "; ", ", ", "、", '"', "'", "(", ")", "[", "]", "«", "」",
    "It rained in Oslo. ", "Dr. Ueyama ", "e.g. ", "U.K. ", "3.5 million ", "Article 7 ", "1. ", "2) ", "(a) ",
    "(iv) ", "• ", "- ", "* ", "a | b | c", "Country: Japan; Budget: 12", "科学技術協力。", "「はい。」", "第3条　",
    "Der Ausschuß ", "Комитет ", "É vero? ", "20 October 2021", "2021-10-20", "2021年10月20日", "2021-13-45",
    "Home > News", "Page 3 of 9", "- 4 -", "12", "Read more", "Source link", "A title of more than four words",
    "the word ",
)  # fmt: skip
LETTERS = st.text(max_size=4)


def texts(pieces: Sequence[str] = WORDS, *, max_pieces: int = 60) -> st.SearchStrategy[str]:
    """Pieces of a grammar, hostile letters and any others, joined at random; some of them many times."""
    piece = st.one_of(st.sampled_from(tuple(pieces)), st.sampled_from(tuple(pieces)), st.sampled_from(HOSTILE), LETTERS)
    times = st.one_of(st.just(1), st.just(1), st.just(1), st.integers(0, 8), st.integers(0, 3_000))
    return st.lists(st.tuples(piece, times), max_size=max_pieces).map(_joined)


def _joined(pieces: Sequence[tuple[str, int]]) -> str:
    return "".join(piece * times for piece, times in pieces)[:MAX_CHARS]
