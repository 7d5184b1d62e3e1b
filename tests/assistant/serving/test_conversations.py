"""Conversations over HTTP: listed, searched, read, renamed, exported, rated, deleted."""

import hashlib
import hmac
import json
from io import BytesIO

import pytest
from docx import Document as WordDocument
from fastapi.testclient import TestClient

from assistant.answer import Answer, Citation, Claim
from assistant.feedback import Feedback
from assistant.home import Home
from assistant.home_secret import BROWSER, OWNER, home_secret
from assistant.serving.access import User, conversations_of, owner_of
from assistant.serving.app import build

CITED = Citation(1, "a", "5ha", "About a", "a.md", 0, 10, "It pays 5.")
PAYS = Answer("Who pays?", "Who pays?", (Claim("It pays 5.", (1,), "supported", 0.9),), (CITED,))


@pytest.fixture
def kept(home: Home) -> str:
    """A conversation of the user of this machine, with one turn."""
    conversations = conversations_of(home, User("local", is_admin=True))
    id_ = conversations.start("Who pays?")
    conversations.add(id_, PAYS)
    return id_


def test_a_conversation_is_listed_found_and_read(empty_api: TestClient, kept: str) -> None:
    (listed,) = empty_api.get("/api/conversations").json()["conversations"]
    assert (listed["id"], listed["title"], listed["num_turns"]) == (kept, "Who pays?", 1)
    assert empty_api.get("/api/conversations", params={"search": "pays 5"}).json()["conversations"] == [listed]
    assert empty_api.get("/api/conversations", params={"search": "whales"}).json()["conversations"] == []
    for name in (kept, "last"):
        whole = empty_api.get(f"/api/conversations/{name}").json()
        assert whole["conversation"] == listed
        ((turn),) = whole["turns"]
        assert (turn["conversation_id"], turn["turn"], turn["answer"]) == (kept, 1, "It pays 5. [1]")
        assert turn["asked_at"]


def test_a_conversation_is_renamed_and_deleted(empty_api: TestClient, kept: str) -> None:
    where = f"/api/conversations/{kept}"
    assert empty_api.patch(where, json={"title": " Two\nwords "}).json() == {"renamed": kept, "title": "Two words"}
    assert empty_api.patch(where, json={"title": "  "}).status_code == 400
    assert empty_api.delete(where).json() == {"deleted": [kept]}
    assert empty_api.delete(where).status_code == 404


@pytest.mark.parametrize("form", ["md", "csv", "json", "docx"])
def test_a_conversation_is_exported_in_every_format(empty_api: TestClient, kept: str, form: str) -> None:
    """A file under a name of its own that holds the quote."""
    got = empty_api.get(f"/api/conversations/{kept}/export", params={"format": form})
    assert got.headers["content-disposition"] == f'attachment; filename="conversation-{kept}.{form}"'
    if form == "docx":
        assert any("It pays 5." in paragraph.text for paragraph in WordDocument(BytesIO(got.content)).paragraphs)
    else:
        assert "It pays 5." in got.text
    if form == "json":
        assert json.loads(got.content)["conversation"]["id"] == kept


def test_an_opinion_is_kept_with_its_turn(empty_api: TestClient, home: Home, kept: str) -> None:
    """A thumb down is a draft of a case."""
    opinion = {"conversation_id": kept, "turn": 1, "rating": "down", "reason": "Too\nshort."}
    assert empty_api.post("/api/feedback", json=opinion).status_code == 200
    (given,) = Feedback(home.database).list(kept)
    assert (given.rating, given.reason, given.case["draft"]) == ("down", "Too short.", True)
    assert empty_api.post("/api/feedback", json=opinion | {"turn": 2}).status_code == 404
    assert empty_api.post("/api/feedback", json=opinion | {"rating": "meh"}).status_code == 422


@pytest.mark.slow
def test_no_route_tells_what_the_local_users_key_is_made_with(whole: TestClient) -> None:
    """Gradio gives browsers the secret of their storage: from it nobody comes to what programs here have asked."""
    told = whole.get("/config").text
    kept = whole.app.state.served.home
    secret = home_secret(kept.path, BROWSER)
    assert secret in told
    guessed = hmac.new(secret.encode(), b"user local", hashlib.sha256).hexdigest()
    assert owner_of(kept, User("local", is_admin=True)) != guessed
    assert home_secret(kept.path, OWNER) not in told


def test_what_was_kept_under_the_earlier_key_is_still_there(home: Home) -> None:
    """Programs of this machine go on with their conversations; under the key that could be made there is nothing."""
    secret = home_secret(home.path, BROWSER)
    earlier = home.conversations.of(hmac.new(secret.encode(), b"user local", hashlib.sha256).hexdigest())
    id_ = earlier.start("Before")
    with TestClient(build(home, with_page=False)) as client:
        assert [one["id"] for one in client.get("/api/conversations").json()["conversations"]] == [id_]
    assert earlier.list() == []


def test_conversations_of_others_are_not_there(empty_api: TestClient, home: Home) -> None:
    """By no route and no id: those of the command line, of a browser, of another user."""
    others = (home.conversations, home.conversations.of("browser"), conversations_of(home, User("x", is_admin=False)))
    for other in others:
        id_ = other.start("Secret")
        other.add(id_, PAYS)
        calls = [
            empty_api.get(f"/api/conversations/{id_}"),
            empty_api.get(f"/api/conversations/{id_}/export"),
            empty_api.patch(f"/api/conversations/{id_}", json={"title": "x"}),
            empty_api.delete(f"/api/conversations/{id_}"),
            empty_api.post("/api/feedback", json={"conversation_id": id_, "turn": 1}),
            empty_api.post("/api/ask", json={"question": "x", "conversation": id_}),
        ]
        assert {call.status_code for call in calls} == {404}
        assert all("Secret" not in call.text for call in calls)
    assert empty_api.get("/api/conversations").json()["conversations"] == []
    assert len(home.conversations.list()) == 3
