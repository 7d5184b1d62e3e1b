"""Nothing leaves the machine without the user's word, keys go to their LLM alone, and what is deleted is gone."""

import json
import os
import re
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from tests.assistant.cli.conftest import PROGRAM, called
from tests.fakes_llm import Script, serving

pytestmark = pytest.mark.slow

KEY = "sk-neverwrittendown-4711"
QUESTION = "How many amber keys does the Zyxquorble ledger of Vendrith list?"
SEALED = "The Zyxquorble ledger of Vendrith lists nineteen amber keys."
PAGE = f"""<html><head><link rel="stylesheet" href="http://tracker.example/a.css">
<script src="http://tracker.example/a.js"></script></head><body><img src="http://tracker.example/a.png">
<iframe src="http://tracker.example/"></iframe><h1>The ledger</h1><p>{SEALED} It was sealed in 1987.</p></body>"""
WATCH = """
import os, sys
_FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "seen.txt")
def _tell(*words):
    file = os.open(_FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.write(file, (" ".join(map(repr, words)) + "\\n").encode())
    os.close(file)
def _watch(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname", "urllib.Request"):
        _tell(event, arguments[1:] if event in ("socket.connect", "socket.sendto") else arguments)
sys.addaudithook(_watch)
_tell("started", os.getpid())
"""
"""What each of the program's processes runs first: it writes down every connection, and every name looked up [1].

[1] PEP 578, "Python Runtime Audit Hooks".
"""
HERE = re.compile(r"'(127\.0\.0\.1|localhost|::1|0\.0\.0\.0)'|^'socket\.connect' \(b?'|^'socket\.connect' \(None,")


@dataclass
class Watched:
    """A server that is watched: its client, what its processes did, and what it wrote."""

    client: httpx.Client
    home: Path
    folder: Path
    llm_keys: list[str]
    written: list[str] = field(default_factory=list)

    @property
    def seen(self) -> list[str]:
        return (self.folder / "seen.txt").read_text().splitlines()


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """`communique chat` as it is installed, with keys in its environment, and an LLM that repeats its key."""
    folder = tmp_path_factory.mktemp("watched")
    (folder / "sitecustomize.py").write_text(WATCH)
    left_out = tuple("COMMUNIQUE_ HF_ GRADIO_ PYTHON TRANSFORMERS_ ANONYMIZED_ http HTTP all_ ALL_".split())
    environment = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    refusal = json.dumps({"error": {"message": f"Incorrect API key provided: {KEY}"}}).encode()
    with serving(Script(raw=refusal, status=401, content_type="application/json")) as llm:
        environment |= {
            "PYTHONPATH": str(folder),
            "OPENAI_API_KEY": KEY,
            "ANTHROPIC_API_KEY": KEY,
            "COMMUNIQUE_LLM_KEY": KEY,
            "COMMUNIQUE_LLM": f"server:m@{llm.url}",
        }
        process = subprocess.Popen(
            [PROGRAM, "--home", folder / "home", "chat", "--port", "0"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment,
        )
        found = Watched(httpx.Client(timeout=120, trust_env=False), folder / "home", folder, llm.keys)
        try:
            yield _reading(found, process)
        finally:
            found.client.close()
            process.terminate()
            process.wait(timeout=60)
            assert process.stdout
            process.stdout.close()


def _reading(found: Watched, process: "subprocess.Popen[str]") -> Watched:
    """The server, once it answers; what it writes is read on."""
    assert process.stdout
    for line in process.stdout:
        found.written.append(line)
        if address := re.search(r"http://[^/\s]+", line):
            found.client.base_url = httpx.URL(address.group())
            threading.Thread(target=lambda: found.written.extend(process.stdout or ()), daemon=True).start()
            return found
    raise AssertionError(f"it did not start: {found.written}")


def test_nothing_is_connected_to_but_this_machine(watched: Watched) -> None:
    """Starting, adding a page full of trackers, searching, asking, the page: no name is looked up, nobody is called."""
    client = watched.client
    got = client.post("/api/documents", files=[("files", ("ledger.html", PAGE.encode()))])
    assert [row["status"] for row in got.json()["files"]] == ["added"]
    answer = client.post("/api/ask", json={"question": QUESTION, "conversation": "new", "trace": True}).json()
    assert "nineteen" in answer["answer"]
    assert answer["notes"]
    assert client.post("/api/search", json={"query": "amber"}).json()["hits"]
    assert client.get("/").status_code == 200
    processes = [line for line in watched.seen if line.startswith("'started'")]
    assert len(processes) > 1, "the readers of files are processes of their own"
    others = [line for line in watched.seen if not line.startswith("'started'") and not HERE.search(line)]
    assert others == []
    assert [line for line in watched.seen if line.startswith("'socket.connect'")], "the LLM's server was asked"


def test_a_key_goes_to_its_llm_and_nowhere_else(watched: Watched) -> None:
    """Neither into the log, an answer, its trace, an export, nor a file of the home, though the LLM repeats it."""
    client = watched.client
    client.post("/api/documents", files=[("files", ("ledger.html", PAGE.encode()))])
    answer = client.post("/api/ask", json={"question": QUESTION, "conversation": "new", "trace": True})
    assert set(watched.llm_keys) == {f"Bearer {KEY}"}
    (id_, *_) = [one["id"] for one in client.get("/api/conversations").json()["conversations"]]
    exports = [
        client.get(f"/api/conversations/{id_}/export", params={"format": form}).text for form in ("md", "json", "csv")
    ]
    places = ("/config", "/api/conversations", f"/api/conversations/{id_}", "/ready", "/health", "/api/eval/runs")
    told = [answer.text, *exports, *(client.get(place).text for place in places), *watched.written]
    assert not [text for text in told if KEY in text]
    assert not [path for path in watched.home.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]


@pytest.mark.embedded
def test_what_is_deleted_is_in_no_file(tmp_path: Path) -> None:
    """Removed, and vacuumed with the conversations that cite it: no word of it, nor its title, is in any file; what
    was not removed answers as before.
    """
    home = tmp_path / "home"
    (tmp_path / "ledger.md").write_text(f"# Vendrith papers\n\n{SEALED} It was sealed in 1987 by Orla Fenwick.\n")
    (tmp_path / "tide.md").write_text("# Tide\n\nThe Tide Office in Port Elin keeps seven boats.\n")
    rows = json.loads(called("add", tmp_path / "ledger.md", tmp_path / "tide.md", "--json", home=home).stdout)["files"]
    ledger = rows[0]["document_ids"][0]
    for question in (QUESTION, "How many boats does the Tide Office keep?"):
        assert called("ask", question, "--conversation", "new", home=home).returncode == 0
    words = (b"zyxquorbl", b"vendrith", b"nineteen", b"fenwick")
    assert _holding(home, *words)
    assert called("remove", ledger, home=home).returncode == 0
    planned = json.loads(called("vacuum", "--dry-run", "--conversations", "--json", home=home).stdout)
    assert (planned["documents"], planned["num_conversations"], planned["vectors_erased"]) == ([ledger], 1, False)
    done = json.loads(called("vacuum", "--conversations", "--json", home=home).stdout)
    assert (done["documents"], done["num_conversations"], done["vectors_erased"]) == ([ledger], 1, True)
    assert _holding(home, SEALED.encode(), *words) == {}
    assert "seven boats" in called("ask", "How many boats does the Tide Office keep?", home=home).stdout
    assert json.loads(called("doctor", "--json", home=home).stdout)["problems"] == []


def _holding(home: Path, *needles: bytes) -> dict[str, list[bytes]]:
    """The files with what they hold of these, in whatever case."""
    found = {}
    for path in home.rglob("*"):
        if path.is_file():
            content = path.read_bytes().lower()
            found[path.name] = [one for one in needles if one.lower() in content]
    return {name: held for name, held in found.items() if held}
