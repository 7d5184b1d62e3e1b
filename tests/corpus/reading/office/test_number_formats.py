import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.reading.office.number_formats import plain, shown


@pytest.mark.parametrize(
    ("number", "code", "expected"),
    [
        (1234.5, "General", "1234.5"),
        (1234.5, "0", "1235"),
        (2.5, "0", "3"),
        (0.5, "0%", "50%"),
        (0.025, "0%", "3%"),
        (0.1234, "0.00%", "12.34%"),
        (1234567, "#,##0", "1,234,567"),
        (1234567, "#,##0,", "1,235"),
        (-1599.99, '"$"#,##0.00_);[Red]\\("$"#,##0.00\\)', "($1,599.99)"),
        (1599.99, "[$€-407] #,##0.00", "€ 1,599.99"),
        (1.5, "0.0#", "1.5"),
        (1.25, "0.0#", "1.25"),
        (3, '0" kg"', "3 kg"),
        (-3, '0" kg"', "-3 kg"),
        (0, '0;-0;"none"', "none"),
        (198356388, "0.00E+00", "1.98E+08"),
        (2.5, "# ?/?", "2 1/2"),
        (-2.5, "# ?/?", "-2 1/2"),
        (0.333, "# ??/??", "1/3"),
        (2, "# ?/?", "2"),
        (1.5, "?/?", "3/2"),
        (0.7, "# ?/8", "6/8"),
        (5, "[>=3]0;0.0", "5"),
        (42, "@", "42"),
        (44197, "yyyy-mm-dd", "2021-01-01"),
        (44197, "d/m/yy", "1/1/21"),
        (39219, "d-mmm-yy;@", "17-May-07"),
        (44197.5, "m/d/yy h:mm", "1/1/21 12:00"),
        (44197, "mmm-yy", "Jan-21"),
        (39219.18, '"At"\\ h:mm\\ AM/PM\\ "on"\\ dddd\\ mmmm\\ d","\\ yyyy', "At 4:19 AM on Thursday May 17, 2007"),
        (39219, "[$-409]dddd, mmmm dd", "Thursday, May 17"),
        (39219, "[$-407]d. mmmm yyyy", "2007-05-17"),
        (39219, "[$-407]d.m.yyyy", "17.5.2007"),
        (39219, "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", "2007-05-17"),
        (39219.5, 'ggge"年"m"月"', "2007-05-17"),
        (44197.25, "h:mm AM/PM", "6:00 AM"),
        (0.25, "h:mm:ss", "6:00:00"),
        (0.75, "hh:mm a/p", "06:00 P"),
        (0.5, "m/d h:mm", "12/31 12:00"),
        (0.0625, "[mm]:ss", "90:00"),
        (1.0625, "[h]:mm", "25:30"),
        (1.5, "[h]:mm:ss", "36:00:00"),
        (44197, '[$-411]yyyy"年"m"月"d"日"', "2021年1月1日"),
        (59, "yyyy-mm-dd", "1900-02-28"),
        (61, "yyyy-mm-dd", "1900-03-01"),
        (19.99, '0" dollars and ".00" cents"', "19 dollars and .99 cents"),
        (1e300, "#,##0.00", "1e+300"),
        (9.9e14, "0.000000000000%", "99000000000000000.000000000000%"),
        (44197, '"Day "0', "Day 44197"),
    ],
)
def test_numbers_are_shown_as_in_the_sheet(number: float, code: str, expected: str) -> None:
    """A citation of a cell shows what its reader sees there; ISO where that depends on the reader's region."""
    assert shown(number, code) == expected


def test_two_calendars() -> None:
    """Files of old Macs count their days from 1904."""
    assert shown(42735, "yyyy-mm-dd", since_1904=True) == "2021-01-01"


@pytest.mark.parametrize(
    ("number", "expected"),
    [(3.0, "3"), (0.30000000000000004, "0.3"), (1234567890123456.0, "1234567890123456"), (-0.0, "0"), (1e-7, "1e-07")],
)
def test_plain_numbers(number: float, expected: str) -> None:
    """Whole numbers are shown in full, the noise of their binary form is not."""
    assert plain(number) == expected


@given(
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(alphabet='0#?.,%E+-;"\\[]$_*@ymdhs/ ge', max_size=20),
)
def test_any_format_shows_something(number: float, code: str) -> None:
    """No format, however odd, stops a sheet from being read, or makes a number longer than its digits."""
    assert math.isfinite(number)
    assert len(shown(number, code)) < 400
