import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.home import Home
from index.words import STOP_WORDS, full_text, stem, stems, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Straße, ÉTÉ!", ["strasse", "ete"]),
        ("U.K.-Japan", ["u", "k", "japan"]),
        ("snake_case 1,5", ["snake", "case", "1", "5"]),
        ("科学技術 協力", ["科学", "技術", "協力"]),
        ("日本と英国は合同委員会を開催した。", ["日本", "英国", "合同", "委員", "会", "開催", "為る"]),
        ("ＮＥＸＵＳﾌﾟﾛｸﾞﾗﾑ", ["nexus", "プログラム"]),
        ("The 科学技術 agreement（2024年）", ["the", "科学", "技術", "agreement", "2024", "年"]),
        ("合作机制", ["合作", "机", "制"]),
        ("ความร่วมมือ", ["ความร", "วมม", "อ"]),
        ("😀 \ud800 …", []),
    ],
    ids=["accents", "points", "signs", "kanji", "particles", "widths", "mixed", "Chinese", "Thai", "no words"],
)
def test_words(text: str, expected: list[str]) -> None:
    """A word is found however its accents and capitals are typed."""
    assert words(text) == expected


def test_stop_words_are_written_as_words_are_read() -> None:
    """Every English stop word can occur, so none stands in the list in vain."""
    assert all(words(word) == [word] for word in STOP_WORDS if word.isascii())


@pytest.mark.parametrize(
    "question",
    "なに 何 いつ どこ どこで 何処 だれ 誰が どれが どの どう なぜ 何故 いくら いくつある "
    "この その これ それ いる ある なる という 会議がある 事 ということ もの 合意したもの した によるもの".split(),
)
def test_what_every_japanese_question_holds_is_left_out(question: str) -> None:
    """A passage is not found for having the question words, however they are spelt."""
    left = {"会議", "合意", "つ"}
    assert set(stems(question)) <= left


@given(st.text())
def test_stems_are_stems_of_words(text: str) -> None:
    """A text has no more stems than words, in any script."""
    assert len(stems(text)) == len([word for word in words(text) if word not in STOP_WORDS])


_WORDS = (
    "agreed programmes Universities généralités relational skies 2024 ガス 日本 〇 々 Straße CO₂ m² ﬁnance ＧＤＰ "
    "Ελλάδα Украйна Łódź ǿre İzmir"
).split()


@pytest.mark.embedded
@pytest.mark.parametrize("word", _WORDS)
def test_a_stem_is_the_one_that_full_text_keeps(home: Home, word: str) -> None:
    """How often a word occurs is counted for the same word that the full text finds."""
    assert _kept(home, word) == set(stems(word))


@pytest.mark.embedded
@given(text=st.text(st.sampled_from("日本国会議科学的な協力をがガーｶﾞＡé 1。、・〇々abc-²ßﬁ"), max_size=30))
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_text_is_kept_word_by_word(home: Home, text: str) -> None:
    """What a search looks for is what was kept, whatever the mixture of scripts."""
    assert _kept(home, text) == {stem(word) for word in words(text)}


def _kept(home: Home, text: str) -> set[str]:
    """The words that the full-text index makes of a text."""
    cut = full_text(text)
    read = text if cut is None else cut
    with home.database.writing() as connection:
        added = "INSERT INTO passages_fts(rowid, text, context) VALUES (1, ?, '')"
        connection.exec_driver_sql(added, (read,))
        kept = connection.exec_driver_sql("SELECT term FROM passages_vocabulary").scalars().all()
        deleted = "INSERT INTO passages_fts(passages_fts, rowid, text, context) VALUES ('delete', 1, ?, '')"
        connection.exec_driver_sql(deleted, (read,))
    return set(kept)
