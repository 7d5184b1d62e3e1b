"""Files read by child processes: what harms one of these harms no other file."""

import os
import signal
from pathlib import Path

import pytest

from corpus.document import Draft
from corpus.reading import worker
from corpus.reading.files import find_files
from corpus.reading.isolation import ParserPool, close_pools
from corpus.reading.parsing import Event, Met, Refused

HOSTILE_READERS = """
import os, resource, socket, subprocess, time
from corpus.reading import formats

def spin(content, name):
    while True:
        pass

def swell(content, name):
    return [bytearray(2**30) for _ in range(64)]

def vanish(content, name):
    os._exit(7)

def chatter(content, name):
    os.write(1, b"not an event\\n")
    print("nor this")
    return formats.read_text(content, name)

def scribble(content, name):
    open(content.decode().strip(), "w")

def connect(content, name):
    socket.create_connection(("127.0.0.1", 9))

def run(content, name):
    subprocess.run(["true"])

set_limit = resource.setrlimit
resource.setrlimit = lambda which, bounds: set_limit(
    which, (bounds[0] - 58, bounds[1]) if which == resource.RLIMIT_CPU else bounds  # two seconds in place of sixty
)
formats.FORMATS += tuple(
    formats.Format(reader.__name__, ("." + reader.__name__,), reader)
    for reader in (spin, swell, vanish, chatter, scribble, connect, run)
)
"""
"""What a reader could be made to do by a file, as a module that is loaded where Python starts."""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "files").mkdir()
    return tmp_path / "files"


@pytest.fixture
def hostile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Readers that do harm, for files whose names end as they are called."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(HOSTILE_READERS)
    monkeypatch.syspath_prepend(str(tmp_path / "site"))


def read(folder: Path, *, num_processes: int = 2) -> dict[str, list[Event]]:
    with ParserPool(num_processes) as pool:
        return {found.relative: list(events) for found, events in pool.read(find_files(str(folder)))}


@pytest.mark.usefixtures("hostile")
@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("b.spin", "x", "reading it takes longer than is allowed: convert it to plain text"),
        ("b.swell", "x", "reading it takes more memory than is allowed: split it"),
        ("b.vanish", "x", "its reader crashed (status 7): convert it to plain text"),
        ("b.connect", "x", "its reader failed (PermissionError: a reader may not do this: socket."),
        ("b.run", "x", "its reader failed (PermissionError: a reader may not do this: subprocess.Popen"),
    ],
)
def test_what_harms_one_process_harms_one_file(files: Path, name: str, content: str, reason: str) -> None:
    """Endless work, memory without end, a crash, a connection: one refused file, and the others are read."""
    for good in ("a.txt", "c.txt", "d.txt"):
        (files / good).write_text("It rained in Bergen.")
    (files / name).write_text(content)
    found = read(files)
    assert list(found) == sorted(["a.txt", "c.txt", "d.txt", name])
    (met, refused) = found[name]
    assert isinstance(met, Met)
    assert isinstance(refused, Refused)
    assert refused.reason.startswith(reason)
    assert all(isinstance(found[good][1], Draft) for good in ("a.txt", "c.txt", "d.txt"))


@pytest.mark.usefixtures("hostile")
def test_a_reader_writes_nothing(files: Path, tmp_path: Path) -> None:
    (files / "a.scribble").write_text(str(tmp_path / "made"))
    _, refused = read(files)["a.scribble"]
    assert isinstance(refused, Refused)
    assert "a reader may not do this: open" in refused.reason
    assert not (tmp_path / "made").exists()


@pytest.mark.usefixtures("hostile")
def test_what_a_library_prints_is_no_answer(files: Path) -> None:
    (files / "a.chatter").write_text("It rained in Bergen.")
    _, draft = read(files)["a.chatter"]
    assert isinstance(draft, Draft)
    assert draft.text == "It rained in Bergen."


def test_files_come_in_their_order_however_long_each_takes(files: Path) -> None:
    for number in range(20):
        (files / f"{number:02}.txt").write_text(f"Report {number} says this. " * (1 + 4000 * (number % 3 == 0)))
    found = read(files, num_processes=3)
    assert list(found) == sorted(found)
    for name, (met, draft) in found.items():
        assert (met.name, draft.text.split()[:2]) == (name, ["Report", str(int(name[:2]))])


def test_a_process_killed_from_outside_costs_one_file(files: Path) -> None:
    """The kernel, short of memory, may end any process."""
    for name in ("a.txt", "b.txt", "c.txt"):
        (files / name).write_text("It rained. " * 20_000)
    with ParserPool(1) as pool:
        (parser,) = pool._parsers
        kinds = []
        for number, (_, events) in enumerate(pool.read(find_files(str(files)))):
            if number == 1:
                os.kill(parser._process.pid, signal.SIGKILL)
            kinds.append([type(event) for event in events])
    assert kinds == [[Met, Draft], [Met, Refused], [Met, Draft]]


def test_who_stops_listening_ends_the_work(files: Path) -> None:
    """A file that is left in the middle leaves nothing to the next one, and no process behind."""
    for name in ("a.txt", "b.txt"):
        (files / name).write_text("It rained. " * 20_000)
    with ParserPool(1) as pool:
        for _, events in pool.read(find_files(str(files))):
            assert isinstance(next(events), Met)
            break
        again = {
            found.relative: [type(event) for event in events] for found, events in pool.read(find_files(str(files)))
        }
    assert again == {"a.txt": [Met, Draft], "b.txt": [Met, Draft]}
    assert all(parser._process is None for parser in pool._parsers)


def test_nothing_of_the_callers_environment_is_handed_on(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMMUNIQUE_SECRET", "xyzzy")
    (files / "a.txt").write_text("It rained.")
    with ParserPool(1) as pool:
        for found, events in pool.read(find_files(str(files))):
            list(events)
            environment = Path(f"/proc/{pool._parsers[0]._process.pid}/environ")
            if environment.exists():
                assert b"xyzzy" not in environment.read_bytes()
            assert found.relative == "a.txt"


def test_pools_that_rest_end_with_the_program() -> None:
    close_pools()
    assert worker.limits(0) == (worker.MEMORY_BYTES, worker.SECONDS)
