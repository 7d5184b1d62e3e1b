from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.errors import InvalidCall
from assistant.feedback import Feedback
from assistant.settings import engines_from_environment
from corpus.database import open_database

CASE = {"id": "turn-c1-1", "question": "Where are the boats?", "tags": ["thumbs-up"], "evidence": [{"start": 0}]}


@pytest.fixture
def feedback(tmp_path: Path) -> Iterator[Feedback]:
    """The feedback of an empty home."""
    database = open_database(tmp_path, engines_from_environment().database)
    yield Feedback(database)
    database.close()


def test_what_was_said_comes_back_in_the_order_it_was_said(feedback: Feedback) -> None:
    """A rating, its reason and the case are kept whole, the earliest first."""
    feedback.give("c2", 3, rating="down", reason="the wrong boat", case=CASE)
    feedback.give("c1", 1, rating=None, reason="", case={})
    first, second = feedback.list()
    assert (first.conversation_id, first.turn, first.rating, first.reason) == ("c2", 3, "down", "the wrong boat")
    assert first.case == CASE
    assert (second.conversation_id, second.rating, second.reason, second.case) == ("c1", None, "", {})
    assert first.given_at < second.given_at
    assert feedback.list("c1") == [second]
    assert feedback.list("c3") == []


def test_who_thinks_again_is_heard(feedback: Feedback) -> None:
    """A turn has one rating, the last one, and keeps its place in the order."""
    feedback.give("c1", 1, rating="up", reason="good", case=CASE)
    feedback.give("c1", 2, rating="up", reason="", case=CASE)
    before = feedback.list()[0].given_at
    feedback.give("c1", 1, rating="down", reason="", case=CASE | {"draft": True})
    again, other = feedback.list()
    assert (again.turn, again.rating, again.reason, again.case["draft"]) == (1, "down", "", True)
    assert again.given_at == before
    assert (other.turn, other.rating) == (2, "up")


def test_what_is_taken_back_is_gone(feedback: Feedback) -> None:
    """Only what was said of that turn is forgotten, and a second time there is nothing to forget."""
    feedback.give("c1", 1, rating="up", reason="", case=CASE)
    feedback.give("c1", 2, rating="up", reason="", case=CASE)
    assert feedback.take_back("c1", 1)
    assert [one.turn for one in feedback.list()] == [2]
    assert not feedback.take_back("c1", 1)
    assert not feedback.take_back("c2", 2)


def test_an_unknown_rating_is_refused(feedback: Feedback) -> None:
    with pytest.raises(InvalidCall, match="'five stars' is no rating"):
        feedback.give("c1", 1, rating=cast(Any, "five stars"), reason="", case={})
    assert feedback.list() == []


@pytest.mark.parametrize(
    ("reason", "kept"),
    [
        ("  two\r\nlines\u2028and\ta tab ", "two lines and a tab"),
        ("x" * 501, "x" * 500),
        ("half \ud83d a character", "half \ufffd a character"),
        ("“引用”が違う 😀", "“引用”が違う 😀"),
        (" \n", ""),
    ],
    ids=["lines", "long", "half", "Japanese", "blank"],
)
def test_a_reason_is_one_short_line(feedback: Feedback, reason: str, kept: str) -> None:
    feedback.give("c1", 1, rating="down", reason=reason, case=CASE)
    assert feedback.list()[0].reason == kept


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(st.text(st.characters(), max_size=600))
def test_any_reason_can_be_kept(feedback: Feedback, reason: str) -> None:
    """Whatever a browser sends, it is kept as text of one line, 500 characters at most."""
    feedback.give("c1", 1, rating="down", reason=reason, case={"reason": reason})
    (kept,) = feedback.list()
    assert len(kept.reason) <= 500
    assert len(kept.reason.splitlines()) <= 1
    assert kept.reason.encode().decode() == kept.reason
    assert kept.case == {"reason": reason}
