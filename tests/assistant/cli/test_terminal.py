"""What a document, a title, an id or an argument holds is seen on a terminal, and never obeyed by it."""

import json
import os
import pty
import re
import subprocess
from pathlib import Path

import pytest

from tests.assistant.cli.conftest import PROGRAM, called

pytestmark = pytest.mark.slow

ORDER = "\x1b]0;owned\x07\x1b[2J\x9b31m\x1b]52;c;b3duZWQ=\x07\x7f"
"""The title set, the screen cleared, colours changed, the clipboard written, a character taken back."""
STEERING = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
TEXT = f"The Harbour {ORDER}Compact has a budget of 12 million crowns. {ORDER} Its director is Mara Quist.\n"
ID = f"harbour{ORDER}"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose one document tries to steer the terminal with everything that it has."""
    folder = tmp_path_factory.mktemp("terminal")
    row = {"id": ID, "title": f"Compact {ORDER}", "text": TEXT, "metadata": {"kind": ORDER}, "published": "2021"}
    (folder / "rows.jsonl").write_text(json.dumps(row) + "\n")
    done = called("add", folder / "rows.jsonl", home=folder / "home")
    assert (done.returncode, STEERING.search(done.stdout + done.stderr)) == (0, None)
    return folder / "home"


def test_no_command_sends_a_terminal_what_it_would_obey(home: Path) -> None:
    """Lists, answers, packs, matrices, JSON, errors."""
    asking = "What budget does the Harbour Compact have?"
    calls = [
        ["ask", asking, "--conversation", "new"],
        ["ask", f"{asking} {ORDER[:-1]}", "--json", "--trace", "--conversation", "new"],
        ["search", "budget crowns", "--why", ID],
        ["documents"],
        ["documents", "--json"],
        ["conversations"],
        ["conversations", "--rename", "last", f"Money {ORDER}"],
        ["export", "last"],
        ["compare", "--question", asking, "--format", "md"],
        ["show", f"gone{ORDER}"],
        ["remove", f"gone{ORDER}"],
        ["add", f"gone{ORDER}.md"],
        ["ask", "Who?", "--document", f"gone{ORDER}"],
        ["ask", "Who?", "--llm", f"server:{ORDER}"],
        [f"no{ORDER}command"],
        ["eval", "run", f"gone{ORDER}"],
    ]
    for call in calls:
        done = called(*call, home=home)
        assert done.returncode in (0, 1, 2), (call, done.stderr)
        assert "Traceback" not in done.stderr, (call, done.stderr)
        for written in (done.stdout, done.stderr):
            assert not STEERING.search(written), (call, written)


def test_a_text_is_exact_in_a_pipe_and_visible_on_a_terminal(home: Path) -> None:
    """`show` and `export` give programs every character, and a terminal none that it would obey."""
    assert called("show", ID, home=home).stdout == TEXT
    shown = on_a_terminal(home, "show", ID).replace("\r\n", "\n")
    assert shown == STEERING.sub("\N{REPLACEMENT CHARACTER}", TEXT)
    listed = on_a_terminal(home, "metadata", "export")
    assert "Compact" in listed
    assert not STEERING.search(listed.replace("\r", ""))


def on_a_terminal(home: Path, *arguments: str) -> str:
    """What the program writes when its stdout is a terminal."""
    ours, its = pty.openpty()
    program = subprocess.Popen([PROGRAM, "--home", home, *arguments], stdin=its, stdout=its, stderr=subprocess.DEVNULL)
    os.close(its)
    parts = []
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # so Linux says that the other end is closed
            break
        if not part:
            break
        parts.append(part)
    os.close(ours)
    assert program.wait(timeout=60) == 0
    return b"".join(parts).decode()
