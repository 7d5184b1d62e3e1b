import re

import numpy as np

from evals.bench.sizes import recall
from evals.bench.sizes_plot import sizes_plot
from index.retrieval import NUM_CANDIDATES


def test_recall_counts_what_is_as_near_as_the_exact_search_finds() -> None:
    """By hand: of the hundred that an exact search lists, ninety are listed, and ten that are farther."""
    angles = np.linspace(0, 1, 500)
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    asked = np.array([[1.0, 0.0]])
    cosines = list(np.cos(angles))
    near = cosines[:90] + cosines[200:210]
    assert recall([near], asked, list(vectors)) == 0.9
    assert recall([cosines[:NUM_CANDIDATES]], asked, list(vectors)) == 1.0


def test_a_plot_has_a_line_for_each_part() -> None:
    """Larger sizes stand further right, longer times higher."""
    rows = [{"passages": n, "milliseconds": {"search": [1, n / 100], "vectors": [1, 2]}} for n in (1_000, 100_000)]
    picture = sizes_plot(rows)
    lines = re.findall(r'points="([\d.,]+) ([\d.,]+)"', picture)
    (left, low), (right, high) = (tuple(map(float, point.split(","))) for point in lines[0])
    assert len(lines) == 2
    assert left < right
    assert low > high
    assert "search: 1000 ms" in picture
    assert "1,000<" in picture
