import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from assistant.answer import Answer, Citation, Claim, Refusal, answer_from_json, answer_json
from assistant.answering import answer
from assistant.conversation import Message, Turn, history_of
from assistant.errors import InvalidCall, UnknownConversation
from assistant.home import Home
from assistant.sources import Sources
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


def test_last_is_the_last_whatever_the_clock_says(home: Home) -> None:
    """A clock that went back, or had run ahead, changes nothing: what was used last is last, and listed first."""
    ahead, one, other = (home.conversations.start(title) for title in ("Ahead", "One", "Other"))
    for id_, year in ((ahead, "2100"), (one, "2050"), (other, "1971")):
        home.conversations.add(id_, FIRST)
        with home.database.writing() as connection:  # as a clock that was wrong then would have left it
            change = "UPDATE conversations SET updated_at = :year || substr(updated_at, 5) WHERE id = :id"
            connection.execute(text(change), {"year": year, "id": id_})
        assert home.conversations.get("last").id == id_
    assert [kept.id for kept in home.conversations.list()] == [other, one, ahead]
    home.conversations.add(one, FIRST)
    new = home.conversations.start("New")
    assert [kept.id for kept in home.conversations.list()] == [new, one, other, ahead]
    home.conversations.delete(new)
    assert home.conversations.resolve("last", title="") == one


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


QUESTIONS = (
    "How large is the budget of the Harbour Compact?",
    "Who runs it?",
    "Who is its director?",
    "When was the compact signed?",
    "What does Zorblax eat?",
    "ライトハウス協定の予算は？",
    "How many towns are there?",
    "Which lighthouse was the first?",
)


def test_twelve_turns_are_the_same_in_a_new_process(coast: Home, certain: Callable[[Home], Sources]) -> None:
    """Answers and refusals, phrases, notes and traces: equal, citation for citation, to what was answered."""
    id_ = coast.conversations.start("Coast")
    given = [answer(question, certain(coast)) for question in QUESTIONS]
    given += [replace(given[0], notes=("cut ☂", "late"), trace={"a": [1, None, {"é": 0.1 + 0.2}]}), FIRST, SECOND]
    given.append(answer("What does Zorblax eat?", coast.sources))
    assert (len(given), sum(one.refusal is not None for one in given) >= 2) == (12, True)
    assert any(citation.phrase for one in given for citation in one.citations)
    for one in given:
        coast.conversations.add(id_, one)
    script = (
        "import json, pathlib, sys\n"
        "from assistant.answer import answer_json\n"
        "from assistant.home import Home\n"
        "turns = Home(pathlib.Path(sys.argv[1])).conversations.turns(sys.argv[2])\n"
        "print(json.dumps([answer_json(turn.answer, turn=turn.number, trace=True) for turn in turns]))\n"
    )
    ran = subprocess.run([sys.executable, "-c", script, coast.path, id_], capture_output=True, text=True, check=True)
    rows = json.loads(ran.stdout)
    assert [row["turn"] for row in rows] == list(range(1, 13))
    read = [answer_from_json(row) for row in rows]
    assert [one.citations for one in read] == [one.citations for one in given]
    assert read == [answer_from_json(json.loads(json.dumps(answer_json(one, trace=True)))) for one in given]
    assert [replace(one, trace={}) for one in read] == [replace(one, trace={}) for one in given]


def test_an_owner_has_no_conversations_but_their_own(home: Home) -> None:
    """What one owner began is to another as if it were not there, whatever is asked; the home's list has all."""
    ada, bob = home.conversations.of("ada's key"), home.conversations.of("bob's key")
    adas = ada.start("Who pays?")
    ada.add(adas, FIRST)
    assert ([one.id for one in ada.list()], [one.id for one in home.conversations.list()]) == ([adas], [adas])
    assert (bob.list(), bob.search("pays"), bob.turns(adas)) == ([], [], [])
    for change in (bob.get, bob.delete, lambda id_: bob.rename(id_, "Mine"), lambda id_: bob.add(id_, FIRST)):
        with pytest.raises(UnknownConversation, match=adas):
            change(adas)
    assert [turn.number for turn in ada.turns(adas)] == [1]


def test_a_turn_knows_when_it_was_asked(home: Home) -> None:
    id_ = home.conversations.start("One")
    home.conversations.add(id_, FIRST)
    (turn,) = home.conversations.turns(id_)
    kept = home.conversations.get(id_)
    assert kept.started_at <= turn.asked_at == kept.updated_at


def test_one_conversation_is_got_by_its_id_or_as_the_last(home: Home) -> None:
    one, other = home.conversations.start("One"), home.conversations.start("Other")
    home.conversations.add(one, FIRST)
    assert [home.conversations.get(name).id for name in (one, other, "last")] == [one, other, one]
    assert home.conversations.get("last") == home.conversations.list()[0]


@pytest.mark.parametrize("name", ["new", "c0ffee", "", "\ud800", "%"])
def test_what_is_not_kept_is_not_got_and_not_made(home: Home, name: str) -> None:
    home.conversations.start("One")
    with pytest.raises(UnknownConversation, match="there is no conversation"):
        home.conversations.get(name)
    assert len(home.conversations.list()) == 1


def test_a_conversation_is_renamed(home: Home) -> None:
    """On one line, as a new one's title is; its place in the list stays."""
    older, newer = home.conversations.start("Older"), home.conversations.start("Newer")
    assert home.conversations.rename(older, " The\nmoney \t☂ ") == "The money ☂"
    assert [(one.id, one.title) for one in home.conversations.list()] == [(newer, "Newer"), (older, "The money ☂")]


@pytest.mark.parametrize("title", ["", " \n", "half \ud800"])
def test_a_title_that_is_none_is_told(home: Home, title: str) -> None:
    id_ = home.conversations.start("One")
    with pytest.raises(InvalidCall, match="is no title: give some words"):
        home.conversations.rename(id_, title)
    assert home.conversations.get(id_).title == "One"


def test_a_conversation_is_deleted_with_its_turns(home: Home) -> None:
    """The others keep theirs, and what is deleted cannot be gone on with."""
    one, other, third = (home.conversations.start(title) for title in ("One", "Other", "Third"))
    for id_ in (one, other):
        home.conversations.add(id_, FIRST)
    assert home.conversations.delete(one, third, one) == [one, third]
    assert [kept.id for kept in home.conversations.list()] == [other]
    assert (home.conversations.turns(one), len(home.conversations.turns(other))) == ([], 1)
    with pytest.raises(UnknownConversation, match=f"the conversation '{one}' is no longer kept"):
        home.conversations.add(one, FIRST)


def test_none_is_deleted_when_one_is_unknown(home: Home) -> None:
    one = home.conversations.start("One")
    with pytest.raises(UnknownConversation, match="there is no conversation 'c0ffee'"):
        home.conversations.delete(one, "c0ffee")
    assert home.conversations.get(one).id == one


@pytest.fixture
def several(home: Home) -> dict[str, str]:
    """The ids of four conversations by their titles."""
    ids = {title: home.conversations.start(title) for title in ("Money matters", "量子技術", "Refused", "100% _sure_")}
    home.conversations.add(ids["Money matters"], FIRST)
    home.conversations.add(ids["量子技術"], replace(FIRST, question="共同声明の予算はＪＡＸＡ？", claims=()))
    home.conversations.add(ids["Refused"], replace(SECOND, refusal=Refusal("absent", "Nobody speaks of Ötztal.")))
    home.conversations.add(ids["Refused"], replace(FIRST, claims=(Claim("half \ud800 tide", (1,), "partly", 0.5),)))
    return ids


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("MATTERS money", ["Money matters"]),
        ("tide office", ["Refused", "Money matters"]),
        ("量子", ["量子技術"]),
        ("声明 jaxa", ["量子技術"]),
        ("ÖTZTAL", ["Refused"]),
        ("half tide", ["Refused"]),
        ("harbour compact", ["Refused", "量子技術", "Money matters"]),
        ("%", ["100% _sure_"]),
        ("_", ["100% _sure_"]),
        ("zorblax", []),
        ("money zorblax", []),
        ("", ["Refused", "量子技術", "Money matters", "100% _sure_"]),
        ("\ud800", []),
    ],
)
def test_conversations_are_found_by_words(home: Home, several: dict[str, str], words: str, titles: list[str]) -> None:
    """In titles, questions, answers and refusals, without regard to case or width, the one used last first."""
    assert [found.title for found in home.conversations.search(words)] == titles
    assert {found.id for found in home.conversations.search(words)} == {several[title] for title in titles}
