"""The page where there are users: who asks there is who is logged in, and sees what is theirs."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from assistant.home import Home
from assistant.serving.accounts import Accounts, Role
from assistant.settings import engines_from_environment
from assistant.ui.users import is_for_admins, without_owner
from corpus.database import open_database
from tests.assistant.cli.conftest import HARBOUR, called
from tests.assistant.ui.conftest import OpenPage, ask, serving

PASSWORDS = {"ann": "twelve crowns a year", "bob": "nine harbours in all"}
QUESTION = "What budget does the Harbour Compact have for three years?"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a document, the admin Ann and the reader Bob."""
    folder = tmp_path_factory.mktemp("users-page")
    (folder / "harbour.md").write_text(HARBOUR)
    assert called("add", folder / "harbour.md", home=folder / "home").returncode == 0
    database = open_database(folder / "home", engines_from_environment().database)
    accounts = Accounts(database)
    for name, role in (("ann", Role.ADMIN), ("bob", Role.READER)):
        accounts.add(name, role)
        accounts.set_password(name, PASSWORDS[name])
    database.close()
    return folder / "home"


@pytest.fixture(scope="module")
def address(home: Path) -> Iterator[str]:
    with serving(home) as found:
        yield found


@pytest.fixture(scope="module")
def anns(address: str) -> Iterator[httpx.Client]:
    """Ann's other browser."""
    with browser_of(address, "ann") as client:
        yield client


@pytest.fixture(scope="module")
def bobs(address: str) -> Iterator[httpx.Client]:
    """Bob's browser."""
    with browser_of(address, "bob") as client:
        yield client


@contextmanager
def browser_of(address: str, name: str) -> Iterator[httpx.Client]:
    """A program that has logged in as a browser does, and says what a browser says."""
    with httpx.Client(base_url=address, headers={"sec-fetch-site": "same-origin"}, timeout=60) as client:
        got = client.post("/login", data={"name": name, "password": PASSWORDS[name]})
        assert (got.status_code, got.headers["location"]) == (303, "/")
        yield client


def call(client: httpx.Client, name: str, data: list[Any] | None = None, *, tab: str = "tab") -> str:
    """What the page's server says when it is asked for a function of that name with these inputs."""
    config = client.get("/config").json()
    function = next(one for one in config["dependencies"] if one["api_name"] == name)
    inputs = [None] * len(function["inputs"]) if data is None else data
    body = {"fn_index": function["id"], "data": inputs, "session_hash": tab}
    if not function["queue"]:
        return client.post("/gradio_api/run/predict", json=body).text
    joined = client.post("/gradio_api/queue/join", json=body)
    assert joined.status_code == 200, joined.text
    with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": tab}) as said:
        return "\n".join(line for line in said.iter_lines() if line)


def test_a_user_logs_in_asks_and_logs_out(
    open_page: OpenPage, address: str, anns: httpx.Client, bobs: httpx.Client
) -> None:
    """In a real browser, which the policy of the page keeps from nothing; the conversation is theirs in another one,
    and nobody's who is not logged in.
    """
    page = open_page(f"{address}/")
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if "Content Security Policy" in said.text else None)
    expect(page).to_have_url(f"{address}/login")
    page.get_by_label("Name").fill("Ann")
    page.get_by_label("Password").fill("wrong password")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert")).to_have_text("No user has this name and this password.")
    page.get_by_label("Name").fill("Ann")
    page.get_by_label("Password").fill(PASSWORDS["ann"])
    page.get_by_role("button", name="Log in").click()
    expect(page).to_have_url(f"{address}/")
    answer = ask(page, QUESTION)
    expect(answer).to_contain_text("12 million crowns")
    answer.locator("a.cite").first.click()
    expect(page.locator("mark").first).to_be_visible()
    kept = anns.get("/api/conversations").json()["conversations"]
    assert [one["title"] for one in kept] == [QUESTION]
    assert bobs.get("/api/conversations").json() == {"conversations": []}
    for tab in ("Documents", "Compare", "Evaluate", "Settings"):
        page.get_by_role("tab", name=tab).click()
    expect(page.locator("#settings")).to_contain_text("Home folder")
    assert refused == []
    page.goto(f"{address}/logout")
    page.get_by_role("button", name="Log out").click()
    expect(page).to_have_url(f"{address}/login")
    page.goto(f"{address}/")
    expect(page).to_have_url(f"{address}/login")


def test_no_key_of_a_browser_opens_what_is_another_users(anns: httpx.Client, bobs: httpx.Client, home: Path) -> None:
    """Bob sends the key that Ann's conversations are kept under, and gets his own list; he is told no key."""
    from assistant.serving.access import User, owner_of

    opened = Home(home)
    ann = Accounts(opened.database).get("ann")
    key = owner_of(opened, User("ann", is_admin=True, secret=ann.secret))
    id_ = opened.conversations.of(key).start("Of Ann alone")
    opened.close()
    found = call(anns, "refreshed", ["", id_, "whatever"], tab="anns")
    assert "Of Ann alone" in found and '"success":true' in found
    stolen = call(bobs, "refreshed", ["", id_, key], tab="bobs")
    assert "Of Ann alone" not in stolen and '"success":true' in stolen
    restored = call(bobs, "restored", [id_, key], tab="bobs-2")
    assert '"success":true' in restored and "Of Ann alone" not in restored
    assert key not in call(anns, "restored", [id_, ""], tab="anns-2")


def test_a_tab_is_its_users_alone(anns: httpx.Client, bobs: httpx.Client) -> None:
    """What Gradio keeps for Ann's tab Bob neither reads nor ends, though he knew its name."""
    assert '"success":true' in call(anns, "refreshed", ["", "", ""], tab="anns-tab")
    assert bobs.get("/gradio_api/queue/data", params={"session_hash": "anns-tab"}).status_code == 404
    assert bobs.get("/gradio_api/heartbeat/anns-tab").status_code == 404
    assert '"success":false' in call_joined(bobs, "refreshed", "anns-tab")


def call_joined(client: httpx.Client, name: str, tab: str) -> str:
    """As `call`, for a function without the queue's answer: run at once."""
    function = next(one for one in client.get("/config").json()["dependencies"] if one["api_name"] == name)
    body = {"fn_index": function["id"], "data": [""] * len(function["inputs"]), "session_hash": tab}
    got = client.post("/gradio_api/run/predict", json=body)
    return '"success":false' if got.status_code >= 400 else got.text


@pytest.mark.parametrize(
    "name", ["upload", "samples", "mend", "remove", "start", "stop_1", "check", "open_", "checked"]
)
def test_a_reader_changes_and_runs_nothing_from_the_page(bobs: httpx.Client, name: str) -> None:
    """Each function that changes documents, runs an evaluation or looks into the machine refuses with one line."""
    said = call(bobs, name, tab=f"bobs-{name}")
    assert "This is for admins. Ask one of them." in said


def test_what_a_reader_did_not_ask_for_is_refused_quietly(anns: httpx.Client, bobs: httpx.Client) -> None:
    """The tabs of settings and evaluation stay empty but for a line; nothing pops up when the page is loaded."""
    for name in ("shown", "arrive"):
        said = call(bobs, name, tab=f"bobs-{name}")
        assert "<p>This is for admins. Ask one of them.</p>" in said
        assert "sample" not in said and "communique" not in said.casefold()
    assert "This is for admins" not in call(anns, "arrive", tab="anns-arrive")


def test_a_reader_uploads_nothing(bobs: httpx.Client) -> None:
    got = bobs.post("/gradio_api/upload", files={"files": ("a.txt", b"text")})
    assert (got.status_code, got.json()) == (403, {"error": "this is for admins: ask one of them"})


@pytest.mark.parametrize(
    "path",
    ["/gradio_api/proxy=http://127.0.0.1:1/x", "/monitoring", "/gradio_api/deep_link", "/gradio_api/runs", "/user"],
)
def test_what_the_page_does_not_need_is_closed(anns: httpx.Client, path: str) -> None:
    assert anns.get(path).status_code == 404


def test_what_is_nobodys_function_is_an_admins() -> None:
    """A plugin's, and a new one of the Documents tab, until it is said to be for readers."""

    def looks() -> None: ...

    assert is_for_admins(looks)
    looks.__module__, looks.__name__ = "assistant.ui.documents.wiring", "look"
    assert not is_for_admins(looks)
    looks.__name__ = "delete_everything"
    assert is_for_admins(looks)
    looks.__module__ = "assistant.ui.chat"
    assert not is_for_admins(looks)


def test_the_key_of_the_conversations_is_not_sent() -> None:
    """In whatever form a function gives it."""

    class Part:
        def __init__(self, number: int) -> None:
            self._id = number

    one, owner = Part(1), Part(2)
    skipped = {"__type__": "update"}
    assert without_owner(("text", "key"), [one, owner], 2) == ["text", skipped]
    assert without_owner({owner: "key"}, [one, owner], 2) == {owner: skipped}
    assert without_owner("key", [owner], 2) == skipped
    assert without_owner("text", [one], 2) == "text"
    assert without_owner(["a", "b"], [one], 2) == ["a", "b"]
    assert json.dumps(without_owner(("key",), [owner], 2)) == json.dumps(skipped)
