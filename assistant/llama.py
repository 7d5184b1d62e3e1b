"""The assistant as LlamaIndex knows one: a query engine and a chat engine whose every answer was checked.

    from assistant import Assistant
    from assistant.llama import CommuniqueQueryEngine

    with Assistant("my-home") as assistant:
        response = CommuniqueQueryEngine(assistant).query("Who runs the Harbour Compact?")
        print(response, response.source_nodes[0].node.metadata["start"])

The response's text is the answer with its markers, or what a refusal says; its source nodes are the citations, in the
order of their numbers, each holding exactly the quoted words; its metadata is the answer as JSON, as the command line
writes it. Nothing is written by an LLM of LlamaIndex's: who writes is the assistant's to say. The retriever and the
embedder are in `index.llama`. Importing this module loads LlamaIndex; nothing else here does.
"""

import asyncio
from collections.abc import AsyncGenerator, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Unpack

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.llms.types import ChatMessage, ChatResponse, MessageRole
from llama_index.core.base.response.schema import Response
from llama_index.core.chat_engine.types import AgentChatResponse, BaseChatEngine, StreamingAgentChatResponse
from llama_index.core.schema import NodeRelationship, NodeWithScore, QueryBundle, RelatedNodeInfo, TextNode

from assistant.answer import Answer, Citation, answer_json, citation_json, marked
from assistant.assistant import Assistant
from assistant.conversation import Message
from assistant.events import Claimed, Done, Event, Refused, Withdrawn
from assistant.scoping import Within

WITHDRAWN = "\n\n(The above is withdrawn: who wrote it broke off. Instead:)\n\n"
_STANDALONE = "standalone_question"
_ROLES = (MessageRole.USER, MessageRole.ASSISTANT)


@dataclass
class CheckedStream(StreamingAgentChatResponse):
    """A response that comes claim by claim, each checked; source nodes and metadata are there when it has ended."""

    metadata: dict[str, Any] = field(default_factory=dict)


class CommuniqueQueryEngine(BaseQueryEngine):
    """Answers one question at a time, within some of the documents where conditions are given."""

    def __init__(self, assistant: Assistant, **within: Unpack[Within]) -> None:
        """Conditions as for `Assistant.ask`."""
        super().__init__(callback_manager=None)
        self._assistant = assistant
        self._within = within

    def _get_prompt_modules(self) -> dict[str, Any]:
        return {}

    def _query(self, query_bundle: QueryBundle) -> Response:
        answer = self._assistant.ask(query_bundle.query_str, **self._within)
        return Response(response_text(answer), source_nodes(answer), answer_json(answer))

    async def _aquery(self, query_bundle: QueryBundle) -> Response:
        return await asyncio.to_thread(self._query, query_bundle)


class CommuniqueChatEngine(BaseChatEngine):
    """Answers questions of a conversation, each in the light of those before; what it remembers is `chat_history`."""

    def __init__(
        self, assistant: Assistant, *, chat_history: Sequence[ChatMessage] = (), **within: Unpack[Within]
    ) -> None:
        """Conditions as for `Assistant.ask`; they hold for every question."""
        self._assistant = assistant
        self._within = within
        self._history = list(chat_history)

    @property
    def chat_history(self) -> list[ChatMessage]:
        """Questions and answers so far."""
        return self._history

    def reset(self) -> None:
        """Forgets the conversation."""
        self._history = []

    def chat(self, message: str, chat_history: list[ChatMessage] | None = None) -> AgentChatResponse:
        """The whole answer; a `chat_history` that is given takes the place of what was remembered."""
        events = self._events(message, chat_history)
        (answer,) = (event.answer for event in events if isinstance(event, Done))
        return AgentChatResponse(
            response=response_text(answer), source_nodes=source_nodes(answer), metadata=answer_json(answer)
        )

    def stream_chat(self, message: str, chat_history: list[ChatMessage] | None = None) -> CheckedStream:
        """The answer claim by claim. Where an LLM broke off, a line says that what stands above it is withdrawn."""
        events = self._events(message, chat_history)
        stream = CheckedStream(is_writing_to_memory=False)
        stream.chat_stream = _streamed(events, stream)
        return stream

    async def achat(self, message: str, chat_history: list[ChatMessage] | None = None) -> AgentChatResponse:
        """As `chat`, in a thread of its own."""
        return await asyncio.to_thread(self.chat, message, chat_history)

    async def astream_chat(self, message: str, chat_history: list[ChatMessage] | None = None) -> CheckedStream:
        """As `stream_chat`, each claim waited for in a thread of its own."""
        stream = await asyncio.to_thread(self.stream_chat, message, chat_history)
        stream.achat_stream, stream.chat_stream = _in_threads(stream.chat_stream or iter(())), None
        return stream

    def _events(self, message: str, chat_history: list[ChatMessage] | None) -> Iterator[Event]:
        """What happens on the way to an answer, which is remembered at the end."""
        if chat_history is not None:
            self._history = list(chat_history)
        earlier = [_message(each) for each in self._history if each.role in _ROLES]
        return self._remembered(message, self._assistant.events(message, history=earlier, **self._within))

    def _remembered(self, message: str, events: Iterator[Event]) -> Iterator[Event]:
        for event in events:
            if isinstance(event, Done):
                understood = {_STANDALONE: event.answer.standalone_question}
                question = ChatMessage(content=message, role=MessageRole.USER, additional_kwargs=understood)
                said = ChatMessage(content=response_text(event.answer), role=MessageRole.ASSISTANT)
                self._history = [*self._history, question, said]
            yield event


def response_text(answer: Answer) -> str:
    """The answer with its markers, or what its refusal says."""
    return answer.refusal.message if answer.refusal else answer.text


def source_nodes(answer: Answer) -> list[NodeWithScore]:
    """The citations as nodes, in the order of their numbers; none of a refusal, whose nearest passages support nothing.

    A node's text is exactly the quote; its score the highest support of the claims that cite it.
    """
    return [
        NodeWithScore(
            node=_node(citation),
            score=max((claim.support for claim in answer.claims if citation.number in claim.citations), default=0.0),
        )
        for citation in answer.citations
    ]


def _node(citation: Citation) -> TextNode:
    metadata = citation_json(citation)
    del metadata["quote"]
    return TextNode(
        id_=f"{citation.document_id}:{citation.sha256[:16]}:{citation.start}-{citation.end}",
        text=citation.quote,
        start_char_idx=citation.start,
        end_char_idx=citation.end,
        metadata=metadata,
        excluded_embed_metadata_keys=list(metadata),
        excluded_llm_metadata_keys=list(metadata),
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=citation.document_id, hash=citation.sha256)},
    )


def _message(said: ChatMessage) -> Message:
    """A remembered message as the assistant takes one: a question as it was understood, where that is known."""
    return Message(said.role.value, str(said.additional_kwargs.get(_STANDALONE) or said.content or ""))


def _streamed(events: Iterator[Event], stream: CheckedStream) -> Generator[ChatResponse, None, None]:
    so_far = ""
    for event in events:
        delta = _delta(event, is_first=not so_far or so_far.endswith(WITHDRAWN))
        if isinstance(event, Done):
            stream.source_nodes = source_nodes(event.answer)
            stream.metadata = answer_json(event.answer)
        if delta:
            so_far += delta
            yield ChatResponse(message=ChatMessage(content=so_far, role=MessageRole.ASSISTANT), delta=delta)


def _delta(event: Event, *, is_first: bool) -> str:
    match event:
        case Claimed(claim):
            return marked(claim) if is_first else f" {marked(claim)}"
        case Withdrawn():
            return "" if is_first else WITHDRAWN
        case Refused(refusal):
            return refusal.message
    return ""


async def _in_threads(responses: Iterator[ChatResponse]) -> AsyncGenerator[ChatResponse, None]:
    while (response := await asyncio.to_thread(next, responses, None)) is not None:
        yield response
