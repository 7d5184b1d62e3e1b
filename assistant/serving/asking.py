"""`/api/ask`: a question, and the checked answer, whole or as it grows."""

import logging
import secrets
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from assistant.answer import answer_json
from assistant.answering import valid_question
from assistant.conversation import Conversations, Message, cited_in, history_of
from assistant.errors import InvalidCall
from assistant.events import Done, Event, event_json
from assistant.serving.access import Reader, User, conversations_of
from assistant.serving.bodies import Answer
from assistant.serving.leaving import LEFT, until_left
from assistant.serving.problems import declared, declared_events, line_of, status_of
from assistant.serving.responses import Json, event_bytes, event_stream
from assistant.serving.scoping import Scoped, Strict, scope_of
from assistant.serving.served import FromServed, Served

logger = logging.getLogger(__name__)

NEW = "new"
MAX_MESSAGES = 1_000
_STREAM_EXAMPLE = (
    'event: searching\ndata: {"event":"searching","standalone_question":"Who runs it?"}\n\n'
    'event: done\ndata: {"event":"done","answer":{"id":null,"question":"Who runs it?"}}\n\n'
)
_STREAM = declared_events(
    "Events as they happen: searching, found, claim, withdrawn, refusal, done; their names are also in their data. "
    "`done` holds the whole answer; `error` holds one line and is the last.",
    example=_STREAM_EXAMPLE,
)

router = APIRouter(tags=["questions"])


class HistoryMessage(BaseModel):
    """One side's words in a history."""

    model_config = Strict

    role: Literal["user", "assistant", "system"]
    content: str


class Question(Scoped):
    """A question and its circumstances."""

    question: str = Field(examples=["What is the budget of the Harbour Compact?"])
    conversation: str | None = Field(
        None, description="The conversation that it goes on with and is kept in: an id, `last`, or `new`."
    )
    history: list[HistoryMessage] = Field(
        [], description="What was said before, where no conversation is kept.", max_length=MAX_MESSAGES
    )
    standalone_question: str | None = Field(
        None, description="Search for this instead of what the question is understood as."
    )
    trace: bool = Field(False, description="Say what was found, dropped and asked of an LLM.")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that can be answered. `conversation_id` is None for a turn that is not kept, or begins one."""

    question: str
    options: dict[str, Any]
    conversations: Conversations
    conversation_id: str | None
    is_kept: bool
    reader: str


def asked_of(served: Served, user: User, body: Question) -> Asked:
    """The question, looked at before anything is answered.

    Raises `InvalidCall`, `UnknownDocument`, `UnknownConversation`.
    """
    question = valid_question(body.question)
    standalone = valid_question(body.standalone_question) if body.standalone_question else None
    if body.conversation and body.history:
        raise InvalidCall("a conversation has its own history: give one of the two")
    conversations = conversations_of(served.home, user)
    goes_on = body.conversation not in (None, NEW)
    id_ = conversations.get(body.conversation).id if goes_on and body.conversation is not None else None
    turns = conversations.turns(id_) if id_ else ()
    history = history_of(turns) if id_ else [Message(one.role, one.content) for one in body.history]
    options = {
        "history": history,
        "cited": cited_in(turns),
        "scope": scope_of(served.home, body),
        "standalone": standalone,
    }
    return Asked(question, options, conversations, id_, body.conversation is not None, secrets.token_hex(8))


def answered(served: Served, asked: Asked) -> Iterator[tuple[Event, dict[str, Any]]]:
    """What happens on the way to the answer, and for the last event where its turn is kept; kept only when whole."""
    for event in served.answerers.events(asked.question, reader=asked.reader, **asked.options):
        identity: dict[str, Any] = {}
        if asked.is_kept and isinstance(event, Done):
            id_ = asked.conversation_id or asked.conversations.start(asked.question)
            identity = {"conversation_id": id_, "turn": asked.conversations.add(id_, event.answer)}
        yield event, identity


@router.post("/ask", response_model=Answer, responses=declared(400, 404, 413))
async def ask(body: Question, user: Reader, served: FromServed, request: Request) -> Response:
    """Answers a question, each sentence with the exact words it rests on, or refuses and says why."""
    asked = await run_in_threadpool(asked_of, served, user, body)
    response = Response(status_code=LEFT)
    steps = answered(served, asked)
    async for event, identity in until_left(request, steps, leave=lambda: served.answerers.leave(asked.reader)):
        if isinstance(event, Done):
            response = Json(answer_json(event.answer, trace=body.trace, **identity))
    return response


@router.post("/ask/stream", response_class=Response, responses=_STREAM | declared(400, 404, 413))
async def ask_stream(body: Question, user: Reader, served: FromServed, request: Request) -> Response:
    """Answers a question with server-sent events as they happen. Whoever leaves stops the work."""
    asked = await run_in_threadpool(asked_of, served, user, body)
    return event_stream(_streamed(served, asked, request, trace=body.trace))


async def _streamed(served: Served, asked: Asked, request: Request, *, trace: bool) -> AsyncIterator[bytes]:
    steps = answered(served, asked)
    try:
        async for event, identity in until_left(request, steps, leave=lambda: served.answerers.leave(asked.reader)):
            wanted = {"trace": True} if trace and isinstance(event, Done) else {}
            content = event_json(event, **identity, **wanted)
            yield event_bytes(content, name=content["event"])
    except Exception as error:  # the edge of a stream: its status is sent, and the client is told within it
        if status_of(error) >= 500:
            logger.exception("a stream failed")
        yield event_bytes({"event": "error", "error": line_of(error)}, name="error")
