import json
from collections.abc import Sequence
from typing import Any

import pytest

from assistant.pair_rows import BATCH_ROWS, MAX_QUOTES, verify_rows
from assistant.pairs import Pair, Verdict
from index.errors import ModelError


class LengthVerifier:
    """A `Verifier` that supports claims of even length and cannot judge the claim "fault"; `calls` are batch sizes."""

    name = "length"

    def __init__(self, *, fault: Exception | None = None) -> None:
        self.fault = fault
        self.calls: list[int] = []

    def verdicts(self, pairs: Sequence[Pair]) -> list[Verdict]:
        self.calls.append(len(pairs))
        if self.fault and any(pair.claim == "fault" for pair in pairs):
            raise self.fault
        return [Verdict("unsupported" if len(p.claim) % 2 else "supported", 1 / (1 + len(p.quotes))) for p in pairs]


def _row(id_: str, claim: str, **more: Any) -> str:
    return json.dumps({"id": id_, "claim": claim, "quotes": ["It rained."], **more})


def test_each_row_has_its_verdict_in_order() -> None:
    """Other keys are ignored, empty lines are no rows."""
    lines = [_row("a", "even", extra=1), "\n", _row("b", "odd", question="Why?"), _row("c", "even", question=None)]
    assert list(verify_rows(lines, LengthVerifier())) == [
        {"id": "a", "verdict": "supported", "support": 0.5},
        {"id": "b", "verdict": "unsupported", "support": 0.5},
        {"id": "c", "verdict": "supported", "support": 0.5},
    ]


@pytest.mark.parametrize(
    ("line", "id_", "message"),
    [
        ("{", None, "not JSON"),
        ("[" * 100_000, None, "not JSON"),
        ("[1]", None, "not a JSON object"),
        ('{"claim": "x", "quotes": []}', None, "'id' is missing"),
        ('{"id": 3, "claim": "x", "quotes": []}', None, "'id' is missing or not a string"),
        ('{"id": "a", "quotes": []}', "a", "'claim' is missing"),
        ('{"id": "a", "claim": ["x"], "quotes": []}', "a", "'claim' is missing or not a string"),
        ('{"id": "a", "claim": "x"}', "a", "'quotes' is missing or not a list"),
        ('{"id": "a", "claim": "x", "quotes": "It rained."}', "a", "'quotes' is missing or not a list"),
        ('{"id": "a", "claim": "x", "quotes": ["y", 3]}', "a", "'quotes' is missing or not a list"),
        ('{"id": "a", "claim": "x", "quotes": [], "question": 3}', "a", "'question' is missing or not a string"),
        ('{"id": "a", "claim": "\\ud800", "quotes": []}', "a", "'claim' has half of a character"),
        ('{"id": "a", "claim": "x", "quotes": ["\\ud800"]}', "a", "'quotes' has half of a character"),
        (_row("a", "x", quotes=["y"] * (MAX_QUOTES + 1)), "a", f"{MAX_QUOTES} are allowed"),
    ],
)
def test_a_bad_row_becomes_an_error_with_its_line_and_the_next_goes_on(
    line: str, id_: str | None, message: str
) -> None:
    first, bad, last = verify_rows([_row("1", "even"), line, _row("3", "even")], LengthVerifier())
    assert (first["id"], last["id"]) == ("1", "3")
    assert bad.keys() == {"id", "error"}
    assert bad["id"] == id_
    assert bad["error"].startswith("line 2: ")
    assert message in bad["error"]


def test_a_row_that_cannot_be_judged_does_not_end_the_others() -> None:
    rows = list(
        verify_rows(
            [_row("1", "even"), _row("2", "fault"), _row("3", "odd")], LengthVerifier(fault=ZeroDivisionError("x"))
        )
    )
    assert [row.get("verdict") for row in rows] == ["supported", None, "unsupported"]
    assert rows[1] == {"id": "2", "error": "line 2: ZeroDivisionError: x"}


def test_a_model_that_cannot_be_used_ends_the_batch() -> None:
    """Every row would fail for the same reason, which one line says better."""
    with pytest.raises(ModelError, match="no such model"):
        list(verify_rows([_row("1", "fault")], LengthVerifier(fault=ModelError("no such model"))))


def test_rows_are_judged_some_at_a_time_and_read_as_they_are_needed() -> None:
    verifier = LengthVerifier()
    results = verify_rows((_row(str(i), "even") for i in range(BATCH_ROWS + 1)), verifier)
    assert next(results)["id"] == "0"
    assert verifier.calls == [BATCH_ROWS]
    assert len(list(results)) == BATCH_ROWS
    assert verifier.calls == [BATCH_ROWS, 1]
