"""Blocks as readers make them, with and without pages, of hostile letters."""

from dataclasses import replace

from hypothesis import strategies as st

from corpus.blocks import PAGE_BREAK, Block
from tests.soak.drawing import texts

_MAX_CHARS = 3_000


def _few(text: str) -> str:
    return text[:_MAX_CHARS]


_BLOCKS = st.lists(
    st.builds(
        lambda words, level, tight, page, marker: (
            Block(words, level, tight, page).marked(marker) if marker else Block(words, level, tight, page)
        ),
        st.one_of(texts(max_pieces=6), st.lists(texts(max_pieces=3), max_size=4).map(PAGE_BREAK.join)).map(_few),
        st.sampled_from([0, 0, 0, 1, 2, 3, 6]),
        st.booleans(),
        st.none(),
        st.sampled_from(["", "", "•", "1.", "2.", "(a)"]),
    ),
    max_size=20,
)


@st.composite
def _paged(draw: st.DrawFn) -> list[Block]:
    """Blocks whose pages come in their order, as a reader has them."""
    blocks, page = [], 1
    for block in draw(_BLOCKS):
        page += draw(st.sampled_from([0, 0, 1, 2]))
        blocks.append(replace(block, page=page))
        page += block.text.count(PAGE_BREAK)
    return blocks


def block_lists() -> st.SearchStrategy[list[Block]]:
    """What `assemble` is given."""
    return st.one_of(_BLOCKS, _paged())
