import json
import time

import pytest

from assistant.home import Home
from index.fulltext import search_text
from index.retrieval import Retriever
from index.segmentation import is_unspaced, segmented
from tests.fakes import HashEncoder
from tests.index.conftest import add_paths

_TEXTS = {
    "summit": "日本と英国は、東京で合同委員会を開催した。科学技術の協力について話し合われた。",
    "mixed": "The NEXUS programme（日本・英国）begins in 2024. 予算は１２億円である。",
    "chinese": "中国科学院与合作伙伴签署了协议。",
    "thai": "ความร่วมมือด้านวิทยาศาสตร์",
    "english": "Each state pays twelve gauges of brass.",
}


@pytest.fixture(scope="module")
def languages(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with a document in each language, their titles in English."""
    path = tmp_path_factory.mktemp("rows") / "rows.jsonl"
    rows = [{"id": id_, "title": "Words", "text": text} for id_, text in _TEXTS.items()]
    rows.append({"id": "titled", "title": "環境に関する宣言", "text": "It rained."})
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    home = Home(tmp_path_factory.mktemp("languages"), load_encoder=HashEncoder)
    add_paths(home, path)
    yield home
    home.close()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("日本", {"summit", "mixed"}),
        ("日本は何をしましたか", {"summit", "mixed"}),
        ("委員会", {"summit"}),
        ("開催される", {"summit"}),
        ("話し合う", {"summit"}),
        ("ＮＥＸＵＳ", {"mixed"}),
        ("ｎｅｘｕｓ プログラム", {"mixed"}),
        ("12億", {"mixed"}),
        ("nexus 東京", {"mixed", "summit"}),
        ("環境", {"titled"}),
        ("brass", {"english"}),
        ("合作", {"chinese"}),
        ("ความร่วมมือด้านวิทยาศาสตร์", {"thai"}),
        ("をがは", set()),
        ("京", set()),
    ],
    ids=[
        "a word",
        "with particles",
        "a compound",
        "inflected",
        "dictionary form",
        "full width",
        "full width, small",
        "number",
        "two scripts",
        "title",
        "English",
        "Chinese",
        "Thai",
        "particles alone",
        "part of a word",
    ],
)
def test_words_are_found_where_no_space_parts_them(languages: Home, query: str, expected: set[str]) -> None:
    """A word is found within its sentence, however it is inflected or typed, and a part of another word is not."""
    with languages.database.reading() as connection:
        hits = search_text(connection, query, 10)
    assert {id_.partition("#")[0] for id_, _ in hits} == expected


@pytest.mark.parametrize(
    "query", ["日本", "สวัสดี", "合作机制是什么？", "日 本 と"], ids=["Japanese", "Thai", "Chinese", "spaced"]
)
def test_a_question_in_any_script_is_answered(languages: Home, query: str) -> None:
    """A search in a script that the embedder spells out lists what it finds, and quotes it as it is written."""
    hits = languages.sources.retriever.search(query).hits
    assert len(hits) == len(_TEXTS) + 1
    for hit in hits:
        document = languages.catalogue.document(hit.passage.document_id)
        assert hit.passage.text == document.text[hit.passage.start : hit.passage.end]


class _SpellingEncoder(HashEncoder):
    """To which every character is a token of its own, as Japanese is to an English model."""

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        return [(i, i + 1) for i, c in enumerate(text) if not c.isspace()]


def test_what_the_embedder_spells_out_is_ranked_by_words_alone(languages: Home) -> None:
    """Vectors of single characters say nothing of a Japanese question, so they do not decide."""
    retriever = Retriever(languages.database, languages.store, _SpellingEncoder())
    hits = retriever.search("日本と英国の委員会").hits
    assert [hit.passage.document_id for hit in hits[:2]] == ["summit", "mixed"]
    assert [hit.lexical is None for hit in hits] == [False] * 2 + [True] * 4
    assert len({hit.score for hit in hits[2:]}) == 1
    assert len({hit.score for hit in retriever.search("NEXUS programme 日本").hits}) > 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("は、。", []),
        ("日本 (にほん)", ["日本", "日本"]),
        ("ﾃﾞｰﾀ", ["データ"]),
        ("😀", []),
        ("abc", ["abc"]),
    ],
    ids=["nothing", "particles", "two spellings", "half width", "emoji", "Latin"],
)
def test_words_in_their_normal_form(text: str, expected: list[str]) -> None:
    """One word that is spelt in two ways is one word."""
    assert [word for word in segmented(text) if word.isalnum()] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("科学", True),
        ("ひらがな", True),
        ("カタカナ", True),
        ("a 々", True),
        ("한국어", False),
        ("ไทย", False),
        ("é1", False),
    ],
    ids=["kanji", "hiragana", "katakana", "mixed", "Korean", "Thai", "Latin"],
)
def test_the_scripts_that_are_cut(text: str, expected: bool) -> None:
    """Korean has spaces, and Thai is not cut."""
    assert is_unspaced(text) is expected


def test_a_long_text_is_cut_too(languages: Home) -> None:
    """More than the segmenter takes at once is no error, and takes no time."""
    begun = time.process_time()
    assert segmented("日本と" * 20_000).count("日本") > 19_990
    assert time.process_time() - begun < 5
    assert languages.sources.retriever.search("日本" * 20_000).hits[0].passage.document_id in {"summit", "mixed"}
