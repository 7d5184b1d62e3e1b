import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.home import Home
from index.words import STOP_WORDS, stems, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Straße, ÉTÉ!", ["strasse", "ete"]),
        ("U.K.-Japan", ["u", "k", "japan"]),
        ("snake_case 1,5", ["snake", "case", "1", "5"]),
        ("科学技術 協力", ["科学技術", "協力"]),
        ("😀 \ud800 …", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    """A word is found however its accents and capitals are typed."""
    assert words(text) == expected


def test_stop_words_are_written_as_words_are_read() -> None:
    """Every stop word can occur, so none stands in the list in vain."""
    assert all(words(word) == [word] for word in STOP_WORDS)


@given(st.text())
def test_stems_are_stems_of_words(text: str) -> None:
    """A text has no more stems than words, in any script."""
    assert len(stems(text)) == len([word for word in words(text) if word not in STOP_WORDS])


@pytest.mark.parametrize("word", ["agreed", "programmes", "Universities", "généralités", "relational", "skies", "2024"])
def test_a_stem_is_the_one_that_full_text_keeps(home: Home, word: str) -> None:
    """How often a word occurs is counted for the same word that the full text finds."""
    with home.database.writing() as connection:
        connection.exec_driver_sql("INSERT INTO passages_fts(rowid, text, context) VALUES (1, ?, '')", (word,))
        kept = connection.exec_driver_sql("SELECT term FROM passages_vocabulary").scalars().all()
        connection.exec_driver_sql(
            "INSERT INTO passages_fts(passages_fts, rowid, text, context) VALUES ('delete', 1, ?, '')", (word,)
        )
    assert kept == stems(word)
