"""LangChain's ChatOpenAI, pointed here: it asks, streams and shows the footnotes."""

import pytest

from tests.assistant.serving.conftest import MONEY, QUOTE

pytestmark = pytest.mark.slow


def test_chat_openai_asks_streams_and_reads_citations(api_address: str) -> None:
    """What it hands on is the text: the same whole and in pieces, each quote in a footnote; a history is honoured."""
    from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
    from langchain_openai import ChatOpenAI

    chat = ChatOpenAI(base_url=f"{api_address}/v1", api_key="none", model="communique", max_retries=0)
    first = chat.invoke(MONEY)
    assert f"“{QUOTE}” The Harbour Compact, Money" in first.content
    assert "".join(chunk.content for chunk in chat.stream(MONEY)) == first.content
    told = [SystemMessage("Be brief."), HumanMessage(MONEY), AIMessage(first.content), HumanMessage("Who runs it?")]
    assert "The Tide Office in Port Elin runs the Harbour Compact." in chat.invoke(told).content
