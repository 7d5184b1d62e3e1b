"""`communique mcp` as an MCP client starts it: a process of its own, over stdin and stdout."""

import asyncio
import json
import os
import select
import signal
import subprocess
from pathlib import Path

import pytest
from mcp import Client, StdioServerParameters, stdio_client

from tests.assistant.cli.conftest import HARBOUR, PROGRAM, called, started

pytestmark = pytest.mark.slow

INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}},
}


def test_a_client_asks_searches_and_reads(coast_home: Path, tmp_path: Path) -> None:
    """One session with the real model: the answer's citations are exact, and stderr is quiet."""
    quote = "Its director is Mara Quist."

    async def session() -> None:
        program = StdioServerParameters(
            command=str(PROGRAM), args=["--home", str(coast_home), "mcp"], env=dict(os.environ)
        )
        with (tmp_path / "stderr").open("w") as errors:
            async with Client(stdio_client(program, errlog=errors)) as client:
                assert [tool.name for tool in (await client.list_tools()).tools] == [
                    "ask",
                    "search",
                    "read_span",
                    "list_documents",
                ]
                documents = (await client.call_tool("list_documents", {})).structured_content["documents"]
                assert len(documents) == 2
                answer = (await client.call_tool("ask", {"question": "Who is the director?"})).structured_content
                assert quote in answer["answer"]
                for citation in answer["citations"]:
                    place = {key: citation[key] for key in ("document_id", "start", "end")}
                    assert (await client.call_tool("read_span", place)).structured_content["text"] == citation["quote"]
                found = (await client.call_tool("search", {"query": "lighthouse repair"})).structured_content["hits"]
                assert "lighthouse" in found[0]["text"]
                assert (await client.call_tool("read_span", {"document_id": "../../etc/passwd"})).is_error

    asyncio.run(session())
    assert quote in HARBOUR
    assert (tmp_path / "stderr").read_text() == ""


def send(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdin
    process.stdin.write(f"{line}\n")
    process.stdin.flush()


def received(process: subprocess.Popen[str]) -> dict[str, object]:
    assert process.stdout
    assert select.select([process.stdout], [], [], 60)[0], "no answer"
    message: dict[str, object] = json.loads(process.stdout.readline())
    return message


def test_lines_that_are_no_messages_end_nothing(tmp_path: Path) -> None:
    """Garbage is passed over, half of a character is replaced, and the end of input ends the server with 0."""
    with started("mcp", home=tmp_path / "home") as process:
        send(process, json.dumps(INITIALIZE))
        assert received(process)["id"] == 1
        for line in ("", "{", "null", "[" * 10_000, '{"jsonrpc": "2.0"}'):
            send(process, line)
        call = {"name": "read_span", "arguments": {"document_id": "\ud83d"}}
        send(process, json.dumps({"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": call}))
        result = received(process)
        assert result["id"] == 2
        assert "there is no document '�'" in str(result)
        stdout, _ = process.communicate(timeout=60)
        assert (process.returncode, stdout) == (0, "")


def test_ctrl_c_ends_it_while_the_client_is_silent(tmp_path: Path) -> None:
    """With nothing on stdout but the protocol, the contract's exit status, and no traceback."""
    with started("mcp", home=tmp_path / "home") as process:
        send(process, json.dumps(INITIALIZE))
        received(process)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 130
        stdout, stderr = process.communicate()
        assert stdout == ""
        assert stderr == "communique: interrupted; everything reported so far is kept\n"


def test_a_home_that_cannot_be_used_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    got = called("mcp", home=tmp_path / "file")
    assert (got.returncode, got.stdout, got.stderr.count("\n")) == (2, "", 1)


def test_without_stdin_there_is_nobody_to_serve(tmp_path: Path) -> None:
    got = subprocess.run(
        ["sh", "-c", 'exec "$0" --home "$1" mcp <&-', PROGRAM, tmp_path / "home"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (got.returncode, got.stdout) == (2, "")
    assert got.stderr.startswith("communique: there is no stdin: ")
