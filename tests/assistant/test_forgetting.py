"""What conversations hold of documents that are gone."""

import pytest

from assistant.answer import Answer, Citation, Claim
from assistant.feedback import Feedback
from assistant.forgetting import find_memories, forget
from assistant.home import Home
from assistant.kept_case import case_row

GONE = Citation(1, "gone", "5ha", "Gone", "gone.md", 0, 10, "It is sealed.")
HERE = Citation(1, "harbour", "5ha", "About harbour", "harbour.md", 0, 10, "It is open.")
FOUND = {"hits": [{"passage": {"document_id": "gone", "text": "It is sealed with amber."}}], "kind": "look-up"}


def answered(citation: Citation, trace: dict[str, object]) -> Answer:
    return Answer("Is it?", "Is it?", (Claim(citation.quote, (1,), "supported", 0.9),), (citation,), trace=trace)


@pytest.fixture
def talked(coast: Home) -> tuple[Home, str, str]:
    """A home with a conversation that cites a document that is gone, and one that only met it on the way."""
    citing, meeting = coast.conversations.start("Sealed?"), coast.conversations.start("Open?")
    coast.conversations.add(citing, answered(GONE, {}))
    coast.conversations.add(citing, answered(HERE, {"hits": []}))
    coast.conversations.add(meeting, answered(HERE, FOUND))
    feedback = Feedback(coast.database)
    for id_, answer in ((citing, answered(GONE, {})), (meeting, answered(HERE, {}))):
        case = case_row(answer, conversation_id=id_, turn=1, tags=())
        feedback.give(id_, 1, rating="up", reason="", case=case)
    return coast, citing, meeting


def test_traces_go_with_the_documents(talked: tuple[Home, str, str]) -> None:
    """What is cited stays, and so does every trace that holds nothing of them."""
    home, citing, meeting = talked
    found = forget(home.database, citing=False)
    assert (found.traces, found.conversations, found.cases) == (((meeting, 1),), (citing,), ((citing, 1),))
    assert home.conversations.turns(meeting)[0].answer == answered(HERE, {})
    assert [turn.answer for turn in home.conversations.turns(citing)] == [
        answered(GONE, {}),
        answered(HERE, {"hits": []}),
    ]
    assert len(Feedback(home.database).list()) == 2


def test_what_cites_them_goes_when_that_is_asked_for(talked: tuple[Home, str, str]) -> None:
    home, _, meeting = talked
    forget(home.database, citing=True)
    assert [one.id for one in home.conversations.list()] == [meeting]
    assert [given.conversation_id for given in Feedback(home.database).list()] == [meeting]
    again = forget(home.database, citing=True)
    assert (again.traces, again.conversations, again.cases) == ((), (), ())


def test_the_nearest_passages_of_a_refusal_are_words_too(talked: tuple[Home, str, str]) -> None:
    """And what would be found is said beforehand, of documents that are still there."""
    home, citing, meeting = talked
    with home.database.reading() as connection:
        found = find_memories(connection, without=("harbour",))
    assert set(found.conversations) == {citing, meeting}
