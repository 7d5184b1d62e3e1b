import pytest

from corpus.dates import first_date, iso_date


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on 2021-10-20 they met", "2021-10-20"),
        ("20 October 2021", "2021-10-20"),
        ("the 1st of May 2023", "2023-05-01"),
        ("OCTOBER 3rd, 2022", "2022-10-03"),
        ("2024年4月22日に開催", "2024-04-22"),
        ("2024年 4月 2日", "2024-04-02"),
        ("May 2, 2020 and 2019-01-01", "2020-05-02"),
        ("2019-01-01 and May 2, 2020", "2019-01-01"),
        ("31 June 2021, then 30 June 2021", "2021-06-30"),
        ("29 February 2023", None),
        ("29 February 2024", "2024-02-29"),
        ("October 2021", None),
        ("12/10/2021", None),
        ("9:00-13:30", None),
        ("20 octobre 2021", None),
        ("", None),
    ],
)
def test_the_first_full_date_counts(text: str, expected: str | None) -> None:
    """A document is dated by the first date that its head states in full, and never by half of one."""
    assert first_date(text) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2024", "2024"),
        ("2024-04", "2024-04"),
        ("2024-04-22", "2024-04-22"),
        ("2024-04-22 10:00:00", "2024-04-22"),
        ("2024-04-22T10:00:00.5+09:00", "2024-04-22"),
        ("2024-04-22T10:00Z", "2024-04-22"),
        ("2024-13", None),
        ("2024-06-31", None),
        ("0000", None),
        ("2024-04 10:00", None),
        ("2024-4-2", None),
        ("20240422", None),
        ("２０２４", None),
        ("2024-04-22\n", None),
        ("['a', 'b']", None),
        ("April 2024", None),
        ("", None),
    ],
)
def test_a_stated_date_is_iso_or_none(value: str, expected: str | None) -> None:
    """A document is published on a day, in a month or in a year, and never at "['a', 'b']"."""
    assert iso_date(value) == expected
