"""The score card: what `evals.bench` measured, beside baselines of the same run and beside what others published.

Measured rows carry the commit and an interval; published ones their source, and where they are not comparable, why. It
measures nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from assistant.exporting.escaping import markdown

OURS, BASELINE, PUBLISHED = "ours", "baseline", "published"


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. `whose` is ours, baseline or published; `num` counts questions.

    `low` and `high` are its 95 % interval, None where there is none; `source` says where a published figure stands.
    """

    data: str
    measure: str
    system: str
    whose: str
    value: float
    low: float | None = None
    high: float | None = None
    num: int | None = None
    unit: str = ""
    source: str = ""


_CHROMA = "Smith & Troynikov, Chroma, 2024"
_MTRAG = "Katsis et al., MTRAG, 2025; over the full corpora, not comparable"
_SQUAD = "SQuAD 2.0 leaderboard, with the paragraph given; not comparable"


def _published(data: str, measure: str, source: str, figures: dict[str, float], *, unit: str = "") -> list[Row]:
    return [Row(data, measure, name, PUBLISHED, value, unit=unit, source=source) for name, value in figures.items()]


PUBLISHED_ROWS: tuple[Row, ...] = (
    *_published(
        "chunking_evaluation",
        "token recall",
        f"{_CHROMA}; five chunks",
        {
            "all-MiniLM-L6-v2, token text 250/125": 82.4,
            "all-MiniLM-L6-v2, cluster 200": 75.2,
            "text-embedding-3-large, cluster 200": 87.3,
            "text-embedding-3-large, GPT-4o chunker": 91.9,
        },
        unit="%",
    ),
    *_published(
        "chunking_evaluation",
        "token IoU",
        f"{_CHROMA}; five chunks",
        {
            "all-MiniLM-L6-v2, token text 250/125": 3.5,
            "all-MiniLM-L6-v2, cluster 200": 7.2,
            "text-embedding-3-large, cluster 200": 8.0,
            "text-embedding-3-large, GPT-4o chunker": 3.9,
        },
        unit="%",
    ),
    *(
        row
        for name in ("mtrag_govt", "mtrag_clapnq")
        for measure, figures in (
            ("R@5", {"BM25, last turn": 0.20, "BGE-base, last turn": 0.30, "Elser, last turn": 0.49}),
            ("nDCG@5", {"BM25, last turn": 0.18, "BGE-base, last turn": 0.27, "Elser, last turn": 0.45}),
        )
        for row in _published(name, measure, _MTRAG, figures)
    ),
    *_published("squad2_dev", "exact match", _SQUAD, {"BERT": 78.7, "BiDAF + self-attention + ELMo": 65.7}, unit="%"),
    *_published("squad2_dev", "token F1", _SQUAD, {"BERT": 81.8, "BiDAF + self-attention + ELMo": 67.9}, unit="%"),
)
"""What others published about the sets that the bench reads; a set that was not measured is left out with them."""


def score_card(measured: Sequence[Row], *, commit: str, on: str) -> str:
    """The card as Markdown: a table a set, ours first, then baselines, then published rows of the same set.

    `on` is the day. Sets come in the order in which they were measured.
    """
    names = dict.fromkeys(row.data for row in measured)
    lines = [
        "# Scores",
        "",
        f"Written by `make bench` on {on}, at {markdown(commit)}. Rows that were measured come from one run on one "
        "machine; intervals are 95 % bootstraps. Published rows are others' figures, from the source that is named.",
    ]
    for name in names:
        published = [row for row in PUBLISHED_ROWS if row.data == name]
        lines += [
            "",
            f"## {markdown(name)}",
            "",
            *_table([row for row in measured if row.data == name], published, commit),
        ]
    return "\n".join(lines) + "\n"


def write_card(path: Path, measured: Sequence[Row], *, commit: str) -> None:
    """Writes the card, where anything was measured."""
    if measured:
        card = score_card(measured, commit=commit, on=f"{datetime.now(UTC):%Y-%m-%d}")
        path.write_text(card, encoding="utf-8")


def _table(measured: Iterable[Row], published: Iterable[Row], commit: str) -> list[str]:
    order = {OURS: 0, BASELINE: 1, PUBLISHED: 2}
    rows = [*measured, *published]
    measures = {name: i for i, name in enumerate(dict.fromkeys(row.measure for row in rows))}
    rows.sort(key=lambda row: (measures[row.measure], order[row.whose]))
    head = ["| measure | system | whose | figure | 95 % interval | questions | from |"]
    return [*head, "| --- | --- | --- | ---: | --- | ---: | --- |", *(_line(row, commit) for row in rows)]


def _line(row: Row, commit: str) -> str:
    digits = 1 if row.unit == "%" else 3 if abs(row.value) < 10 else 0
    interval = "" if row.low is None or row.high is None else f"{row.low:,.{digits}f} to {row.high:,.{digits}f}"
    cells = (
        markdown(row.measure),
        markdown(row.system),
        row.whose,
        f"{row.value:,.{digits}f} {row.unit}".strip(),
        interval,
        "" if row.num is None else str(row.num),
        markdown(row.source or commit),
    )
    return f"| {' | '.join(cells)} |"
