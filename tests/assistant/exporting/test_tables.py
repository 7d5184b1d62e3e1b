import csv
import io

from assistant.exporting.tables import MATRIX_COLUMNS, PACK_COLUMNS, matrix_csv, pack_csv
from tests.fakes_packs import EMPTY_PACK, HOSTILE, MATRIX, PACK, SHOWN


def rows_of(written: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(written, newline="")))


def test_a_pack_has_a_row_for_each_claim_and_citation() -> None:
    rows = rows_of(pack_csv(PACK))
    assert [(row["turn"], row["kind"], row["text"], row["number"]) for row in rows] == [
        ("1", "claim", "'-First <i>claim</i>", "1"),
        ("1", "claim", "'-First <i>claim</i>", "2"),
        ("1", "claim", "Second", "1"),
        ("1", "claim", "Hello!", ""),
        ("2", "refusal", "Which one?", ""),
        ("2", "nearest", "", "2"),
    ]
    assert rows[0] == {
        "turn": "1",
        "asked_at": "2026-11-22T01:43:29.5+00:00",
        "question": "'=What\ufffd is *this*?",
        "understood_as": "What is this?",
        "writer": "llm:m",
        "notes": "a | note",
        "kind": "claim",
        "text": "'-First <i>claim</i>",
        "verdict": "supported",
        "support": "1.0",
        "number": "1",
        "quote": SHOWN,
        "title": "The <harbour> | `x`",
        "source": "/h.md",
        "published": "2021-03",
        "page": "2",
        "heading": "Money, 4.",
        "start": "3",
        "end": str(3 + len(HOSTILE)),
        "document_id": "harbour",
        "sha256": "ab" * 32,
        "state": "changed",
        "searched": "",
        "candidates": "",
    }
    assert (rows[1]["source"], rows[1]["published"], rows[1]["state"]) == ("'=cmd|' /C calc'!A0", "", "removed")
    assert (rows[4]["verdict"], rows[4]["searched"], rows[4]["candidates"]) == ("underspecified", "Why?", "A; B")


def test_a_pack_without_a_turn_is_its_columns() -> None:
    assert pack_csv(EMPTY_PACK) == ",".join(PACK_COLUMNS) + "\r\n"


def test_a_matrix_has_a_row_for_each_cell() -> None:
    rows = rows_of(matrix_csv(MATRIX))
    assert [(row["document_id"], row["question"], row["verdict"], row["quote"]) for row in rows] == [
        ("harbour", "Which | one?", "partly", SHOWN),
        ("harbour", "'=Q2", "silent", ""),
        ("gone", "Which | one?", "supported", "tide"),
        ("gone", "'=Q2", "supported", "tide"),
    ]
    assert tuple(rows[0]) == MATRIX_COLUMNS
    assert rows[0] == {
        "document_id": "harbour",
        "title": "The <harbour> | `x`",
        "published": "2021-03",
        "question": "Which | one?",
        "verdict": "partly",
        "quote": SHOWN,
        "source": "/h.md",
        "page": "2",
        "heading": "Money, 4.",
        "start": "3",
        "end": str(3 + len(HOSTILE)),
        "sha256": "ab" * 32,
        "searched": "Which | one?",
    }
    assert (rows[1]["sha256"], rows[1]["searched"], rows[1]["start"]) == ("ab" * 32, "'=Q2; q|2", "")
