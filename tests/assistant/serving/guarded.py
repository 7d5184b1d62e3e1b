"""A home with users, and its API, for the tests of who may come in."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from fastapi.testclient import TestClient

from assistant.home import Home
from assistant.serving.accounts import Accounts, Role
from assistant.serving.app import build
from assistant.serving.limits import Limits
from assistant.serving.passwords import Cost
from tests.assistant.conftest import HARBOUR, add_rows
from tests.fakes import HashEncoder

CHEAP = Cost(n=2, r=1, p=1)
PASSWORDS = {"ann": "twelve crowns a year", "bob": "nine harbours in all"}
TITLE = "harbour"
OWN = {"origin": "http://testserver"}
"""What a browser says of a form that this server's own page sends."""


@dataclass
class Guarded:
    """A home with the admin Ann and the reader Bob, their tokens, and a client that says nothing of itself."""

    home: Home
    accounts: Accounts
    client: TestClient
    tokens: dict[str, str]

    def bearer(self, name: str) -> dict[str, str]:
        return {"authorization": f"Bearer {self.tokens[name]}"}


@contextmanager
def guarded_home(folder: Path, *, limits: Limits | None = None) -> Iterator[Guarded]:
    """A home with a document and these two users, served without a page and without a socket."""
    home = Home(folder / "home", load_encoder=HashEncoder)
    add_rows(home, folder / "rows.jsonl", {TITLE: HARBOUR})
    assert home.sources
    accounts = Accounts(home.database, cost=CHEAP)
    for name, role in (("ann", Role.ADMIN), ("bob", Role.READER)):
        accounts.add(name, role)
        accounts.set_password(name, PASSWORDS[name])
    tokens = {name: accounts.make_token(name) for name in PASSWORDS}
    app = build(home, with_page=False, limits=limits or Limits())
    with TestClient(app, follow_redirects=False) as client:
        yield Guarded(home, accounts, client, tokens)
    home.close()


def log_in(client: TestClient, name: str, password: str, **headers: str) -> object:
    """What the login page answers to that name and password."""
    return client.post("/login", data={"name": name, "password": password}, headers=OWN | headers)
