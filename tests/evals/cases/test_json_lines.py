import json
from pathlib import Path

import pytest

from evals.cases.finding import ERROR, Finding
from evals.cases.json_lines import public_rows, read_rows
from evals.errors import InvalidSuite


def said(path: Path, **options: int) -> list[tuple[int, str]]:
    """The lines that are no rows, with what is said of them."""
    return [(line, row.message) for line, row in read_rows(path, **options) if isinstance(row, Finding)]


def test_every_line_is_a_row_or_told_with_its_number(tmp_path: Path) -> None:
    """One bad line hides no other, and blank lines count without being anything."""
    path = tmp_path / "rows.jsonl"
    path.write_bytes(
        b'\xef\xbb\xbf{"id": "a"}\n'  # a byte-order mark, as some editors write it
        b"\n"
        b"{broken\n"
        b'{"id": "caf\xe9"}\n'
        b"[1, 2]\n"
        b'{"id": "a", "id": "b"}\n'
        b'{"id": "\xe2\x80\xa8"}\r\n'
    )
    assert [(line, row) for line, row in read_rows(path) if isinstance(row, dict)] == [
        (1, {"id": "a"}),
        (7, {"id": "\u2028"}),
    ]
    assert said(path) == [
        (3, "not JSON: expecting property name enclosed in double quotes at character 2"),
        (4, "not UTF-8 (byte 12 of the line is 0xe9): save the file as UTF-8"),
        (5, "not a JSON object: begin the line with {"),
        (6, "the key 'id' stands twice in one object: keep one"),
    ]


def test_a_row_of_fifty_megabytes_is_told_by_its_length_and_the_next_one_is_read(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    with path.open("wb") as file:
        file.write(b'{"id": "' + b"x" * 50_000_000 + b'"}\n{"id": "b"}\n')
    rows = list(read_rows(path))
    assert rows[0] == (
        1,
        Finding(1, ERROR, "the row has 50,000,011 bytes, 2,000,000 are allowed: is it a case at all?"),
    )
    assert rows[1:] == [(2, {"id": "b"})]


@pytest.mark.parametrize("num_bytes", [9, 10, 11, 12, 20, 21, 22])
def test_the_limit_is_the_same_wherever_the_file_is_cut_in_reading(tmp_path: Path, num_bytes: int) -> None:
    """Lines of any length around the limit: those within it are rows, and none swallows the line behind it."""
    line = json.dumps({"a": "x" * (num_bytes - 9)}).encode()
    assert len(line) == num_bytes
    path = tmp_path / "rows.jsonl"
    path.write_bytes(line + b"\n" + b'{"b": 1}')
    rows = [row if isinstance(row, dict) else row.level for _, row in read_rows(path, max_row_bytes=12)]
    assert rows == [json.loads(line) if num_bytes < 12 else ERROR, {"b": 1}]


def test_utf_16_is_named_once(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"id": "a"}\n{"id": "b"}\n', encoding="utf-16")
    assert said(path) == [(1, "the file is UTF-16 or UTF-32, not UTF-8: save it as UTF-8")]


def test_a_row_that_is_nested_without_end_is_told(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"id": ' + "[" * 200_000 + "\n" + '{"id": ' + "9" * 5_000 + "}\n")
    (_, deep), (_, long) = said(path)
    assert deep == "not a case: it is nested too deeply"
    assert "4300" in long


@pytest.mark.parametrize("name", ["missing.jsonl", "folder", "nul\0.jsonl"])
def test_what_is_no_file_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(InvalidSuite, match=r"(is not a file|cannot be opened)"):
        list(read_rows(tmp_path / name))


def test_published_data_that_is_broken_is_an_error_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "corpus.jsonl"
    path.write_text('{"id": 1}\n"x"\n')
    with pytest.raises(InvalidSuite, match=r"^corpus.jsonl, line 2: not a JSON object"):
        list(public_rows(path))
