from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from assistant.answer import Answer, Citation, Claim
from assistant.home import Home
from assistant.kept_case import case_row
from corpus.reading.files import FoundFile
from corpus.schema import feedback
from evals.case import Judgement
from evals.cases.kept import kept_cases, kept_rows
from index.adding import add_files

TEXT = "The tide is high. The boats are out."


@pytest.fixture
def sea(home: Home, tmp_path: Path) -> Home:
    """A home with one document."""
    change(home, tmp_path, TEXT)
    return home


def change(home: Home, folder: Path, text: str) -> None:
    """Brings the document to this text."""
    path = folder / "rows.jsonl"
    path.write_text(f'{{"id": "sea", "title": "Sea", "text": "{text}"}}\n')
    list(add_files([FoundFile(path, path.name)], home.catalogue, lambda: home.indexer))


def keep(home: Home, turn: int, case: Any, *, rating: str | None = None, reason: str = "") -> None:
    """Keeps a turn as the chat does."""
    values = {
        "conversation_id": "c1",
        "turn": turn,
        "rating": rating,
        "reason": reason,
        "case": case,
        "given_at": f"2026-11-22T05:00:0{turn}",
    }
    with home.database.writing() as connection:
        connection.execute(insert(feedback).values(values))


def boats(turn: int, *tags: str, draft: bool = False) -> dict[str, Any]:
    """A turn as the chat keeps it."""
    citation = Citation(1, "sea", "0" * 64, "Sea", "/sea", 18, 36, TEXT[18:36])
    answer = Answer("Boats?", f"Where are the boats, {turn}?", (Claim("Out.", (1,), "supported", 1.0),), (citation,))
    return case_row(answer, conversation_id="c1", turn=turn, tags=tags, draft=draft)


def test_kept_turns_are_cases_and_a_bad_one_is_a_draft_with_its_reason(sea: Home) -> None:
    keep(sea, 2, boats(2, "thumbs-down", draft=True), rating="down", reason="  wrong\n harbour ")
    keep(sea, 1, boats(1, "kept"))
    cases, findings = kept_cases(sea.database, sea.catalogue.document)
    assert [(case.id, case.tags, case.draft, case.cluster) for case in cases] == [
        ("turn-c1-1", ("kept",), False, "c1"),
        ("turn-c1-2", ("thumbs-down", "wrong harbour"), True, "c1"),
    ]
    assert cases[0].judgements == (Judgement("sea", 18, 36),)
    assert [finding.message.partition(":")[0] for finding in findings] == ["turn-c1-2"]
    assert kept_rows(sea.database)[1]["tags"] == ["thumbs-down", "wrong harbour"]


def test_words_that_moved_are_found_again_and_words_that_are_gone_cost_one_case_only(sea: Home, tmp_path: Path) -> None:
    """A document that was changed since decides by its words: the rest of the suite can be run."""
    keep(sea, 1, boats(1, "kept"))
    gone = boats(2, "kept")
    gone["evidence"] = [{"document_id": "sea", "start": 0, "end": 17, "quote": "The tide is high."}]
    keep(sea, 2, gone)
    change(sea, tmp_path, f"Today the tide is low. {TEXT[18:]}")
    cases, findings = kept_cases(sea.database, sea.catalogue.document)
    assert [(case.id, case.judgements) for case in cases] == [("turn-c1-1", (Judgement("sea", 23, 41),))]
    assert [(finding.line, finding.level, finding.message) for finding in findings] == [
        (1, "warning", "turn-c1-1: the quote is at 23 to 41 of 'sea' now, not at 18: it moved"),
        (
            2,
            "warning",
            "turn-c1-2: the quote 'The tide is high.' is no longer in 'sea': "
            "the nearest sentence there is 'Today the tide is low.'",
        ),
    ]


@pytest.mark.parametrize("case", [{}, [], "x", None, {"id": 3}, {"tags": "x"}, {"evidence": "sea"}])
def test_a_row_that_is_none_is_no_case_and_no_traceback(sea: Home, case: Any) -> None:
    keep(sea, 1, case)
    keep(sea, 2, boats(2))
    assert [one.id for one in kept_cases(sea.database, sea.catalogue.document)[0]] == ["turn-c1-2"]
