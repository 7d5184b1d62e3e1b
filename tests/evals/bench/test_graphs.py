import numpy as np
import pytest

from evals.bench.graphs import WIDTHS, measured
from index.embedding import unit_rows


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:legacy embedding function config")  # Chroma calls none so
def test_a_wider_search_of_one_graph_misses_less() -> None:
    """A row for each width, of a graph that is made once; vectors at random are hard to find."""
    vectors = unit_rows(np.random.default_rng(9).standard_normal((4_000, 64)).astype(np.float32))
    rows = list(measured(vectors, list(vectors[:20] + 0.3 * vectors[20:40]), 8, 40))
    assert [row["width"] for row in rows] == list(WIDTHS)
    assert 0.3 < rows[0]["recall"] < rows[1]["recall"] < rows[2]["recall"] <= 1.0
    assert all(row["milliseconds"][1] >= row["milliseconds"][0] > 0 for row in rows)
    assert rows[0]["disk_mb"] > vectors.nbytes / 1e6
    assert len({row["made_s"] for row in rows}) == 1
