from pathlib import Path

import pytest

from assistant.answer import Answer, Citation, Claim, Refusal
from assistant.conversation import Message, Turn, history_of
from assistant.errors import UnknownConversation
from assistant.home import Home
from tests.fakes import HashEncoder

CITATION = Citation(1, "harbour", "ab", "The harbour", "/h.md", 3, 8, "tide ☂", "Money", 2, (4, 6))
FIRST = Answer(
    question="Who runs it?",
    standalone_question="Who runs the Harbour Compact?",
    claims=(Claim("The Tide Office.", (1,), "supported", 1.0),),
    citations=(CITATION,),
    timings_ms={"total": 1.25},
    trace={"hits": [{"score": 0.5}]},
)
SECOND = Answer(
    question="Why?",
    standalone_question="Why does the Tide Office run it?",
    refusal=Refusal("absent", "No.", ("Why?",), (), (CITATION,)),
)


def test_a_conversation_is_the_same_after_the_program_was_closed(tmp_path: Path) -> None:
    """Every turn comes back with its claims, citations, refusal and trace, character for character."""
    opened = Home(tmp_path / "home", load_encoder=HashEncoder)
    id_ = opened.conversations.start("Who runs it?")
    assert [opened.conversations.add(id_, answer) for answer in (FIRST, SECOND)] == [1, 2]
    opened.close()
    reopened = Home(tmp_path / "home", load_encoder=HashEncoder)
    assert reopened.conversations.turns(id_) == [Turn(1, FIRST), Turn(2, SECOND)]
    reopened.close()


def test_turns_are_counted_for_each_conversation_on_its_own(home: Home) -> None:
    one, other = home.conversations.start("One"), home.conversations.start("Other")
    numbers = [home.conversations.add(id_, FIRST) for id_ in (one, other, one)]
    assert numbers == [1, 1, 2]
    assert {kept.id: kept.num_turns for kept in home.conversations.list()} == {one: 2, other: 1}


def test_the_conversation_used_last_is_listed_first_and_is_last(home: Home) -> None:
    """`--conversation last` goes on where the user left off, also in an older conversation."""
    older, newer = home.conversations.start("Older"), home.conversations.start("Newer")
    assert home.conversations.resolve("last", title="") == newer
    home.conversations.add(older, FIRST)
    assert [kept.id for kept in home.conversations.list()] == [older, newer]
    assert home.conversations.resolve("last", title="") == older


def test_new_starts_a_conversation_titled_by_its_question(home: Home) -> None:
    id_ = home.conversations.resolve("new", title="  How much\nmoney " + "x" * 100)
    assert [(kept.id, kept.title, kept.num_turns) for kept in home.conversations.list()] == [
        (id_, "How much money " + "x" * 65, 0)
    ]


def test_an_id_is_taken_as_it_is(home: Home) -> None:
    id_ = home.conversations.start("One")
    home.conversations.start("Two")
    assert home.conversations.resolve(id_, title="") == id_


@pytest.mark.parametrize("name", ["last", "c0ffee", ""], ids=["last of none", "not kept", "empty"])
def test_a_conversation_that_is_not_kept_is_an_error_that_names_it(home: Home, name: str) -> None:
    with pytest.raises(UnknownConversation, match=f"there is no conversation '{name}': `communique conversations`"):
        home.conversations.resolve(name, title="")
    assert home.conversations.list() == []


def test_a_history_holds_the_questions_as_they_were_understood() -> None:
    """A third question can lean on a second one that leaned on the first."""
    assert history_of([Turn(1, FIRST), Turn(2, SECOND)]) == [
        Message("user", "Who runs the Harbour Compact?"),
        Message("assistant", "The Tide Office. [1]"),
        Message("user", "Why does the Tide Office run it?"),
        Message("assistant", ""),
    ]
