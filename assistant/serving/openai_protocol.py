"""`/v1`: the OpenAI protocol, so that any client of it can ask: the same checked answers, with the same citations.

Nothing is kept. The model is always the home's; what a client says about sampling, tools or formats is ignored.
"""

import logging
import secrets
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from assistant.answer import Answer, Claim, answer_json
from assistant.answering import valid_question
from assistant.events import Claimed, Done, Withdrawn
from assistant.serving.access import Reader
from assistant.serving.leaving import LEFT, until_left
from assistant.serving.openai_bodies import MODEL, ChatCompletion, ChatRequest, Model, Models, usage_of
from assistant.serving.openai_text import claims_text, message_text, question_and_history, remainder
from assistant.serving.problems import declared_by_openai, declared_events, line_of, openai_problem, status_of
from assistant.serving.responses import Json, event_bytes, event_stream
from assistant.serving.served import FromServed, Served

logger = logging.getLogger(__name__)

_EXTRA = ("claims", "citations", "refusal", "writer", "notes")
_DONE = b"data: [DONE]\n\n"
_STREAM = declared_events(
    "The completion; with `stream`, its chunks as server-sent events, the last of them [DONE].",
    example='data: {"id":"chatcmpl-1","object":"chat.completion.chunk","choices":[]}\n\ndata: [DONE]\n\n',
)

router = APIRouter(tags=["OpenAI protocol"])


@dataclass(frozen=True, slots=True)
class Chat:
    """A question that came as a chat; `id` and `created` are those of its completion."""

    question: str
    history: list[Any]
    id: str
    created: int

    def steps(self, served: Served) -> Iterator[str | Answer]:
        """The text piece by piece as it is written, then the whole answer, after its last piece.

        What quotes comes at once; pieces are worth sending while an LLM writes.
        """
        sent, claims, is_sending = "", list[Claim](), served.home.writer is not None
        for event in served.answerers.events(self.question, reader=self.id, history=self.history):
            if isinstance(event, Withdrawn):
                is_sending = False
            elif isinstance(event, Claimed) and is_sending:
                claims.append(event.claim)
                text = claims_text(claims)
                yield text[len(sent) :]
                sent = text
            elif isinstance(event, Done):
                yield remainder(sent, message_text(event.answer, served.home))
                yield event.answer


@router.get("/models", response_model=Models, responses=declared_by_openai())
async def list_models(_: Reader, served: FromServed) -> Response:
    """Lists the one model that there is."""
    return Json({"object": "list", "data": [_model(served)]})


@router.get("/models/{model}", response_model=Model, responses=declared_by_openai())
async def describe_model(model: str, _: Reader, served: FromServed) -> Response:
    """Describes that model."""
    return Json(_model(served)) if model == MODEL else _no_model(model)


@router.post("/chat/completions", response_model=ChatCompletion, responses=_STREAM | declared_by_openai())
async def complete_chat(body: ChatRequest, _: Reader, served: FromServed, request: Request) -> Response:
    """Answers the last message of the user from the documents, in one message or, with `stream`, as it is written.

    The text has footnotes; `citations` beside it holds the exact words. System messages are ignored.
    """
    if body.model != MODEL:
        return _no_model(body.model)
    question, history = question_and_history(body.messages)
    chat = Chat(valid_question(question), history, f"chatcmpl-{secrets.token_hex(12)}", int(time.time()))
    if body.stream:
        with_usage = bool(body.stream_options and body.stream_options.include_usage)
        return event_stream(_chunks(served, chat, request, with_usage=with_usage))
    response = Response(status_code=LEFT)
    async for step in until_left(request, chat.steps(served), leave=lambda: served.answerers.leave(chat.id)):
        if isinstance(step, Answer):
            response = Json(_completion(chat, step, await run_in_threadpool(message_text, step, served.home)))
    return response


async def _chunks(served: Served, chat: Chat, request: Request, *, with_usage: bool) -> AsyncIterator[bytes]:
    yield event_bytes(_chunk(chat, {"role": "assistant", "content": ""}))
    try:
        async for step in until_left(request, chat.steps(served), leave=lambda: served.answerers.leave(chat.id)):
            if isinstance(step, str):
                yield event_bytes(_chunk(chat, {"content": step}))
                continue
            yield event_bytes(_chunk(chat, {}, finish_reason="stop") | _extra(step))
            if with_usage:
                yield event_bytes(_chunk(chat) | {"usage": usage_of(step.trace)})
    except Exception as error:  # the edge of a stream: its status is sent, and the client is told within it
        if status_of(error) >= 500:
            logger.exception("a stream failed")
        yield event_bytes(openai_problem(status_of(error), line_of(error)))
    yield _DONE


def _completion(chat: Chat, answer: Answer, text: str) -> dict[str, Any]:
    message = {"role": "assistant", "content": text, "refusal": None}
    return {
        "id": chat.id,
        "object": "chat.completion",
        "created": chat.created,
        "model": MODEL,
        "choices": [{"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}],
        "usage": usage_of(answer.trace),
        **_extra(answer),
    }


def _chunk(chat: Chat, delta: dict[str, Any] | None = None, *, finish_reason: str | None = None) -> dict[str, Any]:
    """A piece of a streamed completion; the one without a delta is that of the usage."""
    choice = {"index": 0, "delta": delta, "finish_reason": finish_reason, "logprobs": None}
    return {
        "id": chat.id,
        "object": "chat.completion.chunk",
        "created": chat.created,
        "model": MODEL,
        "choices": [] if delta is None else [choice],
    }


def _extra(answer: Answer) -> dict[str, Any]:
    """What the contract says of an answer beside its text."""
    content = answer_json(answer)
    return {key: content[key] for key in _EXTRA}


def _model(served: Served) -> dict[str, Any]:
    return {"id": MODEL, "object": "model", "created": served.started, "owned_by": MODEL}


def _no_model(name: str) -> Response:
    line = f"there is no model {name[:80]!a}: the only one is {MODEL!r}"
    return Json(openai_problem(404, line, code="model_not_found"), status_code=404)
