import json
from collections.abc import Iterator

import pytest

from assistant.home import Home
from assistant.kinds.cataloguing import Wanted, asked_catalogue, catalogue_outline
from assistant.kinds.period import Period
from corpus.reading.files import FoundFile
from index.adding import add_files
from index.scope import Scope
from tests.fakes import HashEncoder

ROWS = [
    {"id": "a", "title": "A", "published": "2021-03-16", "text": "Minutes\n\nThe board met in Port Elin."},
    {"id": "b", "title": "B", "published": "2022", "text": "The towns repaired one lighthouse that year."},
    {"id": "c", "title": "C", "text": "東京で会合が開かれ、予算が決まった。"},
]


@pytest.fixture(scope="module")
def dated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A home with the documents of `ROWS`, for tests that only read."""
    home = Home(tmp_path_factory.mktemp("home"), load_encoder=HashEncoder)
    path = tmp_path_factory.mktemp("rows") / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    list(add_files([FoundFile(path, path.name)], home.catalogue, lambda: home.indexer))
    yield home
    home.close()


def test_what_is_asked_for_is_read() -> None:
    assert asked_catalogue("Which documents are in Japanese from 2021?") is None
    assert asked_catalogue("Which documents are in Japanese?") == Wanted(language="japanese")
    assert asked_catalogue("list your documents since May 2021") == Wanted(Period("2021-05", None, "since 2021-05"))
    assert asked_catalogue("your latest document") == Wanted(newest=True)


@pytest.mark.parametrize(
    ("question", "ids", "note"),
    [
        ("How many documents are there?", "a b c", "3 documents, dated 2021-03-16 to 2022"),
        ("What do you have from 2021?", "a", "1 of 3 documents: those from 2021"),
        ("anything from before 2023", "a b", "2 of 3 documents: those before 2023"),
        ("Which documents are in Japanese?", "c", "1 of 3 documents: those in Japanese"),
        ("日本語の資料はありますか", "c", "1 of 3 documents: those in 日本語"),
        ("What is the newest document?", "b", "the newest of 3 documents"),
        ("Which is the oldest statement?", "a", "the oldest of 3 documents"),
    ],
)
def test_documents_are_listed_with_title_date_and_first_sentence(
    dated: Home, question: str, ids: str, note: str
) -> None:
    outline = catalogue_outline(question, dated.sources)
    assert outline is not None
    assert [item.evidence.document_id for item in outline.items] == ids.split()
    assert outline.notes == (note,)


def test_an_item_leads_with_title_and_date(dated: Home) -> None:
    """The first sentence is one: a line without an end is passed over."""
    outline = catalogue_outline("list the documents", dated.sources)
    assert outline is not None
    assert [(item.lead, item.evidence.text) for item in outline.items] == [
        ("A (2021-03-16)", "The board met in Port Elin."),
        ("B (2022)", "The towns repaired one lighthouse that year."),
        ("C", "東京で会合が開かれ、予算が決まった。"),
    ]


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ("What do you have from 2019?", "No document is from 2019; the documents range from 2021-03-16 to 2022."),
        (
            "Which documents are in French?",
            "No document is in French; the documents are in English, or written like it and in Japanese.",
        ),
    ],
)
def test_what_is_not_there_is_said_with_what_is(dated: Home, question: str, message: str) -> None:
    outline = catalogue_outline(question, dated.sources)
    assert outline is not None
    assert outline.refusal is not None
    assert (outline.refusal.kind, outline.refusal.message) == ("absent", message)


def test_the_scope_holds(dated: Home) -> None:
    outline = catalogue_outline("How many documents are there?", dated.sources, Scope(until="2021"))
    assert outline is not None
    assert outline.notes == ("1 document, dated 2021-03-16 to 2021-03-16",)
    outline = catalogue_outline("How many documents are there?", dated.sources, Scope(document_ids=()))
    assert outline is not None
    assert outline.refusal is not None
    assert "kept to" in outline.refusal.message
