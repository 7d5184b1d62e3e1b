from pathlib import Path

import pytest

from assistant.home import Home
from assistant.writing.loading import load_llm
from corpus.errors import UnknownDocument
from corpus.reading.files import FoundFile
from evals.cases.drafting import draft_cases
from evals.cases.finding import errors_in
from evals.cases.rows import cases_of
from index.adding import add_files
from tests.fakes_llm import Script, free_address, serving

TREATY = (
    "The Elin treaty was signed in Rome on 12 March 2019. Nobody was surprised. "
    "The Elin treaty covers four fields: tides, boats, nets and rope. It has a seat. "
    "The Elin Harbour was closed because the sea wall had broken."
)
OFFICE = "The Quay Office opened in Oslo on 3 May 2021. The Quay Office has a budget of 12 million crowns."


@pytest.fixture
def harbour(home: Home, tmp_path: Path) -> Home:
    """A home with two documents in English and one in Japanese."""
    rows = [("treaty", TREATY), ("office", OFFICE), ("ja", "協定は2019年3月12日にローマで署名された。")]
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(f'{{"id": "{id_}", "title": "{id_}", "text": "{text}"}}\n' for id_, text in rows))
    list(add_files([FoundFile(path, path.name)], home.catalogue, lambda: home.indexer))
    return home


def test_drafts_are_questions_that_the_home_answers_with_their_sentence(harbour: Home) -> None:
    """In turns from each document, of different kinds, marked as drafts, with ids that stay."""
    rows = list(draft_cases(harbour, num=4))
    assert len(rows) == 4
    assert {row["evidence"][0]["document_id"] for row in rows} == {"treaty", "office"}
    assert len({row["tags"][0] for row in rows}) >= 3
    cases, findings = cases_of(enumerate(rows, start=1), harbour.catalogue.document)
    assert errors_in(findings) == []
    assert all(case.draft and case.answerable and case.cluster == case.judgements[0].document_id for case in cases)
    first = next(row for row in rows if row["tags"] == ["list"])
    assert first["question"] == "Which four fields does the Elin treaty cover?"
    assert first["answers"] == ["tides, boats, nets and rope"]
    assert first["evidence"][0]["quote"] == "The Elin treaty covers four fields: tides, boats, nets and rope."
    assert list(draft_cases(harbour, num=4)) == rows


def test_drafts_come_from_the_documents_that_are_named(harbour: Home) -> None:
    assert {row["cluster"] for row in draft_cases(harbour, num=9, document_ids=["office"])} == {"office"}
    with pytest.raises(UnknownDocument, match="there is no document 'nope'"):
        list(draft_cases(harbour, num=9, document_ids=["nope"]))


@pytest.mark.parametrize("num", [0, -1])
def test_none_are_made_where_none_are_wanted(harbour: Home, num: int) -> None:
    assert list(draft_cases(harbour, num=num)) == []


def test_an_empty_home_gives_none(home: Home) -> None:
    assert list(draft_cases(home, num=5)) == []


def test_an_llm_writes_the_questions_where_there_is_one(harbour: Home) -> None:
    """A question that the home does not answer with the sentence is dropped, whoever wrote it."""

    def pieces(body: dict[str, list[dict[str, str]]]) -> list[str]:
        asked = body["messages"][1]["content"]
        return ["What does the Elin treaty cover?" if "four fields" in asked else "Is it so?"]

    with serving(Script(pieces)) as server:
        harbour.writer = load_llm(f"server:tiny@{server.url}")
        rows = list(draft_cases(harbour, num=3))
    assert [(row["question"], row["tags"], row["answers"]) for row in rows] == [
        ("What does the Elin treaty cover?", ["written"], [])
    ]


def test_drafting_goes_on_by_rules_where_the_llm_fails(harbour: Home, caplog: pytest.LogCaptureFixture) -> None:
    harbour.writer = load_llm(f"server:tiny@{free_address()}")
    assert {row["cluster"] for row in draft_cases(harbour, num=3)} == {"treaty", "office"}
    assert "drafting goes on by rules" in caplog.text
