"""Inside LlamaIndex: checked answers where its own engines would stand."""

import asyncio

import pytest

from assistant import Assistant
from assistant.answer import answer_json

BUDGET = "Which budget has the compact for three years?"

pytestmark = pytest.mark.slow  # importing LlamaIndex takes longer than all of these


def test_a_query_engine_answers_with_citations_as_source_nodes(assistant: Assistant) -> None:
    """A node holds exactly the quoted words, and says where they stand; the metadata are the answer's JSON."""
    from assistant.llama import CommuniqueQueryEngine

    response = CommuniqueQueryEngine(assistant).query(BUDGET)
    wanted = assistant.ask(BUDGET)
    assert str(response) == wanted.text
    assert response.metadata is not None
    assert response.metadata | {"timings_ms": {}} == answer_json(wanted) | {"timings_ms": {}}
    assert [each.node.metadata["number"] for each in response.source_nodes] == [c.number for c in wanted.citations]
    for each in response.source_nodes:
        place = each.node.metadata
        text = assistant.document(place["document_id"]).text
        assert each.node.get_content() == text[place["start"] : place["end"]]
        assert each.node.ref_doc_id == place["document_id"]
        assert {"sha256", "heading", "page", "title", "source"} <= place.keys()
    cited = [claim.support for claim in wanted.claims if 1 in claim.citations]
    assert response.source_nodes[0].score == max(cited)


def test_a_query_engine_stays_within_its_documents(assistant: Assistant) -> None:
    from assistant.llama import CommuniqueQueryEngine

    response = asyncio.run(CommuniqueQueryEngine(assistant, documents=["lighthouse"]).aquery("What is the budget?"))
    assert {each.node.metadata["document_id"] for each in response.source_nodes} == {"lighthouse"}


def test_a_refusal_says_so_and_has_no_sources(assistant: Assistant) -> None:
    """The nearest passages support nothing: they are in the metadata alone."""
    from assistant.llama import CommuniqueQueryEngine

    response = CommuniqueQueryEngine(assistant).query("Does Zorblax trade with Yuggoth?")
    assert response.metadata is not None
    refusal = response.metadata["refusal"]
    assert (str(response), response.source_nodes) == (refusal["message"], [])
    assert refusal["nearest"]


def test_a_query_engine_works_inside_another(assistant: Assistant) -> None:
    """An agent's tool, made as LlamaIndex makes one of any query engine."""
    from llama_index.core.tools import QueryEngineTool

    from assistant.llama import CommuniqueQueryEngine

    tool = QueryEngineTool.from_defaults(CommuniqueQueryEngine(assistant), name="statements", description="…")
    assert "12 million crowns" in tool.call(input=BUDGET).content


def test_a_chat_engine_remembers_and_forgets(assistant: Assistant) -> None:
    """Each question is understood in the light of those before, as they were understood; a history given counts
    instead.
    """
    from llama_index.core.llms import ChatMessage

    from assistant.llama import CommuniqueChatEngine

    engine = CommuniqueChatEngine(assistant)
    engine.chat("What is the Tide Office?")
    second = engine.chat("Who runs it?")
    assert second.metadata is not None
    assert second.metadata["standalone_question"] == "Who runs Tide Office?"
    assert [message.role.value for message in engine.chat_history] == ["user", "assistant"] * 2
    assert engine.chat_history[3].content == str(second)
    engine.reset()
    assert engine.chat_history == []
    given = [ChatMessage(role="system", content="You are a pirate."), ChatMessage(role="user", content="What is JST?")]
    other = engine.chat("Who runs it?", chat_history=given)
    assert other.metadata is not None
    assert other.metadata["standalone_question"] == "Who runs JST?"
    assert len(engine.chat_history) == 4


def test_a_stream_is_the_answer_claim_by_claim(assistant: Assistant) -> None:
    """What is streamed is what a whole answer says, and its sources are there at the end."""
    from assistant.llama import CommuniqueChatEngine

    engine = CommuniqueChatEngine(assistant)
    stream = engine.stream_chat(BUDGET)
    pieces = list(stream.response_gen)
    wanted = assistant.ask(BUDGET)
    assert len(pieces) == len(wanted.claims)
    assert "".join(pieces) == wanted.text == stream.response == engine.chat_history[-1].content
    assert stream.metadata["answer"] == wanted.text
    assert [each.node.get_content() for each in stream.source_nodes] == [c.quote for c in wanted.citations]


def test_a_stream_and_an_answer_are_waited_for_without_holding_the_loop(assistant: Assistant) -> None:
    from assistant.llama import CommuniqueChatEngine

    async def streamed() -> tuple[str, str]:
        engine = CommuniqueChatEngine(assistant)
        stream = await engine.astream_chat("What is the Tide Office?")
        text = "".join([piece async for piece in stream.async_response_gen()])
        assert stream.source_nodes
        return text, str(await engine.achat("Who runs it?"))

    first, second = asyncio.run(streamed())
    assert "[1]" in first
    assert second


def test_a_chunk_of_another_writer_can_be_withdrawn(assistant: Assistant) -> None:
    """Where an LLM broke off, a reader of the stream is told that what stands above does not count."""
    from assistant.answer import Claim
    from assistant.events import Claimed, Done, Withdrawn
    from assistant.llama import WITHDRAWN, CheckedStream, _streamed

    done = Done(assistant.ask(BUDGET))
    events = [Claimed(Claim("Made up.", (), "supported", 1.0), ()), Withdrawn()]
    events += [Claimed(claim, ()) for claim in done.answer.claims] + [done]
    stream = CheckedStream()
    pieces = [chunk.delta for chunk in _streamed(iter(events), stream)]
    assert "".join(map(str, pieces)) == f"Made up.{WITHDRAWN}{done.answer.text}"
    assert stream.metadata["answer"] == done.answer.text
