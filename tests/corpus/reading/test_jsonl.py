import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import UnreadableFile
from corpus.reading.jsonl import read_jsonl

_GOOD = {"id": "good", "title": "Good", "text": "It rained."}
_CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
_TEXTS = st.text(alphabet=_CHARACTERS, min_size=1).filter(str.strip)


def _lines(*rows: Any) -> bytes:
    return "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows).encode()


@given(st.lists(_TEXTS, min_size=1, max_size=5))
def test_the_text_is_taken_verbatim(texts: list[str]) -> None:
    """Offsets that others computed on a row's text hold here: not a blank is changed."""
    drafts = read_jsonl(_lines(*({"id": str(i), "title": "T", "text": text} for i, text in enumerate(texts))), "f")
    assert [draft.text for draft in drafts] == texts
    assert [draft.key for draft in drafts] == [str(i) for i in range(len(texts))]


def test_everything_of_a_row_is_kept() -> None:
    """A row's source, date and metadata go with it, and its id is kept as it is given."""
    row = {"id": " A/b #1 ", "title": " T ", "text": " x ", "source": "s", "published": "2024", "metadata": {"k": [1]}}
    draft = read_jsonl(_lines(row), "f")[0]
    assert (draft.key, draft.title, draft.text) == (" A/b #1 ", "T", " x ")
    assert (draft.source, draft.published, draft.metadata) == ("s", "2024", {"k": [1]})


def test_a_row_without_title_is_called_by_its_id() -> None:
    """An untitled document can still be told from others in a list."""
    assert read_jsonl(_lines({**_GOOD, "title": " "}), "f")[0].title == "good"
    assert read_jsonl(_lines({**_GOOD, "id": " a\nb ", "title": ""}), "f")[0].title == "a b"
    assert read_jsonl(_lines({**_GOOD, "id": "\u0007", "title": ""}), "f")[0].title == "f"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"id": ', "not JSON (Expecting value)"),
        ("[]", "not a JSON object"),
        ({"title": "T", "text": "x"}, "'id' is missing, empty or not a string"),
        ({**_GOOD, "id": 7}, "'id' is missing, empty or not a string"),
        ({**_GOOD, "id": " "}, "'id' is missing, empty or not a string"),
        ({**_GOOD, "id": "x" * 513}, "'id' is longer than 512 characters"),
        ({**_GOOD, "title": None}, "'title' is missing, empty or not a string"),
        ({**_GOOD, "text": "\n"}, "'text' is missing, empty or not a string"),
        ({**_GOOD, "source": 1}, "'source' is not a string"),
        ({**_GOOD, "published": 2024}, "'published' is not a string"),
        ({**_GOOD, "metadata": [1]}, "'metadata' is not an object"),
        (_GOOD, "the id 'good' is that of line 1 too"),
        ("[" * 100_000, "maximum recursion depth exceeded"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 60 else "row",
)
def test_a_broken_line_is_named_and_the_others_go_in(line: Any, reason: str) -> None:
    """One broken line in a thousand costs one line, and the report says which and why."""
    drafts = read_jsonl(_lines(_GOOD, "", line, {**_GOOD, "id": "last"}), "f")
    assert [draft.key for draft in drafts] == ["good", "last"]
    assert len(drafts[-1].warnings) == 1
    assert drafts[-1].warnings[0].startswith(f"line 3 was left out: {reason}")


def test_a_title_is_one_line() -> None:
    """A list of documents has a line for each, whatever stands in a row."""
    assert (
        read_jsonl(_lines({**_GOOD, "title": " The\u0007 Rain\n\tPlan\u2028II "}), "f")[0].title == "The Rain Plan II"
    )


@pytest.mark.parametrize(
    "line",
    [
        '{"id": "bad", "title": "T", "text": "x", "metadata": {"n": NaN}}',
        '{"id": "bad", "title": "T", "text": "x", "metadata": {"n": [1e999]}}',
        '{"id": "bad", "title": "T", "text": "x", "metadata": {"n": "\\ud800"}}',
        '{"id": "bad", "title": "T", "text": "x", "source": "a\\u0000"}',
    ],
    ids=["not a number", "infinite", "lone surrogate", "U+0000"],
)
def test_what_no_format_can_write_is_left_out(line: str) -> None:
    """What goes in can be exported again, as JSON that every program reads."""
    drafts = read_jsonl(_lines(_GOOD, line), "f")
    assert [draft.key for draft in drafts] == ["good"]
    assert drafts[0].warnings[0].startswith("line 2 was left out: ")


@pytest.mark.parametrize("key", ["id", "title", "text", "source", "published"])
def test_a_lone_surrogate_is_left_out(key: str) -> None:
    """A character that no database can keep costs its own line only."""
    drafts = read_jsonl(_lines(_GOOD, {**_GOOD, "id": "bad", key: "a\ud800"}), "f")
    assert [draft.key for draft in drafts] == ["good"]
    assert drafts[0].warnings[0].startswith("line 2 was left out: ")
    assert "surrogates not allowed" in drafts[0].warnings[0]


def test_line_ends_of_windows_and_of_unicode() -> None:
    """A file from Windows reads the same, and a line separator inside a text does not end the line."""
    rows = (
        json.dumps({**_GOOD, "text": "a\u2028b"}, ensure_ascii=False)
        + "\r\n"
        + json.dumps({**_GOOD, "id": "2"})
        + "\r\n"
    )
    assert [draft.text for draft in read_jsonl(rows.encode(), "f")] == ["a\u2028b", "It rained."]


@pytest.mark.parametrize("content", [b"not json", b"{}\n[]\n", b"null"], ids=["words", "other rows", "null"])
def test_a_file_without_rows_is_refused(content: bytes) -> None:
    """A file of another kind is refused, with its first broken line."""
    with pytest.raises(UnreadableFile, match=r"^no line is a row with id, title and text: line 1 was left out: "):
        read_jsonl(content, "f")
