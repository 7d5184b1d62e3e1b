from collections.abc import Mapping

import pytest

from corpus.metadata_table import Described, RowReport, read_rows, table

_OSLO = Described("oslo", "Oslo", "2024-05", "en", "/oslo.md", {"author": "Ann", "tags": ["a", 1]})
_BERGEN = Described("bergen", "Bergen", None, "en", "/b.md", {"published_is_guessed": True})


def _read(*rows: Mapping[str, str]) -> list[RowReport]:
    return list(read_rows(rows, [_OSLO, _BERGEN]))


def test_the_table_has_every_key_and_changes_nothing_as_it_is() -> None:
    header, *rows = table([_OSLO, _BERGEN])
    assert header == ["id", "title", "published", "language", "source", "author", "published_is_guessed", "tags"]
    assert rows == [
        ["oslo", "Oslo", "2024-05", "en", "/oslo.md", "Ann", "", '["a", 1]'],
        ["bergen", "Bergen", "", "en", "/b.md", "", "true", ""],
    ]
    reports = _read(*(dict(zip(header, row, strict=True)) for row in rows))
    assert [(report.line, report.id, report.status) for report in reports] == [
        (2, "oslo", "unchanged"),
        (3, "bergen", "unchanged"),
    ]


@pytest.mark.parametrize(
    ("row", "changes"),
    [
        ({"id": "oslo", "title": " The  Oslo note "}, {"title": "The Oslo note"}),
        ({"id": "oslo", "published": "2024-05-31 10:00"}, {"published": "2024-05-31"}),
        ({"id": "oslo", "published": ""}, {"published": None}),
        ({"id": "bergen", "published": "2024"}, {"published": "2024", "metadata": {"published_is_guessed": None}}),
        ({"id": "oslo", "author": "", "place": "Oslo"}, {"metadata": {"author": None, "place": "Oslo"}}),
        ({"id": "oslo", "tags": '["b"]', "author": "[1]"}, {"metadata": {"tags": ["b"], "author": "[1]"}}),
        ({"id": "oslo", "tags": "[b"}, {"metadata": {"tags": "[b"}}),
        ({"id": "oslo", "tags": "NaN"}, {"metadata": {"tags": "NaN"}}),
    ],
    ids=["title", "date", "no date", "a guessed date", "free columns", "a list", "no list", "no number"],
)
def test_what_a_cell_changes(row: Mapping[str, str], changes: Mapping[str, object]) -> None:
    assert [(report.status, report.changes) for report in _read(row)] == [("changed", changes)]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"id": "voss"}, "there is no document 'voss'"),
        ({"title": "x"}, "there is no document ''"),
        ({"id": "oslo", "title": " "}, "the title is empty: a document needs one"),
        ({"id": "oslo", "published": "31 May"}, "'31 May' is no date: write it as 2024-05-31, 2024-05 or 2024"),
        ({"id": "oslo", "published": "2024-06-31"}, "'2024-06-31' is no date: write it as 2024-05-31, 2024-05 or 2024"),
        ({"id": "oslo", "language": "ja"}, "the language cannot be changed here: it is 'en'"),
        ({"id": "oslo", "note": "x" * 10_001}, "'note' is longer than 10,000 characters"),
    ],
    ids=["unknown", "no id", "no title", "no date", "no such day", "language", "long"],
)
def test_a_row_that_cannot_be_taken_up_says_why(row: Mapping[str, str], reason: str) -> None:
    assert [(report.status, report.changes, report.reason) for report in _read(row)] == [("refused", {}, reason)]


def test_one_row_a_document() -> None:
    assert [report.status for report in _read({"id": "oslo", "title": "A"}, {"id": "oslo", "title": "B"})] == [
        "changed",
        "refused",
    ]
