from pathlib import Path

from evals.bench.scores import BASELINE, OURS, PUBLISHED_ROWS, Row, score_card, write_card

ROWS = [
    Row("mtrag_govt", "R@5", "full text alone", BASELINE, 0.4, 0.35, 0.45, num=200),
    Row("mtrag_govt", "R@5", "rules", OURS, 0.5, 0.45, 0.55, num=200),
    Row("own | set", "p50, ms", "search", OURS, 1234.4),
]


def test_the_card_has_ours_the_baselines_and_what_others_published() -> None:
    """A table a set, ours first, each measured row with its commit and interval, each published one with its source."""
    card = score_card(ROWS, commit="abc123", on="2026-11-22")
    lines = card.splitlines()
    start = lines.index("## mtrag\\_govt")
    assert lines[start + 4 : start + 7] == [
        "| R@5 | rules | ours | 0.500 | 0.450 to 0.550 | 200 | abc123 |",
        "| R@5 | full text alone | baseline | 0.400 | 0.350 to 0.450 | 200 | abc123 |",
        "| R@5 | BM25, last turn | published | 0.200 |  |  | Katsis et al., MTRAG, 2025; over the full corpora, "
        "not comparable |",
    ]
    assert "| p50, ms | search | ours | 1,234 |  |  | abc123 |" in lines
    assert "## own &#124; set" in lines
    assert "Chroma" not in card, "a set that was not measured is left out, published rows and all"


def test_every_published_row_names_its_source_and_has_no_interval_of_ours() -> None:
    assert all(row.source and row.low is None and row.whose == "published" for row in PUBLISHED_ROWS)


def test_nothing_measured_writes_nothing(tmp_path: Path) -> None:
    """A bench without data must not empty the card of an earlier one."""
    card = tmp_path / "SCORES.md"
    write_card(card, [], commit="abc123")
    assert not card.exists()
    write_card(card, ROWS, commit="abc123")
    assert card.read_text().startswith("# Scores\n\nWritten by `make bench` on 20")
