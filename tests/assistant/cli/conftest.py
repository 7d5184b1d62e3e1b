"""The program as a user starts it: a process of its own, with a home of its own."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

PROGRAM = Path(sys.executable).with_name("communique")

HARBOUR = """# The Harbour Compact

## Money

The Harbour Compact has a budget of 12 million crowns for three years. Each of the nine harbours pays a share of it.

## Organisation

The Tide Office in Port Elin runs the Harbour Compact. Its director is Mara Quist.
"""
LIGHTHOUSE = """The Lighthouse Accord joins seven coastal towns, among them Cape Orre. Its secretary is Joren Vale.

The towns repair one lighthouse a year. The first was the lighthouse of Cape Orre, in 2021.
"""

Call = Callable[..., subprocess.CompletedProcess[str]]


def started(*arguments: object, home: Path, **options: object) -> subprocess.Popen[str]:
    """The program, running, its outputs piped."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COMMUNIQUE_")}
    return subprocess.Popen(
        [PROGRAM, "--home", home, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        preexec_fn=_hear_ctrl_c,  # noqa: PLW1509  (no threads run in the tests that start programs)
        **options,
    )


def _hear_ctrl_c() -> None:
    """A run in the background ignores Ctrl-C and hands that on: the program is started as from a terminal."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def called(*arguments: object, home: Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """What the program wrote, and its exit status."""
    process = started(*arguments, home=home)
    stdout, stderr = process.communicate(stdin, timeout=120)
    return subprocess.CompletedProcess(process.args, process.returncode, stdout, stderr)


@pytest.fixture
def call(tmp_path: Path) -> Call:
    """Runs the program over an empty home."""

    def run(*arguments: object, home: Path = tmp_path / "home", stdin: str = "") -> subprocess.CompletedProcess[str]:
        return called(*arguments, home=home, stdin=stdin)

    return run


@pytest.fixture(scope="session")
def coast_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the two documents of the coast."""
    folder = tmp_path_factory.mktemp("coast")
    (folder / "harbour.md").write_text(HARBOUR)
    (folder / "lighthouse.txt").write_text(LIGHTHOUSE)
    return folder


@pytest.fixture(scope="session")
def coast_home(coast_files: Path) -> Path:
    """A home with these two documents, indexed with the real model; tests only read it, or keep conversations in it."""
    home = coast_files.parent / "coast-home"
    assert called("add", coast_files, home=home).returncode == 0
    return home


@pytest.fixture
def ask_coast(coast_home: Path) -> Call:
    """Runs the program over the home of the coast."""

    def run(*arguments: object, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return called(*arguments, home=coast_home, stdin=stdin)

    return run
