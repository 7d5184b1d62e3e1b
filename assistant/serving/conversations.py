"""`/api/conversations`, a user's own, and `/api/feedback` on their turns."""

from dataclasses import asdict
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from assistant.answer import answer_json
from assistant.exporting.formats import Format
from assistant.exporting.pack import pack_of
from assistant.exporting.rendering import pack_bytes
from assistant.serving.access import Reader, conversations_of
from assistant.serving.bodies import Answer
from assistant.serving.problems import declared, declared_as
from assistant.serving.responses import MEDIA_TYPES, Json, file_response
from assistant.serving.scoping import Strict
from assistant.serving.served import FromHome
from assistant.ui.feedback_panel import give

router = APIRouter(tags=["conversations"])

_FILES = declared_as(*MEDIA_TYPES.values(), description="The pack as a file.")


class KeptConversation(BaseModel):
    """A conversation as a list shows it; times are ISO, UTC."""

    id: str
    title: str
    started_at: str
    updated_at: str
    num_turns: int


class KeptConversations(BaseModel):
    """Conversations, the one used last first."""

    conversations: list[KeptConversation]


class KeptTurn(Answer):
    """A turn: its answer, and when it was asked for."""

    asked_at: str


class WholeConversation(BaseModel):
    """A conversation with its turns, in order."""

    conversation: KeptConversation
    turns: list[KeptTurn]


class Title(BaseModel):
    """What a conversation is to be called."""

    model_config = Strict

    title: str = Field(min_length=1, max_length=1_000, examples=["Money behind the compact"])


class Renamed(BaseModel):
    """A title as it is kept: on one line, 80 characters at most."""

    renamed: str
    title: str


class Deleted(BaseModel):
    """The ids of what was deleted."""

    deleted: list[str]


class Opinion(BaseModel):
    """What is thought of a turn; without a rating it is kept as a test case, and nothing is said of it."""

    model_config = Strict

    conversation_id: str
    turn: int = Field(ge=1)
    rating: Literal["up", "down"] | None = None
    reason: str = Field("", max_length=5_000)


class Kept(BaseModel):
    """The turn that the opinion is kept with."""

    conversation_id: str
    turn: int
    rating: Literal["up", "down"] | None


@router.get("/conversations", response_model=KeptConversations, responses=declared())
def list_conversations(
    user: Reader,
    home: FromHome,
    search: Annotated[str, Query(description="Those that hold all these words.", max_length=1_000)] = "",
) -> Response:
    """Lists your conversations, the one used last first."""
    found = conversations_of(home, user).search(search)
    return Json({"conversations": [asdict(conversation) for conversation in found]})


@router.get("/conversations/{conversation_id}", response_model=WholeConversation, responses=declared(404))
def read_conversation(conversation_id: str, user: Reader, home: FromHome) -> Response:
    """Gives a conversation with its turns; `last` is the one used last."""
    conversations = conversations_of(home, user)
    kept = conversations.get(conversation_id)
    turns = [
        answer_json(turn.answer, conversation_id=kept.id, turn=turn.number) | {"asked_at": turn.asked_at}
        for turn in conversations.turns(kept.id)
    ]
    return Json({"conversation": asdict(kept), "turns": turns})


@router.patch("/conversations/{conversation_id}", response_model=Renamed, responses=declared(400, 404, 413))
def rename_conversation(conversation_id: str, body: Title, user: Reader, home: FromHome) -> Response:
    """Gives a conversation another title."""
    conversations = conversations_of(home, user)
    id_ = conversations.get(conversation_id).id
    return Json({"renamed": id_, "title": conversations.rename(id_, body.title)})


@router.delete("/conversations/{conversation_id}", response_model=Deleted, responses=declared(404))
def delete_conversation(conversation_id: str, user: Reader, home: FromHome) -> Response:
    """Deletes a conversation with all its turns."""
    return Json({"deleted": conversations_of(home, user).delete(conversation_id)})


@router.get(
    "/conversations/{conversation_id}/export",
    response_class=Response,
    responses=_FILES | declared(404),
)
def export_conversation(
    conversation_id: str,
    user: Reader,
    home: FromHome,
    format: Annotated[Literal["md", "docx", "csv", "json"], Query()] = "md",
) -> Response:
    """Gives the evidence pack: every claim with its verdict and the verbatim words it rests on."""
    conversations = conversations_of(home, user)
    kept = conversations.get(conversation_id)
    pack = pack_of(kept, conversations.turns(kept.id), home.catalogue)
    form = Format(format)
    return file_response(pack_bytes(pack, form), form, f"conversation-{kept.id}")


@router.post("/feedback", response_model=Kept, responses=declared(400, 404, 413))
def give_feedback(body: Opinion, user: Reader, home: FromHome) -> Response:
    """Keeps what you think of a turn, and the turn as a test case with it."""
    conversations = conversations_of(home, user)
    id_ = conversations.get(body.conversation_id).id
    turn = next((turn for turn in conversations.turns(id_) if turn.number == body.turn), None)
    if turn is None:
        raise HTTPException(404, f"the conversation {id_!r} has no turn {body.turn}")
    give(home, id_, turn, body.rating, body.reason)
    return Json({"conversation_id": id_, "turn": turn.number, "rating": body.rating})
