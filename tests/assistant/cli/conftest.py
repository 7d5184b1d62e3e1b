"""The program as a user starts it: a process of its own, with a home of its own."""

import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import MappingProxyType

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

FORKS = multiprocessing.get_context("forkserver")
"""Starts processes in which the libraries are loaded already."""
FORKS.set_forkserver_preload(["assistant.cli.app", "assistant.home", "chromadb", "gradio", "tests.assistant.cli.warm"])

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
    """What the program wrote, and its exit status: in a process of its own, forked where its libraries are loaded.

    Loading them takes most of a command's time; `started` is the program as it is installed.
    """
    argv = ["communique", "--home", str(home), *map(str, arguments)]
    with tempfile.TemporaryDirectory() as folder:
        streams = [Path(folder, name) for name in ("stdin", "stdout", "stderr")]
        streams[0].write_text(stdin, encoding="utf-8", errors="surrogateescape")
        process = FORKS.Process(target=_run, args=(argv, streams))
        process.start()
        process.join(timeout=120)
        stdout, stderr = (path.read_text(encoding="utf-8") for path in streams[1:])
        return subprocess.CompletedProcess(argv, process.exitcode, stdout, stderr)


def forked(*arguments: object, home: Path, environment: dict[str, str] | None = None) -> tuple[BaseProcess, list[Path]]:
    """The program, running, forked as by `called`; and its three streams as files beside the home."""
    argv = ["communique", "--home", str(home), *map(str, arguments)]
    streams = [home.with_name(f"{home.name}.{name}") for name in ("stdin", "stdout", "stderr")]
    for stream in streams:
        stream.write_text("")
    process = FORKS.Process(target=_run, args=(argv, streams, environment or {}))
    process.start()
    return process, streams


def _run(argv: list[str], streams: list[Path], environment: Mapping[str, str] = MappingProxyType({})) -> None:
    """The program with these arguments and files for its streams, in the process that this is called in."""
    for number, (path, mode) in enumerate(zip(streams, (os.O_RDONLY, *[os.O_WRONLY | os.O_CREAT] * 2), strict=True)):
        os.dup2(os.open(path, mode, 0o600), number)
    sys.stdin, sys.stdout, sys.stderr = (
        open(number, mode, encoding="utf-8", closefd=False)  # noqa: SIM115  (open until the process ends)
        for number, mode in enumerate("rww")
    )
    for name in [name for name in os.environ if name.startswith("COMMUNIQUE_")]:
        del os.environ[name]
    os.environ.update(environment)
    sys.argv = argv
    import torch

    from assistant.cli.app import main

    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", os.cpu_count() or 1)))
    main()


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
