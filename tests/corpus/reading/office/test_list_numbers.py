import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.reading.office.list_numbers import written


@pytest.mark.parametrize(
    ("number", "form", "expected"),
    [
        (4, "decimal", "4"),
        (1, "lowerLetter", "a"),
        (27, "lowerLetter", "aa"),
        (26, "upperLetter", "Z"),
        (1994, "upperRoman", "MCMXCIV"),
        (4, "lowerRoman", "iv"),
        (5_000, "lowerRoman", "5000"),
        (7, "decimalZero", "07"),
        (11, "ordinal", "11th"),
        (22, "ordinal", "22nd"),
        (3, "decimalEnclosedCircle", "③"),
        (10, "decimalFullWidth", "１０"),
        (10, "japaneseCounting", "十"),
        (23, "japaneseCounting", "二十三"),
        (20, "ideographDigital", "二〇"),
        (2, "aiueo", "イ"),
        (2, "iroha", "ロ"),
        (5, "none", ""),
        (5, "bahtText", "5"),
        (0, "lowerRoman", "0"),
    ],
)
def test_numbers_are_written_as_word_processors_do(number: int, form: str, expected: str) -> None:
    """A reader who looks for "(iv)" finds it in the text."""
    assert written(number, form) == expected


@given(st.integers(-(10**9), 10**9), st.sampled_from(["lowerRoman", "upperLetter", "japaneseCounting", "iroha", "x"]))
def test_no_number_is_long(number: int, form: str) -> None:
    """A file cannot make a label that fills the memory."""
    assert len(written(number, form)) <= 20
