"""A server that is killed at random moments while clients ask it and add documents, and what must be there after."""

import hashlib
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from assistant.home import Home, open_home
from assistant.settings import Settings
from index.health import examine
from tests.assistant.serving.child import Child, eventually, served
from tests.fakes import HashEncoder

MOST_ACKNOWLEDGED = 4
"""In one life of a server, before it is killed."""
_LONGEST_SECONDS = 60.0


@dataclass
class Acknowledged:
    """What clients were told is kept: documents by number with their ids, questions by conversation."""

    documents: dict[int, str] = field(default_factory=dict)
    turns: dict[str, list[str]] = field(default_factory=dict)
    num_sent: int = 0
    num_answers: int = 0

    @property
    def num(self) -> int:
        """How many things."""
        return len(self.documents) + self.num_answers

    def has(self, num: int, num_documents: int) -> bool:
        """Whether there are as many things, and documents among them."""
        return self.num >= num and len(self.documents) >= num_documents


def statement(number: int) -> str:
    return (
        f"Statement {number}\n\nThe Programme Quor{number} has a budget of {number} million crowns. "
        f"The council of Quor{number} meets every {2 + number % 7} years in Port Elin.\n\n"
        "The ministers thanked the hosts, and agreed to meet again."
    )


def question(number: int) -> str:
    return f"What is the budget of the Programme Quor{number}?"


def survive(
    home: Path,
    *,
    num_kills: int,
    seed: int,
    hashes: bool = False,
    after_each: Callable[[Path], None] | None = None,
) -> Acknowledged:
    """Kills the server so often; each next one has all that was acknowledged, and in the end the home is sound.

    Returns what was acknowledged. `after_each` looks at the home before the next server does. With `hashes` a hash
    encoder takes the place of the model.
    """
    kept, chance = Acknowledged(), random.Random(seed)  # noqa: S311  (moments, not secrets)
    for _ in range(num_kills):
        with served(home, hashes=hashes) as child:
            check(child.client, kept)
            work = [threading.Thread(target=_until_gone, args=(one, child, kept)) for one in (_add, _ask, _ask)]
            for thread in work:
                thread.start()
            wanted = kept.num + chance.randint(0, MOST_ACKNOWLEDGED), len(kept.documents) + chance.randint(0, 1)
            assert eventually(lambda wanted=wanted: kept.has(*wanted), seconds=_LONGEST_SECONDS)
            time.sleep(chance.uniform(0, 0.3))
            child.process.kill()
            for thread in work:
                thread.join()
        if after_each:
            after_each(home)
    with served(home, hashes=hashes) as child:
        check(child.client, kept)
    check_soundness(home, hashes=hashes)
    return kept


def check(client: httpx.Client, kept: Acknowledged) -> None:
    """Everything is there that was acknowledged, to the character."""
    listed = {row["id"]: row["sha256"] for row in client.get("/api/documents").json()["documents"]}
    for number, id_ in kept.documents.items():
        assert listed.get(id_) == hashlib.sha256(statement(number).encode()).hexdigest()
    for conversation, questions in kept.turns.items():
        turns = client.get(f"/api/conversations/{conversation}").json()["turns"]
        assert [turn["question"] for turn in turns][: len(questions)] == questions
    for number in list(kept.documents)[-1:]:
        answer = client.post("/api/ask", json={"question": question(number)}).json()
        assert f"{number} million" in answer["answer"], answer


def check_soundness(path: Path, *, hashes: bool = False) -> None:
    """Nothing is wrong with the home, as `communique doctor` says."""
    home = Home(path, load_encoder=HashEncoder) if hashes else open_home(Settings(path))
    assert examine(home.database, home.store, home.encoder).problems == ()
    home.close()


def _until_gone(work: Callable[[Child, Acknowledged], None], child: Child, kept: Acknowledged) -> None:
    try:
        while True:
            work(child, kept)
    except httpx.HTTPError:
        return


def _add(child: Child, kept: Acknowledged) -> None:
    kept.num_sent += 1
    number = kept.num_sent
    files = [("files", (f"statement-{number}.txt", statement(number).encode()))]
    got = child.client.post("/api/documents", files=files)
    assert got.status_code == 200, got.text
    (row,) = got.json()["files"]
    assert row["status"] in ("added", "unchanged"), row
    kept.documents[number] = row["document_ids"][0]


def _ask(child: Child, kept: Acknowledged) -> None:
    """One question after the other in a conversation of its own for each client and each life of the server."""
    conversation, questions = "new", list[str]()
    for number in range(1, 40):
        body = {"question": question(number), "conversation": conversation}
        got = child.client.post("/api/ask", json=body)
        assert got.status_code == 200, got.text
        found = got.json()
        conversation = found["conversation_id"]
        questions.append(body["question"])
        kept.turns[conversation] = list(questions)
        kept.num_answers += 1
        assert found["turn"] == len(questions)
