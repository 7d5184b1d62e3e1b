"""Lines of JSON hold what a program needs that gathers them, and no words of anybody's."""

import io
import json
import logging
import sqlite3
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError

from assistant.errors import InvalidCall
from assistant.observing.logs import FORMAT, REQUESTS, JsonLines, is_json, log_as_asked, request_id, uvicorn_log_config

WORDS = "Zorblax signed it"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What is written where JSON is asked for; afterwards logging is as it was."""
    root, stream = logging.getLogger(), io.StringIO()
    handlers = list(root.handlers)
    log_as_asked({FORMAT: "JSON"}, stream=stream)
    yield stream
    root.handlers[:] = handlers
    logging.getLogger(REQUESTS).setLevel(logging.NOTSET)
    logging.captureWarnings(capture=False)


def written(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_says_when_who_what_and_for_which_request(lines: io.StringIO) -> None:
    token = request_id.set("abc")
    logging.getLogger("assistant.answerers").warning("the process %s has ended", 7)
    request_id.reset(token)
    (line,) = written(lines)
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "warning",
        "logger": "assistant.answerers",
        "message": "the process 7 has ended",
        "request_id": "abc",
    }


def test_an_error_is_told_by_kind_and_place(lines: io.StringIO) -> None:
    """What led to it too; what the errors say is left out."""
    try:
        try:
            raise ValueError(WORDS)
        except ValueError as error:
            raise RuntimeError(WORDS) from error
    except RuntimeError:
        logging.getLogger("assistant.batch").exception("row %d failed", 3)
    (line,) = written(lines)
    assert line["message"] == "row 3 failed"
    assert line["error"]["kinds"] == ["RuntimeError", "ValueError"]
    (frame,) = line["error"]["frames"]
    assert frame.startswith(f"{__file__}:")
    assert frame.endswith(" test_an_error_is_told_by_kind_and_place")
    assert WORDS not in lines.getvalue()


def test_a_statement_to_the_database_is_left_out(lines: io.StringIO) -> None:
    """SQLAlchemy quotes it, with the words that were to be kept."""
    error = OperationalError("INSERT INTO turns VALUES (?)", (WORDS,), sqlite3.OperationalError("disk is full"))
    assert WORDS in str(error)
    logging.getLogger("assistant.serving.problems").error("%s failed: %s", "POST", error)
    (line,) = written(lines)
    assert line["message"] == "POST failed: (sqlite3.OperationalError) disk is full [statement left out]"


def test_of_other_peoples_modules_the_constant_part_is_told(lines: io.StringIO) -> None:
    logging.getLogger("httpx").warning("cannot send %s", WORDS)
    logging.getLogger("uvicorn.error").warning("it waits for %d", 2)
    assert [line["message"] for line in written(lines)] == ["cannot send %s", "it waits for 2"]


def test_a_warning_is_a_line_too(lines: io.StringIO) -> None:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=False)
        logging.captureWarnings(capture=True)
        warnings.warn(WORDS, stacklevel=1)
    (line,) = written(lines)
    assert line["logger"] == "py.warnings"
    assert line["message"].endswith(": UserWarning")
    assert "test_logs.py:" in line["message"]


def test_requests_are_told_from_info_on_and_others_from_warning_on(lines: io.StringIO) -> None:
    logging.getLogger("assistant.batch").info("nobody asked")
    logging.getLogger(REQUESTS).info("request", extra={"fields": {"status": 200, "user": None}})
    (line,) = written(lines)
    assert (line["message"], line["status"], "user" in line) == ("request", 200, False)


@given(st.text())
def test_a_line_is_one_line_of_ascii(said: str) -> None:
    """Whatever is said: line ends, what steers a terminal, halves of characters."""
    record = logging.LogRecord("assistant.x", logging.WARNING, "x.py", 1, "%s", (said,), None)
    line = JsonLines().format(record)
    assert line.isascii()
    assert line.isprintable()
    assert "\n" not in line
    if "[SQL: " not in said and "[parameters: " not in said:
        assert json.loads(line)["message"] == said


def test_without_a_word_lines_are_plain() -> None:
    before = list(logging.getLogger().handlers)
    for environment in ({}, {FORMAT: ""}, {FORMAT: "plain"}):
        log_as_asked(environment, stream=sys.stderr)
    assert logging.getLogger().handlers == before
    assert not is_json()


def test_uvicorn_writes_as_all_others_where_that_is_json(lines: io.StringIO) -> None:
    """It is told nothing of logging then, so that its lines go the common way."""
    assert uvicorn_log_config() is None


def test_uvicorn_keeps_its_own_lines_where_they_are_plain() -> None:
    assert (uvicorn_log_config() or {})["loggers"]["uvicorn"]


def test_another_form_is_refused() -> None:
    with pytest.raises(InvalidCall, match="'xml': set it to plain or json"):
        log_as_asked({FORMAT: "xml"})
