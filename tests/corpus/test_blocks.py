from hypothesis import given, settings

from corpus.blocks import PAGE_BREAK, Block, assemble
from corpus.document import PAGE, Section
from tests.soak.blocks import block_lists
from tests.soak.promises import check_blocks


def test_blocks_become_a_text_with_sections() -> None:
    """Tight blocks are lines, others are set apart; a heading reaches to the next of its rank, a page to the next."""
    blocks = [
        Block("Rain", level=1, page=1),
        Block("tin", tight=True, page=1),
        Block("brass", tight=True, page=1),
        Block("Money", level=2, page=1),
        Block(f"It costs{PAGE_BREAK} a lot.", page=1),
        Block("Sun", level=1, page=2),
    ]
    text, sections = assemble(blocks, page_labels={2: "ii"})
    assert text == "Rain\n\ntin\nbrass\n\nMoney\n\nIt costs a lot.\n\nSun"
    assert sections == (
        Section("Rain", 1, 0, 41, 1),
        Section("1", PAGE, 0, 33, 1),
        Section("Money", 2, 17, 41, 1),
        Section("ii", PAGE, 33, 44, 2),
        Section("Sun", 1, 41, 44, 2),
    )


def test_a_heading_is_set_apart() -> None:
    """A heading that is an item of a list is no line of the list."""
    text, _ = assemble(
        [Block("Rain", level=1).marked("•"), Block("Sun", level=2).marked("•"), Block("tin").marked("•")]
    )
    assert text == "• Rain\n\n• Sun\n\n• tin"


@given(block_lists())
@settings(deadline=None)
def test_nothing_is_lost_between_blocks(blocks: list[Block]) -> None:
    """Every letter of the blocks is in the text, which begins and ends with one; sections lie in order within it."""
    check_blocks(blocks)
