import pytest

from assistant.writing.markup import folded, key_group, plain

KEYS = {"q7f": "q7f", "x2b": "x2b"}


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ("[q7f]", (["q7f"], 0)),
        ("【q7f、x2b】", (["q7f", "x2b"], 0)),
        ("[Source q7f; x9x]", (["q7f"], 1)),
        ("[12]", ([], 1)),
        ("【4:0†source】", ([], 2)),
        ("[]", ([], 0)),
        ("[the joint committee]", None),
        ("(q7f)", (["q7f"], 0)),
        ("(Source: q7f)", (["q7f"], 0)),
        ("(q7f and the treaty)", None),
        ("(2019)", None),
        ("(JST)", None),
        ("()", None),
    ],
)
def test_brackets_that_name_keys_are_told_from_brackets_that_say_something(
    group: str, expected: tuple[list[str], int] | None
) -> None:
    """Round brackets are prose unless they name nothing but keys."""
    assert key_group(group, KEYS) == expected


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("The committee (JST) met (see [q7f]).", "The committee (JST) met."),
        ("The [joint committee] met .", "The joint committee met."),
        ("It grew from 3 < 5 to 7 > 6.", "It grew from 3 < 5 to 7 > 6."),
        ("A snake_case_name * 2 stays.", "A snake_case_name * 2 stays."),
        ("javascript:alert(1) ran at evil.com or data:text/html;base64,xx.", "ran at or"),
        ("| a | b |", "a b"),
    ],
)
def test_words_stay_as_they_are(raw: str, text: str) -> None:
    assert plain(raw, KEYS, lambda _: False, starts_line=True).text.startswith(text)


def test_folding_keeps_letters_and_digits_of_any_script() -> None:
    assert folded("It was — “Signed”, 3億円!") == "itwassigned3億円"
