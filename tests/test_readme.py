"""The README says what is so."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
ROOMS = ("corpus", "index", "assistant", "evals")


@pytest.mark.slow
def test_the_first_question_gets_the_answer_that_is_printed(tmp_path: Path) -> None:
    """Who types the first commands reads the very answer that the README shows."""
    (block,) = re.findall(r"```\n(communique add --sample\n.*?)```", README, re.DOTALL)
    (answer,) = re.findall(r"```text\n(.*?)```", README, re.DOTALL)
    program = Path(sys.executable).with_name("communique")
    question = block.splitlines()[1].split('"')[1]
    home = ["--home", str(tmp_path / "home")]
    subprocess.run([program, *home, "add", "--sample"], check=True, capture_output=True)
    asked = subprocess.run([program, *home, "ask", question], check=True, capture_output=True, text=True)
    assert asked.stdout == answer


@pytest.mark.parametrize("room", ROOMS)
def test_every_module_is_in_the_reading_order(room: str) -> None:
    """No module of a room is missing from the list of files."""
    root = Path(__file__).parents[1]
    section = README[README.index(f"**{room}**") :].split("\n\n")[0:2]
    modules = {path.name for path in (root / room).glob("*.py")} - {"__init__.py"}
    listed = set(re.findall(r"`(?:\w+/)*(\w+\.py)`", "\n".join(section)))
    assert modules <= listed
