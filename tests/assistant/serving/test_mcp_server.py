"""The MCP tools as a client meets them, in one process: checked answers, exact spans, errors of one line."""

import asyncio
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mcp import Client
from mcp.types import CallToolResult, ListToolsResult

from assistant.answer import answer_json
from assistant.answerers import Answerers
from assistant.assistant import Assistant
from assistant.home import Home
from assistant.serving.mcp_arguments import MAX_SPAN_CHARS
from assistant.serving.mcp_server import _in_thread, build
from assistant.serving.mcp_tools import TOOLS, Outcome, Service
from assistant.writing.leaving import Leaving
from tests.assistant.conftest import HARBOUR, add_rows
from tests.fakes import HashEncoder

BUDGET = "Which budget has the compact for three years?"
READING = ["ask", "search", "read_span", "list_documents"]


@pytest.fixture(scope="module")
def coast(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A home with two documents, "harbour" and "lighthouse", and a long one."""
    folder = tmp_path_factory.mktemp("mcp")
    home = Home(folder / "home", load_encoder=HashEncoder)
    light = "The Lighthouse Accord joins seven coastal towns. Its budget is 3 million crowns."
    add_rows(home, folder / "rows.jsonl", {"harbour": HARBOUR, "lighthouse": light, "long": "The sea is wide. " * 3000})
    yield home
    home.close()


@pytest.fixture(scope="module")
def service(coast: Home) -> Service:
    return Service(Assistant(coast), Answerers(coast), takes_files=True)


def called(service: Service, name: str, arguments: dict[str, Any], *, allow: bool = True) -> CallToolResult:
    async def call() -> CallToolResult:
        async with Client(build(service, may_change=lambda _: allow)) as client:
            result = await client.call_tool(name, arguments)
            assert isinstance(result, CallToolResult)
            return result

    return asyncio.run(call())


def listed(service: Service, *, allow: bool) -> ListToolsResult:
    async def call() -> ListToolsResult:
        async with Client(build(service, may_change=lambda _: allow)) as client:
            return await client.list_tools()

    return asyncio.run(call())


def text_of(result: CallToolResult) -> str:
    (content,) = result.content
    assert content.type == "text"
    return content.text


def test_tools_only_read_unless_changes_are_allowed(service: Service) -> None:
    """A client that asks which tools are safe gets a true answer, and is shown no others."""
    reading = listed(service, allow=False).tools
    assert [tool.name for tool in reading] == READING
    assert all(tool.annotations and tool.annotations.read_only_hint for tool in reading)
    assert all(tool.description and tool.title and tool.output_schema for tool in reading)
    changing = listed(service, allow=True).tools[len(READING) :]
    assert [(tool.name, tool.annotations.read_only_hint, tool.annotations.destructive_hint) for tool in changing] == [
        ("add_documents", False, False),
        ("remove_documents", False, True),
    ]
    refused = called(service, "remove_documents", {"document_ids": ["harbour"]}, allow=False)
    assert refused.is_error
    assert len(service.assistant.documents()) == 3


def test_an_answer_is_the_contracts_json_and_footnotes(service: Service) -> None:
    """The same answer as anywhere, with its quotes and where `read_span` finds them."""
    got = called(service, "ask", {"question": BUDGET})
    wanted = answer_json(service.assistant.ask(BUDGET))
    assert got.structured_content | {"timings_ms": {}} == json.loads(json.dumps(wanted)) | {"timings_ms": {}}
    first = wanted["citations"][0]
    assert wanted["answer"] in " ".join(text_of(got).split())
    assert f"[1] “{first['quote']}” About harbour" in text_of(got)
    place = f"[1] harbour {first['start']}-{first['end']}"
    assert place in text_of(got)
    span = {"document_id": "harbour", "start": first["start"], "end": first["end"], "version": first["sha256"]}
    assert text_of(called(service, "read_span", span)) == first["quote"]


def test_a_refusal_is_a_result(service: Service) -> None:
    got = called(service, "ask", {"question": "Does Zorblax trade with Yuggoth?"})
    assert not got.is_error
    assert got.structured_content["refusal"]["kind"] == "absent"
    assert text_of(got).startswith(got.structured_content["refusal"]["message"])
    assert "Nearest passages:" in text_of(got)


def test_a_question_is_understood_by_its_history_within_its_documents(service: Service) -> None:
    said = [{"role": "user", "content": "What is the Tide Office?"}]
    got = called(service, "ask", {"question": "Who runs it?", "history": said, "documents": ["harbour"]})
    assert got.structured_content["standalone_question"] == "Who runs Tide Office?"
    assert {citation["document_id"] for citation in got.structured_content["citations"]} == {"harbour"}
    assert "Understood as: Who runs Tide Office?" in text_of(got)


def test_nothing_that_is_asked_is_kept(service: Service) -> None:
    called(service, "ask", {"question": BUDGET})
    assert service.assistant.home.conversations.list() == []


def test_a_search_gives_passages_and_their_places(service: Service) -> None:
    got = called(service, "search", {"query": "coastal towns", "k": 2})
    first, _ = got.structured_content["hits"]
    assert first["document_id"] == "lighthouse"
    span = {key: first[key] for key in ("document_id", "start", "end")}
    assert called(service, "read_span", span).structured_content["text"] == first["text"]
    assert f"(lighthouse {first['start']}-{first['end']})\n{first['text']}" in text_of(got)


def test_a_long_document_is_read_in_parts(service: Service) -> None:
    """Without an end a call gives as much as is given at once; the next one goes on there, and nothing is lost."""
    text, parts = service.assistant.document("long").text, []
    for _ in range(3):
        got = called(service, "read_span", {"document_id": "long", "start": sum(map(len, parts))})
        assert got.structured_content["num_chars"] == len(text)
        parts.append(text_of(got))
    assert "".join(parts) == text
    assert [len(part) for part in parts[:2]] == [MAX_SPAN_CHARS] * 2


def test_documents_are_listed_in_parts(service: Service) -> None:
    got = called(service, "list_documents", {"offset": 1, "limit": 1})
    (document,) = got.structured_content["documents"]
    assert (document["id"], got.structured_content["num_documents"]) == ("lighthouse", 3)
    assert text_of(got).splitlines()[-1] == "1 of 3 documents"


def test_documents_come_and_go_where_that_is_allowed(home: Home, tmp_path: Path) -> None:
    service = Service(Assistant(home), Answerers(home), takes_files=True)
    (tmp_path / "pier.txt").write_text("The Pier Pact is led by Runa Holt since 2022.")
    got = called(service, "add_documents", {"paths": [str(tmp_path / "pier.txt")]})
    (file,) = got.structured_content["files"]
    assert (file["path"], file["status"]) == ("pier.txt", "added")
    assert text_of(got).startswith("added pier.txt: pier-")
    got = called(service, "remove_documents", {"document_ids": file["document_ids"] * 2})
    assert got.structured_content == {"removed": file["document_ids"]}
    assert service.assistant.documents() == []


def test_a_client_elsewhere_cannot_name_files_of_this_machine(service: Service, coast: Home, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("The password is swordfish.")
    remote = Service(service.assistant, service.answerers)
    for path in (str(tmp_path / "secret.txt"), "file:///etc/passwd", "~/x", "../x"):
        got = called(remote, "add_documents", {"paths": ["https://192.0.2.1/", path]})
        assert got.is_error
        assert "is no web address" in text_of(got)
    assert len(coast.catalogue.summaries()) == 3


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("ask", {}, "question: Field required"),
        ("ask", {"question": ["Who?"]}, "question: Input should be a valid string"),
        ("ask", {"question": " "}, "the question is empty"),
        ("ask", {"question": "x" * 20_001}, "question: String should have at most 20000 characters"),
        ("ask", {"question": "\ud83d"}, "question: "),
        ("ask", {"question": "Who?", "mood": "good"}, "mood: Extra inputs are not permitted"),
        ("ask", {"question": "Who?", "history": [{"role": "king", "content": "x"}]}, "history.0.role: Input should be"),
        ("ask", {"question": "Who?", "documents": ["../../etc/passwd"]}, "there is no document '../../etc/passwd'"),
        ("ask", {"question": "Who?", "since": "soon"}, "since 'soon' is no date"),
        ("search", {"query": "x", "k": 0}, "k: Input should be greater than or equal to 1"),
        ("search", {"query": "x", "k": 10**30}, "k: Input should be less than or equal to 50"),
        ("search", {"query": ""}, "query: String should have at least 1 character"),
        ("read_span", {"document_id": "nobody"}, "there is no document 'nobody'"),
        ("read_span", {"document_id": "a\0b\n\x1b[2J"}, "there is no document"),
        ("read_span", {"document_id": "harbour", "start": 5, "end": 4}, "no span 5 to 4 in 'harbour': it has"),
        ("read_span", {"document_id": "harbour", "start": 10**9}, "no span 1000000000 to"),
        ("read_span", {"document_id": "long", "end": 20_001}, "20001 characters are too many at once: read 20000"),
        ("read_span", {"document_id": "harbour", "version": "%"}, "version: String should match pattern"),
        ("read_span", {"document_id": "harbour", "version": "0" * 64}, "the document 'harbour' has no version"),
        ("list_documents", {"limit": 1001}, "limit: Input should be less than or equal to 1000"),
        ("remove_documents", {"document_ids": ["harbour", "nobody"]}, "there is no document 'nobody'"),
        ("add_documents", {"paths": ["/no/such/file"]}, "no file or folder '/no/such/file'"),
        ("add_documents", {"paths": []}, "paths: List should have at least 1 item"),
        ("shell", {"command": "id"}, "there is no tool 'shell' for you: there are ask, search"),
    ],
)
def test_what_cannot_be_used_is_an_error_of_one_line(
    service: Service, name: str, arguments: dict[str, Any], message: str
) -> None:
    """A model that calls a tool wrongly reads what was wrong, and nothing has happened."""
    got = called(service, name, arguments)
    assert got.is_error
    assert text_of(got).startswith(message)
    assert text_of(got).isprintable()
    assert len(text_of(got)) <= 1_000
    assert len(service.assistant.documents()) == 3


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_arguments_end_the_server(service: Service, data: st.DataObject) -> None:
    """Whatever is sent, the answer is a result or an error of one line, and never a failure of ours."""
    tool = data.draw(st.sampled_from([tool for tool in TOOLS if not tool.changes]))
    names = st.sampled_from([*tool.arguments.model_fields, "x"])
    arguments = data.draw(st.dictionaries(names, _JSON, max_size=4))

    async def call() -> CallToolResult:
        async with Client(build(service, may_change=lambda _: False)) as client:
            return await client.call_tool(tool.name, arguments)

    got = asyncio.run(call())
    assert "the server's log" not in text_of(got)
    assert not got.is_error or text_of(got).isprintable()


class BrokenEncoder(HashEncoder):
    """An encoder that fails at every query, as a model does that is out of memory."""

    def encode_spans(self, *args: Any, **options: Any) -> Any:
        raise RuntimeError("secret words of a document")


def test_a_failure_of_ours_is_told_without_its_words(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The client learns that it was no fault of its own; the log says what it was."""
    home = Home(tmp_path / "home", load_encoder=BrokenEncoder)
    service = Service(Assistant(home), Answerers(home))
    got = called(service, "search", {"query": "x"})
    home.close()
    assert (got.is_error, text_of(got)) == (True, "search failed (RuntimeError): the server's log says more")
    assert "secret words" in caplog.text


class WaitingEncoder(HashEncoder):
    """An encoder whose queries wait until they are let go on."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.go_on = threading.Event(), threading.Event()

    def encode_spans(self, *args: Any, **options: Any) -> Any:
        self.asked.set()
        assert self.go_on.wait(10)
        return super().encode_spans(*args, **options)


def test_a_slow_tool_holds_up_no_other(tmp_path: Path) -> None:
    """While one question is being answered, others are heard."""
    encoder = WaitingEncoder()
    home = Home(tmp_path / "home", load_encoder=lambda: encoder)
    service = Service(Assistant(home), Answerers(home))

    async def both() -> CallToolResult:
        async with Client(build(service, may_change=lambda _: False)) as client:
            slow = asyncio.create_task(client.call_tool("search", {"query": "x"}))
            assert await anyio.to_thread.run_sync(encoder.asked.wait, 30)
            assert (await client.call_tool("list_documents", {})).structured_content["num_documents"] == 0
            encoder.go_on.set()
            return await slow

    assert not asyncio.run(both()).is_error
    home.close()


def test_a_caller_who_leaves_is_not_worked_for() -> None:
    """What runs is told at once, and its place is given to the next only when it has ended."""
    told, ended = threading.Event(), threading.Event()

    def run(leaving: Leaving) -> Outcome:
        with leaving.ending(told.set):
            told.wait(10)
        ended.set()
        return Outcome({}, "")

    async def leave() -> bool:
        with anyio.move_on_after(0.05):
            await _in_thread(run, anyio.CapacityLimiter(1))
        return ended.is_set()

    assert asyncio.run(leave())
    assert told.is_set()
