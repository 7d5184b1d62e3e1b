import json
from pathlib import Path

import pytest

from assistant.answer import Answer, Refusal
from assistant.home import Home
from assistant.ui.rendering_dates import citations_of, published_dates, shown_date
from corpus.reading.files import FoundFile
from index.adding import add_files
from tests.fakes_page import cited


@pytest.mark.parametrize(
    ("published", "english", "japanese"),
    [
        ("2019-05-04", "4 May 2019", "2019年5月4日"),
        ("2019-12", "December 2019", "2019年12月"),
        ("2019", "2019", "2019年"),
        ("2019-13-01", "2019-13-01", "2019-13-01"),
        ("spring", "spring", "spring"),
        ("", "", ""),
        ("9" * 5_000, "9" * 5_000, "9" * 5_000),
        ("２０１９-05", "２０１９-05", "２０１９-05"),
        ("2019-05-04-1", "2019-05-04-1", "2019-05-04-1"),
    ],
    ids=["day", "month", "year", "no month", "words", "nothing", "endless", "wide digits", "too many parts"],
)
def test_a_date_is_shown_in_words_and_anything_else_as_it_is(published: str, english: str, japanese: str) -> None:
    assert (shown_date(published, "en"), shown_date(published, "ja")) == (english, japanese)


def test_the_dates_of_cited_versions_are_found_and_others_left_out(home: Home, tmp_path: Path) -> None:
    """A document without a date has none; an old version keeps its own."""
    file = tmp_path / "rows.jsonl"

    def add(**metadata: str) -> None:
        rows = [
            {"id": "a", "title": "A", "text": "Some words.", **metadata},
            {"id": "b", "title": "B", "text": "Other words."},
        ]
        file.write_text("".join(json.dumps(row) + "\n" for row in rows))
        list(add_files([FoundFile(file, file.name)], home.catalogue, lambda: home.indexer))

    add(published="2019-05-04")
    citations = [cited(home, "a", "words", 1), cited(home, "b", "words", 2)]
    add(published="2020-01-01", text="New words.")
    newer = cited(home, "a", "New", 3)
    dates = published_dates(home.catalogue, [*citations, newer])
    assert dates[citations[0].document_id, citations[0].sha256] == "2019-05-04"
    assert dates[newer.document_id, newer.sha256] == "2020-01-01"
    assert set(dates) == {("a", citations[0].sha256), ("a", newer.sha256)}
    assert published_dates(home.catalogue, []) == {}


def test_the_markers_of_a_refusal_open_its_nearest_passages(coast: Home) -> None:
    nearest = (cited(coast, "harbour", "Port Elin", 1),)
    assert citations_of(Answer("?", "?", refusal=Refusal("absent", "No.", nearest=nearest))) == nearest
    assert citations_of(Answer("?", "?", citations=nearest)) == nearest
