"""What a server tells of itself holds no word of anybody's, and no key."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SERVED = """
import sys
from pathlib import Path

from fastapi.testclient import TestClient

from assistant.home import Home
from assistant.observing.logs import log_as_asked
from assistant.observing.tracing import traced
from assistant.writing.loading import load_llm
from tests.assistant.conftest import add_rows
from tests.assistant.serving.watched import watched
from tests.fakes import HashEncoder
from tests.fakes_llm import Script, serving

folder = Path(sys.argv[1])
log_as_asked()
home = Home(folder / "home", load_encoder=HashEncoder)
add_rows(home, folder / "rows.jsonl", {"harbour": "The sesame-document runs the Harbour Compact of Port Elin."})
asked = {"question": "Who runs the Harbour Compact, sesame-question?", "trace": True}
headers = {"Authorization": "Bearer sesame-token", "Cookie": "session=sesame-token"}
script = Script(raw=b'{"error": "sesame-reply"}', status=500, content_type="application/json")
with traced(), serving(script) as server, TestClient(watched(home), headers=headers) as client:
    assert "sesame-document" in client.post("/api/ask", json=asked).text
    home.__dict__["writer"] = load_llm(f"server:scripted@{server.url}")
    assert "answered by quoting" in client.post("/api/ask", json=asked).text
    assert server.keys[-1] == "Bearer sesame-key"
    assert client.post("/api/ask/stream", json=asked | {"conversation": "sesame-id"}).status_code == 404
    assert client.get("/api/broken?words=sesame-error").status_code == 500
    assert client.get("/api/sesame-path").status_code == 404
    print(client.get("/metrics").text)
home.close()
"""


@pytest.mark.slow
def test_nothing_that_is_told_of_a_question_holds_its_words(tmp_path: Path) -> None:
    """Log lines, spans and counts of questions that are answered, that an LLM fails at, and that nobody expected: no
    word of document, question, LLM, error or address, no key of the environment and no token of the client.
    """
    environment = os.environ | {
        "COMMUNIQUE_LOG_FORMAT": "json",
        "COMMUNIQUE_LLM_KEY": "sesame-key",
        "OTEL_TRACES_EXPORTER": "console",
    }
    ended = subprocess.run(
        [sys.executable, "-c", SERVED, str(tmp_path)],
        check=False,
        timeout=120,
        capture_output=True,
        text=True,
        env=environment,
    )
    assert ended.returncode == 0, ended.stderr
    lines = [json.loads(line) for line in ended.stderr.splitlines() if line.startswith('{"time"')]
    told = [(line["route"], line["status"]) for line in lines if line["message"] == "request"]
    assert told == [
        ("/api/ask", 200),
        ("/api/ask", 200),
        ("/api/ask/stream", 404),
        ("/api/broken", 500),
        ("none", 404),
        ("/metrics", 200),
    ]
    others = [(line["level"], line["message"]) for line in lines if line["message"] != "request"]
    assert ("warning", "the LLM scripted failed: InternalServerError") in others
    assert ("error", "GET /api/broken failed") in others
    assert '"name": "question"' in ended.stderr
    assert "communique_questions_total" in ended.stdout
    assert "sesame" not in ended.stderr.casefold()
    assert "sesame" not in ended.stdout.casefold()
