import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.kinds.dated import dates_in


@pytest.mark.parametrize(
    ("sentence", "dates"),
    [
        ("It met on 20 October 2021 and on May 3rd, 2022.", ["2021-10-20", "2022-05-03"]),
        ("It met from 12 to 14 May 2023.", ["2023-05-12"]),
        ("It met on 4 and 5 June 2024.", ["2024-06-04"]),
        ("It met at Carbis Bay, 11-13 June 2021.", ["2021-06-11"]),
        ("In April 2022 four more were added.", ["2022-04"]),
        ("Dated 2021-03-16, signed.", ["2021-03-16"]),
        ("In 2021 it began; by 2025 it ends.", ["2021", "2025"]),
        ("Horizon 2020 and APASTI 2016-2025.", []),
        ("There were 2000 people.", []),
        ("On 31 June 2021 nothing happened.", []),
        ("2021年10月20日に開かれ、2022年に続いた。", ["2021-10-20", "2022"]),
        ("令和3年4月に始まった。", ["2021-04"]),
        ("平成元年のことである。", ["1989"]),
        ("They may meet in May.", []),
        ("In 12021 no.", []),
    ],
)
def test_dates_are_found_by_form(sentence: str, dates: list[str]) -> None:
    assert [stated for _, stated in dates_in(sentence)] == dates


@given(st.text(max_size=200))
def test_every_date_begins_within_the_sentence(sentence: str) -> None:
    assert all(0 <= start < len(sentence) for start, _ in dates_in(sentence))
