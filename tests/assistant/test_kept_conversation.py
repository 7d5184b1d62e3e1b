"""A conversation that another program holds."""

import pytest

from assistant import Assistant
from assistant.errors import InvalidCall, UnknownConversation
from assistant.home import Home


def test_turns_of_another_program_are_seen(coast: Home) -> None:
    """Two programs that hold the same conversation go on with each other's turns."""
    here = Assistant(coast).conversation()
    here.ask("What is the Tide Office?")
    there = Assistant(coast).conversation(here.id or "")
    assert there.ask("Who runs it?").standalone_question == "Who runs Tide Office?"
    assert [turn.number for turn in here.turns] == [1, 2]


def test_one_that_was_deleted_says_so(coast: Home) -> None:
    conversation = Assistant(coast).conversation()
    conversation.ask("What is the Tide Office?")
    coast.conversations.delete("last")
    with pytest.raises(UnknownConversation, match="no longer kept"):
        conversation.ask("Who runs it?")


def test_a_question_that_cannot_be_asked_begins_nothing(coast: Home) -> None:
    conversation = Assistant(coast).conversation()
    with pytest.raises(InvalidCall):
        conversation.ask("")
    assert (conversation.id, coast.conversations.list()) == (None, [])
