import pytest

from assistant.kinds.wording import bare, is_name, term_of
from index.mentions import Term


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("  Hello,  could you please\tlist them,   thanks? ", "list them"),
        ("I’d like to know which documents mention it.", "which documents mention it"),
        ("Hello", "Hello"),
        ("tell me about it", "tell me about it"),
        ("a" * 401, ""),
        ("？？", ""),
    ],
)
def test_courtesies_are_left_out(question: str, expected: str) -> None:
    assert bare(question) == expected


@pytest.mark.parametrize(
    ("wording", "term"),
    [
        ("the word “open access” in any document", Term("open access")),
        ("the topic of open science", Term("open science", exact=False)),
        ("JAXA's", Term("JAXA")),
        ("the UK-Japan Joint Committee anywhere in the documents", Term("UK-Japan Joint Committee")),
        ("「相互主義」", Term("相互主義")),
        ("相互主義という言葉", Term("相互主義")),
        ("which countries signed", None),
        ("the", None),
        ("it", None),
        ("“!?”", None),
        (" ".join(["note"] * 20), None),
    ],
)
def test_terms_are_cut_out_of_their_wording(wording: str, term: Term | None) -> None:
    assert term_of(wording) == term


def test_names_have_capitals_or_digits() -> None:
    assert [is_name(term) for term in ("Horizon 2020", "Bank of Japan", "joint Call", "宇宙", "the")] == [
        True,
        True,
        False,
        True,
        False,
    ]
