import json
from pathlib import Path

import pytest

from tests.assistant.cli.conftest import Call

pytestmark = pytest.mark.slow

QUOTE = "The Tide Office in Port Elin runs the Harbour Compact. Its budget is 12 million crowns."


def _rows(*rows: object) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def test_rows_are_checked_in_order_in_a_home_that_does_not_exist(call: Call, tmp_path: Path) -> None:
    """Neither documents nor an index are needed, and no home is made."""
    rows = tmp_path / "pairs.jsonl"
    rows.write_text(
        _rows(
            {"id": "a", "claim": "The Tide Office in Port Elin runs the Harbour Compact.", "quotes": [QUOTE], "x": 1},
            {"id": "b", "claim": "Penguins live in Antarctica.", "quotes": [QUOTE], "question": "Where?"},
        )
    )
    done = call("verify", "--batch", rows)
    assert done.returncode == 0, done.stderr
    first, second = map(json.loads, done.stdout.splitlines())
    assert first == {"id": "a", "verdict": "supported", "support": 1.0}
    assert (second["id"], second["verdict"]) == ("b", "unsupported")
    assert second["support"] < 0.2
    assert not (tmp_path / "home").exists()
    assert done.stderr == ""


def test_a_bad_row_is_named_and_the_status_is_1(call: Call) -> None:
    stdin = _rows({"id": "a", "claim": "12 million crowns", "quotes": [QUOTE]}) + "{\n"
    done = call("verify", "--batch", "-", stdin=stdin)
    assert done.returncode == 1
    first, second = map(json.loads, done.stdout.splitlines())
    assert first["verdict"] == "supported"
    assert second["id"] is None
    assert second["error"].startswith("line 2: not JSON")


def test_one_claim_is_checked_for_a_reader_and_for_programs(call: Call) -> None:
    arguments = ("verify", "--claim", "Its budget is 12 million crowns.", "--quote", "It rained.", "--quote", QUOTE)
    done = call(*arguments)
    assert done.stdout == "supported: 100% probable that the quotes support the whole claim\n"
    assert json.loads(call(*arguments, "--json").stdout) == {
        "verdict": "supported",
        "support": 1.0,
        "verifier": "features",
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("verify",), "nothing to check"),
        (("verify", "--claim", "x"), "nothing to check"),
        (("verify", "--batch", "nowhere.jsonl"), "cannot read 'nowhere.jsonl'"),
        (("verify", "--batch", "x", "--claim", "y"), "--batch stands alone"),
        (("verify", "--claim", "x", "--quote", "y", "--checker", "/nowhere"), "there is no such folder"),
    ],
)
def test_a_call_that_cannot_be_used_is_refused_in_one_line(
    call: Call, arguments: tuple[str, ...], message: str
) -> None:
    done = call(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1
