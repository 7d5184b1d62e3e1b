"""Requests that lead out, and requests that are none, at every route: nothing outside the home is read or written, and
no answer is the server's own fault.
"""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from assistant.home import Home
from assistant.serving.app import build
from tests.assistant.conftest import HARBOUR, LIGHTHOUSE, add_rows
from tests.assistant.serving.hostile import CANARY, MCP, NAMES, lying_about
from tests.fakes import HashEncoder

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A home with two documents; beside it lies a file that nobody may read."""
    folder = tmp_path_factory.mktemp("requests")
    (folder / "canary.txt").write_text(CANARY)
    home = Home(folder / "home", load_encoder=HashEncoder)
    add_rows(home, folder / "rows.jsonl", {"harbour": HARBOUR, "lighthouse": LIGHTHOUSE})
    yield home
    home.close()


@pytest.fixture(scope="module")
def doors(hostile: Home) -> Iterator[TestClient]:
    with TestClient(build(hostile, with_page=False), raise_server_exceptions=False) as client:
        yield client


def tricks(home: Home) -> list[str]:
    """What a path is made of that leads out, and what breaks parsers of all kinds."""
    canary = home.path.parent / "canary.txt"
    climbs = ["../canary.txt", f"..{'/..' * 20}{canary}", str(canary), canary.as_uri(), "..%2fcanary.txt"]
    others = [
        "\ud800",
        "%00",
        "%ff%fe",
        "${jndi:ldap://a/b}",
        "x" * 3000,
        "last:../../canary.txt",
        "\x1b[2J",
        "[1]",
        "*",
    ]
    return [*climbs, *NAMES, *others]


def operations(doors: TestClient) -> list[tuple[str, str, dict[str, Any]]]:
    """Every operation of the OpenAPI document but the one that starts a run."""
    paths = doors.get("/api/openapi.json").json()["paths"]
    found = [(method, path, one) for path, methods in paths.items() for method, one in methods.items()]
    assert len(found) > 25
    return [one for one in found if one[:2] != ("post", "/api/eval/runs")]


def test_no_id_and_no_parameter_leads_out_of_the_home(doors: TestClient, hostile: Home) -> None:
    """At every route that has one: it is not found, or refused, and nothing of the neighbourhood is told."""
    before, num = lying_about(hostile), 0
    for method, path, operation in operations(doors):
        parameters = [one for one in operation.get("parameters", ()) if one["in"] in ("path", "query")]
        for parameter in parameters:
            for trick in tricks(hostile):
                sent = quote(trick.encode("utf-8", "surrogatepass")[:3000], safe="")
                filled = path.replace(f"{{{parameter['name']}}}", sent)
                filled = re.sub(r"\{\w+\}", "harbour", filled)
                query = f"?{parameter['name']}={sent}" if parameter["in"] == "query" else ""
                got = doors.request(
                    method,
                    filled + query,
                    **({"content": json.dumps({"title": trick[:50]})} if method == "patch" else {}),
                )
                assert got.status_code < 500, (method, path, trick, got.text)
                assert got.headers["content-type"].partition(";")[0] in (
                    "application/json",
                    "text/plain",
                    "text/markdown",
                )
                assert CANARY not in got.text
                num += 1
    assert num > 300
    assert lying_about(hostile) == before
    assert len(hostile.catalogue.summaries()) == 2


def test_no_field_leads_out_of_the_home(doors: TestClient, hostile: Home) -> None:
    """Ids, names, versions and options within bodies, at the API, the OpenAI protocol and MCP."""
    before = lying_about(hostile)
    for trick in tricks(hostile):
        for path, body in bodies_with(trick):
            got = doors.post(path, content=json.dumps(body), headers=MCP)
            assert got.status_code < 500, (path, trick, got.text)
            assert CANARY not in got.text
    assert lying_about(hostile) == before


def bodies_with(trick: str) -> Iterator[tuple[str, dict[str, Any]]]:
    yield "/api/ask", {"question": "Who runs it?", "documents": [trick]}
    for field in ("documents", "kinds", "languages"):
        yield "/api/search", {"query": "tide", field: [trick]}
    yield "/api/search", {"query": "tide", "since": trick}
    yield "/api/ask", {"question": "Who?", "conversation": trick}
    yield "/api/compare", {"questions": ["Who?"], "documents": [trick], "format": "md"}
    yield "/api/compare", {"questions": ["Who?"], "format": trick}
    yield "/api/feedback", {"conversation_id": trick, "turn": 1, "reason": trick}
    yield "/v1/chat/completions", {"model": trick, "messages": [{"role": "user", "content": "Who?"}]}
    yield (
        "/v1/chat/completions",
        {"messages": [{"role": trick, "content": [{"type": "image_url", "image_url": trick}]}]},
    )
    yield "/api/eval/runs", {"suite": trick}
    for name, arguments in (
        ("read_span", {"document_id": trick}),
        ("read_span", {"document_id": "harbour", "version": trick}),
        ("add_documents", {"paths": [trick]}),
        (trick, {}),
    ):
        call = {"name": name, "arguments": arguments}
        yield "/mcp", {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}


BROKEN = {
    "nothing": b"",
    "cut": b'{"question": "a',
    "a list": b"[]",
    "null": b"null",
    "a number": b"1e999",
    "lists within lists": b"[" * 200_000,
    "objects within objects": b'{"question":' * 40_000 + b"1" + b"}" * 40_000,
    "many digits": b'{"question": ' + b"9" * 6000 + b', "query": "a", "k": ' + b"9" * 6000 + b"}",
    "no number": b'{"query": "a", "k": NaN, "question": Infinity}',
    "no UTF-8": b'{"question": "\xff", "query": "\xc3\x28"}',
    "half of UTF-16": '{"question": "a"}'.encode("utf-16")[:-1],
    "half of a character": b'{"question": "\\ud800", "query": "\\udfff", "title": "\\ud800"}',
    "NUL": b'{"question": "a\x00b"}',
    "other types": b'{"question": {"$ne": 1}, "query": ["a"], "claim": 1, "messages": "x", "questions": {}}',
    "twice": b'{"question": "a", "question": [], "query": 1, "query": {}}',
    "prototype": b'{"__proto__": {"a": 1}, "constructor": "x", "question": null}',
}
TYPES = ["application/json", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "x"]


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_what_is_no_request_is_refused_at_every_route(doors: TestClient, hostile: Home) -> None:
    """Malformed, of other types, too deep, too long, in other encodings: 4xx with one line, and nothing is kept."""
    num_kept = len(hostile.catalogue.summaries())
    posting = [(method, path) for method, path, one in operations(doors) if "requestBody" in one]
    assert len(posting) > 7
    for method, path in [*posting, ("post", "/mcp")]:
        for name, body in BROKEN.items():
            for kind in TYPES:
                where = path.replace("{conversation_id}", "x")
                got = doors.request(method, where, content=body, headers=MCP | {"content-type": kind})
                assert 400 <= got.status_code < 500, (path, name, kind, got.status_code, got.text[:200])
                assert "\n" not in got.text.strip(), (path, name)
    assert len(hostile.catalogue.summaries()) == num_kept


@pytest.mark.parametrize(
    "address",
    [
        *("/gradio_api/file=/etc/passwd", "/gradio_api/file=../../../../etc/passwd", "/file=/etc/passwd"),
        *(
            "/gradio_api/file=%2fetc%2fpasswd",
            "/static/../../../../etc/passwd",
            "/assets/..%2f..%2f..%2f..%2fetc/passwd",
        ),
        *(
            "/svelte/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
            "/theme.css/../../etc/passwd",
            "/gradio_api/proxy=file:///etc/passwd",
        ),
        "/gradio_api/proxy=http://169.254.169.254/latest/meta-data/",
    ],
)
def test_the_page_gives_no_file_of_this_machine(whole: TestClient, address: str) -> None:
    """Nor does it fetch what is named in an address."""
    got = whole.get(address)
    assert got.status_code < 500
    assert "root:" not in got.text
    assert "169.254" not in got.text or got.status_code >= 400
