"""Clients of a server under load: what they ask, and what is wrong with an answer."""

import hashlib
import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from http.client import HTTPConnection
from typing import Any

from tests.assistant.serving.killing import statement

NUM_CLIENTS = 50
NUM_KNOWN = 40
"""So many documents stay; the others come and go."""
NUM_PASSING = 1_000


@dataclass
class Load:
    """What clients met."""

    seconds: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    num_changes: int = 0
    resident_bytes: list[tuple[float, int]] = field(default_factory=list)


def noted(work: Callable[[], None], load: Load) -> None:
    """Works; a client that gives up is a lost answer."""
    try:
        work()
    except (AssertionError, OSError, KeyError, ValueError) as error:
        load.wrong.append(f"{type(error).__name__}: {error}")


def together(work: Sequence[Callable[[], None]], load: Load) -> None:
    """Works at all of it at once, to the end; nothing of it may go wrong."""
    threads = [threading.Thread(target=noted, args=(each, load)) for each in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert load.wrong == []


def asked(connection: HTTPConnection, method: str, path: str, body: object = None) -> tuple[int, Any]:
    """The status and the content of what came."""
    connection.request(method, path, json.dumps(body) if body else None, {"Content-Type": "application/json"})
    got = connection.getresponse()
    return got.status, json.loads(got.read())


def check_answer(number: int, status: int, found: Any) -> None:
    """It is what was asked for, and every citation is exact."""
    assert status == 200, found
    assert f"{number} million" in found["answer"], found
    assert found["notes"] == [], found
    for citation in found["citations"]:
        assert _texts()[citation["sha256"]][citation["start"] : citation["end"]] == citation["quote"]


@cache
def _texts() -> dict[str, str]:
    return {hashlib.sha256(statement(n).encode()).hexdigest(): statement(n) for n in range(NUM_KNOWN + NUM_PASSING)}
