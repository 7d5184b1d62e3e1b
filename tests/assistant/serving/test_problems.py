"""Errors as statuses and lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import assistant.errors
import corpus.errors
import index.errors
from assistant.errors import InvalidCall, UnknownConversation
from assistant.serving.problems import line_of, one_line, status_of
from assistant.writing.request import WriterFailed
from corpus.errors import HomeError, UnknownDocument, UnreadableFile, UnusableExport
from index.errors import ManifestMismatch, ModelError, VectorStoreError


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (InvalidCall("x"), 400),
        (UnknownConversation("x"), 404),
        (UnknownDocument("x"), 404),
        (UnreadableFile("x"), 422),
        (UnusableExport("x"), 400),
        (HomeError("x"), 503),
        (ModelError("x"), 503),
        (ManifestMismatch("x"), 503),
        (VectorStoreError("x"), 503),
        (WriterFailed("x"), 400),
        (PermissionError(13, "x"), 503),
        (MemoryError(), 503),
        (KeyError("x"), 500),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
def test_every_error_has_its_status(error: Exception, status: int) -> None:
    assert status_of(error) == status


def test_every_error_of_the_rooms_is_in_the_table() -> None:
    """None of them is our own fault."""
    rooms = (assistant.errors, corpus.errors, index.errors)
    kinds = [kind for room in rooms for kind in vars(room).values() if isinstance(kind, type)]
    assert len(kinds) > 10
    assert all(status_of(kind("x")) < 500 or status_of(kind("x")) == 503 for kind in kinds)


@given(st.text(st.characters(), max_size=2_000))
def test_a_line_is_one_line_that_can_be_sent(text: str) -> None:
    """Whatever it quotes: no line end, no control character, nothing that UTF-8 cannot hold, not endless."""
    line = one_line(text + "\ud800\x1b[2J")
    line.encode()
    assert len(line) <= 501
    assert line == " ".join(line.split())
    assert not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in line)


def test_what_is_ours_is_not_told() -> None:
    assert "secret" not in line_of(KeyError("secret"))
    assert "secret" not in line_of(OSError(28, "No space left on device", "secret"))


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(28, "No space left on device", "secret"), "free some space"),
        (OSError(30, "Read-only file system", "secret"), "cannot be written to"),
        (MemoryError(), "not enough memory"),
    ],
    ids=["full", "read-only", "memory"],
)
def test_a_fault_of_the_machine_is_told_with_what_helps(error: Exception, words: str) -> None:
    assert words in line_of(error)
