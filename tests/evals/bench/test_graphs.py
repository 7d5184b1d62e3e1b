import numpy as np
import pytest

from evals.bench.graphs import WIDTHS, measured
from index.embedding import unit_rows


@pytest.mark.filterwarnings("ignore:legacy embedding function config")  # Chroma calls none so
def test_a_row_for_each_width_of_the_search() -> None:
    """Among few vectors nothing is missed, and what was measured is there."""
    vectors = unit_rows(np.random.default_rng(9).standard_normal((200, 16)).astype(np.float32))
    rows = list(measured(vectors, vectors[:5], 48, 400))
    assert [row["width"] for row in rows] == list(WIDTHS)
    assert [row["recall"] for row in rows] == [1.0] * len(WIDTHS)
    assert all(row["milliseconds"][1] >= row["milliseconds"][0] > 0 for row in rows)
    assert rows[0]["disk_mb"] > 200 * 16 * 4 / 1e6
