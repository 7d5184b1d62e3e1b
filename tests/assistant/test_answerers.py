"""Answers for many at once are the answers of one."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answer import Answer
from assistant.answerers import Answerers
from assistant.answering import answer
from assistant.errors import InvalidCall
from assistant.events import Done
from assistant.home import Home, open_home
from assistant.settings import Settings
from tests.assistant.cli.conftest import HARBOUR, LIGHTHOUSE, called

QUESTIONS = ("Who runs the Harbour Compact?", "Which towns does the Lighthouse Accord join?", "Who is the king?") * 2
_PARENT = """
import multiprocessing, sys, time
from assistant.answerers import end_with_parent

def child():
    end_with_parent()
    print(multiprocessing.current_process().pid, flush=True)
    time.sleep(600)

if __name__ == "__main__":
    process = multiprocessing.get_context("spawn").Process(target=child)
    process.start()
    process.join()
"""


@pytest.fixture(scope="module")
def kept_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home over the two documents of the coast, with the real model."""
    folder = tmp_path_factory.mktemp("answerers")
    (folder / "harbour.md").write_text(HARBOUR)
    (folder / "lighthouse.txt").write_text(LIGHTHOUSE)
    assert called("add", folder / "harbour.md", folder / "lighthouse.txt", home=folder / "home").returncode == 0
    return folder / "home"


@pytest.fixture
def opened(kept_home: Path) -> Iterator[Home]:
    home = open_home(Settings(kept_home))
    yield home
    home.close()


@pytest.fixture
def answerers(opened: Home) -> Iterator[Answerers]:
    made = Answerers(opened)
    yield made
    made.close()


def is_running(pid: int) -> bool:
    """Whether there is such a process that has not ended, be it that nobody has asked how it did."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def told(found: Answer) -> Answer:
    """What a reader sees of it: two processes agree on scores to about six digits, and take their own time."""
    return replace(found, timings_ms={}, trace={})


def answered(answerers: Answerers, question: str) -> Answer:
    *_, last = answerers.events(question, reader="r")
    assert isinstance(last, Done)
    return told(last.answer)


def until(holds: Callable[[], bool], *, seconds: float = 180) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


def two_at_once(answerers: Answerers) -> None:
    """Has the further processes started, and waits for them."""
    first, second = (answerers.events(question, reader="r") for question in QUESTIONS[:2])
    next(first), next(second)
    list(first), list(second)
    until(lambda: bool(answerers._beside) and all(each.is_ready for each in answerers._beside))


@pytest.mark.slow
def test_who_is_alone_starts_no_process(answerers: Answerers) -> None:
    for question in QUESTIONS[:2]:
        answered(answerers, question)
    assert answerers._beside == []


@pytest.mark.slow
def test_many_at_once_get_what_one_gets(answerers: Answerers, opened: Home) -> None:
    """From the first two on, whoever answers: the same claims, citations and refusals; a bad question is told."""
    alone = [told(answer(question, opened.sources)) for question in QUESTIONS]
    two_at_once(answerers)
    with ThreadPoolExecutor(len(QUESTIONS)) as pool:
        together = list(pool.map(lambda question: answered(answerers, question), QUESTIONS))
    assert together == alone
    with pytest.raises(InvalidCall, match="the question is empty"):
        answered(answerers, " ")
    assert answered(answerers, QUESTIONS[0]) == alone[0]


def test_a_process_ends_with_the_server_that_was_killed(tmp_path: Path) -> None:
    """Whatever it is doing: nothing is left that computes for nobody."""
    script = tmp_path / "parent.py"
    script.write_text(_PARENT)
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, env=environment) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.kill()
    until = time.monotonic() + 20
    while is_running(child) and time.monotonic() < until:
        time.sleep(0.05)
    assert not is_running(child)


@pytest.mark.slow
def test_a_process_that_dies_costs_nobody_an_answer(answerers: Answerers, opened: Home) -> None:
    """Whoever waits for one is answered by the page's own process, and others are started when they are needed."""
    two_at_once(answerers)
    beside = answerers._beside
    for each in beside:
        os.kill(each._process.pid, signal.SIGKILL)
    alone = [told(answer(question, opened.sources)) for question in QUESTIONS]
    with ThreadPoolExecutor(len(QUESTIONS)) as pool:
        assert list(pool.map(lambda question: answered(answerers, question), QUESTIONS)) == alone
    two_at_once(answerers)
    assert not set(beside) & set(answerers._beside)
    assert answered(answerers, QUESTIONS[1]) == alone[1]
