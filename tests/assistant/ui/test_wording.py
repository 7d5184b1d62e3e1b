"""The words of the page: the same in both languages, and the right language for the reader."""

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.ui.wording import label, language_of, preferred, sections, text, translations, words

JAPANESE_LETTER = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


def fields(wording: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(wording) if name is not None}


def test_both_languages_have_the_same_keys() -> None:
    assert set(words("en")) == set(words("ja"))
    assert "compare.documents" in words("en")
    assert {key.split(".")[0] for key in words("en")} == set(sections())


@pytest.mark.parametrize("key", sorted(words("en")))
def test_a_text_says_the_same_in_both_languages(key: str) -> None:
    """No text is empty, the places for values are the same, and a key is one word below its section."""
    english, japanese = words("en")[key], words("ja")[key]
    assert english.strip() and japanese.strip()
    assert fields(english) == fields(japanese)
    assert re.fullmatch(r"[a-z_]+\.[a-z0-9_]+", key)
    assert not JAPANESE_LETTER.search(english)


def test_values_are_put_in_their_places_and_never_read_as_places() -> None:
    """A document's title that looks like a place for a value is a title."""
    assert text("compare.searched", "en", queries="{title} {0}") == "searched for: {title} {0}"
    assert text("compare.searched", "ja", queries="港") == "検索した内容：港"
    with pytest.raises(KeyError):
        text("compare.nothing", "en")


def test_the_browser_gets_every_text_and_a_label_names_one() -> None:
    """What `launch` is given holds both languages, and a label that there is not is a mistake seen at once."""
    given_to_browser = translations().translations_dict
    assert given_to_browser == {"en": dict(words("en")), "ja": dict(words("ja"))}
    assert label("compare.stop").key == "compare.stop"
    with pytest.raises(KeyError):
        label("compare.nothing")


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("ja", "ja"),
        ("ja-JP,ja;q=0.9,en-US;q=0.8,en;q=0.7", "ja"),
        ("en-GB,en;q=0.9,ja;q=0.8", "en"),
        ("en;q=0.3, ja;q=0.4", "ja"),
        ("fr-FR, ja;q=0.1", "ja"),
        ("jam", "en"),
        ("ja;q=0", "en"),
        ("ja;q=nonsense", "en"),
        ("ja;q=nan", "en"),
        ("JA-jp ; Q=1.0", "ja"),
        ("*", "en"),
        ("", "en"),
    ],
)
def test_the_reader_gets_the_language_preferred(header: str, language: str) -> None:
    """Of English and Japanese the one with the greater weight, else English (RFC 9110)."""
    assert preferred(header) == language


def test_a_call_without_a_browser_is_in_english() -> None:
    assert language_of(None) == "en"


@given(st.text(max_size=2000))
def test_any_header_names_a_language(header: str) -> None:
    assert preferred(header) in {"en", "ja"}
