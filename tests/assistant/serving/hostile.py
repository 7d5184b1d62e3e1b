"""What the tests of hostile input share: names that lead out, what may be told, and what lies about a home."""

import re
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from assistant.home import Home

STEERING = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
TERMINAL = "\x1b]0;owned\x07\x1b[2J\x9b31m"
CANARY = "the canary of the neighbouring folder"
READABLE = ("application/json", "text/event-stream", "text/plain; charset=utf-8")
MCP = {"accept": "application/json, text/event-stream", "content-type": "application/json"}
NAMES = [
    *(
        "../../escaped.md",
        "..\\..\\escaped.md",
        "/etc/cron.d/escaped",
        "C:\\Windows\\escaped.md",
        "\\\\host\\share\\a.md",
    ),
    *("....//....//escaped.md", "%2e%2e%2fescaped.md", "．．／escaped.md", "~/escaped.md", "file:///escaped.md"),
    *("CON", "NUL.md", "aux.txt:stream", "a\u202edm.exe", "a\u2066b.md", "x" * 5000 + ".md", ".", "..", " ", "-rf.md"),
    *("$(touch escaped).md", "`touch escaped`.md", ";touch escaped;.md", "' OR 1=1 --.md", "{{7*7}}.md", "%s%n.md"),
    *(f"{TERMINAL}.md", "a\u0000b.md", "communique.sqlite3", "write.lock", "ﬁle.md", "e\u0301.md", "💣.md"),
]


def lying_about(home: Home) -> dict[Path, bytes]:
    """Every file beside the home, and beside this program, with what is in it."""
    beside = [path for path in home.path.parent.rglob("*") if not path.is_relative_to(home.path)]
    here = list(Path.cwd().glob("*"))
    return {path: path.read_bytes() if path.is_file() else b"" for path in (*beside, *here)}


def given(response: Any) -> Any:
    """What an answer of the API holds, which is JSON and nothing that a browser would run."""
    assert response.status_code == 200, response.text[:300]
    assert response.headers["content-type"] in READABLE
    assert CANARY not in response.text
    return response.json()


def uploaded(client: TestClient, names: list[str]) -> Any:
    files = [("files", (name, f"The ferry number {i} leaves at nine.".encode())) for i, name in enumerate(names)]
    return client.post("/api/documents", files=files)
