import pytest

from corpus.blocks import assemble
from corpus.reading.rows import Cell, Row, row_blocks


def _row(*values: object) -> Row:
    return {at: Cell(str(v), isinstance(v, str)) for at, v in enumerate(values) if v is not None}


def _lines(*rows: tuple[object, ...]) -> list[str]:
    return assemble(row_blocks(_row(*row) for row in rows))[0].split("\n")


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            [("Country", "Budget"), ("Japan", 12), ("Norway", 7)],
            ["Country | Budget", "Country: Japan; Budget: 12", "Country: Norway; Budget: 7"],
        ),
        ([("Rain",), ("Year", "mm"), (2021, 3)], ["Rain", "Year | mm", "Year: 2021; mm: 3"]),
        ([("Japan", 12), ("Norway", 7)], ["Japan | 12", "Norway | 7"]),
        ([("a", "a"), (1, 2)], ["a | a", "1 | 2"]),
        ([("a", "b"), (1, 2, 3)], ["a | b", "1 | 2 | 3"]),
        ([("a", "b"), (1, 2), (1, 2, 3)], ["a | b", "a: 1; b: 2", "a: 1; b: 2; 3"]),
        ([("a", "b"), (None, 2), ("total", None)], ["a | b", "2", "total"]),
        ([("a", "b"), (1, 2), (), (3, 4)], ["a | b", "a: 1; b: 2", "a: 3; b: 4"]),
        ([("a", "b"), (1, 2), (), ("c", "d"), (3, 4)], ["a | b", "a: 1; b: 2", "c | d", "c: 3; d: 4"]),
        ([("a", "b"), ("x", "y"), (), ("a", "b"), ("z", "w")], ["a | b", "a: x; b: y", "a | b", "a: z; b: w"]),
        ([("a", "b")], ["a | b"]),
        ([("x" * 81, "b"), (1, 2)], ["x" * 81 + " | b", "1 | 2"]),
    ],
    ids=[
        "header", "title above", "no header", "two the same", "short header", "a value too many", "one value", "gap",
        "second table", "header again", "header alone", "a sentence is no name",
    ],
)  # fmt: skip
def test_rows_say_what_their_values_are(rows: list[tuple[object, ...]], expected: list[str]) -> None:
    """A row quoted alone can be understood, and no value is lost where a header cannot be told."""
    assert _lines(*rows) == expected
