"""The threat model names tests that there are, and every threat has one."""

import ast
import re
from pathlib import Path

import pytest

_TESTS = Path(__file__).parent
_PAGE = (_TESTS.parent / "docs" / "threat-model.md").read_text(encoding="utf-8")
_NAMED = re.compile(r"`([\w/]+\.py)::(\w+)`")
_ROWS = [line for line in _PAGE.splitlines() if line.startswith("| ") and not line.startswith(("| threat", "| ---"))]


def _tests_of(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


@pytest.mark.parametrize("path", sorted({path for path, _ in _NAMED.findall(_PAGE)}))
def test_every_test_that_is_named_exists(path: str) -> None:
    named = {name for where, name in _NAMED.findall(_PAGE) if where == path}
    assert all(name.startswith("test_") for name in named)
    assert named <= _tests_of(_TESTS / path)


def test_every_threat_has_a_test() -> None:
    """Nothing is said to be held off without one, and the ten of OWASP's list are all there."""
    assert len(_ROWS) > 18
    assert [row[:60] for row in _ROWS if not _NAMED.search(row)] == []
    numbers = [int(number) for number in re.findall(r"^\| LLM(\d\d) ", _PAGE, re.MULTILINE)]
    assert numbers == list(range(1, 11))
